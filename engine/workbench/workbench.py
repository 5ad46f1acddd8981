"""The workbench: looks at a folder of rulesets after each save and tells what there is to tell."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.library import uncollected
from engine.workbench import committed, rows
from engine.workbench.board import Board
from engine.workbench.folder import Folder, Parts, State
from engine.workbench.meaning import Meaning, Numbers
from engine.workbench.stages import Store
from engine.workbench.work import Done, Work

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from engine.library import Library
    from engine.workbench.committed import Baseline

LONGEST_LOOK = 0.45
"""Seconds that a look may take for the stages it does, above reading; the rest is left pending."""
START = "start"


class Workbench:
    """Keeps what is known of a folder of rulesets, and works out what a save leaves to be known.

    The answers are compared with those of `baseline`; without one with the last commit's where the
    folder lies in a work tree of git, else with those at the first look that finds no fault.
    """

    def __init__(
        self, folder: Path, *, as_of: date, topic: str | None = None,
        baseline: Baseline | None = None,
    ) -> None:  # fmt: skip
        self.folder, self.topic, self.as_of = folder, topic, as_of
        self._parts, self._numbers = Parts(), Numbers()
        self._folder = Folder(folder, self._parts)
        self._baseline, self._commit = baseline, ""
        self._before: Meaning | None = None
        self._since = START
        self._work: Work | None = None
        self._done, self._store = Done(), Store()
        self._board, self._outer = Board(0), State(None)

    @property
    def library(self) -> Library | None:
        """The rules, as they were when they last had no fault that reading them shows."""
        return self._work.library if self._work else None

    @property
    def before(self) -> Library | None:
        """The rules that the answers are compared with."""
        return self._before.library if self._before else None

    def stale(self) -> tuple[str, ...]:
        """The files that were saved, added or removed since the last look."""
        return self._folder.stale()

    def look(self, at: datetime | None = None) -> Board:
        """Read what has changed, and do what can be done of the fast stages in a moment."""
        start = time.perf_counter()
        with uncollected():
            state, changed = self._folder.read()
            self._outer = state
            if state.library is not None:
                self._renew(state.library, changed)
            if self._work is not None:
                self._work.fast(LONGEST_LOOK)
            number = self._board.number + 1
            told = changed if self._board.number else ()
            self._board = self._drawn(replace(self._board, number=number, at=at, changed=told))
        self._board = replace(self._board, seconds=time.perf_counter() - start)
        return self._board

    def deepen(self) -> Board:
        """One more slice of what is pending; the same board where that has shown nothing new."""
        if self._work is not None and self._work.pending:
            self._work.more()
            drawn = self._drawn(self._board)
            if drawn != self._board:
                self._board = drawn
        return self._board

    def _renew(self, library: Library, changed: tuple[str, ...]) -> None:
        """Go over to other rules, or to others to compare with."""
        meaning = Meaning(library, self._numbers)
        before = self._compared_with(meaning)
        if self._work is None or changed or before is not self._work.before:
            self._work = Work(
                meaning, before, self._done, self._store, self._work,
                day=self.as_of, topic=self.topic,
            )  # fmt: skip
        self._before = before

    def _compared_with(self, now: Meaning) -> Meaning:
        """What to compare with: a commit may have been made since the last look."""
        baseline = self._baseline if self._before is None else None
        if self._baseline is None:
            name = committed.commit(self.folder)
            if name is not None and name != self._commit:
                self._commit = name
                baseline = committed.at(self.folder, name)
        library = self._parts.state(baseline.files.items()).library if baseline else None
        if baseline is not None and library is not None:
            self._since = baseline.since
            return Meaning(library, self._numbers)
        return self._before or now

    def _drawn(self, board: Board) -> Board:
        """The board with what is known by now."""
        outer, work = self._outer, self._work
        board = replace(board, faults=outer.faults, more_faults=outer.more)
        if work is None:
            return board
        return replace(
            board, faults=outer.faults or rows.faults(work), rows=rows.rows(work),
            failing=rows.failing(work), moved=rows.moved(work), since=self._since,
            pending=work.pending,
        )  # fmt: skip
