"""The command that checks receipts: what it says, and what it writes for programs."""
