"""Explanations for people: the explain command and its documents."""
