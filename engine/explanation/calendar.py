"""The calendar of a case: the days on which its answers change, and those its answers name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal

from engine import answering, changes
from engine.calendar import LAST_DAY
from engine.errors import CaseError
from engine.explanation.reasons import Reason, reasons
from engine.ruleset import Answer, value_facts
from engine.values import compute
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.case import Case
    from engine.checker import Checker
    from engine.result import DecisionResult

Kind = Literal["answer_changes", "from", "until", "value"]
_FIELDS: dict[Kind, str] = {"from": "from_", "until": "until", "value": "value"}


@dataclass(frozen=True)
class Change:
    """From this day on a decision is answered otherwise."""

    decision: str
    before: DecisionResult
    after: DecisionResult
    reasons: tuple[Reason, ...]
    kind: Kind = "answer_changes"


@dataclass(frozen=True)
class Named:
    """A day that the answer to a decision names."""

    decision: str
    kind: Kind
    result: DecisionResult
    """The answer that names it."""
    latest: date | None = None
    """The last of the days it may be, where the answer gives a range."""
    moves: bool = False
    """Whether it is counted from `as_of`, and so is another day when asked on another."""


@dataclass(frozen=True)
class Entry:
    """A day of the calendar and everything that falls on it; changes come first."""

    day: date
    parts: tuple[Change | Named, ...]

    @property
    def decisions(self) -> tuple[str, ...]:
        """The decisions it is about."""
        return tuple(dict.fromkeys(one.decision for one in self.parts))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What it tells of them."""
        return tuple(dict.fromkeys(one.kind for one in self.parts))


def calendar(checker: Checker, case: Case, decisions: Sequence[str] | None = None) -> list[Entry]:
    """What time brings, from `as_of` to the end of the engine's calendar (LAST_DAY), by day.

    Of `decisions`, else of those of the case's topics, else of all; a decision whose answer hangs
    on facts that are missing has no entry, and neither has a deadline already past. Raises
    CaseError when the facts contradict each other.
    """
    days: dict[date, list[Change | Named]] = {}
    for name in decisions if decisions is not None else _asked(checker, case):
        for day, part in _Course(checker, name, case).parts():
            days.setdefault(day, []).append(part)
    return [
        Entry(day, tuple(sorted(parts, key=lambda one: isinstance(one, Named))))
        for day, parts in sorted(days.items())
    ]


def _asked(checker: Checker, case: Case) -> list[str]:
    topics = checker.library.topics
    names = topics if case.topics is None else case.topics
    return list(dict.fromkeys(one for name in names for one in topics[name].decisions))


class _Course:
    """One decision over time."""

    def __init__(self, checker: Checker, decision: str, case: Case) -> None:
        self.checker, self.decision, self.case = checker, decision, case

    def parts(self) -> Iterator[tuple[date, Change | Named]]:
        """What time brings, each with its day."""
        checker, name, case = self.checker, self.decision, self.case
        if checker.lacking_places(name, case):
            return
        readings = checker.readings(name, case)
        result = answering.combine(checker.library, name, case, readings)
        if not changes.settled(result):
            return
        course = changes.steps(checker.library, checker.readings, name, case, readings, result)
        named: dict[tuple[date, Kind], Named] = {}
        for one, part in self._named(case.as_of, result):
            named[one, part.kind] = part
        for step in course:
            if step.changed:
                why = reasons(checker, name, case, step.day)
                yield step.day, Change(name, step.before, step.after, why)
            for one, part in self._named(step.day, step.after):
                named.setdefault((one, part.kind), part)
        yield from ((day, part) for (day, _), part in named.items())

    def _named(self, start: date, result: DecisionResult) -> Iterator[tuple[date, Named]]:
        """The days to come that an answer names and still names when they come."""
        for kind, field in _FIELDS.items():
            given = getattr(result, field)
            span = _span(given)
            if span is None or not changes.settled(result):
                continue
            first, last = max(span[0], start), span[1]
            moves = self._moves(field, result, start, first)
            if first > last or (moves and not self.case.as_of == start < first):
                continue
            # Another answer, or other days, may come before this one does.
            if moves or given == self._given(field, max(start, _next(first, -1))):
                latest = last if last > first else None
                yield first, Named(self.decision, kind, result, latest, moves)

    def _given(self, field: str, day: date) -> object:
        case = self.case.on(day)
        try:
            readings = self.checker.readings(self.decision, case)
        except CaseError:
            return None
        return getattr(
            answering.combine(self.checker.library, self.decision, case, readings), field
        )

    def _moves(self, field: str, result: DecisionResult, start: date, first: date) -> bool:
        """Whether a day is counted from `as_of`: another one the next day, or when it comes."""
        library, given = self.checker.library, getattr(result, field)
        voices = answering.speaking(library, self.decision, result.rules, result.outcome)
        values = (getattr(one, field) for one in voices)
        value = next((one for one in values if one is not None), None)
        if value is None or AS_OF not in value_facts(Answer(value=value)):
            return False
        authored = library.decisions[self.decision]
        dated = self.case.on(start).interval(authored.date) or library.days(authored.date)
        place = self.case.place(authored.region) or ""
        parameter = partial(library.parameter, region=place, day=dated[0])
        days = (_next(start, 1), max(start, first))
        try:
            return any(compute(value, self.case.on(day), parameter) != given for day in days)
        except LookupError:
            # The rules date is open, and with it the parameter: nothing holds the day still.
            return True


def _next(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, LAST_DAY))


def _span(given: object) -> tuple[date, date] | None:
    """First and last day of a date value; None for any other."""
    ends = given["range"] if isinstance(given, dict) and set(given) == {"range"} else [given] * 2
    try:
        first, last = (date.fromisoformat(str(one)) for one in ends)
    except ValueError:
        return None
    return first, last
