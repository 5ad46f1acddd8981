"""A case of which nothing is known, not even the day counted from: every class is open."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.case import Case

if TYPE_CHECKING:
    from engine.axis import Interval


class _NothingKnown(Case):
    def interval(self, fact: str) -> Interval | None:
        return None


NOTHING_KNOWN = _NothingKnown(None, date(2026, 1, 1))
