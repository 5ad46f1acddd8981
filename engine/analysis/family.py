"""One family of a class that changes: a case for either side, decided as each side decides it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.analysis.witness import witness
from engine.axis import NumberAxis
from engine.case import read_case
from engine.coding import facts_of
from engine.errors import CaseError, RulesetError
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.analysis.difference import Change, Reply, Sample, Side
    from engine.axis import Interval
    from engine.checker import Checker
    from engine.program import Program

    Facts = dict[str, object]


# In days: what happened so long before the last day that is possible is an everyday example.
_LONG, _SHORT = 1_000, 500
_UNRESOLVED = ("no_rule", "tie")


@dataclass(frozen=True)
class Family:
    """The facts of a family, as JSON values, as they are on either side."""

    before: Mapping[str, object]
    after: Mapping[str, object]


class Families:
    """Finds families for the changes between two sides."""

    def __init__(self, checkers: tuple[Checker, Checker], sides: tuple[Side, Side]) -> None:
        self._checkers, self._sides = checkers, sides

    def of(self, decision: str, change: Change) -> Family | None:
        """A family whose answer changes just so on both sides; None where none is found.

        It is the same family on both sides where that can be: the same facts, or those of so
        many days later.
        """
        before = next((one for one in self._cases(0, change.samples[0])
                       if self._comes_to(0, decision, one, change.before)), None)  # fmt: skip
        if before is None:
            return None
        others = [*self._moved(decision, before), *self._cases(1, change.samples[1])]
        after = next((one for one in others
                      if self._comes_to(1, decision, one, change.after)), None)  # fmt: skip
        return None if after is None else Family(before, after)

    def _cases(self, side: int, sample: Sample) -> Iterator[Facts]:
        """Cases of a class: counted from the side's day, its rules chosen by that day at best."""
        day = self._sides[side].day
        library, periods = sample.program.library, dict(sample.program.selection.periods)
        today = day.toordinal()
        told = _looked_at(sample.program) | {AS_OF}
        exact: dict[str, Interval] = {}
        for fact in periods:
            first, last = library.days(fact)
            exact[fact] = (min(max(today, first), last),) * 2
        for chosen in (exact, periods):
            within = {**chosen, AS_OF: (today, today)}
            for windows in ({**_lately(sample, within), **within}, within):
                found = witness(sample.program, sample.axes, sample.cells, day, windows)
                if found is not None:
                    yield self._known(side, {one: found[one] for one in found if one in told})
                    yield self._known(side, found)

    def _moved(self, decision: str, facts: Facts) -> Iterator[Facts]:
        """The same family on the other side: only days that choose rules moved on, or all days."""
        (first, second), library = self._sides, self._checkers[0].library
        decisions = [library.decisions[one] for one in library.upstream(decision)]
        there: Facts = {one.region: second.place for one in decisions
                        if facts.get(one.region) == first.place}  # fmt: skip
        known = library.vocabulary.facts
        dated = {key for key in facts if key in known and known[key].type == "date"} | {AS_OF}
        days = second.day - first.day
        for moving in ({AS_OF, *(one.date for one in decisions)} & dated, dated):
            later = {key: _later(str(facts[key]), days) for key in moving & facts.keys()}
            yield self._known(1, {**facts, **there, **later})

    def _known(self, side: int, facts: Facts) -> Facts:
        """The facts that a side's version knows."""
        known = self._checkers[side].library.vocabulary.facts
        return {key: value for key, value in facts.items() if key in known or key == AS_OF}

    def _comes_to(self, side: int, decision: str, facts: Facts, reply: Reply) -> bool:
        """Whether a side answers a case as it answers the class."""
        checker = self._checkers[side]
        try:
            case = read_case(dict(facts), checker.library, self._sides[side].day)
            found = checker.answer(decision, case)
        except CaseError:
            return False
        except RulesetError:  # no rule answers it, or a tie does
            return reply.verdict in _UNRESOLVED
        return (found.verdict, found.outcome, found.sides, dict(found.items)) == (
            reply.verdict, reply.outcome, reply.sides, dict(reply.items)
        )  # fmt: skip


def _looked_at(program: Program) -> set[str]:
    """The facts that rules look at or are chosen by."""
    selecting = (*program.selection.places, *program.selection.periods)
    tested = {fact for one in program.tests() for fact in facts_of(one.subject)}
    return tested | {fact for fact, _ in selecting}


def _lately(sample: Sample, within: Mapping[str, Interval]) -> dict[str, Interval]:
    """Where each day would lie that is not the last that can be, nor the first, nor long before."""
    found: dict[str, Interval] = {}
    known = sample.program.library.vocabulary.facts
    for number, cell in zip(sample.axes, sample.cells, strict=True):
        axis = sample.program.axes[number]
        if not isinstance(axis, NumberAxis):
            continue
        bounds = {fact: _both(one, within.get(fact, one)) for fact, one in axis.bounds.items()}
        box = axis.narrowed(axis.cells[cell], bounds) or {}
        for fact, (low, high) in box.items():
            if fact in known and known[fact].type == "date":
                first = max((low + high) // 2, high - _LONG)
                found[fact] = first, max(first, high - _SHORT)
    return found


def _both(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])


def _later(day: str, days: timedelta) -> str:
    return (date.fromisoformat(day) + days).isoformat()
