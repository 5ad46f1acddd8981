"""What is on the table while an interface runs: the checker, the day, one family's journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.journey import Journey

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from engine.checker import Checker
    from engine.library import Library
    from tui.journey import Asking


class Desk:
    """One family's journey at a time; `begin` makes the next one."""

    def __init__(
        self, checker: Checker, as_of: date, begin: Callable[[], Journey] | None = None
    ) -> None:
        self.checker, self.as_of = checker, as_of
        self._begin = begin or self._journey
        self.journey = self._begin()

    @property
    def library(self) -> Library:
        """The rules."""
        return self.checker.library

    def clear(self) -> None:
        """Forget this family and begin anew."""
        self.journey = self._begin()

    def _journey(self) -> Journey:
        from engine.interview import Interview

        def asking(topics: tuple[str, ...]) -> Asking:
            return Interview(self.checker, topics, self.as_of)

        return Journey(self.library, self.as_of, asking)
