"""Mutation analysis of a library: which mutants its examples notice, and which they let pass.

A mutant is killed when an example comes out differently from what it expects. It is refused when
it leaves a class without an answer, by a gap or an undeclared tie: verification tells of it. It is
equivalent when no class gets another answer: another verdict, outcome, side of a dispute, list of
items, or value worked out. It survives otherwise: an example is missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.analysis.alterable import Alterable
from engine.analysis.answers import Answers
from engine.analysis.mutants import Mutant, altered_library, altered_rules, mutants, tests_of
from engine.analysis.reach import NOTHING_KNOWN
from engine.analysis.selections import in_force, selections
from engine.analysis.trials import Reading, Trial, trials
from engine.checker import Checker
from engine.open_classes import OpenClasses
from engine.program import Selection
from engine.ruleset import Rule

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from engine.coded import Bools
    from engine.library import Library

Fate = Literal["killed", "refused", "equivalent", "survived"]
FATES: tuple[Fate, ...] = ("killed", "refused", "equivalent", "survived")


@dataclass(frozen=True)
class Judged:
    """What became of a mutant."""

    mutant: Mutant
    fate: Fate
    example: str | None = None
    """The first example that notices it."""


@dataclass(frozen=True, kw_only=True)
class Survivor(Judged):
    """A mutant that no example notices, and where it answers otherwise than the rules."""

    fate: Fate = "survived"
    decision: str
    selection: Selection


@dataclass
class Score:
    """The fates of the mutants of a library or topic."""

    judged: list[Judged] = field(default_factory=list)

    @property
    def counts(self) -> Counter[Fate]:
        """How many met each fate."""
        return Counter(one.fate for one in self.judged)

    @property
    def share(self) -> float:
        """The killed among the mutants that are rulesets of another meaning; 1 where none is.

        One that verification refuses is no ruleset, as a program that does not compile is none.
        """
        every = self.counts["killed"] + self.counts["survived"]
        return self.counts["killed"] / every if every else 1.0

    @property
    def survivors(self) -> list[Survivor]:
        """Those that no example notices."""
        return [one for one in self.judged if isinstance(one, Survivor)]


def judge(library: Library, topic: str | None = None) -> Score:
    """The fate of every mutant of a library, or of one topic of it."""
    return Judge(library, mutants(library, topic)).score()


class _Played:
    """A mutant played in one program: what it decides otherwise there."""

    def __init__(self, program: Alterable, mutant: Mutant, library: Library) -> None:
        self.program, self.library = program, library
        self.rules = mutant.rules_in(program, library)
        self.changed: dict[str, Bools] = {}
        for name in {rule.decision for rule in self.rules.values() if rule is not None}:
            mine = {key: one for key, one in self.rules.items() if one and one.decision == name}
            before = program.compiled[name].table.codes
            # Where a parameter moves a value worked out, no class is decided otherwise.
            self.changed[name] = (
                np.ones(before.size, dtype=bool) if mutant.kind == "parameter"
                else (before != program.found_of(name, mine).codes).ravel()
            )  # fmt: skip

    def touches(self, reading: Reading) -> bool:
        """Whether any class that a case leaves open is decided otherwise."""
        return any(bool(one[reading.of(name)].any()) for name, one in self.changed.items())

    @cached_property
    def altered(self) -> Alterable:
        """The program with the mutant in it."""
        if not self.rules:
            return self.program
        other = self.program.altered(self.rules)
        other.library = self.library
        return other


class Judge:
    """Decides the fate of mutants; what they share is worked out once."""

    def __init__(self, library: Library, every: list[Mutant]) -> None:
        self.library, self.mutants = library, every
        self.tests = tests_of(library, every)
        self.answers = Answers(library)
        self._places: dict[Hashable, list[Selection]] = {}
        self._programs: dict[Hashable, tuple[Alterable, Bools]] = {}
        self._latest: Hashable = None

    # -- killed --------------------------------------------------------------------------------

    @cached_property
    def trials(self) -> dict[str, list[Trial]]:
        """For each decision, the trials of what builds on it, its own first."""
        return self.sorted(self.gathered())

    def gathered(self) -> Iterator[Trial]:
        """The trials of all decisions, one at a time."""
        return trials(self.library, {rule.decision for rule in self._rules()}, self.tests)

    def sorted(self, every: Iterable[Trial]) -> dict[str, list[Trial]]:
        """The trials by decision."""
        found: dict[str, list[Trial]] = defaultdict(list)
        for trial in every:
            for name in self.library.upstream(trial.decision):
                found[name].append(trial)
        return {name: sorted(mine, key=lambda one: one.decision != name)
                for name, mine in found.items()}  # fmt: skip

    def _rules(self) -> Iterator[Rule]:
        for one in self.mutants:
            yield from altered_rules(self.library, one)

    def score(self) -> Score:
        """The fates of all mutants, in the order given."""
        fates = {id(one): self.fate(one) for one in self.in_turn()}
        return Score([fates[id(one)] for one in self.mutants])

    def in_turn(self) -> list[Mutant]:
        """The mutants in an order in which those that share programs follow each other."""

        def turn(one: Mutant) -> tuple[str, int]:
            first = next(iter(altered_rules(self.library, one)), None)
            return first.decision if first else "", one.day or 0

        return sorted(self.mutants, key=turn)

    def fate(self, mutant: Mutant) -> Judged:
        """What becomes of one mutant."""
        example = self.killer(mutant)
        if example is not None:
            return Judged(mutant, "killed", example)
        return self.unnoticed(mutant)

    def killer(self, mutant: Mutant) -> str | None:
        """The first example that notices a mutant."""
        if mutant.day is not None:
            return self._killer_by_day(mutant, mutant.day)
        library = self._library(mutant)
        rules = {rule.decision for rule in altered_rules(self.library, mutant)}
        played: dict[int, _Played] = {}
        for trial in self._trials(rules):
            for reading in trial.readings:
                if id(reading.program) not in played:
                    one = _Played(reading.program, mutant, library)
                    played[id(reading.program)] = one
            mine = [(played[id(one.program)], one) for one in trial.readings]
            if any(one.touches(reading) for one, reading in mine) and self._noticed(
                trial, mutant, [one.altered for one, _ in mine]
            ):
                return trial.example
        return None

    def _library(self, mutant: Mutant) -> Library:
        """The library that gives the parameters; that of the rules does not tell them."""
        parameter = mutant.kind == "parameter"
        return altered_library(self.library, mutant) if parameter else self.library

    def _trials(self, decisions: set[str]) -> Iterator[Trial]:
        seen: set[int] = set()
        for name in decisions:
            for trial in self.trials.get(name, ()):
                if id(trial) not in seen:
                    seen.add(id(trial))
                    yield trial

    def _noticed(self, trial: Trial, mutant: Mutant, programs: list[Alterable]) -> bool:
        if "missing" not in trial.expected.model_fields_set:
            return trial.noticed(programs[0].library, programs)
        # How much a fact would settle depends on how finely the axes are cut.
        return trial.noticed_anew(Checker(altered_library(self.library, mutant), compare=False))

    def _killer_by_day(self, mutant: Mutant, day: int) -> str | None:
        rule = self.library.rules[mutant.key]
        decision = self.library.decisions[rule.decision]
        checker: Checker | None = None
        for trial in self.trials.get(rule.decision, ()):
            place = trial.readings[0].program.selection.place(decision.region)
            if not self.library.places.applies(rule.region, place):
                continue
            interval = trial.case.interval(decision.date)
            if interval is not None and not interval[0] <= day <= interval[1]:
                continue
            if checker is None:
                checker = Checker(altered_library(self.library, mutant), compare=False)
            if trial.noticed_anew(checker):
                return trial.example
        return None

    # -- equivalent ----------------------------------------------------------------------------

    def unnoticed(self, mutant: Mutant) -> Judged:
        """What becomes of a mutant that no example notices.

        No class gets another answer, or some class gets none, or it survives where one does.
        """
        library = self._library(mutant)
        where: tuple[str, Selection] | None = None
        for decision in dict.fromkeys(
            rule.decision for rule in altered_rules(self.library, mutant)
        ):
            for selection in self._selections(decision, mutant):
                program, reached = self.program(decision, selection, mutant)
                differs, lost = self._compared(program, decision, mutant, library)
                if (lost & reached).any():
                    return Judged(mutant, "refused")
                if where is None and (differs & reached).any():
                    where = decision, selection
        if where is None:
            return Judged(mutant, "equivalent")
        return Survivor(mutant, decision=where[0], selection=where[1])

    def differing(self, program: Alterable, decision: str, mutant: Mutant) -> Bools:
        """The classes of a decision, of those in its table, that get another answer."""
        return self._compared(program, decision, mutant, self._library(mutant))[0]

    def _compared(
        self, program: Alterable, decision: str, mutant: Mutant, library: Library
    ) -> tuple[Bools, Bools]:
        table = program.compiled[decision].table
        rules = {key: rule for key, rule in mutant.rules_in(program, library).items()
                 if (rule or self.library.rules[key]).decision == decision}  # fmt: skip
        if not rules:
            none = np.zeros(table.codes.shape, dtype=bool)
            return none, none
        after = program.found_of(decision, rules)
        return self.answers.otherwise(program, decision, table, after, library)

    def _selections(self, decision: str, mutant: Mutant) -> list[Selection]:
        """The choices of rules in force that a mutant may concern, its own place first."""
        regions = {rule.region for rule in altered_rules(self.library, mutant)}
        if not isinstance(mutant.changed, Rule):
            regions = {mutant.changed.region}
        fact = self.library.decisions[decision].region
        found = [one for one in self._distinct(decision, mutant.day)
                 if any(self.library.places.applies(region, one.place(fact))
                        for region in regions)]  # fmt: skip
        return sorted(found, key=lambda one: one.place(fact) not in regions)

    def _distinct(self, decision: str, day: int | None) -> list[Selection]:
        """A selection for each distinct set of rules in force (on `day`)."""
        if (decision, day) not in self._places:
            library = self.library
            fact = library.decisions[decision].date
            seen: dict[Hashable, Selection] = {}
            for every in selections(library, decision):
                one = every
                if day is not None:
                    first, last = one.period(fact)
                    if not first <= day <= last:
                        continue
                    periods = tuple((name, (day, day) if name == fact else span)
                                    for name, span in one.periods)  # fmt: skip
                    one = Selection(one.places, periods)
                key = tuple(in_force(library, name, one) for name in library.upstream(decision))
                if day is not None:
                    key = (*key, tuple(rule.id for rule in self._guests(decision, day, one)))
                seen.setdefault(key, one)
            self._places[decision, day] = [*seen.values()]
        return self._places[decision, day]

    def _guests(self, decision: str, day: int, selection: Selection) -> list[Rule]:
        """The rules that a mutant lets in on a day on which they are not in force."""
        place = selection.place(self.library.decisions[decision].region)
        ids = [one.key for one in self.mutants if one.day == day]
        now = {rule.id for rule in self.library.in_force(decision, place, day)}
        return [rule for rule in self.library.candidates(decision, place)
                if rule.id in {*ids} - now]  # fmt: skip

    def program(
        self, decision: str, selection: Selection, mutant: Mutant
    ) -> tuple[Alterable, Bools]:
        """A program over which a mutant can be played, and its classes that can be reached."""
        key = decision, selection, mutant.day
        if key not in self._programs:
            if self._latest != (decision, mutant.day):
                self._programs.clear()
                self._latest = decision, mutant.day
            guests = [] if mutant.day is None else self._guests(decision, mutant.day, selection)
            mine = {rule.id for rule in self.library.rules.values() if rule.decision == decision}
            tests = {} if mutant.day is not None else {
                key: one for key, one in self.tests.items() if key in mine
            }  # fmt: skip
            program = Alterable(
                self.library, self.library.upstream(decision), selection, tests, guests
            )
            self._programs[key] = program, reached(program, decision)
        return self._programs[key]


def reached(program: Alterable, decision: str) -> Bools:
    """The classes in a decision's table that some case can lie in."""
    table = program.compiled[decision].table
    out = np.zeros(table.codes.size, dtype=bool)
    out[OpenClasses(program, decision, NOTHING_KNOWN).classes_of(decision)] = True
    return out.reshape(table.codes.shape)
