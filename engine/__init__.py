"""The engine: authored rules in, answers with their reasons out; no terminal in here."""
