"""The report of a batch: one page for people, self-contained, with charts that print."""
