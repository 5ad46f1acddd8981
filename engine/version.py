"""The version of the program; apart, so that saying it takes no other module."""

VERSION = "0.1.0"
