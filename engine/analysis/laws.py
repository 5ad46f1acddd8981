"""Invariants over every class: what no class may show, and what may never get worse."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import Resolution
from engine.analysis.finding import Change, Finding, Kind, case_of, shown_by, too_large, where
from engine.analysis.reach import NOTHING_KNOWN
from engine.analysis.selections import programs
from engine.coding import code_test
from engine.condition import All, Any_, DecisionTest, FactTest, Not
from engine.errors import TooLargeError
from engine.invariant import Monotone, Settled
from engine.open_classes import OpenClasses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.adjudication import Found
    from engine.coded import Codes
    from engine.coding import Coded
    from engine.condition import Condition
    from engine.invariant import Invariant
    from engine.library import Library
    from engine.open_classes import Mask
    from engine.program import Program

_NOT_COMPARED = -1
Outcomes = dict[str, "tuple[list[str | None], Codes]"]


def broken_laws(library: Library, invariants: Iterable[Invariant]) -> Iterator[Finding]:
    """Each `never` and `monotone` law that some possible class breaks, under some rules in force.

    Laws of the same decisions and place share their programs.
    """
    return (one for one in steps(library, invariants) if one is not None)


def steps(library: Library, invariants: Iterable[Invariant]) -> Iterator[Finding | None]:
    """The same, a program at a time: None where nothing is known yet."""
    groups: dict[tuple[tuple[str, ...], str | None], list[Invariant]] = {}
    for one in invariants:
        if not isinstance(one.stated, Settled):
            groups.setdefault((one.decisions, one.region), []).append(one)
    for laws in groups.values():
        yield from _of_group(library, laws)


def _of_group(library: Library, laws: Sequence[Invariant]) -> Iterator[Finding | None]:
    """The findings of laws that share their decisions and place."""
    watched = [test for one in laws for test in one.watched]
    found: dict[str, Finding] = {}
    try:
        for program in programs(library, *laws[0].decisions, watched=watched, place=laws[0].region):
            if not any(program.covered(name) for name in laws[0].decisions):
                continue
            joint = Joint(program, laws[0].decisions)
            for law in laws:
                yield None
                one = joint.broken(law)
                if one is not None:
                    first = found.setdefault(law.id, one)
                    found[law.id] = replace(first, also=first.also + (first is not one))
    except TooLargeError as error:
        if len(laws) > 1:
            # What one law watches makes the classes of the others finer than they need.
            for law in laws:
                yield from _of_group(library, [law])
            return
        yield too_large(error, laws[0].decisions[0], laws[0].id)
    yield from found.values()


class Joint:
    """The classes of several decisions together, and conditions over facts and decisions there."""

    def __init__(self, program: Program, decisions: Sequence[str]) -> None:
        self.program = program
        self.reading = OpenClasses(program, decisions[0], NOTHING_KNOWN, decisions[1:])
        self._only: Outcomes | None = None

    def broken(self, law: Invariant) -> Finding | None:
        """The finding that shows how a law is broken here; None where it is kept.

        None too for a law of early answers, which is tried on cases instead.
        """
        stated = law.stated
        if self.reading.empty or isinstance(stated, Settled):
            return None
        if isinstance(stated, Monotone):
            return self.worsened(law, stated)
        mask = self.violations(stated)
        return self.finding("never_broken", law, mask) if mask.any() else None

    def violations(self, never: Condition) -> Mask:
        """The possible classes that satisfy a condition, with either side of what is disputed.

        A side that is taken for a decision is taken for all that builds on it.
        """
        found = np.zeros(self.reading.shape, dtype=bool)
        for outcomes in self._worlds():
            found |= self._holds(never, outcomes)
        return found & self.reading.possible

    def _worlds(self) -> Iterator[Outcomes]:
        """For each choice of a side in each decision with disputes, all outcomes by number."""
        if self._only is not None:
            yield self._only
            return
        names = [name for name in self.program.order if name in self.reading.codes]
        counts = [self._sides(name) for name in names]
        for sides in product(*map(range, counts)):
            world: Outcomes = {}
            for name, side in zip(names, sides, strict=True):
                world[name] = self._under(world, name, side)
            # Kept for the next law where nothing is disputed; several would fill the memory.
            self._only = world if max(counts) == 1 else None
            yield world

    def _sides(self, decision: str) -> int:
        """How many answers a decision's own rules leave open at most; 1 if nothing is disputed."""
        table = self.program.compiled[decision].table
        found = [table.found[number] for number in np.unique(table.base).tolist()]
        return max((len(one.sides) or 1 for one in found if isinstance(one, Resolution)), default=1)

    def _under(self, world: Outcomes, name: str, side: int) -> tuple[list[str | None], Codes]:
        """The outcomes of a decision, and which of them each class has, below those upstream."""
        table = self.program.compiled[name].table
        index = []
        for one, open_cells in zip(table.coded.inputs, self.reading.inputs(name), strict=True):
            if isinstance(one.source, str):
                known, numbers = world[one.source]
                cells = {state.outcomes[0]: at for at, state in enumerate(one.states[: one.size])}
                single = [cells.get(outcome or "", 0) for outcome in known]
                index.append(np.array(single, dtype=np.int64)[numbers])
            else:
                index.append(open_cells)
        numbers = table.codes[tuple(index)] if index else np.asarray(table.codes)
        shape = (1,) * (len(self.reading.axes) - numbers.ndim) + numbers.shape
        return [_side(one, side) for one in table.found], numbers.reshape(shape)

    def _holds(self, condition: Condition, world: Outcomes) -> Mask:
        """Whether a condition holds, given what each decision comes to."""
        if isinstance(condition, Not):
            return ~self._holds(condition.not_, world)
        if isinstance(condition, All | Any_):
            whole = isinstance(condition, All)
            parts = condition.all if isinstance(condition, All) else condition.any
            out = np.full((1,) * len(self.reading.axes), whole)
            for part in parts:
                mine = self._holds(part, world)
                out = out & mine if whole else out | mine
            return out
        if isinstance(condition, DecisionTest):
            known, numbers = world[condition.decision]
            meant = [outcome in condition.outcomes for outcome in known]
            return np.asarray(np.array(meant, dtype=bool)[numbers])
        if isinstance(condition, FactTest):
            coded = self.coded(condition)
            position = self.position(coded)
            axis = self.program.axes[self.reading.axes[position]]
            cells = axis.holds(coded.subject, coded.spans)[self.reading.cells[position]]
            shape = [1] * len(self.reading.axes)
            shape[position] = -1
            return np.asarray(cells.reshape(shape))
        return np.ones((1,) * len(self.reading.axes), dtype=bool)

    def coded(self, test: FactTest) -> Coded:
        """A test without parameters as spans of its subject."""
        vocabulary = self.program.library.vocabulary
        definition = vocabulary.derived.get(test.fact) or vocabulary.facts[test.fact]
        return code_test(test, definition, lambda _: None)

    def position(self, coded: Coded) -> int:
        """Where the axis of a subject stands among those of the reading."""
        axes = [self.program.axes[number] for number in self.reading.axes]
        return next(position for position, axis in enumerate(axes)
                    if coded.subject in axis.subjects)  # fmt: skip

    # -- monotone laws -------------------------------------------------------------------------

    def worsened(self, invariant: Invariant, law: Monotone) -> Finding | None:
        """The finding for a class that gets a worse verdict when the fact moves on."""
        tests = [self.coded(one) for one in law.tests()]
        position = self.position(tests[0])
        axis = self.program.axes[self.reading.axes[position]]
        rank = np.moveaxis(self._ranks(law), position, 0)
        for early, late in combinations(range(len(tests)), 2):
            before, after = (
                np.flatnonzero(axis.holds(tests[one].subject, tests[one].spans)).tolist()
                for one in (early, late)
            )
            for one, other in self._alike(position, before, after, tests[0]):
                compared = (rank[one] > _NOT_COMPARED) & (rank[other] > _NOT_COMPARED)
                worse = compared & (rank[other] > rank[one])
                if not worse.any():
                    continue
                mask = np.zeros(rank.shape, dtype=bool)
                mask[one] = worse
                place = tuple(np.argwhere(worse)[0])
                verdicts = [law.verdicts[rank[(cell, *place)]] for cell in (one, other)]
                moved = [str(law.order[which]).lower() if isinstance(law.order[which], bool)
                         else str(law.order[which]) for which in (early, late)]  # fmt: skip
                found = self.finding("monotone_broken", invariant, np.moveaxis(mask, 0, position))
                return replace(found, fact=law.fact, moved=Change(*moved),
                               answers=Change(*verdicts))  # fmt: skip
        return None

    def _ranks(self, law: Monotone) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
        """How bad the verdict of each possible class is; below 0 where it is not compared."""
        table = self.program.compiled[law.decision].table
        known: dict[str, int] = {name: number for number, name in enumerate(law.verdicts)}
        ranks = np.array([known.get(one.verdict, _NOT_COMPARED) if isinstance(one, Resolution)
                          else _NOT_COMPARED for one in table.found], dtype=np.int8)  # fmt: skip
        found = ranks[self.reading.codes[law.decision]]
        return np.where(self.reading.possible, found, np.int8(_NOT_COMPARED))

    def _alike(
        self, position: int, before: Sequence[int], after: Sequence[int], moved: Coded
    ) -> Iterator[tuple[int, int]]:
        """Cells before and after in which every other test of the same axis comes out alike."""
        axis = self.program.axes[self.reading.axes[position]]
        rest = [at for at, one in enumerate(axis.subjects) if one != moved.subject]
        cells = axis.cells
        for one, other in product(before, after):
            if all(cells[one][at] == cells[other][at] for at in rest):
                yield int(one), int(other)

    # -- findings ------------------------------------------------------------------------------

    def finding(self, kind: Kind, law: Invariant, mask: Mask) -> Finding:
        """A finding with the simplest class marked, and a case that lies there."""
        reading, decision = self.reading, law.decisions[0]
        return Finding(
            kind, decision, invariant=law.id, witness=shown_by(reading, mask),
            case=case_of(reading, mask), **where(self.program, decision),
        )  # fmt: skip


def _side(found: Found, side: int) -> str | None:
    if not isinstance(found, Resolution):
        return None
    return found.sides[min(side, len(found.sides) - 1)] if found.sides else found.outcome
