"""The days after the day counted from on which time alone changes an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from engine.answering import combine
from engine.axis import NumberAxis
from engine.calendar import LAST_DAY, latest_start, shift
from engine.coding import Gap, Raw
from engine.errors import CaseError
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.case import Case
    from engine.library import Library
    from engine.open_classes import OpenClasses
    from engine.result import DecisionResult

MAX_CHANGES = 8
Readings = Callable[[str, "Case"], "list[OpenClasses]"]


def with_changes(  # noqa: PLR0913, PLR0917 - a case and how to decide it on another day
    library: Library, decide: Readings, decision: str, case: Case, readings: Sequence[OpenClasses],
    result: DecisionResult,
) -> DecisionResult:  # fmt: skip
    """The result with the days after `as_of` on which time alone changes the answer."""
    if result.verdict == "undecided" or result.missing:
        return result
    days = sorted(day for day in _turning_days(library, decision, case, readings)
                  if case.as_of.toordinal() < day <= LAST_DAY)  # fmt: skip
    before = _answer(result)
    changes: list[date] = []
    for day in days:
        then = date.fromordinal(day)
        try:
            later = decide(decision, case.on(then))
        except CaseError:
            # From that day on the facts cannot be as they are today: nothing to foretell.
            break
        now = _answer(combine(library, decision, case.on(then), later))
        if now != before and len(changes) < MAX_CHANGES:
            changes.append(then)
        before = now
    if not changes:
        return result
    return replace(result, changes_on=tuple(changes))


def _answer(result: DecisionResult) -> tuple[object, ...]:
    return result.verdict, result.outcome, result.sides, tuple(sorted(result.items))


def _turning_days(
    library: Library, decision: str, case: Case, readings: Sequence[OpenClasses]
) -> set[int]:
    """The days on which something counted from `as_of` crosses a cut, or other rules come in."""
    days: set[int] = set()
    for reading in readings:
        for axis in reading.program.axes:
            if isinstance(axis, NumberAxis):
                for gap in axis.gaps:
                    if AS_OF in gap[:2] and gap.first != gap.second:
                        ends = _ends(library, decision, case, axis, gap)
                        days |= {_crossed(gap, *pair) for pair in product(axis.cuts[gap], ends)}
    for name in library.upstream(decision):
        authored = library.decisions[name]
        place = case.place(authored.region)
        if authored.date == AS_OF and place is not None:
            days.update(library.boundaries(name, place))
    return days


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
    for name in library.upstream(decision):
        authored = library.decisions[name]
        place = case.place(authored.region)
        if authored.date == fact and place is not None:
            ends.update(library.boundaries(name, place))
    return ends
