"""Checks results against their receipts: the same answers, the same rules, the same decisions."""
