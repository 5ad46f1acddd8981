"""What an author sees on each save: faults, examples, classes, mutants, and what has changed."""
