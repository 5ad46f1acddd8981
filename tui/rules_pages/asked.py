"""What of the rules a page shows, carried from page to page in the words of a route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

_BETWEEN = " "


@dataclass(frozen=True)
class Asked:
    """A topic, a place and a day, as far as they are chosen, and one of the rules there."""

    topic: str
    place: str = ""
    day: date = date.min
    item: str = ""

    @classmethod
    def read(cls, about: str) -> Self:
        """From a route."""
        topic, place, day, item = [*about.split(_BETWEEN, 3), "", "", ""][:4]
        return cls(topic, place, date.fromisoformat(day) if day else date.min, item)

    @property
    def about(self) -> str:
        """For a route."""
        day = self.day.isoformat() if self.day > date.min else ""
        return _BETWEEN.join((self.topic, self.place, day, self.item)).rstrip()
