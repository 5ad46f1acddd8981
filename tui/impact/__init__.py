"""The report on a change of rules: what changes for whom, for those who decide on it."""
