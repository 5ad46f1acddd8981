"""The workbench as the pages use it: looks at the folder again, and makes each page in words."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn, Protocol

from engine.checker import Checker
from tui.journey import Journey
from tui.locale import Locale
from tui.workbench.comparing import Comparing
from tui.workbench.opening import Opening
from tui.workbench.shapes import named
from tui.workbench.wording import Told, Wording

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from engine.library import Library
    from engine.workbench.board import Board
    from tui.text.glyphs import Glyphs
    from tui.workbench.shapes import ListView, View


SETTLE = 0.05
"""Seconds given to an editor to write what it has begun to."""


class Looks(Protocol):
    """What looks at a folder of rulesets (`engine.workbench.workbench.Workbench` does)."""

    @property
    def library(self) -> Library | None:
        """The rules as they were last whole."""

    @property
    def before(self) -> Library | None:
        """The rules that the answers are compared with."""

    def stale(self) -> tuple[str, ...]:
        """The files that changed since the last look."""

    def look(self, at: datetime | None = None) -> Board:
        """Look at the folder again, at some time of day."""

    def deepen(self) -> Board:
        """Take one more slice of what takes long."""


class Bench(Protocol):
    """A workbench for the pages: present boards at once, and pages on being asked."""

    folder: Path
    failure: str
    """Why it does not go on; empty while it does."""

    @property
    def changes(self) -> int:
        """Grows whenever there is something new to show."""

    def board(self, lang: str) -> ListView | None:
        """The board as it is known now; None before the first look is over."""

    def ask(self, page: str, about: str, lang: str) -> View | None:
        """A page, which may take a while; None where what it tells of is gone."""

    def poll(self) -> None:
        """Take notice of what has happened; never waits where a process of its own works."""

    def again(self) -> None:
        """Look at the folder again, changed or not."""

    def rest(self, *, resting: bool) -> None:
        """Watch and work no more, or go on."""

    def close(self) -> None:
        """End it."""


def local_time() -> datetime:
    """What a clock on the wall shows."""
    return datetime.now(UTC).astimezone()


class Here:
    """A workbench in this very process."""

    def __init__(  # noqa: PLR0913 - plain options, those seldom given by name
        self, looks: Looks, folder: Path, as_of: date, glyphs: Glyphs,
        *, clock: Callable[[], datetime] = local_time, mode: str = "",
    ) -> None:  # fmt: skip
        self.clock, self.mode = clock, mode
        self.looks, self.folder, self.as_of, self.glyphs = looks, folder, as_of, glyphs
        self.failure = ""
        self.changes = self.looked = 0
        self._board: Board | None = None
        self._resting = False
        self._checkers: dict[int, Checker] = {}

    @property
    def busy(self) -> bool:
        """Whether there is something left to work out."""
        return self._board is None or bool(self._board.pending)

    def step(self) -> bool:
        """Look where files have changed, else take a slice of what takes long; whether it did."""
        before = self._board
        if before is None or self._saved():
            self._look()
        elif before.pending:
            self._board = self.looks.deepen()
        changed = self._board is not before
        self.changes += changed
        return changed

    def _look(self) -> None:
        self._board = self.looks.look(self.clock())
        self.looked += 1

    def _saved(self) -> bool:
        """Whether files have changed; what is being written is given a moment to be whole."""
        stale = bool(self.looks.stale())
        if stale:
            time.sleep(SETTLE)
        return stale

    def poll(self) -> None:
        if not self._resting:
            self.step()

    def again(self) -> None:
        self._look()
        self.changes += 1

    def rest(self, *, resting: bool) -> None:
        self._resting = resting

    def board(self, lang: str) -> ListView | None:
        return Wording(self._told(self._board, lang)).view() if self._board is not None else None

    def ask(self, page: str, about: str, lang: str) -> View | None:
        if self._board is None:
            return None
        told = self._told(self._board, lang)
        checker, before = self._checker(told.library), self._checker(told.before)
        journey = self._journey(told.library)
        opening = Opening(told, self.folder, checker, journey)
        comparing = Comparing(told, checker, before, journey)
        pages: dict[str, Callable[[str], View | None]] = {
            "bench_decision": opening.decision, "bench_rule": opening.rule,
            "bench_sources": opening.sources, "bench_file": opening.file,
            "bench_why": comparing.why, "bench_moved": comparing.moved,
            "bench_cases": comparing.cases, "bench_whys": comparing.whys,
        }  # fmt: skip
        return pages[page](about)

    def close(self) -> None:
        for one in self._checkers.values():
            one.close()
        self._checkers = {}

    def _told(self, board: Board, lang: str) -> Told:
        looks = self.looks
        return Told(board, looks.library, looks.before, named(self.folder),
                    Locale(lang, self.mode), self.glyphs)  # fmt: skip

    def _checker(self, library: Library | None) -> Checker | None:
        """The checker over a library; those of libraries that are gone are closed."""
        if library is None:
            return None
        present = {id(one) for one in (self.looks.library, self.looks.before)}
        for gone in self._checkers.keys() - present:
            self._checkers.pop(gone).close()
        if id(library) not in self._checkers:
            self._checkers[id(library)] = Checker(library, compare=False)
        return self._checkers[id(library)]

    def _journey(self, library: Library | None) -> Journey | None:
        """Nobody's journey, for what is said of answers."""
        if library is None:
            return None
        return Journey(library, self.as_of, _nobody)


def _nobody(topics: tuple[str, ...]) -> NoReturn:
    raise LookupError(f"nobody is asked about {topics}")
