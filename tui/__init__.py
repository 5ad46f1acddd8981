"""Everything a person touches: the command line, the terminal UI and the reports."""
