"""The interface in a browser: a small server, its page, and a process for each visitor."""
