"""The stages of a look: examples tried, classes answered, and classes whose answer has moved.

Each stage of a decision is a generator that stops between small steps; what it returns is kept by
what it was worked out from, so that after a save only what is made from other rules is done anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import Unresolved
from engine.analysis.difference import Side, compare
from engine.analysis.family import Families
from engine.analysis.finding import too_large
from engine.analysis.reach import NOTHING_KNOWN, Reach
from engine.analysis.selections import selections
from engine.analysis.verification import Proof, Verification
from engine.analysis.versions import versions
from engine.answering import combine
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.case import read_case
from engine.checker import Checker
from engine.contradiction import contradiction
from engine.errors import CaseError, RulesetError, TooLargeError
from engine.examples import NO_DAY, differences
from engine.open_classes import OpenClasses
from engine.program import Program
from engine.workbench.board import Moved
from engine.workbench.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from datetime import date

    from engine.analysis.finding import Finding
    from engine.analysis.versions import Versions
    from engine.case import Case
    from engine.fault import Fault
    from engine.program import Selection
    from engine.ruleset import Example
    from engine.workbench.meaning import Key, Meaning

MAX_PROGRAMS, MAX_KEPT = 512, 20_000


@dataclass(frozen=True)
class Wrong:
    """One thing an example expects that came out differently; `path` leads to it."""

    path: tuple[str, ...]
    key: str
    expected: object
    got: object


@dataclass(frozen=True)
class Came:
    """How an example came out: what was wrong in it, and the rules that decided."""

    wrong: tuple[Wrong, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """The classes of a decision under one set of rules in force, or under all."""

    classes: int = 0
    answered: int = 0
    findings: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass
class Store:
    """What is kept from one look to the next."""

    programs: Kept[Key, Program] = field(default_factory=lambda: Kept(MAX_PROGRAMS))
    came: Kept[Key, Came] = field(default_factory=lambda: Kept(MAX_KEPT))
    seen: Kept[Key, Seen] = field(default_factory=lambda: Kept(MAX_KEPT))
    moved: Kept[Key, tuple[Moved, ...]] = field(default_factory=lambda: Kept(MAX_KEPT))


class Examples:
    """Tries the examples of a decision."""

    def __init__(self, meaning: Meaning, store: Store) -> None:
        self.meaning, self.store, self.library = meaning, store, meaning.library
        self.checker = Checker(meaning.library, compare=False)

    def tried(
        self, decision: str, every: Iterable[Example]
    ) -> Generator[list[Came], None, list[Came]]:
        """How each of some examples comes out; those before it are known at each step."""
        out: list[Came] = []
        for example in every:
            key, case, faults = self._read(decision, example)
            came = self.store.came.get(key)
            if came is None:
                yield out
                came = self.store.came.keep(
                    key, self._came(decision, example, case) if case else Came(faults)
                )
            out.append(came)
        return out

    def _read(self, decision: str, example: Example) -> tuple[Key, Case | None, tuple[Wrong, ...]]:
        """What an answer hangs on, and the case; what is wrong with that where it cannot be read.

        The rest of what is asked of the case is asked anew each time: it costs little.
        """
        meaning, library = self.meaning, self.library
        own = decision, meaning.example(example), meaning.vocabulary
        try:
            case = read_case(dict(example.case), library, NO_DAY)
        except CaseError as error:
            wrong = tuple(Wrong(("case", *one.field.split("/")[1:]), "error", None, one.message)
                          for one in error.faults)  # fmt: skip
            return (*own, None), None, wrong
        lacking = tuple(self.checker.lacking_places(decision, case))
        chosen = () if lacking else tuple(
            (meaning.in_force(decision, one), one,
             meaning.given(decision, one.place(library.decisions[decision].region)))
            for one in self.checker.selections(decision, case)
        )  # fmt: skip
        return (*own, lacking, chosen), case, ()

    def _came(self, decision: str, example: Example, case: Case) -> Came:
        expected = example.expect[decision]
        try:
            if self.checker.lacking_places(decision, case):
                result = self.checker.answer(decision, case)
            else:
                readings = self._readings(decision, case)
                result = combine(self.library, decision, case, readings)
        except RulesetError as error:
            return Came(tuple(Wrong((), "error", None, one.message) for one in error.faults))
        except CaseError as error:
            return Came(tuple(Wrong(("case", *one.field.split("/")[1:]), "error", None, one.message)
                              for one in error.faults))  # fmt: skip
        wrong = (Wrong(("expect", decision, key), key, value, got)
                 for key, value, got in differences(expected, result))  # fmt: skip
        return Came(tuple(wrong), result.rules)

    def _readings(self, decision: str, case: Case) -> list[OpenClasses]:
        """As `Checker.readings`, by programs that are kept."""
        every = [OpenClasses(self._program(decision, one), decision, case)
                 for one in self.checker.selections(decision, case)]  # fmt: skip
        readings = [one for one in every if not one.empty]
        if not readings:
            raise CaseError([contradiction(every)])
        return readings

    def _program(self, decision: str, selection: Selection) -> Program:
        key = decision, self.meaning.in_force(decision, selection), selection
        program = self.store.programs.get(key)
        if program is None:
            chain = self.library.upstream(decision)
            program = self.store.programs.keep(key, Program(self.library, chain, selection))
        program.library = self.library  # what it says of places in files is of today
        return program


class Classes:
    """Counts the classes of a decision that are answered, and shows those that are not."""

    def __init__(self, meaning: Meaning, store: Store) -> None:
        self.meaning, self.store, self.library = meaning, store, meaning.library

    def seen(self, decision: str) -> Generator[None, None, Seen]:
        """The classes under each distinct set of rules in force, added up."""
        every: dict[Key, Selection] = {}
        for selection in selections(self.library, decision):
            every.setdefault(self.meaning.in_force(decision, selection), selection)
        proof = Proof(self.library, decision, Verification())
        faults: list[Fault] = []
        classes = answered = 0
        for chosen, selection in every.items():
            key = decision, chosen, selection
            # The case that shows a finding lies where the rules meant are the ones that hold.
            shown = *key, self.meaning.spread(decision)
            one = self.store.seen.get(key) or self.store.seen.get(shown)
            if one is None:
                yield
                one = self._seen(decision, selection)
                if not one.faults:  # those say where they stand in the files of today
                    self.store.seen.keep(shown if one.findings else key, one)
            classes, answered = classes + one.classes, answered + one.answered
            faults += one.faults
            for finding in one.findings:
                proof.add(finding)
        proof.gaps()
        return Seen(classes, answered, tuple(proof.findings.values()), tuple(faults))

    def _seen(self, decision: str, selection: Selection) -> Seen:
        try:
            program = Program(self.library, self.library.upstream(decision), selection)
            if not program.covered(decision):
                return Seen()
            reading = OpenClasses(program, decision, NOTHING_KNOWN)
        except TooLargeError as error:
            return Seen(findings=(too_large(error, decision),))
        except RulesetError as error:
            return Seen(faults=error.faults)
        table, good = program.compiled[decision].table, reading.possible
        for one, cells in zip(
            table.coded.inputs, reading.inputs(decision), strict=True
        ):  # fmt: skip
            if one.states and int(cells.min(initial=0)) < 0:
                good = good & (cells >= 0)  # below an upstream fault nothing is told
        lost = [one for one in reading.numbers() if isinstance(table.found[one], Unresolved)]
        if not lost:
            return Seen(int(reading.possible.sum()), int(good.sum()))
        codes = np.broadcast_to(reading.codes[decision], reading.shape)
        proof = Proof(self.library, decision, Verification())
        reach = Reach(program, decision)
        for number in reach.numbers:
            found = table.found[number]
            if isinstance(found, Unresolved):
                proof.unresolved(reach, number, found)
        answered = int((good & ~np.isin(codes, lost)).sum())
        return Seen(int(reading.possible.sum()), answered, tuple(proof.findings.values()))


class Movements:
    """Compares the answers of a decision with those of the rules before."""

    def __init__(self, before: Meaning, after: Meaning, store: Store, day: date) -> None:
        self.before, self.after, self.store, self.day = before, after, store, day

    @cached_property
    def both(self) -> Versions:
        """The two versions over one vocabulary."""
        return versions(self.before.library, self.after.library)

    @cached_property
    def _checkers(self) -> tuple[Checker, Checker]:
        one, other = (Checker(each.library, compare=False) for each in (self.before, self.after))
        return one, other

    def moved(self, decision: str) -> Generator[list[Moved], None, list[Moved]]:
        """The classes that have another answer, once for each two sets of rules in force.

        Those found so far are known at each step.
        """
        sides = self.before, self.after
        out: list[Moved] = []
        if any(decision not in one.library.decisions for one in sides):
            return out
        met: set[Key] = set()
        for place in self._places(decision):
            for day in self._days(decision, place):
                side = Side(place, day)
                keys = tuple(_key(one, decision, side) for one in sides)
                if keys in met or keys[0] == keys[1]:
                    continue
                met.add(keys)
                key = decision, keys, side, *(one.spread(decision) for one in sides)
                found = self.store.moved.get(key)
                if found is None:
                    yield out
                    found = self.store.moved.keep(key, self._moved(decision, side))
                out += found
        return out

    def _places(self, decision: str) -> list[str]:
        """The places that rules are written for, the nation first."""
        found = {self.after.library.places.nation: None}
        for library in (self.before.library, self.after.library):
            for name in library.upstream(decision):
                found |= dict.fromkeys(sorted(library.regions_of(name)))
        return [place for place in found if place in self.before.library.places
                and place in self.after.library.places]  # fmt: skip

    def _days(self, decision: str, place: str) -> list[date]:
        """A day of each period in which other rules are in force, beginning with today."""
        cuts = set[int]()
        for library in (self.before.library, self.after.library):
            for name in library.upstream(decision):
                cuts |= {*library.boundaries(name, place)}
        days = sorted({FIRST_DAY, *cuts})
        type_ = type(self.day)
        return [self.day, *(type_.fromordinal(day) for day in days if day <= LAST_DAY)]

    def _moved(self, decision: str, side: Side) -> tuple[Moved, ...]:
        try:
            found = compare(self.both, decision, side, side, uncovered=True)
        except (RulesetError, OverflowError):
            # The one is told as a fault or a finding; the other are facts too many to lay out.
            return ()
        families, out = Families(self._checkers, (side, side)), []
        for one in found.changes:
            family = families.of(decision, one)
            out.append(Moved(
                decision, one.before, one.after, one.classes,
                () if family is None else (family.after,),
                side.place, side.day, one.rules_before, one.rules_after,
            ))  # fmt: skip
        return tuple(out)


def _key(meaning: Meaning, decision: str, side: Side) -> Key:
    """All that a decision is answered from in a place on a day."""
    library = meaning.library
    chosen = side.selection(library, decision)
    place = chosen.place(library.decisions[decision].region)
    return meaning.in_force(decision, chosen), meaning.given_on(
        decision, place, side.day.toordinal()
    )
