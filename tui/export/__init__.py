"""Files made of a result: for paper, for reading, for a calendar and for programs."""
