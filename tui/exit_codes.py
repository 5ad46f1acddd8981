"""The exit codes of every command, and which wins where several apply."""

DONE = 0
CASE_ERRORS = 1
USAGE = 2
BROKEN_RULESET = 3
FAILED_ON = 4
INTERNAL = 70
INTERRUPTED = 130
TERMINATED = 143

_RANK = (INTERNAL, INTERRUPTED, TERMINATED, BROKEN_RULESET, USAGE, CASE_ERRORS, FAILED_ON, DONE)


def strongest(*codes: int) -> int:
    """The code a run ends with when several apply."""
    return min(codes, key=_RANK.index)
