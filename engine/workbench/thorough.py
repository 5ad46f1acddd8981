"""The stages that take longer than a look: what examples show, the whole proof, the mutants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.analysis.coverage import Coverage
from engine.analysis.coverage import steps as coverage_steps
from engine.analysis.finding import too_large
from engine.analysis.mutants import altered_rules, mutants
from engine.analysis.mutation import Judge, Score
from engine.analysis.settled import Tried
from engine.analysis.verification import Proof, Verification, kept_laws
from engine.checker import Checker
from engine.errors import TooLargeError

if TYPE_CHECKING:
    from collections.abc import Generator

    from engine.analysis.finding import Finding
    from engine.analysis.mutants import Mutant
    from engine.library import Library


@dataclass(frozen=True)
class Shown:
    """Of the tests that can decide both ways, those that examples show; and how many there are."""

    shown: int = 0
    tests: int = 0


@dataclass(frozen=True)
class Noticed:
    """The mutants that examples notice, of how many, and those that they do not."""

    killed: int = 0
    mutants: int = 0
    survivors: tuple[Mutant, ...] = ()


class Thorough:
    """Looks into the decisions of one library, each a step at a time."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.checker = Checker(library, compare=False)
        self._mutants: dict[str, dict[str, list[Mutant]]] = {}

    def shown(self, decision: str) -> Generator[None, None, Shown]:
        """What the examples show of the tests in the rules of a decision."""
        found = Coverage()
        yield from coverage_steps(self.checker, decision, found)
        return Shown(sum(found.tests.values()), len(found.tests))

    def proved(self, decision: str) -> Generator[None, None, tuple[Finding, ...]]:
        """Everything that is wrong with a decision and with the laws that name it first."""
        result = Verification()
        try:
            yield from Proof(self.library, decision, result).steps()
        except TooLargeError as error:
            result.findings.append(too_large(error, decision))
        yield
        laws = [one for one in self.library.invariants.values() if one.decisions[:1] == (decision,)]
        for finding in kept_laws(self.checker, laws, Tried()):
            if finding is not None:
                result.findings.append(finding)
            yield
        return tuple(result.findings)

    def noticed(self, decision: str) -> Generator[None, None, Noticed]:
        """What becomes of the mutants of the rules of a decision."""
        topic = self.library.decisions[decision].topic
        if topic not in self._mutants:
            self._mutants = {topic: self._by_decision(topic)}
            yield
        judge = Judge(self.library, self._mutants[topic].get(decision, []))
        trials = []
        for trial in judge.gathered():
            trials.append(trial)
            yield
        judge.trials = judge.sorted(trials)
        score = Score()
        for mutant in judge.in_turn():
            score.judged.append(judge.fate(mutant))
            yield
        told = score.counts["killed"]
        every = told + score.counts["survived"]
        return Noticed(told, every, tuple(one.mutant for one in score.survivors))

    def _by_decision(self, topic: str) -> dict[str, list[Mutant]]:
        found: dict[str, list[Mutant]] = {}
        for mutant in mutants(self.library, topic):
            first = next(iter(altered_rules(self.library, mutant)), None)
            if first is not None:
                found.setdefault(first.decision, []).append(mutant)
        return found
