"""Drafts of the examples that are missing: few cases that together tell survivors from the rules.

A draft is a case in a class that a surviving mutant answers otherwise. What should come out is
left to whoever works it out from the clause.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.analysis.boxes import Box, over_cells, simplest
from engine.analysis.reach import NOTHING_KNOWN
from engine.analysis.witness import witness
from engine.case import read_case
from engine.checker import Checker
from engine.examples import NO_DAY
from engine.open_classes import OpenClasses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.analysis.alterable import Alterable
    from engine.analysis.mutation import Judge, Survivor
    from engine.coded import Bools, Codes

MAX_TRIES = 6
MAX_BOXED = 3_000_000


@dataclass(frozen=True)
class Draft:
    """A case without its answer, and the survivors that a worked answer would notice."""

    decision: str
    case: dict[str, object]
    box: Box | None
    """The classes that these survivors all answer otherwise; None where they are too many."""
    survivors: tuple[Survivor, ...]


@dataclass(frozen=True)
class Drafts:
    """The drafts, and the survivors for which no case was found."""

    drafts: tuple[Draft, ...]
    caseless: tuple[Survivor, ...]


def drafts(judge: Judge, survivors: list[Survivor]) -> Drafts:
    """Few cases such that each survivor is noticed by one of them."""
    groups: dict[object, list[Survivor]] = defaultdict(list)
    for one in survivors:
        groups[one.decision, one.selection, one.mutant.day].append(one)
    found: list[Draft] = []
    caseless: list[Survivor] = []
    # Cases of conditions often lie on the first day of a period, and then notice dates as well.
    for group in sorted(groups.values(), key=lambda one: one[0].mutant.day is not None):
        made = _Group(judge, group)
        found = [made.served(draft) for draft in found]
        found += made.drafts()
        caseless += made.left
    return Drafts(tuple(found), tuple(caseless))


class _Group:
    """The survivors of one decision under one choice of rules in force."""

    def __init__(self, judge: Judge, group: list[Survivor]) -> None:
        first = group[0]
        self.decision = first.decision
        self.program, reached = judge.program(self.decision, first.selection, first.mutant)
        masks = [judge.differing(self.program, self.decision, one.mutant) & reached
                 for one in group]  # fmt: skip
        self.masks = np.stack([mask.ravel() for mask in masks])
        self.rows = np.ones(len(group), dtype=bool)
        self.group, self.judge = group, judge
        self.open = OpenClasses(self.program, self.decision, NOTHING_KNOWN)
        self.flat = _flat(self.program, self.decision, self.open)

    def drafts(self) -> Iterator[Draft]:
        """The case that the most survivors answer otherwise, then the next, until none is left."""
        while self.rows.any():
            counts = self.masks[self.rows].sum(axis=0)
            cell = int(counts.argmax())
            if not counts[cell]:
                break
            case = self._case(cell)
            if case is None:
                self.masks[:, cell] = False
                continue
            mine = self.rows & self.masks[:, cell]
            self.rows &= ~mine
            yield Draft(self.decision, case, self._box(mine), self._picked(mine))

    @property
    def left(self) -> tuple[Survivor, ...]:
        """Those that no case noticed so far."""
        return self._picked(self.rows)

    def _picked(self, rows: Bools) -> tuple[Survivor, ...]:
        return tuple(one for one, picked in zip(self.group, rows, strict=True) if picked)

    def served(self, draft: Draft) -> Draft:
        """A draft made before, with those of this group that it notices as well."""
        day = self.group[0].mutant.day
        if day is None or draft.decision != self.decision:
            return draft
        library = self.judge.library
        case = read_case(dict(draft.case), library, NO_DAY)
        selection = self.program.selection
        date_fact = library.decisions[self.decision].date
        checker = Checker(library, compare=False)
        there = checker.selections(self.decision, case)
        if case.interval(date_fact) != (day, day) or there[0].places != selection.places:
            return draft
        classes = OpenClasses(self.program, self.decision, case)
        cells = [] if classes.empty else classes.classes_of(self.decision).tolist()
        if len(cells) != 1:
            return draft
        mine = self.rows & self.masks[:, cells[0]]
        self.rows &= ~mine
        return replace(draft, survivors=(*draft.survivors, *self._picked(mine)))

    def _case(self, cell: int) -> dict[str, object] | None:
        inside = np.flatnonzero((self.flat == cell).ravel() & self.open.possible.ravel())
        for place in inside[:: max(1, len(inside) // MAX_TRIES)].tolist():
            picks = np.unravel_index(place, self.open.shape)
            cells = [int(mine[pick]) for mine, pick in zip(self.open.cells, picks, strict=True)]
            case = witness(self.program, self.open.axes, cells)
            if case is not None:
                return case
        return None

    def _box(self, rows: Bools) -> Box | None:
        if self.flat.size > MAX_BOXED:
            return None
        common = np.asarray(self.masks[rows].all(axis=0))
        inside = np.broadcast_to(common[self.flat], self.open.shape) & self.open.possible
        mask = over_cells(self.open, inside)
        # Cells no values fit are not open; a box is over all cells.
        impossible = ~over_cells(self.open, self.open.possible)
        return simplest(self.program, self.open.axes, mask, impossible)


def _flat(program: Alterable, decision: str, open_: OpenClasses) -> Codes:
    """For each class over the deciding axes its flat number in the decision's table."""
    index = open_.inputs(decision)
    if not index:
        return np.zeros(open_.shape, dtype=np.int64)
    shape = program.compiled[decision].table.codes.shape
    flat = np.ravel_multi_index(np.broadcast_arrays(*index), shape, mode="wrap")
    return np.broadcast_to(flat, open_.shape)
