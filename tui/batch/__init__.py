"""The batch command: options in, results and counts out, and what goes on around a run."""
