"""Decisions in the open formats of decision tables, out and in."""
