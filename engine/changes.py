"""The days after the day counted from on which time alone changes an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from engine.answering import combine
from engine.axis import PlaceAxis
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.class_key import reached, too_late
from engine.coding import Raw
from engine.errors import CaseError
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.axis import Interval
    from engine.case import Case
    from engine.coding import Gap
    from engine.library import Library
    from engine.open_classes import OpenClasses
    from engine.program import Program, Selection
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
        return answer_of(self.before) != answer_of(self.after)


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
        for one in others:
            turning |= Turning(library, decision, one.program).days(case.interval)
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


def answer_of(result: DecisionResult) -> tuple[object, ...]:
    """What has to differ for an answer to count as changed."""
    return result.verdict, result.outcome, result.sides, tuple(sorted(result.items.items()))


class Turning:
    """The days on which something counted from `as_of` crosses a cut, or other rules come in.

    They are those of one program; only what is looked up in it is kept, not the program.
    """

    def __init__(self, library: Library, decision: str, program: Program) -> None:
        self._gaps: list[tuple[Gap, tuple[int, ...], str, frozenset[int]]] = []
        always = _rule_dates(library, decision, program.selection, AS_OF)
        for axis in program.axes:
            if isinstance(axis, PlaceAxis):
                always |= _grouped(library, axis)
                continue
            for gap in axis.gaps:
                if AS_OF in gap[:2] and gap.first != gap.second:
                    fact = gap.first if gap.second == AS_OF else gap.second
                    begins = _rule_dates(library, decision, program.selection, fact)
                    begins.update(axis.cuts.get(Raw(fact), ()))
                    self._gaps.append((gap, tuple(axis.cuts[gap]), fact, frozenset(begins)))
        self._always = frozenset(always)

    def days(self, interval: Callable[[str], Interval | None]) -> set[int]:
        """The ordinals, when `interval` says what is known of each fact."""
        days = set(self._always)
        for gap, cuts, fact, begins in self._gaps:
            known = interval(fact)
            if known is not None and known[0] == known[1]:
                days.update(_crossed(gap, cuts, known[0]))
            else:
                # At either end, or where the other end of the gap begins to matter.
                for end in {*(known or ()), *begins}:
                    days.update(_crossed(gap, cuts, end))
        return days


def _crossed(gap: Gap, cuts: tuple[int, ...], end: int) -> tuple[int, ...]:
    """The days on which the gap between `as_of` and the ordinal `end` reaches each cut."""
    crossed = reached if gap.second == AS_OF else too_late
    return crossed(end, cuts, gap.unit, gap.short_month)


def _grouped(library: Library, axis: PlaceAxis) -> set[int]:
    """The days on which a group of places, looked at as of that day, comes and goes."""
    names = {one.group for one in axis.subjects if one.on == AS_OF and one.group is not None}
    spans = [library.places.groups[name].in_force.days(FIRST_DAY, LAST_DAY) for name in names]
    return {day for first, last in spans for day in (first, last + 1)}


def _rule_dates(library: Library, decision: str, selection: Selection, fact: str) -> set[int]:
    """The ordinals of a date fact on which other rules of a decision's chain come in."""
    days: set[int] = set()
    for name in library.upstream(decision):
        authored = library.decisions[name]
        if authored.date == fact:
            days.update(library.boundaries(name, selection.place(authored.region)))
    return days
