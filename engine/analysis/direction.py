"""Which way an answer goes between two sets of rules: what is lost first, what is won after it."""

from __future__ import annotations

from typing import Literal, get_args

Direction = Literal["lost", "harder", "doubt", "other", "detail", "won", "easier", "clear"]
"""From yes to no; a step more; no longer sure; neither; the same verdict with another outcome;
from no to yes; a step fewer; sure now. Those that hurt most come first."""
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

_YES, _STEP, _NO = "eligible", "action_needed", "not_eligible"
GRANTED = (_YES, _STEP)
_OPEN = frozenset({"unclear", "undecided", "disputed", "no_rule", "tie"})


def direction(before: str, after: str) -> Direction:  # noqa: PLR0911 - one for each direction
    """The direction from one verdict to another; both of answers that differ."""
    if before == after:
        return "detail"
    if after in _OPEN:
        return "other" if before in _OPEN else "doubt"
    if before in _OPEN:
        return "clear"
    if after == _NO and before in GRANTED:
        return "lost"
    if before == _NO and after in GRANTED:
        return "won"
    if (before, after) == (_YES, _STEP):
        return "harder"
    return "easier" if (before, after) == (_STEP, _YES) else "other"
