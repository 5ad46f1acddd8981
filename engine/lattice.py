"""The lattice of partial states: what each question can tell about the answers sought.

Every raw fact that may be asked for is one dimension; its values are what its answer alone tells,
merged where no answer sought depends on the difference. What only two facts together tell (the
days between two dates) is a dimension too, known once both facts are. A partial state gives each
fact one of its values, "asked and not known" or "not asked yet".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.adjudication import Resolution
from engine.answering import speaking
from engine.axis import NumberAxis
from engine.coding import Raw, facts_of
from engine.open_classes import OpenClasses
from engine.ruleset import value_facts

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from engine.case import Case
    from engine.library import Library
    from engine.program import Program
    from engine.vocabulary import Fact

MAX_CLASSES = 6_000_000
Labels = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Places = np.ndarray[tuple[int], np.dtype[np.int64]]
_IMPOSSIBLE = -1


class Aspect(NamedTuple):
    """What a person learns of a decision: two classes with the same are not told apart."""

    verdict: str
    outcome: str | None
    sides: tuple[str, ...]
    items: tuple[tuple[str, str | None], ...]
    values: str
    needs: frozenset[str]


class Told(NamedTuple):
    """A dimension: what is told once all of `facts` are known, with the axis it belongs to."""

    axis: int
    facts: tuple[str, ...]


class TooManyStatesError(Exception):
    """There are more classes than a lattice is built for."""


@dataclass(frozen=True)
class Answer:
    """A combination of answers: the number of each decision's, and the facts their values need."""

    parts: tuple[int, ...]
    needs: frozenset[str]


@dataclass(frozen=True)
class Lattice:
    """The classes left open at the start, by dimension: the facts as written, then what is joint.

    `labels` numbers the combination of answers a class comes to (-1: no case is of that class),
    `mass` its likelihood. `part_of[axis]` gives each cell of a program's axis its value in each
    dimension of that axis.
    """

    facts: tuple[str, ...]
    dimensions: tuple[Told, ...]
    labels: Labels
    mass: Numbers
    answers: tuple[Answer, ...]
    part_of: Mapping[int, tuple[tuple[int, Places], ...]]
    program: Program

    @property
    def sizes(self) -> tuple[int, ...]:
        """Values of each dimension."""
        return self.labels.shape

    @property
    def states(self) -> int:
        """How many partial states there are: not asked and not known count for each fact."""
        count = 1
        for number, size in enumerate(self.sizes):
            count *= size + (2 if number < len(self.facts) else 1)
        return count

    def joint(self) -> list[tuple[int, tuple[int, ...]]]:
        """The dimensions that several facts tell together, with the numbers of these facts."""
        count = len(self.facts)
        return [(number, tuple(self.facts.index(fact) for fact in told.facts))
                for number, told in enumerate(self.dimensions[count:], count)]  # fmt: skip

    def place(self, case: Case) -> tuple[int | None, ...]:
        """For each dimension the value a case has in it; None where it is not known."""
        found: list[int | None] = [None] * len(self.dimensions)
        for axis, parts in self.part_of.items():
            cells = self.program.axes[axis].open(case)
            for number, values in parts:
                if all(case.pinned(fact) for fact in self.dimensions[number].facts):
                    seen = {int(one) for one in values[cells]} - {_IMPOSSIBLE}
                    found[number] = seen.pop() if len(seen) == 1 else None
        return tuple(found)


def lattice(program: Program, decisions: Sequence[str], start: Case) -> Lattice:
    """The lattice of what is not known at the `start`, for several decisions of one program.

    Raises TooManyStatesError when the classes themselves are too many.
    """
    return _Builder(program, decisions, start).build()


def as_written(library: Library, decisions: Sequence[str]) -> list[str]:
    """The raw facts in the order in which decisions, and those they build on, list them."""
    return list(dict.fromkeys(
        fact
        for decision in decisions
        for name in library.upstream(decision)
        for listed in library.decisions[name].inputs
        for fact in library.vocabulary.raw_facts(listed)
    ))  # fmt: skip


class _Builder:
    def __init__(self, program: Program, decisions: Sequence[str], start: Case) -> None:
        self.program, self.library, self.start = program, program.library, start
        self.decisions = decisions
        self.readings: list[OpenClasses] = []
        for name in decisions:
            shape = [len(program.axes[axis].open(start)) for axis in program.deciding(name)]
            if np.prod(shape, dtype=float) > MAX_CLASSES:
                raise TooManyStatesError(name)
            self.readings.append(OpenClasses(program, name, start))
        self.axes = sorted({axis for one in self.readings for axis in one.axes})
        self.parts = {axis: self._split(axis) for axis in self.axes}

    def build(self) -> Lattice:
        told = [(axis, number) for axis in self.axes for number in range(len(self.parts[axis]))]
        one_each = [self._scattered(reading) for reading in self.readings]
        merged: dict[tuple[int, int], Places] = {}
        for key in told:
            columns = [by[key] for by in (self._partition(*one) for one in one_each) if key in by]
            merged[key] = _numbered(list(zip(*columns, strict=True)))
        kept = self._kept([key for key in told if merged[key].max(initial=0) > 0], told)
        sizes = tuple(int(merged[key].max(initial=0)) + 1 for key in kept)
        if np.prod(sizes, dtype=float) > MAX_CLASSES:
            raise TooManyStatesError(*self.decisions)
        labels, answers = self._labelled(one_each, merged, kept, sizes)
        part_of: dict[int, tuple[tuple[int, Places], ...]] = {}
        for axis in self.axes:
            part_of[axis] = tuple(
                (kept.index((axis, number)), self._whole(axis, values, merged[axis, number]))
                for number, (_, values) in enumerate(self.parts[axis])
                if (axis, number) in kept
            )
        dimensions = tuple(self._told(key) for key in kept)
        facts = tuple(one.facts[0] for one in dimensions if len(one.facts) == 1)
        mass = self._mass(part_of, sizes) * (labels != _IMPOSSIBLE)
        return Lattice(
            facts, dimensions, labels, mass / (mass.sum() or 1.0), answers, part_of, self.program
        )

    def _kept(
        self, differing: Sequence[tuple[int, int]], told: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """The dimensions that make a difference, and the facts of the joint ones among them."""
        matter = {fact for key in differing for fact in self._told(key).facts}
        single = [key for key in told if len(self._told(key).facts) == 1
                  and self._told(key).facts[0] in matter]  # fmt: skip
        order = as_written(self.library, self.decisions)
        rank = {fact: number for number, fact in enumerate(order)}
        single.sort(key=lambda key: rank.get(self._told(key).facts[0], len(order)))
        return [*single, *(key for key in differing if len(self._told(key).facts) > 1)]

    def _told(self, key: tuple[int, int]) -> Told:
        axis, number = key
        return Told(axis, self.parts[axis][number][0])

    def _split(self, axis_number: int) -> list[tuple[tuple[str, ...], Places]]:
        """The dimensions of an axis: which unknown facts tell it, and each open cell's value."""
        axis = self.program.axes[axis_number]
        open_cells = axis.open(self.start)
        unknown = [fact for fact in axis.facts if not self.start.pinned(fact)]
        hanging: dict[tuple[str, ...], list[int]] = {(fact,): [] for fact in unknown}
        for position, subject in enumerate(axis.subjects):
            facts = tuple(fact for fact in unknown if fact in facts_of(subject))
            if facts:
                hanging.setdefault(facts, []).append(position)
        return [
            (facts, _numbered([tuple(axis.cells[cell][i] for i in which) for cell in open_cells]))
            for facts, which in hanging.items()
        ]

    def _whole(self, axis: int, values: Places, merged: Places) -> Places:
        """The merged value of every cell of an axis; of those not open at the start, none."""
        out = np.full(self.program.axes[axis].size, _IMPOSSIBLE, dtype=np.int64)
        out[self.program.axes[axis].open(self.start)] = merged[values]
        return out

    def _scattered(
        self, reading: OpenClasses
    ) -> tuple[Labels, list[tuple[int, int]], list[Aspect | None]]:
        """The answers of one decision over the dimensions of its axes, and what they are."""
        table = self.program.compiled[reading.decision].table
        known: dict[Aspect | None, int] = {}
        numbers = [known.setdefault(self._aspect(reading.decision, one), len(known))
                   for one in table.found]  # fmt: skip
        codes = np.array(numbers, dtype=np.int32)[reading.codes[reading.decision]]
        flat = np.where(reading.possible, codes, _IMPOSSIBLE)
        keys = [(axis, number) for axis in reading.axes for number in range(len(self.parts[axis]))]
        sizes = [int(self.parts[axis][number][1].max(initial=0)) + 1 for axis, number in keys]
        if np.prod(sizes, dtype=float) > MAX_CLASSES:
            raise TooManyStatesError(reading.decision)
        out: Labels = np.full(sizes, _IMPOSSIBLE, dtype=np.int32)
        index = []
        for axis, number in keys:
            shape = [1] * flat.ndim
            shape[reading.axes.index(axis)] = -1
            index.append(self.parts[axis][number][1].reshape(shape))
        out[tuple(index)] = flat
        return out, keys, list(known)

    def _aspect(self, decision: str, found: object) -> Aspect | None:
        """What a person learns of a decision; nothing of a fault of the ruleset."""
        if not isinstance(found, Resolution):
            return None
        needs: frozenset[str] = frozenset()
        voices = speaking(self.library, decision, found.rules, found.outcome)
        values = [next((getattr(one, name) for one in voices if getattr(one, name) is not None),
                       None) for name in ("value", "from_", "until")]  # fmt: skip
        for voice in voices:
            needs |= {fact for fact in value_facts(voice) if not self.start.pinned(fact)}
        if not any(value is not None for value in values):
            needs = frozenset()
        items = tuple((name, what.outcome) for name, what in found.items)
        return Aspect(found.verdict, found.outcome, found.sides, items, repr(values), needs)

    def _partition(
        self, labels: Labels, keys: list[tuple[int, int]], _known: list[Aspect | None]
    ) -> dict[tuple[int, int], Places]:
        """For each dimension the values that make a difference to one decision, numbered.

        What two facts tell together makes one only where both orders are possible and an answer
        differs: that a child is bound after birth tells nothing new about either day.
        """
        found = {}
        for position, key in sorted(
            enumerate(keys), key=lambda one: -len(self._told(one[1]).facts)
        ):
            rows = np.moveaxis(labels, position, 0)
            joint = len(self._told(key).facts) > 1
            found[key], merged = _compatible(rows) if joint else _alike(rows)
            labels = np.moveaxis(merged, 0, position)
        return found

    def _labelled(
        self, one_each: Sequence[tuple[Labels, list[tuple[int, int]], list[Aspect | None]]],
        merged: Mapping[tuple[int, int], Places], kept: Sequence[tuple[int, int]],
        sizes: tuple[int, ...],
    ) -> tuple[Labels, tuple[Answer, ...]]:  # fmt: skip
        """The joint answers over the merged dimensions."""
        joint: Labels = np.zeros(sizes, dtype=np.int32)
        answers = [Answer((), frozenset())]
        for own, keys, known in one_each:
            labels = own
            for position, key in enumerate(keys):
                rows = np.moveaxis(labels, position, 0)
                groups = [rows[merged[key] == value].max(axis=0)
                          for value in range(int(merged[key].max(initial=0)) + 1)]  # fmt: skip
                labels = np.moveaxis(np.stack(groups), 0, position)
            mine = [key for key in keys if key in kept]
            narrow = labels.reshape([size for size, key in zip(labels.shape, keys, strict=True)
                                     if key in kept])  # fmt: skip
            order = sorted(range(len(mine)), key=lambda i: kept.index(mine[i]))
            spread = narrow.transpose(order).reshape(
                [size if key in mine else 1 for key, size in zip(kept, sizes, strict=True)]
            )
            both = np.where(
                (joint == _IMPOSSIBLE) | (spread == _IMPOSSIBLE),
                _IMPOSSIBLE, joint.astype(np.int64) * len(known) + spread,
            )  # fmt: skip
            values, inverse = np.unique(both, return_inverse=True)
            possible = [int(one) for one in values if one != _IMPOSSIBLE]
            answers = [
                Answer((*answers[one // len(known)].parts, one % len(known)),
                       answers[one // len(known)].needs | _needs(known[one % len(known)]))
                for one in possible
            ]  # fmt: skip
            shift = len(values) - len(possible)
            joint = (inverse.reshape(sizes) - shift).astype(np.int32)
        return joint, tuple(answers)

    def _mass(
        self, part_of: Mapping[int, tuple[tuple[int, Places], ...]], sizes: tuple[int, ...]
    ) -> Numbers:
        """The likelihood of each class: that of its values, axis by axis."""
        mass: Numbers = np.ones([1] * len(sizes))
        for axis, parts in part_of.items():
            if not parts:
                continue
            cells = self.program.axes[axis].open(self.start)
            weights = likelihoods(self.program, axis, cells)
            own: Numbers = np.zeros([sizes[number] for number, _ in parts])
            np.add.at(own, tuple(values[cells] for _, values in parts), weights)
            numbers = [number for number, _ in parts]
            order = sorted(range(len(numbers)), key=lambda i: numbers[i])
            shape = [sizes[i] if i in numbers else 1 for i in range(len(sizes))]
            mass = mass * own.transpose(order).reshape(shape)
        return mass


def _needs(aspect: Aspect | None) -> frozenset[str]:
    return aspect.needs if aspect else frozenset()


def likelihoods(program: Program, number: int, cells: Places) -> Numbers:
    """The weight of each open cell: the vocabulary's for the values of a fact, else all equal."""
    axis = program.axes[number]
    definition = program.library.vocabulary.facts.get(axis.facts[0])
    alone = axis.subjects == (Raw(axis.facts[0]),)
    if isinstance(axis, NumberAxis) and alone and definition and definition.likelihood:
        return np.array([_weight(definition, axis, int(cell)) for cell in cells], dtype=np.float64)
    return np.ones(len(cells))


def _weight(fact: Fact, axis: NumberAxis, cell: int) -> float:
    """The likelihood of the values of a fact that lie in a cell; values not named count one."""
    span = axis.span(axis.cells[cell], axis.subjects[0])
    weights = [float((fact.likelihood or {}).get(code, 1)) for code in fact.codes]
    return sum(weight for code, weight in enumerate(weights) if span.holds(code))


def _numbered(keys: Sequence[Hashable]) -> Places:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _alike(rows: Labels) -> tuple[Places, Labels]:
    """Numbers for the rows, the same for equal ones; and one row for each number."""
    numbers = _numbered([np.ascontiguousarray(row).tobytes() for row in rows])
    first = [int(np.flatnonzero(numbers == one)[0]) for one in range(int(numbers.max()) + 1)]
    return numbers, rows[first]


def _compatible(rows: Labels) -> tuple[Places, Labels]:
    """Numbers for the rows, the same for those that agree wherever both are possible."""
    groups: list[Labels] = []
    numbers = []
    for row in rows:
        for number, group in enumerate(groups):
            if ((row == group) | (row == _IMPOSSIBLE) | (group == _IMPOSSIBLE)).all():
                groups[number] = np.maximum(row, group)
                numbers.append(number)
                break
        else:
            numbers.append(len(groups))
            groups.append(row)
    return np.array(numbers, dtype=np.int64), np.stack(groups)
