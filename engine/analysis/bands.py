"""The values of one fact, cut where the rules of a program tell them apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.analysis.witness import shown_as
from engine.axis import NumberAxis, PlaceAxis
from engine.calendar import latest_start, shift
from engine.coding import MONTHS_A_YEAR, Gap, Raw, code_test
from engine.condition import FactTest
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.coding import Numeric
    from engine.program import Days, Program
    from engine.vocabulary import Derived, Fact


@dataclass(frozen=True)
class Band:
    """Some values of a fact that the rules do not tell apart, and one of them as a case has it.

    Values of an enum or a bool stand in `values`; a number lies from `low` up to `high`, both
    included, and None where it has no end.
    """

    fact: str
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    case: tuple[tuple[str, object], ...] = ()

    def with_(self, other: Band) -> Band:
        """Both as one: all values of either, from the lower end to the higher one."""
        return Band(self.fact, (*self.values, *other.values), self.low, other.high, self.case)


def bands(
    program: Program, name: str, day: date, known: Mapping[str, object] | None = None
) -> tuple[Band, ...]:
    """The values of a raw or derived fact, cut where the rules of a program tell them apart.

    How a place lies to another one is told where that one is `known`.
    """
    vocabulary = program.library.vocabulary
    fact = vocabulary.facts.get(name)
    if fact is not None and fact.codes:
        values = [(one, one == "true" if fact.type == "bool" else one) for one in fact.codes]
        return tuple(Band(name, (code,), case=((name, value),)) for code, value in values)
    derived = vocabulary.derived.get(name)
    if derived is not None and derived.relation is not None:
        ends = derived.relation.to, derived.relation.of
        free = next((one for one in ends if one not in (known or {})), ends[0])
        lying = place_bands(program, free, known or {})
        return tuple(replace(one, fact=name) for one in lying)
    found = _axis(program, vocabulary.derived.get(name) or fact)
    if found is None:
        return (Band(name),)
    axis, subject = found
    return tuple(_number_bands(program, name, axis, subject, day))


def _axis(program: Program, fact: Fact | Derived | None) -> tuple[NumberAxis, Numeric] | None:
    """The axis a fact is cut on, and what the axis calls it; None where no rule looks at it."""
    if fact is None:
        return None
    subject = Raw(fact.id)
    if fact.id in program.library.vocabulary.derived:
        test = FactTest.model_validate({"fact": fact.id, "gte": 0})
        derived = code_test(test, fact, lambda _: 0).subject
        if not isinstance(derived, Gap):
            return None
        subject = derived  # type: ignore[assignment]  # a gap is a numeric subject too
    for axis in program.axes:
        if isinstance(axis, NumberAxis) and subject in axis.subjects:
            return axis, subject
    return None


def _number_bands(
    program: Program, name: str, axis: NumberAxis, subject: Numeric, day: date
) -> Iterator[Band]:
    cuts = axis.cuts[subject]
    if isinstance(subject, Raw):
        first, last = axis.bounds[subject.fact]
        ends = (first, *cuts, last + 1)
        for start, end in pairwise(ends):
            yield Band(name, (), start, end - 1, ((name, shown_as(program, name, start)),))
        return
    years = program.library.vocabulary.derived[name].years_between
    scale = MONTHS_A_YEAR if years else 1
    # Nothing is counted backwards in a picture: nobody is younger than 0.
    starts = [0, *(cut for cut in cuts if cut > 0)]
    lasts = [*(start // scale - 1 for start in starts[1:]), None]
    for low, high in zip(starts, lasts, strict=True):
        yield Band(name, (), low // scale, high, _days_apart(subject, low, day))


def _days_apart(gap: Gap, count: int, day: date) -> tuple[tuple[str, object], ...]:
    """Two days so far from each other that the later one is `day`."""
    last = day.toordinal()
    first = latest_start(last, count, gap.unit, gap.short_month)
    days = {gap.first: first, gap.second: last}
    return tuple((fact, date.fromordinal(one).isoformat()) for fact, one in days.items()
                 if fact != AS_OF)  # fmt: skip


def place_bands(program: Program, name: str, known: Mapping[str, object]) -> tuple[Band, ...]:
    """A place for each way in which it may lie to another place, which is `known`."""
    for axis in program.axes:
        if not isinstance(axis, PlaceAxis) or name not in axis.facts[:2]:
            continue
        first = axis.subjects[0]
        home = known.get(first.of if name == first.to else first.to)
        if not isinstance(home, str):
            continue
        found: dict[object, Band] = {}
        for code in axis.candidates(None, home):
            ends = (home, code) if name == first.to else (code, home)
            lying = tuple(frozenset(axis.places.relations(*ends, one.group, None))
                          for one in axis.subjects)  # fmt: skip
            if all(len(one) == 1 for one in lying):
                told = "same_group" if {"same_group"} in lying else next(iter(lying[0]))
                found.setdefault(lying, Band(name, (told,), case=((name, code),)))
        return tuple(found.values())
    return (Band(name),)


def day_bands(
    program: Program, name: str, day: date, known: Mapping[str, object]
) -> tuple[Band, ...]:
    """The days of a date fact, cut where rules tell them apart while other days are `known`.

    A count of days to another date cuts them only where that date is known. All lie in the
    period of the program, where the fact has one there.
    """
    axis = next((one for one in program.axes
                 if isinstance(one, NumberAxis) and name in one.facts), None)  # fmt: skip
    period = dict(program.selection.periods).get(name)
    if axis is None:
        if period is None:
            return (Band(name),)
        return (_days(name, *period, program.library.days(name), day),)
    days = {AS_OF: day.toordinal()}
    days |= {fact: date.fromisoformat(value).toordinal() for fact, value in known.items()
             if fact in axis.facts and isinstance(value, str)}  # fmt: skip
    starts: set[int] = set()
    for subject, cuts in axis.cuts.items():
        if isinstance(subject, Raw):
            starts |= {*cuts} if subject.fact == name else set()
        elif subject.first == name and subject.second in days:
            starts |= {latest_start(days[subject.second], cut, subject.unit, subject.short_month)
                       + 1 for cut in cuts}  # fmt: skip
        elif subject.second == name and subject.first in days:
            starts |= {shift(days[subject.first], cut, subject.unit, subject.short_month)
                       for cut in cuts}  # fmt: skip
    first, last = axis.bounds[name]
    ends = (first, *sorted(one for one in starts if first < one <= last), last + 1)
    return tuple(_days(name, low, high - 1, program.library.days(name), day)
                 for low, high in pairwise(ends))  # fmt: skip


def _days(name: str, low: int, high: int, domain: Days, day: date) -> Band:
    """Some days; the one of them that is nearest to `day` stands for them."""
    near = date.fromordinal(max(low, min(high, day.toordinal())))
    return Band(name, (), low if low > domain[0] else None, high if high < domain[1] else None,
                ((name, near.isoformat()),))  # fmt: skip
