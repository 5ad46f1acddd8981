"""The rules for people to read: listed, in words, with the ledger of claims and the examples."""
