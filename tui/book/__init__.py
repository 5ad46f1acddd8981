"""The rule book: the whole library for people, in a folder that needs nothing else."""
