"""Answers kept for the classes of cases met before; only what hangs on raw dates is worked out.

A decision is asked in a setting (the places of a case), under a choice (the rules in force on its
dates), by a plan (what is known of it), and its answer is kept under the key the plan makes. On
the days on which time may change the answer the key is made again. Whatever is met for the first
time is decided in full, both engines included.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, Protocol

from engine import answering
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.changes import MAX_CHANGES, Turning, answer_of, settled
from engine.class_key import KeyPlan, axes_of, facts_in, how_known, states_of
from engine.errors import CaseError
from engine.receipt import lacking_hash
from engine.result import DecisionResult
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from decimal import Decimal

    from engine.answering import Workings
    from engine.axis import Interval
    from engine.case import Case, Shape
    from engine.errors import CaseFault
    from engine.library import Library
    from engine.open_classes import OpenClasses
    from engine.program import Program, Selection
    from engine.receipt import InForce

    Known = dict[str, Interval]
    Values = tuple[object, object, object]
    Places = tuple[str | None, ...]

MAX_ENTRIES = 16_000
"""So many answers are kept, of all decisions together; then all are forgotten."""
MAX_SHAPES = 1 << 12
_CHOICE, _PLAN = 50, 10
"""A choice of rules, and a plan, hold about as much as so many answers."""

_NO_VALUES: Values = (None, None, None)
_NOTHING = ((), ())


class Decides(Protocol):
    """Decides cases in full, one at a time."""

    @property
    def library(self) -> Library:
        """The rules."""

    def lacking_places(self, decision: str, case: Case) -> list[str]:
        """The place facts that select rules and are not known, or not closely enough."""

    def selections(self, decision: str, case: Case) -> list[Selection]:
        """The choices of rules in force a case may fall in."""

    def program(self, decision: str, selection: Selection) -> Program:
        """The compiled program of a decision."""

    def readings(self, decision: str, case: Case) -> list[OpenClasses]:
        """The classes a case leaves open. Raises CaseError when there is none."""

    def in_force(self, program: Program) -> InForce:
        """What is in force in a program."""


@dataclass(slots=True)
class _Entry:
    """What is kept of a class: faults, or the answer apart from what the raw dates decide."""

    faults: tuple[CaseFault, ...] = ()
    answer: tuple[object, ...] | None = None
    in_force: tuple[InForce, ...] = ()
    workings: Workings = ()
    turning: tuple[Turning, ...] = ()
    results: dict[Hashable, DecisionResult] = field(default_factory=dict)
    """By the facts a value lacks and by which values differ."""
    hashes: tuple[str, ...] = ()
    """Of what is in force, where that hangs on no day of the case."""


@dataclass(slots=True)
class Asked:
    """A case, what is known of it with the day looked at, and the number of its shape."""

    case: Case
    known: Known
    shape: int

    def on(self, day: int) -> Case:
        """The case counted from a day."""
        return self.case.on(date.fromordinal(day))


@dataclass(slots=True)
class _Plan:
    keys: KeyPlan
    entries: dict[Hashable, _Entry] = field(default_factory=dict)


class _Moment(NamedTuple):
    """A case on a day: how its key is made, the part of it that stays, what it leads to."""

    plan: _Plan
    fixed: Hashable
    entry: _Entry


class _Lacking(NamedTuple):
    """The answer to a case whose places are not known well enough, and the hash of that."""

    result: DecisionResult
    hashes: tuple[str, ...]


class _Choice:
    """The programs a case may fall in, and how its key is made by what is known of it."""

    def __init__(
        self, programs: Sequence[tuple[Program, str]], others: set[str],
        take: Callable[[int], None],
    ) -> None:  # fmt: skip
        self._take = take
        self._axes = axes_of(programs)
        self._facts = sorted({*facts_in(programs), *others} - {AS_OF})
        self.by_number: dict[int, _Plan] = {}
        self._by_states: dict[tuple[int, ...], _Plan] = {}

    def plan(self, asked: Asked) -> _Plan:
        """How the key of a case is made."""
        states = states_of(self._facts, asked.case.shape)
        plan = self._by_states.get(states)
        if plan is None:
            self._take(_PLAN)
            plan = _Plan(KeyPlan(self._axes, how_known(self._facts, states)))
            self._by_states[states] = plan
        if len(self.by_number) >= MAX_SHAPES:
            self.by_number.clear()
        self.by_number[asked.shape] = plan
        return plan


@dataclass
class _Setting:
    """The places rules are chosen by: where the periods of each date begin, the choices met."""

    starts: list[tuple[str, list[int], Interval]]
    choices: dict[tuple[int, ...], _Choice] = field(default_factory=dict)

    def periods(self, known: Known) -> tuple[int, ...]:
        """The first and the last period each date may lie in."""
        out: tuple[int, ...] = ()
        for fact, starts, days in self.starts:
            low, high = known.get(fact) or days
            out += bisect_right(starts, low), bisect_right(starts, high)
        return out


class Memo:
    """Answers as `Checker.answer` does, and keeps them for other cases of the same class."""

    def __init__(self, checker: Decides) -> None:
        self._checker = checker
        self._decisions: dict[str, _Decision] = {}
        self._room = MAX_ENTRIES
        self._shapes: dict[Shape, int] = {}
        self._numbers = count()

    def answers(
        self, decisions: Iterable[str], case: Case
    ) -> tuple[dict[str, DecisionResult], frozenset[str]]:
        """The answers to some decisions, and the hashes of what was in force for them.

        Raises CaseError when the facts contradict each other.
        """
        asked = Asked(case, dict(case.intervals), self._numbered(case.shape))
        out, hashes = {}, set[str]()
        for name in decisions:
            out[name], used = self._decision(name).answer(asked)
            hashes.update(used)
        return out, frozenset(hashes)

    def outcomes(self, decisions: Iterable[str], case: Case) -> dict[str, tuple[object, ...]]:
        """What `answer_of` tells of each answer. Raises CaseError as `answers` does."""
        asked = Asked(case, dict(case.intervals), self._numbered(case.shape))
        return {name: self._decision(name).outcome(asked) for name in decisions}

    def _decision(self, name: str) -> _Decision:
        mine = self._decisions.get(name)
        if mine is None:
            mine = self._decisions[name] = _Decision(self._checker, name, self._take)
        return mine

    def _numbered(self, shape: Shape) -> int:
        """A number for a shape, which is faster to look up; never given to another one."""
        number = self._shapes.get(shape)
        if number is None:
            if len(self._shapes) >= MAX_SHAPES:
                self._shapes.clear()
            number = self._shapes[shape] = next(self._numbers)
        return number

    def _take(self, room: int) -> None:
        """Take room for something new; all that is kept goes when there is none."""
        self._room -= room
        if self._room < 0:
            self._room = MAX_ENTRIES - room
            for one in self._decisions.values():
                one.forget()


class _Decision:
    """One decision: where its answers are kept, and how they are found."""

    def __init__(self, checker: Decides, decision: str, take: Callable[[int], None]) -> None:
        self._checker, self._library, self.name = checker, checker.library, decision
        self._take = take
        chain = [self._library.decisions[one] for one in self._library.upstream(decision)]
        self._regions = tuple(dict.fromkeys(one.region for one in chain))
        self._dates = tuple(dict.fromkeys(one.date for one in chain))
        self._others = {*self._dates, *answering.value_facts(self._library, decision)}
        self._over = lru_cache(MAX_SHAPES)(self._parameter_over)
        self.forget()

    def forget(self) -> None:
        """Keep nothing any longer."""
        self._by_places: dict[Places, _Setting | _Lacking] = {}
        self._settings: dict[tuple[tuple[str, str], ...], _Setting] = {}
        self._turning: dict[Selection, Turning] = {}

    def answer(self, asked: Asked) -> tuple[DecisionResult, tuple[str, ...]]:
        """The answer to a case, and the hashes of what was in force for it."""
        case = asked.case
        setting = self._setting(case)
        if isinstance(setting, _Lacking):
            return setting
        today = self._on(setting, asked, case.as_of.toordinal(), None)
        entry = today.entry
        if entry.faults:
            raise CaseError(entry.faults)
        if not entry.workings:
            result, values = entry.results[_NOTHING], _NO_VALUES
        else:
            result, values = self._valued(entry, case)
        changes = () if not settled(result) else tuple(self._changes(setting, asked, today))
        if changes or entry.workings:
            result = result.dated(values, changes)
        return result, entry.hashes or tuple([one.hash(case) for one in entry.in_force])

    def outcome(self, asked: Asked) -> tuple[object, ...]:
        """What has to differ for an answer to count as another."""
        setting = self._setting(asked.case)
        if isinstance(setting, _Lacking):
            return answer_of(setting.result)
        entry = self._on(setting, asked, asked.case.as_of.toordinal(), None).entry
        if entry.answer is None:
            raise CaseError(entry.faults)
        return entry.answer

    def _changes(self, setting: _Setting, asked: Asked, moment: _Moment) -> list[date]:
        """The days after today on which time alone gives another answer, the first ones."""
        day, ahead, seen = asked.case.as_of.toordinal(), set[int](), list[Turning]()
        found: list[date] = []
        while len(found) < MAX_CHANGES:
            for one in moment.entry.turning:
                if one not in seen:
                    # Rules not in force before may cut time elsewhere.
                    seen.append(one)
                    ahead |= one.days(asked.known.get)
            coming = [one for one in ahead if day < one <= LAST_DAY]
            if not coming:
                break
            day = min(coming)
            before, moment = moment, self._on(setting, asked, day, moment)
            if moment.entry.faults:
                # From that day on the facts cannot be as they are today: nothing to foretell.
                break
            if moment.entry.answer != before.entry.answer:
                found.append(date.fromordinal(day))
        return found

    def _on(self, setting: _Setting, asked: Asked, day: int, before: _Moment | None) -> _Moment:
        """What is kept of the class of a case on a day; `before` is the same on another."""
        known, places = asked.known, asked.case.places
        known[AS_OF] = day, day
        periods = setting.periods(known)
        choice = setting.choices.get(periods) or self._choice(setting, periods, asked, day)
        plan = choice.by_number.get(asked.shape) or choice.plan(asked)
        keys = plan.keys
        fixed = before.fixed if before and before.plan is plan else keys.fixed(known, places)
        key = (fixed, keys.moving(known, places)) if keys.moves else fixed
        entry = plan.entries.get(key)
        if entry is None:
            entry = plan.entries[key] = self._entry(asked.on(day))
        return _Moment(plan, fixed, entry)

    def _choice(
        self, setting: _Setting, periods: tuple[int, ...], asked: Asked, day: int
    ) -> _Choice:
        """The rules in force in some periods, as the key needs them."""
        self._take(_CHOICE)
        selections = self._checker.selections(self.name, asked.on(day))
        programs = [(self._checker.program(self.name, one), self.name) for one in selections]
        found = setting.choices[periods] = _Choice(programs, self._others, self._take)
        return found

    def _entry(self, case: Case) -> _Entry:
        """What is to be kept of a class that is met for the first time."""
        self._take(1)
        name, library = self.name, self._library
        try:
            readings = self._checker.readings(name, case)
        except CaseError as error:
            return _Entry(error.faults)
        result = answering.combine(library, name, case, readings)
        workings = answering.workings(library, name, readings)
        entry = _Entry(
            (), answer_of(result), tuple(self._checker.in_force(one.program) for one in readings),
            workings, tuple(self._turned(one.program) for one in readings),
        )  # fmt: skip
        entry.results[self._worked(entry, case)[0]] = result
        if all(one.steady for one in entry.in_force):
            entry.hashes = tuple(one.hash(case) for one in entry.in_force)
        return entry

    def _setting(self, case: Case) -> _Setting | _Lacking:
        places = tuple([case.places.get(fact) for fact in self._regions])
        found = self._by_places.get(places)
        if found is None:
            self._take(1)
            lacking = self._checker.lacking_places(self.name, case)
            if lacking:
                undecided = DecisionResult("undecided", missing=tuple(lacking))
                found = _Lacking(undecided, (lacking_hash(self._library, self.name, lacking),))
            else:
                found = self._of(case)
            self._by_places[places] = found
        return found

    def _of(self, case: Case) -> _Setting:
        """The setting of the places of a case; places with the same rules have the same one."""
        places = self._checker.selections(self.name, case)[0].places
        if places not in self._settings:
            codes, starts = dict(places), []
            chain = [self._library.decisions[one] for one in self._library.upstream(self.name)]
            for fact in self._dates:
                days = self._library.days(fact)
                mine = [one for one in chain if one.date == fact]
                regions = [codes[one.region] for one in mine]
                periods = self._library.segments([one.id for one in mine], regions, days)
                starts.append((fact, [first for first, _ in periods], days))
            self._settings[places] = _Setting(starts)
        return self._settings[places]

    def _turned(self, program: Program) -> Turning:
        found = self._turning.get(program.selection)
        if found is None:
            found = Turning(self._library, self.name, program)
            self._turning[program.selection] = found
        return found

    def _parameter(self, name: str, place: str, day: int) -> int | Decimal | None:
        starts, values = self._over(name, place)
        return values[bisect_right(starts, day) - 1]

    def _parameter_over(
        self, name: str, place: str
    ) -> tuple[list[int], list[int | Decimal | None]]:
        """The values of a parameter in a place, and the ordinals from which they hold."""
        spans = [value.in_force.days(FIRST_DAY, LAST_DAY)
                 for value in self._library.authored.values.values()
                 if value.parameter == name]  # fmt: skip
        starts = sorted({FIRST_DAY, *(day for first, last in spans for day in (first, last + 1))})
        return starts, [self._library.parameter(name, place, day) for day in starts]

    def _worked(self, entry: _Entry, case: Case) -> tuple[Hashable, Values]:
        """What the values of a case say of its answer; and the values."""
        worked = answering.work_out(self._library, self.name, case, entry.workings, self._parameter)
        return (tuple(worked.lacking), worked.differing), worked.values

    def _valued(self, entry: _Entry, case: Case) -> tuple[DecisionResult, Values]:
        """The answer that goes with the values of a case; and the values."""
        signature, values = self._worked(entry, case)
        result = entry.results.get(signature)
        if result is None:
            readings = self._checker.readings(self.name, case)
            result = answering.combine(self._library, self.name, case, readings)
            entry.results[signature] = result
        return result, values
