"""The cells of facts: the finitely many ways in which the rules can tell values apart.

An axis holds the raw facts that hang together: one fact alone, or several dates (or amounts) that
derived facts join, cut jointly so that impossible combinations never enter. A cell says for every
subject of a test on which side of each cut it lies; every case with the same cells is one class.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.calendar import day_span, latest_start, months_between, shift
from engine.coding import Gap, Lying, Numeric, Raw, Span, Subject
from engine.places import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.places import Places, Relationship

MAX_CELLS = 5_000
MAX_ROUNDS = 8
MAX_KEPT = 4_096
MAX_OPENED = 1 << 12
"""Of all axes together: so much memory it takes, whatever is decided."""
Interval = tuple[int, int]
Days = tuple[tuple[str, Interval], ...]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]
Indexes = np.ndarray[tuple[int], np.dtype[np.int64]]


class Known(Protocol):
    """What is known of a case: an interval for each numeric fact, a code for each place."""

    def interval(self, fact: str) -> Interval | None:
        """First and last integer the fact may have; None when nothing is known of it."""

    def place(self, fact: str) -> str | None:
        """The code of a place fact, None when it is not known."""


@dataclass(eq=False)
class NumberAxis:
    """Raw facts coded to integers, and the gaps between them that tests look at."""

    facts: tuple[str, ...]
    bounds: dict[str, Interval]
    cuts: dict[Numeric, list[int]]
    cells: list[tuple[int, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.subjects = tuple(self.cuts)
        self.gaps = tuple(one for one in self.subjects if isinstance(one, Gap))
        sides = [range(len(cuts) + 1) for cuts in self.cuts.values()]
        count = 1
        for side in sides:
            count *= len(side)
        if count > MAX_CELLS * 10:
            message = f"more than {MAX_CELLS * 10:,} combinations of what is asked of them"
            raise OverflowError(message)
        self.cells = [cell for cell in product(*sides) if self._possible(cell)]
        self.size = len(self.cells)

    @cached_property
    def _index(self) -> dict[tuple[int, ...], int]:
        return {cell: index for index, cell in enumerate(self.cells)}

    @cached_property
    def _columns(self) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        return np.array(self.cells, dtype=np.int64).reshape(self.size, len(self.subjects))

    def span(self, cell: tuple[int, ...], subject: Numeric) -> Span:
        """The integers a subject has in a cell."""
        side, cuts = cell[self.subjects.index(subject)], self.cuts[subject]
        return Span(cuts[side - 1] if side else None, cuts[side] if side < len(cuts) else None)

    def holds(self, subject: Subject, spans: Sequence[Span]) -> Bools:
        """For each cell, whether the subject lies in one of the spans; spans end on cuts."""
        position = self.subjects.index(subject)
        own = self.subjects[position]
        column, cuts = self._columns[:, position], self.cuts[own]
        lowest = self.bounds[own.fact][0] if isinstance(own, Raw) else cuts[0] - 1
        # Any integer of a side will do: no span begins or ends within it.
        inside = [any(span.holds(value) for span in spans) for value in (lowest, *cuts)]
        return np.array(inside, dtype=bool)[column]

    def open(self, known: Known) -> Indexes:
        """The cells left open; exact when at most one of the axis's facts is not pinned down."""
        return _numbers_open(self, tuple(known.interval(fact) for fact in self.facts))

    def within(self, intervals: tuple[Interval | None, ...]) -> Indexes:
        """The cells left open where each of the facts lies in its interval, or is not known."""
        given = {fact: interval or self.bounds[fact]
                 for fact, interval in zip(self.facts, intervals, strict=True)}  # fmt: skip
        box = {fact: (max(lo, self.bounds[fact][0]), min(hi, self.bounds[fact][1]))
               for fact, (lo, hi) in given.items()}  # fmt: skip
        if any(lo > hi for lo, hi in box.values()):
            return np.empty(0, dtype=np.int64)
        if all(lo == hi for lo, hi in box.values()):
            cell = tuple(
                bisect_right(self.cuts[one], _value(one, {f: lo for f, (lo, _) in box.items()}))
                for one in self.subjects
            )
            return np.array([self._index[cell]])
        mask = np.ones(self.size, dtype=bool)
        for position, subject in enumerate(self.subjects):
            low, high = _range(subject, box)
            column, cuts = self._columns[:, position], self.cuts[subject]
            mask &= (column >= bisect_right(cuts, low)) & (column <= bisect_right(cuts, high))
        candidates = np.flatnonzero(mask)
        if not self.gaps or len(candidates) <= 1:
            return candidates
        kept = [index for index in candidates if self.narrowed(self.cells[index], box) is not None]
        return np.array(kept, dtype=np.int64)

    def narrowed(
        self, cell: tuple[int, ...], box: Mapping[str, Interval]
    ) -> dict[str, Interval] | None:
        """`box` cut down to the values that fit a cell; None when nothing fits."""
        current = dict(box)
        for subject in self.subjects:
            if isinstance(subject, Raw):
                span, (lo, hi) = self.span(cell, subject), current[subject.fact]
                lo = lo if span.low is None else max(lo, span.low)
                hi = hi if span.high is None else min(hi, span.high - 1)
                current[subject.fact] = (lo, hi)
                if lo > hi:
                    return None
        for _ in range(MAX_ROUNDS):
            before = dict(current)
            for gap in self.gaps:
                if not _tighten(gap, self.span(cell, gap), current):
                    return None
            if current == before:
                break
        return current

    def _possible(self, cell: tuple[int, ...]) -> bool:
        """Whether any values fit a cell: no cycle of differences contradicts itself."""
        nodes = {fact: index for index, fact in enumerate(self.facts, 1)}
        most = np.full((len(nodes) + 1,) * 2, np.inf)
        np.fill_diagonal(most, 0)

        def limit(first: int, second: int, low: float, high: float) -> None:
            most[first, second] = min(most[first, second], high)
            most[second, first] = min(most[second, first], -low)

        for fact, (lo, hi) in self.bounds.items():
            limit(0, nodes[fact], lo, hi)
        for subject in self.subjects:
            span = self.span(cell, subject)
            if isinstance(subject, Raw):
                low = -np.inf if span.low is None else span.low
                high = np.inf if span.high is None else span.high - 1
                limit(0, nodes[subject.fact], low, high)
            else:
                low, high = -np.inf, np.inf
                if span.low is not None:
                    low = day_span(span.low, subject.unit, subject.short_month)[0]
                if span.high is not None:
                    high = day_span(span.high, subject.unit, subject.short_month)[1] - 1
                limit(nodes[subject.first], nodes[subject.second], low, high)
        for middle in range(len(most)):
            most = np.minimum(most, most[:, middle, None] + most[None, middle, :])
        return bool((most.diagonal() >= 0).all())

    def witness(
        self, cell: tuple[int, ...], within: Mapping[str, Interval] | None = None
    ) -> dict[str, int] | None:
        """Values of the raw facts that lie in a cell, and `within` intervals where those are given.

        None when the search finds none.
        """
        start = self.narrowed(cell, within or self.bounds)
        return None if start is None else self._search(cell, start)

    def _search(self, cell: tuple[int, ...], box: dict[str, Interval]) -> dict[str, int] | None:
        loose = [fact for fact, (lo, hi) in box.items() if lo < hi]
        if not loose:
            values = {fact: lo for fact, (lo, _) in box.items()}
            fits = all(self.span(cell, one).holds(_value(one, values)) for one in self.subjects)
            return values if fits else None
        fact = max(loose, key=lambda name: any(name in gap[:2] for gap in self.gaps))
        lo, hi = box[fact]
        middle = (lo + hi) // 2
        # Ends and middle nearly always do; a leap year may need a start further on in its cycle.
        near = (*range(lo, min(hi, lo + 1500), 97), *range(middle, min(hi, middle + 1500), 13))
        for value in dict.fromkeys((lo, hi, middle, *near)):
            narrowed = self.narrowed(cell, {**box, fact: (value, value)})
            found = None if narrowed is None else self._search(cell, narrowed)
            if found is not None:
                return found
        return None


@lru_cache(MAX_KEPT)
def number_axis(
    facts: tuple[str, ...], bounds: tuple[tuple[str, Interval], ...],
    cuts: tuple[tuple[Numeric, tuple[int, ...]], ...],
) -> NumberAxis:  # fmt: skip
    """The axis of these facts, bounds and cuts: many programs have the same one."""
    return NumberAxis(facts, dict(bounds), {subject: list(some) for subject, some in cuts})


def _value(subject: Numeric, values: Mapping[str, int]) -> int:
    """The integer a subject has when every fact is known."""
    if isinstance(subject, Raw):
        return values[subject.fact]
    first, second = values[subject.first], values[subject.second]
    if subject.unit == "days":
        return second - first
    return months_between(first, second, subject.short_month)


def _range(subject: Numeric, box: Mapping[str, Interval]) -> Interval:
    """Least and greatest integer a subject can have; a gap grows with its second end."""
    if isinstance(subject, Raw):
        return box[subject.fact]
    (a, b), (c, d) = box[subject.first], box[subject.second]
    return (
        _value(subject, {subject.first: b, subject.second: c}),
        _value(subject, {subject.first: a, subject.second: d}),
    )


def _tighten(gap: Gap, span: Span, box: dict[str, Interval]) -> bool:
    """Cut the intervals of both ends of a gap down to what its span allows; False when empty."""
    (a, b), (c, d) = box[gap.first], box[gap.second]
    if span.low is not None:
        c = max(c, shift(a, span.low, gap.unit, gap.short_month))
        b = min(b, latest_start(d, span.low, gap.unit, gap.short_month))
    if span.high is not None:
        d = min(d, shift(b, span.high, gap.unit, gap.short_month) - 1)
        a = max(a, latest_start(c, span.high, gap.unit, gap.short_month) + 1)
    box[gap.first], box[gap.second] = (a, b), (c, d)
    return a <= b and c <= d


@dataclass(eq=False)
class PlaceAxis:
    """Two places and the relations of them that tests look at.

    `bounds` are the days on which the rules of the axis are in force, of each date that tells
    which places belong together.
    """

    subjects: tuple[Lying, ...]
    places: Places
    bounds: Mapping[str, Interval]

    def __post_init__(self) -> None:
        first = self.subjects[0]
        dates = [one.on for one in self.subjects if one.on]
        self.facts = tuple(dict.fromkeys((first.of, first.to, *dates)))
        self.cells = self.places.all_relations(tuple(one.group for one in self.subjects))
        self.size = len(self.cells)

    def candidates(self, place: str | None, other: str | None) -> list[str]:
        """A place that is known; else some that show every relation it can have to the other."""
        if place is not None:
            return [place]
        near = [] if other is None else [other, *self.places.near(other)]
        return [*near, *self.places.samples()]

    def _cells(
        self, home: str, away: str, days: Mapping[str, Interval | None]
    ) -> set[tuple[Relationship, ...]]:
        options = [
            self.places.relations(home, away, one.group, days.get(one.on or ""))
            for one in self.subjects
        ]
        return set(product(*options))

    def holds(self, subject: Subject, spans: Sequence[Span]) -> Bools:
        """For each cell, whether the relation is one of those meant."""
        position = self.subjects.index(subject)
        inside = [any(span.holds(RELATIONS.index(cell[position])) for span in spans)
                  for cell in self.cells]  # fmt: skip
        return np.array(inside, dtype=bool)

    def open(self, known: Known) -> Indexes:
        """The cells left open by the places and dates known."""
        first = self.subjects[0]
        days = tuple((one.on, self.days(one.on, known.interval(one.on)))
                     for one in self.subjects if one.on)  # fmt: skip
        return _places_open(self, known.place(first.of), known.place(first.to), days)

    def days(self, date: str, known: Interval | None) -> Interval:
        """First and last day that a date may have here.

        A date known to the day is left as it is: the rules in force were chosen by it.
        """
        (first, last), (low, high) = self.bounds[date], known or self.bounds[date]
        return (low, high) if low == high else (max(low, first), min(high, last))

    def within(self, home: str | None, away: str | None, when: Days) -> Indexes:
        """The cells left open where the places are these, or not known, on one of those days."""
        days = dict(when)
        if home is None and away is None:
            return np.arange(self.size)
        seen = set()
        for one in self.candidates(home, away):
            for other in self.candidates(away, home):
                seen |= self._cells(one, other, days)
        return np.array([i for i, cell in enumerate(self.cells) if cell in seen], dtype=np.int64)


@lru_cache(MAX_OPENED)
def _numbers_open(axis: NumberAxis, intervals: tuple[Interval | None, ...]) -> Indexes:
    # Most cases differ in a few facts only: what was worked out for the others is kept.
    return axis.within(intervals)


@lru_cache(MAX_OPENED)
def _places_open(axis: PlaceAxis, home: str | None, away: str | None, when: Days) -> Indexes:
    return axis.within(home, away, when)


Axis = NumberAxis | PlaceAxis
