"""Which classes a case leaves open, as a small key that is fast to make from its facts.

Two cases with the same key leave the same classes open in the same programs, and have the same
facts given, known exactly, known roughly and unknown: the same answer follows, but for what is
worked out from raw dates and amounts. The key is finer than the open cells where that is faster.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from engine.axis import NumberAxis, PlaceAxis
from engine.calendar import FIRST_DAY, LAST_DAY, latest_start, shift
from engine.coding import Gap, Raw, facts_of
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

    from engine.axis import Axis, Interval
    from engine.calendar import ShortMonth, Unit
    from engine.case import Shape
    from engine.coding import Numeric
    from engine.program import Program

    Known = Mapping[str, Interval]
    Places = Mapping[str, str]
    Part = Callable[[Known, Places], Hashable]
    States = tuple[int, ...]

MAX_KEPT, MAX_RANKED = 1 << 13, 1 << 14
_UNKNOWN, _LOOSE, _EXACT = range(3)
_GIVEN = 3


@lru_cache(2 * MAX_KEPT)
def reached(
    start: int, cuts: tuple[int, ...], unit: Unit, short_month: ShortMonth
) -> tuple[int, ...]:
    """The ordinals on which a gap that begins on ordinal `start` reaches each of its cuts."""
    return tuple([shift(start, cut, unit, short_month) for cut in cuts])


@lru_cache(2 * MAX_KEPT)
def too_late(
    end: int, cuts: tuple[int, ...], unit: Unit, short_month: ShortMonth
) -> tuple[int, ...]:
    """The first ordinals from which a gap to ordinal `end` no longer reaches each of its cuts."""
    return tuple([latest_start(end, cut, unit, short_month) + 1 for cut in cuts])


class KeyPlan:
    """How the key is made of cases of which the same is known: `fixed` and `moving` parts.

    The moving parts are those that hang on the day counted from.
    """

    def __init__(self, axes: Iterable[Axis], states: Mapping[str, int]) -> None:
        self._points: list[tuple[str, Sequence[int]]] = []
        self._fixed: list[Part] = []
        self._moving: list[Part] = []
        for axis in dict.fromkeys(axes):  # Many programs share one.
            if isinstance(axis, PlaceAxis):
                self._add(axis.facts, _lying(axis))
            else:
                self._number(axis, {fact: states[fact] for fact in axis.facts})

    @property
    def moves(self) -> bool:
        """Whether anything hangs on the day counted from."""
        return bool(self._moving)

    def fixed(self, known: Known, places: Places) -> tuple[Hashable, ...]:
        """What stays the same on other days."""
        points = [bisect_right(cuts, known[fact][0]) for fact, cuts in self._points]
        return (*points, *[part(known, places) for part in self._fixed])

    def moving(self, known: Known, places: Places) -> tuple[Hashable, ...]:
        """What may be other on other days."""
        return tuple([part(known, places) for part in self._moving])

    def _add(self, facts: Collection[str], part: Part) -> None:
        (self._moving if AS_OF in facts else self._fixed).append(part)

    def _number(self, axis: NumberAxis, states: Mapping[str, int]) -> None:
        open_ = [fact for fact in axis.facts if states[fact] != _EXACT]
        if any(set(gap[:2]) <= set(open_) for gap in axis.gaps):
            # What one of two open ends may be hangs on the other: only the axis itself can tell.
            self._add(axis.facts, partial(_opened, axis))
            return
        for subject, cuts in axis.cuts.items():
            if not set(facts_of(subject)) & set(open_):
                self._exact(subject, tuple(cuts))
        for fact in open_:
            touching = [one for one in axis.subjects if fact in facts_of(one)]
            if states[fact] == _LOOSE or any(isinstance(one, Gap) for one in touching):
                facts = {one for subject in touching for one in facts_of(subject)}
                self._add(facts, _ranks(axis, fact, touching))

    def _exact(self, subject: Numeric, cuts: tuple[int, ...]) -> None:
        if isinstance(subject, Raw) and subject.fact != AS_OF:
            self._points.append((subject.fact, cuts))
        elif isinstance(subject, Raw):
            self._moving.append(lambda known, _: bisect_right(cuts, known[AS_OF][0]))
        else:
            first, second, unit, short_month = subject

            def side(known: Known, _: Places) -> Hashable:
                ends = reached(known[first][0], cuts, unit, short_month)
                return bisect_right(ends, known[second][0])

            self._add((first, second), side)


def facts_in(programs: Iterable[tuple[Program, str]]) -> list[str]:
    """The raw facts that decide which classes of decisions are open, the day apart."""
    found = {fact for axis in axes_of(programs) for fact in axis.facts}
    return sorted(found - {AS_OF})


def axes_of(programs: Iterable[tuple[Program, str]]) -> list[Axis]:
    """The axes that decide which classes of decisions are open, each in its program."""
    return [
        program.axes[number]
        for program, decision in programs
        for group in (program.deciding(decision), *program.tied(decision))
        for number in group
    ]


def states_of(facts: Sequence[str], shape: Shape) -> States:
    """For each fact whether it is given, and how much is known of it."""
    given, intervals, places, loose = map(frozenset, shape)
    return tuple(
        _GIVEN * (fact in given) + (
            _LOOSE if fact in loose else _EXACT if fact in intervals or fact in places else _UNKNOWN
        )
        for fact in facts
    )  # fmt: skip


def how_known(facts: Sequence[str], states: States) -> dict[str, int]:
    """How much is known of each fact, for a plan."""
    found = {fact: state % _GIVEN for fact, state in zip(facts, states, strict=True)}
    return {**found, AS_OF: _EXACT}


class _Facts:
    """What is known, as an axis asks for it."""

    def __init__(self, known: Known, places: Places) -> None:
        self.interval, self.place = known.get, places.get


def _opened(axis: Axis, known: Known, places: Places) -> bytes:
    return axis.open(_Facts(known, places)).tobytes()


def _ranks(axis: NumberAxis, fact: str, touching: Sequence[Numeric]) -> Part:
    """In which order the values of an open fact, all others being known, cross the cuts."""
    crossing = _Crossing(axis, fact, touching)

    def part(known: Known, _: Places) -> Hashable:
        ends = [known[other][0] for other in crossing.others]
        return _ranked(crossing, known.get(fact) or crossing.bounds, *ends)

    return part


class _Crossing:
    """The cuts that an open fact of an axis crosses, and the other ends of its gaps."""

    def __init__(self, axis: NumberAxis, fact: str, touching: Sequence[Numeric]) -> None:
        gaps = [one for one in touching if isinstance(one, Gap)]
        self.fact, self.bounds = fact, axis.bounds[fact]
        self.raw = [cut for one in touching if isinstance(one, Raw) for cut in axis.cuts[one]]
        self.gaps = [(one, tuple(axis.cuts[one])) for one in gaps]
        self.others = [one.second if one.first == fact else one.first for one in gaps]


@lru_cache(MAX_RANKED)
def _ranked(crossing: _Crossing, interval: Interval, *ends: int) -> Hashable:
    bounds = crossing.bounds
    low, high = max(interval[0], bounds[0]), min(interval[1], bounds[1])
    breaks = [*crossing.raw]
    for (gap, cuts), end in zip(crossing.gaps, ends, strict=True):
        crossed = too_late if gap.first == crossing.fact else reached
        breaks += crossed(end, cuts, gap.unit, gap.short_month)
    if low > high:
        return None
    inside = [min(max(one, low), high + 1) for one in breaks]
    order = {one: rank for rank, one in enumerate(sorted({low, high + 1, *inside}))}
    return len(order), *(order[one] for one in inside)


def _lying(axis: PlaceAxis) -> Part:
    """The open cells of a place axis: of dates only matters where in a group's period they lie."""
    first = axis.subjects[0]
    edges: dict[str, set[int]] = {}
    for one in axis.subjects:
        if one.on:
            group = axis.places.groups.get(one.group or "")
            start, end = group.in_force.days(FIRST_DAY, LAST_DAY) if group else (0, 0)
            edges.setdefault(one.on, set()).update((start, end + 1))
    ordered = [(on, sorted(some)) for on, some in edges.items()]
    kept: dict[Hashable, bytes] = {}

    def part(known: Known, places: Places) -> Hashable:
        key: tuple[Hashable, ...] = places.get(first.of), places.get(first.to)
        for on, ends in ordered:
            low, high = axis.days(on, known.get(on))
            key = *key, bisect_right(ends, low), bisect_right(ends, high)
        found = kept.get(key)
        if found is None:
            if len(kept) >= MAX_KEPT:
                kept.clear()
            found = kept[key] = _opened(axis, known, places)
        return found

    return part
