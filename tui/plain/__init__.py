"""Plain mode: the same journey line by line, for screen readers, pipes and simple terminals."""
