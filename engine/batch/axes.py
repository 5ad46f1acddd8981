"""Registers the axes of a table in a scanner's context, and works out cells the scanner cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.axis import NumberAxis, PlaceAxis
from engine.batch import scanner
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.case import Case
from engine.coding import Gap, Numeric, Raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.axis import Axis, Interval
    from engine.batch.tabulated import Classes, Tabulated
    from engine.vocabulary import Vocabulary

_FEW = 256
_DEAD, _IMPOSSIBLE = -1, -2


@dataclass(frozen=True)
class Partial(Case):
    """A case of which as much is known as stands in it, of its day too."""

    def interval(self, fact: str) -> Interval | None:
        """What is known of a number or a date; None where nothing is."""
        return self.intervals.get(fact)


@dataclass(frozen=True)
class Axes:
    """The axes of the tables of one context."""

    context: scanner.Context
    vocabulary: Vocabulary
    slots: Mapping[str, int]
    places: Sequence[str]
    """The codes of the places met, by their numbers."""
    as_of: date

    def register(self, at: int, table: Tabulated) -> None:
        """Register the axes of the table of that number."""
        strides = [stride // table.class_of.itemsize for stride in table.class_of.strides]
        for position, (axis, stride) in enumerate(zip(table.axes, strides, strict=True)):
            self._register(at, position, table, axis, stride)

    def _register(self, at: int, position: int, table: Tabulated, axis: Axis, stride: int) -> None:
        kind = scanner.KEPT
        if isinstance(axis, NumberAxis):
            direct = axis.subjects == (Raw(axis.facts[0]),) and len(axis.facts) == 1
            kind = scanner.DIRECT if direct else scanner.JOINT
        bounds = [axis.bounds[fact] if isinstance(axis, NumberAxis) else (0, 0)
                  for fact in axis.facts]  # fmt: skip
        nothing = Partial(None, self.as_of)
        everything = table.mask(position, axis.open(nothing)) if kind == scanner.DIRECT else 0
        self.context.call(
            "axis", at, position, kind, stride, everything, len(axis.facts),
            scanner.ints([self.slots[fact] for fact in axis.facts]),
            scanner.longs([low for low, _ in bounds]), scanner.longs([high for _, high in bounds]),
        )  # fmt: skip
        if isinstance(axis, PlaceAxis):
            cuts = _turns(axis)
            self.context.call(
                "cuts", at, position, len(cuts), scanner.longs(cuts), 0, scanner.masks([]), 0
            )
        elif kind == scanner.DIRECT:
            self._register_sides(at, position, table, axis)
        else:
            self._register_joint(at, position, table, axis)

    def _register_sides(self, at: int, position: int, table: Tabulated, axis: NumberAxis) -> None:
        (cuts,), (low, high) = axis.cuts.values(), axis.bounds[axis.facts[0]]
        index = {cell: number for number, cell in enumerate(axis.cells)}
        sides = [table.mask(position, [index[side,]] if (side,) in index else [])
                 for side in range(len(cuts) + 1)]  # fmt: skip
        narrow = high - low < _FEW
        if narrow:
            sides = [sides[sum(cut <= value for cut in cuts)] for value in range(low, high + 1)]
        self.context.call(
            "cuts", at, position, len(cuts), scanner.longs(cuts), len(sides),
            scanner.masks(sides), int(narrow),
        )  # fmt: skip

    def _register_joint(self, at: int, position: int, table: Tabulated, axis: NumberAxis) -> None:
        cells = np.full([len(cuts) + 1 for cuts in axis.cuts.values()], _IMPOSSIBLE, dtype=np.int32)
        alive = table.alive[position]
        for number, cell in enumerate(axis.cells):
            merged = int(table.merged[position][number])
            cells[cell] = merged if alive >> merged & 1 else _DEAD
        fewer, telling = cells, list(axis.cuts)
        for along in reversed(range(cells.ndim)):
            most = fewer.max(axis=along, keepdims=True)
            if ((fewer == most) | (fewer == _IMPOSSIBLE)).all():
                fewer = most.squeeze(axis=along)
                del telling[along]
        self._register_subjects(at, position, axis, 0, telling, fewer)
        self._register_subjects(at, position, axis, 1, list(axis.cuts), cells)

    def _register_subjects(  # noqa: PLR0913, PLR0917 - what a joint axis is made of
        self, at: int, position: int, axis: NumberAxis, which: int,
        subjects: Sequence[Numeric], cells: Classes,
    ) -> None:  # fmt: skip
        """The subjects of a joint axis: 0 those that tell its cells apart, 1 all of them."""
        cells = np.array(cells, dtype=np.int32, order="C")
        what: list[int] = []
        for subject in subjects:
            count = len(axis.cuts[subject])
            if isinstance(subject, Gap):
                unit = scanner.DAYS if subject.unit == "days" else scanner.MONTHS
                ends = axis.facts.index(subject.first), axis.facts.index(subject.second)
                what += [unit, *ends, int(subject.short_month == "last_day"), count]
            elif isinstance(subject, Raw):
                what += [scanner.RAW, axis.facts.index(subject.fact), -1, 0, count]
        self.context.call(
            "joint", at, position, which, len(subjects), scanner.ints(what),
            scanner.longs([stride // cells.itemsize for stride in cells.strides]),
            scanner.longs([cut for subject in subjects for cut in axis.cuts[subject]]),
            cells.size, cells.ctypes.data,
        )  # fmt: skip

    def open(self, table: Tabulated, position: int, known: int, values: Sequence[int]) -> int:
        """The cells an axis has open for values of those of its facts that are known."""
        axis = table.axes[position]
        places: dict[str, str] = {}
        intervals: dict[str, Interval] = {}
        cuts = _turns(axis) if isinstance(axis, PlaceAxis) else []
        for number, (fact, value) in enumerate(zip(axis.facts, values, strict=True)):
            if not known >> number & 1:
                continue
            definition = self.vocabulary.facts.get(fact)
            if definition is not None and definition.type == "place":
                places[fact] = self.places[value]
            elif isinstance(axis, PlaceAxis):
                # Any day between two turns will do.
                day = cuts[value - 1] if value else min([LAST_DAY, *(one - 1 for one in cuts)])
                intervals[fact] = (day, day)
            else:
                intervals[fact] = (value, value)
        case = Partial(None, self.as_of, places=places, intervals=intervals)
        return table.mask(position, axis.open(case))


def _turns(axis: PlaceAxis) -> list[int]:
    """The days on which a group of places that an axis looks at comes or goes."""
    groups = axis.places.groups
    named = {one.group for one in axis.subjects if one.group in groups}
    spans = [groups[name or ""].in_force.days(FIRST_DAY, LAST_DAY) for name in named]
    return sorted({day for first, last in spans for day in (first, last + 1)})
