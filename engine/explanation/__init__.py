"""What explains an answer: its words, why, why not, what would change it, when it changes."""
