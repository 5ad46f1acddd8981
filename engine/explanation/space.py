"""What a decision can come to when facts of a case are freed: the ground of why not and what if.

The space holds every class over the facts that may be freed. For each fact there are two ways:
fixed, as the case has it, or freed. Reducing the classes to these ways, axis by axis, gives for
each of the 2^n choices of freed facts the set of outcomes that can still come out, exactly and
without search. As given stay: the day counted from, the places and dates that select the rules,
and, where the space would grow beyond its limits, the facts named in `kept`.

Where several dates of one axis are freed together the open cells are those that intervals allow,
which is exact for days and may allow too much by a day where months of different length meet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import NEEDED, Resolution
from engine.open_classes import OpenClasses
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from engine.axis import Indexes
    from engine.case import Case
    from engine.library import Library
    from engine.program import Program

MAX_CLASSES = 4_000_000
MAX_FACTS = 18
Bits = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


@dataclass(frozen=True)
class Aspects:
    """What a decision can show, each with a bit: its outcomes, or the items of a collected list."""

    names: tuple[str, ...]

    def bit(self, name: str) -> int:
        """The bit of an outcome or item."""
        return 1 << self.names.index(name)

    @property
    def disputed(self) -> int:
        """The bit that says sources of equal weight contradict each other."""
        return 1 << len(self.names)

    @property
    def there(self) -> int:
        """The bit that says a class can be, even where it shows nothing else."""
        return 2 << len(self.names)

    def only(self, name: str) -> int:
        """The bits of a class that shows one outcome for certain."""
        return self.there | self.bit(name)

    def of(self, found: object) -> int:
        """The bits of one resolution; none for a fault of the ruleset."""
        if not isinstance(found, Resolution):
            return 0
        if found.items or not set(found.outcomes) & set(self.names):
            needed = self.all(item for item, one in found.items if one.outcome == NEEDED)
            return self.there | needed
        return self.there | self.all(found.outcomes) | (self.disputed if found.sides else 0)

    def all(self, names: Iterable[str]) -> int:
        """The bits of several outcomes or items."""
        bits = 0
        for name in names:
            if name in self.names:
                bits |= self.bit(name)
        return bits

    def shown(self, bits: int) -> tuple[str, ...]:
        """The outcomes or items whose bits are set."""
        return tuple(name for name in self.names if bits & self.bit(name))


def aspects(library: Library, decision: str) -> Aspects:
    """The outcomes of a decision, or its items where it collects."""
    authored = library.decisions[decision]
    return Aspects(tuple(authored.outcomes) or tuple(authored.items))


def labels(reading: OpenClasses, of: Aspects) -> Bits:
    """For each class of a reading the bits of what it shows; none where it cannot be."""
    table = reading.program.compiled[reading.decision].table
    bits = np.array([of.of(one) for one in table.found], dtype=np.uint64)
    codes = np.broadcast_to(reading.codes[reading.decision], reading.shape)
    return np.where(reading.possible, bits[codes], np.uint64(0))


def given_facts(library: Library, decision: str) -> frozenset[str]:
    """What stays as it is: the day counted from, the places and dates that select the rules."""
    chain = [library.decisions[name] for name in library.upstream(decision)]
    return frozenset({AS_OF, *(one.region for one in chain), *(one.date for one in chain)})


def without(case: Case, facts: Collection[str]) -> Case:
    """The case with some facts forgotten."""
    return replace(
        case,
        intervals={name: one for name, one in case.intervals.items() if name not in facts},
        places={name: one for name, one in case.places.items() if name not in facts},
        given={name: one for name, one in case.given.items() if name not in facts},
    )


class Space:
    """The classes of a decision in one program, over the facts of a case that may be freed."""

    def __init__(self, program: Program, decision: str, case: Case) -> None:
        self.program, self.case = program, case
        self.aspects = aspects(program.library, decision)
        known = {*case.intervals, *case.places} - given_facts(program.library, decision)
        beside = self._beside(decision, known)
        axes = sorted({*program.deciding(decision), *beside})
        self.axis_of = {fact: axis for axis in axes for fact in program.axes[axis].facts
                        if fact in known}  # fmt: skip
        self.kept: tuple[str, ...] = ()
        held = [fact for axis in axes for fact in program.axes[axis].facts]
        for fact in [one for one in self.axis_of if held.count(one) > 1]:
            # A date that also tells which group of places holds would be freed on one axis only.
            self._keep(fact)
        self._limit(axes)
        self.reading = OpenClasses(program, decision, without(case, self.axis_of), beside=beside)
        self.axes = self.reading.axes
        self.bits = labels(self.reading, self.aspects)
        self._cells: dict[tuple[int, frozenset[str]], Indexes] = {}
        self._drop()
        self.facts: tuple[str, ...] = ()
        self.reach = self._reduce()

    def cells(self, axis: int, freed: Collection[str]) -> Indexes:
        """Where the cells of an axis stand in the space that are open while facts are freed."""
        key = axis, frozenset(fact for fact in freed if self.axis_of.get(fact) == axis)
        if key not in self._cells:
            open_cells = self.program.axes[axis].open(without(self.case, key[1]))
            every = self.reading.cells[self.axes.index(axis)]
            self._cells[key] = np.flatnonzero(np.isin(every, open_cells))
        return self._cells[key]

    def block(self, freed: Collection[str], axes: Sequence[int]) -> Bits:
        """What can come out while facts are freed, for each cell of some of the axes.

        The cells are those that stand in the space; those that are not open show nothing.
        """
        bits = self.bits
        open_cells = [self.cells(axis, freed) for axis in self.axes]
        kept = [position for position, axis in enumerate(self.axes) if axis in axes]
        # What shrinks the array most goes first.
        for position in sorted(range(bits.ndim),
                               key=lambda at: len(open_cells[at]) / bits.shape[at]):  # fmt: skip
            if len(open_cells[position]) < bits.shape[position]:
                bits = np.take(bits, open_cells[position], axis=position)
            if position not in kept:
                bits = np.bitwise_or.reduce(bits, axis=position, keepdims=True)
        out = np.zeros([self.bits.shape[position] for position in kept], dtype=np.uint64)
        out[np.ix_(*(open_cells[position] for position in kept))] = bits.reshape(
            [len(open_cells[position]) for position in kept]
        )
        return out

    def _beside(self, decision: str, known: Collection[str]) -> list[int]:
        """The axes with known facts that constraints tie to the deciding ones."""
        axes = self.program.axes
        return sorted(axis for group in self.program.tied(decision)
                      if any(fact in known for axis in group for fact in axes[axis].facts)
                      for axis in group)  # fmt: skip

    def _limit(self, axes: Sequence[int]) -> None:
        """Keep as given, the unchangeable first, what makes the space larger than its limits."""
        facts = self.program.library.vocabulary.facts
        while True:
            freed = without(self.case, self.axis_of)
            size = {axis: len(self.program.axes[axis].open(freed)) for axis in axes}
            if np.prod([float(one) for one in size.values()]) <= MAX_CLASSES or not self.axis_of:
                return
            weights = [(not facts[fact].changeable, size[axis], fact)
                       for fact, axis in self.axis_of.items()]  # fmt: skip
            self._keep(max(weights)[-1])

    def _keep(self, fact: str) -> None:
        del self.axis_of[fact]
        self.kept = (*self.kept, fact)

    def _drop(self) -> None:
        """Leave out the facts that never matter; where too many do, keep the last as given."""
        for position, axis in enumerate(self.axes):
            first = np.take(self.bits, [0], axis=position)
            if bool((self.bits == first).all()):
                for fact in [one for one, at in self.axis_of.items() if at == axis]:
                    del self.axis_of[fact]
        facts = self.program.library.vocabulary.facts
        while len(self.axis_of) > MAX_FACTS:
            self._keep(max(self.axis_of, key=lambda fact: (not facts[fact].changeable, fact)))

    def _reduce(self) -> Bits:
        """For each choice of freed facts (1, else 0) the bits of what can come out."""
        bits, order = self.bits, list(self.axes)
        done: list[str] = []

        # What shrinks the space most goes first.
        def shrinks(axis: int) -> float:
            ways = 1 << sum(at == axis for at in self.axis_of.values())
            return ways / len(self.reading.cells[self.axes.index(axis)])

        for axis in sorted(self.axes, key=shrinks):
            position = order.index(axis)
            mine = [fact for fact, at in self.axis_of.items() if at == axis]
            slots = [self._slot(bits, position, axis, mine, ways)
                     for ways in product((0, 1), repeat=len(mine))]  # fmt: skip
            order.pop(position)
            bits = np.stack(slots, axis=-1)
            # Reduced axes stand behind the others, a dimension for each of their facts.
            done += mine
        self.facts = tuple(done)
        return bits.reshape((2,) * len(done))

    def _slot(
        self, bits: Bits, position: int, axis: int, mine: Sequence[str], ways: Sequence[int]
    ) -> Bits:
        freed = [fact for fact, way in zip(mine, ways, strict=True) if way]
        part = np.take(bits, self.cells(axis, freed), axis=position)
        return np.asarray(np.bitwise_or.reduce(part, axis=position))


def joined(spaces: Sequence[Space]) -> tuple[tuple[str, ...], Bits]:
    """The facts of several programs a case may fall in, and what any of them can show."""
    facts = tuple(dict.fromkeys(fact for one in spaces for fact in one.facts))
    total = np.zeros((2,) * len(facts), dtype=np.uint64)
    for one in spaces:
        order = [one.facts.index(fact) for fact in facts if fact in one.facts]
        shape = [2 if fact in one.facts else 1 for fact in facts]
        total |= one.reach.transpose(order).reshape(shape)
    return facts, total


def at(facts: Sequence[str], freed: Mapping[str, object] | Collection[str]) -> tuple[int, ...]:
    """Where a choice of freed facts stands."""
    return tuple(int(fact in freed) for fact in facts)
