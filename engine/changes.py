"""The days after the day counted from on which time alone changes an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from typing import TYPE_CHECKING

from engine.answering import combine
from engine.axis import NumberAxis, PlaceAxis
from engine.calendar import FIRST_DAY, LAST_DAY, latest_start, shift
from engine.coding import Gap, Raw
from engine.errors import CaseError
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.case import Case
    from engine.library import Library
    from engine.open_classes import OpenClasses
    from engine.program import Selection
    from engine.result import DecisionResult

MAX_CHANGES = 8
Readings = Callable[[str, "Case"], "list[OpenClasses]"]


@dataclass(frozen=True)
class Step:
    """A day on which time may change an answer: the answer before it, and from it on."""

    day: date
    before: DecisionResult
    after: DecisionResult

    @property
    def changed(self) -> bool:
        """Whether another answer is given from that day on."""
        return _answer(self.before) != _answer(self.after)


def with_changes(  # noqa: PLR0913, PLR0917 - a case and how to decide it on another day
    library: Library, decide: Readings, decision: str, case: Case, readings: Sequence[OpenClasses],
    result: DecisionResult,
) -> DecisionResult:  # fmt: skip
    """The result with the days after `as_of` on which time alone changes the answer."""
    if not settled(result):
        return result
    course = steps(library, decide, decision, case, readings, result)
    changes = tuple(islice((one.day for one in course if one.changed), MAX_CHANGES))
    return replace(result, changes_on=changes) if changes else result


def settled(result: DecisionResult) -> bool:
    """Whether nothing but time can still change an answer."""
    return result.verdict != "undecided" and not result.missing


def steps(  # noqa: PLR0913, PLR0917 - a case and how to decide it on another day
    library: Library, decide: Readings, decision: str, case: Case, readings: Sequence[OpenClasses],
    result: DecisionResult,
) -> Iterator[Step]:  # fmt: skip
    """Every day after `as_of` on which time may change the answer, to the end of the calendar.

    It ends early where the facts cannot be on a later day as they are today.
    """
    day, before = case.as_of.toordinal(), result
    turning: set[int] = set()
    seen: set[Selection] = set()
    while True:
        # Rules not in force before may cut time elsewhere.
        others = [one for one in readings if one.program.selection not in seen]
        if others:
            turning |= _turning_days(library, decision, case, others)
            seen.update(one.program.selection for one in others)
        following = min((one for one in turning if day < one <= LAST_DAY), default=None)
        if following is None:
            return
        day, then = following, case.on(date.fromordinal(following))
        try:
            readings = decide(decision, then)
        except CaseError:
            # From that day on the facts cannot be as they are today: nothing to foretell.
            return
        after = combine(library, decision, then, readings)
        yield Step(then.as_of, before, after)
        before = after


def _answer(result: DecisionResult) -> tuple[object, ...]:
    return result.verdict, result.outcome, result.sides, tuple(sorted(result.items.items()))


def _turning_days(
    library: Library, decision: str, case: Case, readings: Sequence[OpenClasses]
) -> set[int]:
    """The days on which something counted from `as_of` crosses a cut, or other rules come in."""
    days: set[int] = set()
    for axis in (axis for reading in readings for axis in reading.program.axes):
        if isinstance(axis, NumberAxis):
            for gap in axis.gaps:
                if AS_OF in gap[:2] and gap.first != gap.second:
                    ends = _ends(library, decision, case, axis, gap)
                    days |= {_crossed(gap, *pair) for pair in product(axis.cuts[gap], ends)}
        elif isinstance(axis, PlaceAxis):
            days |= _grouped(library, axis)
    return days | _rule_dates(library, decision, case, AS_OF)


def _grouped(library: Library, axis: PlaceAxis) -> set[int]:
    """The days on which a group of places, looked at as of that day, comes and goes."""
    names = {one.group for one in axis.subjects if one.on == AS_OF and one.group is not None}
    spans = [library.places.groups[name].in_force.days(FIRST_DAY, LAST_DAY) for name in names]
    return {day for first, last in spans for day in (first, last + 1)}


def _crossed(gap: Gap, cut: int, end: int) -> int:
    """The day on which the gap between `as_of` and the ordinal `end` reaches a cut."""
    if gap.second == AS_OF:
        return shift(end, cut, gap.unit, gap.short_month)
    return latest_start(end, cut, gap.unit, gap.short_month) + 1


def _ends(library: Library, decision: str, case: Case, axis: NumberAxis, gap: Gap) -> set[int]:
    """The ordinals the other end of a gap is known to have, or at which it begins to matter."""
    fact = gap.first if gap.second == AS_OF else gap.second
    interval = case.interval(fact)
    if interval is not None and interval[0] == interval[1]:
        return {interval[0]}
    ends = set(interval or ()) | set(axis.cuts.get(Raw(fact), ()))
    return ends | _rule_dates(library, decision, case, fact)


def _rule_dates(library: Library, decision: str, case: Case, fact: str) -> set[int]:
    """The ordinals of a date fact on which other rules of a decision's chain come in."""
    days: set[int] = set()
    for name in library.upstream(decision):
        authored = library.decisions[name]
        place = case.place(authored.region)
        if authored.date == fact and place is not None:
            days.update(library.boundaries(name, place))
    return days
