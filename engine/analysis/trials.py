"""The examples as trials of mutants: which classes each leaves open, in which program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.answering import combine
from engine.case import read_case
from engine.checker import Checker
from engine.errors import CaseError, RulesetError
from engine.examples import NO_DAY, differences
from engine.open_classes import OpenClasses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.analysis.alterable import Alterable
    from engine.case import Case
    from engine.coded import Codes
    from engine.condition import FactTest
    from engine.library import Library
    from engine.program import Selection
    from engine.ruleset import Expected


@dataclass
class Reading:
    """The classes one case leaves open in one program, for each decision of the chain."""

    program: Alterable
    open: OpenClasses
    classes: dict[str, Codes] = field(default_factory=dict)

    def of(self, decision: str) -> Codes:
        """The flat numbers of the open classes of a decision."""
        if decision not in self.classes:
            self.classes[decision] = self.open.classes_of(decision)
        return self.classes[decision]


@dataclass
class Trial:
    """What an example expects of one decision."""

    example: str
    decision: str
    expected: Expected
    case: Case
    readings: list[Reading]

    def noticed(self, library: Library, programs: Sequence[Alterable]) -> bool:
        """Whether the answer in these programs is not the one expected."""
        try:
            readings = [OpenClasses(program, self.decision, self.case) for program in programs]
            left = [one for one in readings if not one.empty]
            if not left:
                return True
            result = combine(library, self.decision, self.case, left)
        except RulesetError:
            return True
        return any(differences(self.expected, result))

    def noticed_anew(self, checker: Checker) -> bool:
        """Whether a checker of another library does not answer as expected."""
        try:
            readings = checker.readings(self.decision, self.case)
            result = combine(checker.library, self.decision, self.case, readings)
        except (RulesetError, CaseError):
            return True
        return any(differences(self.expected, result))


def trials(
    library: Library, decisions: set[str], tests: Mapping[str, Sequence[FactTest]]
) -> Iterator[Trial]:
    """Each answer that examples expect of what builds on `decisions`, and that comes out so.

    An answer that comes out differently already can tell of no mutant.
    """
    from engine.analysis.alterable import Alterable

    checker = Checker(library, compare=False)
    programs: dict[tuple[str, Selection], Alterable] = {}
    for example in library.examples.values():
        for name, expected in example.expect.items():
            chain = library.upstream(name)
            if not decisions & {*chain}:
                continue
            try:
                case = read_case(dict(example.case), library, NO_DAY)
                if checker.lacking_places(name, case):
                    continue
                readings = []
                for selection in checker.selections(name, case):
                    key = name, selection
                    if key not in programs:
                        programs[key] = Alterable(library, chain, selection, tests)
                    found = OpenClasses(programs[key], name, case)
                    if not found.empty:
                        readings.append(Reading(programs[key], found))
            except (CaseError, RulesetError):
                continue
            trial = Trial(example.id, name, expected, case, readings)
            if readings and not trial.noticed_anew(checker):
                yield trial
