"""What of a decision's own table the possible classes of its whole chain reach, and how often."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from engine.case import Case
from engine.open_classes import OpenClasses

if TYPE_CHECKING:
    from engine.axis import Interval
    from engine.coded import Codes
    from engine.program import Program

    Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class _NothingKnown(Case):
    """A case of which nothing is known, not even the day: it leaves every class open."""

    def interval(self, _fact: str) -> Interval | None:
        return None


NOTHING_KNOWN = _NothingKnown(None, date(2000, 1, 1))


class Reach:
    """The possible classes of a decision in one program, counted by what they come to.

    `counts` has the shape of the decision's table; `patterns` counts by the rules that match.
    """

    def __init__(self, program: Program, decision: str) -> None:
        self.program, self.decision = program, decision
        self.reading = OpenClasses(program, decision, NOTHING_KNOWN)
        self.table = program.compiled[decision].table
        self.index = self.reading.inputs(decision)
        self.counts = self._counts()
        matched = self._by_side()
        self.patterns = np.bincount(
            self.table.pattern_of.ravel(), matched.ravel(), len(self.table.patterns)
        ).astype(np.int64)

    @property
    def numbers(self) -> list[int]:
        """The numbers, in what the table finds, that possible classes come to."""
        codes = self.table.codes[self.counts > 0]
        return np.flatnonzero(np.bincount(codes.ravel())).tolist()

    def mask(self, number: int) -> Bools:
        """The possible classes that come to one number."""
        codes = np.broadcast_to(self.reading.codes[self.decision], self.reading.shape)
        return np.asarray((codes == number) & self.reading.possible)

    def matching(self, rule: str) -> Bools:
        """The classes, possible or not, in which a rule matches under some side of a dispute."""
        inside = np.array([rule in one for one in self.table.patterns], dtype=bool)
        base = inside[self.table.pattern_of]
        for position, one in enumerate(self.table.coded.inputs):
            if one.states:
                sides = [[self.table.single(position, outcome) for outcome in state.outcomes]
                         for state in one.states]  # fmt: skip
                parts = [base.take(side, axis=position).any(axis=position) for side in sides]
                base = np.stack(parts, axis=position)
        found = base[tuple(self.index)] if self.index else base
        return np.broadcast_to(found, self.reading.shape)

    def _counts(self) -> Codes:
        shape = self.table.codes.shape
        possible = self.reading.possible
        if not shape:
            return np.array(int(possible.sum()), dtype=np.int64)
        flat = np.zeros((1,) * possible.ndim, dtype=np.int64)
        for size, cells in zip(shape, self.index, strict=True):
            # Below an upstream fault nothing is told: the fault itself is.
            possible = possible & (cells >= 0)
            flat = flat * size + cells
        flat = np.broadcast_to(flat, possible.shape)[possible]
        return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)

    def _by_side(self) -> Codes:
        """The counts over certain upstream outcomes: a disputed one counts for each side."""
        counts = self.counts
        for position, one in enumerate(self.table.coded.inputs):
            if one.states:
                sides = np.zeros((one.size, *np.delete(counts.shape, position)), dtype=np.int64)
                moved = np.moveaxis(counts, position, 0)
                for number, state in enumerate(one.states):
                    for outcome in state.outcomes:
                        sides[self.table.single(position, outcome)] += moved[number]
                counts = np.moveaxis(sides, 0, position)
        return counts
