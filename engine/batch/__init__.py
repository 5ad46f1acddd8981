"""Many cases at once: read from files, decided in order, one result for one case."""
