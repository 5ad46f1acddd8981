"""Browsing results: an output and its index, filters, and what the pages of a batch show."""
