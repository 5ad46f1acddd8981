"""Early answers never flip: partial cases, and every completion of them, through the checker.

A partial case is a set of classes, so a rule never matches for want of a fact; what could go wrong
is the way from classes to one answer. It is tried on real cases, read and answered like any other:
from cases spread over the classes facts are taken out as long as the answer stays settled, and
what is left is completed with what every other case says of the facts taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import NEEDED, NOT_NEEDED
from engine.analysis.finding import Change, Finding, cells_of, where
from engine.analysis.reach import NOTHING_KNOWN
from engine.analysis.selections import programs
from engine.analysis.witness import witness
from engine.case import read_case
from engine.errors import CaseError, RulesetError
from engine.open_classes import OpenClasses
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.checker import Checker
    from engine.invariant import Invariant
    from engine.program import Program
    from engine.result import DecisionResult

MAX_CASES = 16
"""Complete cases a law is tried with, spread over the sets of rules in force."""
MAX_PROGRAMS, MAX_OTHERS = 8, 8
"""Sets of rules in force that are tried, and cases a partial one is completed from in each."""
LARGEST = 60_000
"""Facts are not taken out further once so many classes are open: each answer looks at them all."""
Data = dict[str, object]


@dataclass
class Tried:
    """How much was tried: partial cases answered, and completions compared with early answers."""

    partial: int = 0
    completions: int = 0


def flips(checker: Checker, law: Invariant, tried: Tried) -> Iterator[Finding]:
    """The first early answer in each set of rules in force that a completion contradicts."""
    return (one for one in steps(checker, law, tried) if one is not None)


def steps(checker: Checker, law: Invariant, tried: Tried) -> Iterator[Finding | None]:
    """The same, a case at a time: None where nothing is known yet."""
    (decision,) = law.decisions
    every = [program for program in programs(checker.library, decision, place=law.region)
             if program.covered(decision)]  # fmt: skip
    chosen = every[:: -(-len(every) // MAX_PROGRAMS)] if every else []
    each = -(-MAX_CASES // max(1, len(chosen)))
    for number, program in enumerate(chosen):
        cases = list(islice(_cases(program, decision), max(each, MAX_OTHERS)))
        # The cases stand in the order of their answers: each program starts with another one.
        started = [*cases[number % len(cases) :], *cases[: number % len(cases)]] if cases else []
        for turn, case in enumerate(started[:each]):
            yield None
            finding = _Trial(checker, decision, tried).flip(case, turn + number, cases)
            if finding is not None:
                partial, answers = finding
                yield Finding("settled_broken", decision, invariant=law.id, case=partial,
                              answers=answers, **where(program, decision))  # fmt: skip
                break


def _cases(program: Program, decision: str) -> Iterator[Data]:
    """Complete cases of possible classes: one of each answer, then a second, evenly spread."""
    reading = OpenClasses(program, decision, NOTHING_KNOWN)
    codes = np.broadcast_to(reading.codes[decision], reading.shape)
    places = np.flatnonzero(reading.possible)
    found = codes[reading.possible]
    rows = []
    for number in reading.numbers():
        mine = places[found == number]
        rows.append(mine[np.unique(np.linspace(0, len(mine) - 1, MAX_CASES).astype(np.int64))])
    for flat in chain.from_iterable(zip_longest(*rows)):
        if flat is not None:
            cells = cells_of(reading, map(int, np.unravel_index(flat, reading.shape)))
            case = witness(program, reading.axes, cells)
            if case is not None:
                yield case


class _Trial:
    """One decision, asked through the checker."""

    def __init__(self, checker: Checker, decision: str, tried: Tried) -> None:
        self.checker, self.decision, self.tried = checker, decision, tried

    def answer(self, data: Mapping[str, object]) -> DecisionResult | None:
        """The answer to a case; None where it contradicts itself, or no rule answers it."""
        library = self.checker.library
        try:
            return self.checker.answer(
                self.decision, read_case(dict(data), library, NOTHING_KNOWN.as_of)
            )
        except (CaseError, RulesetError):  # the latter is a finding of its own
            return None

    def flip(self, case: Data, turn: int, others: Sequence[Data]) -> tuple[Data, Change] | None:
        """A partial case answered early, and how its answer and that of a completion differ."""
        partial, early = self._fewest(case, turn)
        if early is None:
            return None
        for other in others:
            whole = {**other, **partial}
            late = self.answer(whole)
            if late is None:
                continue
            self.tried.completions += 1
            if _contradicts(early, late):
                return partial, Change(_shown(early), _shown(late))
        return None

    def _fewest(self, case: Data, turn: int) -> tuple[Data, DecisionResult | None]:
        """The case with as few facts as still settle it, taken out in an order that takes turns."""
        partial, answer = case, self.answer(case)
        if answer is None or not _settled(answer):
            return case, None
        names = [name for name in case if name != AS_OF]
        start = turn % max(1, len(names))
        for name in (*names[start:], *names[:start]):
            fewer = {key: value for key, value in partial.items() if key != name}
            if self._open(fewer) > LARGEST:
                continue
            self.tried.partial += 1
            found = self.answer(fewer)
            if found is not None and _settled(found):
                partial, answer = fewer, found
        return partial, answer

    def _open(self, data: Mapping[str, object]) -> int:
        """How many classes a case leaves open; 0 where that hangs on a place it does not name."""
        library, decision = self.checker.library, self.decision
        case = read_case(dict(data), library, NOTHING_KNOWN.as_of)
        if self.checker.lacking_places(decision, case):
            return 0
        sizes = [int(np.prod([len(program.axes[axis].open(case))
                              for axis in program.deciding(decision)], dtype=np.float64))
                 for one in self.checker.selections(decision, case)
                 for program in [self.checker.program(decision, one)]]  # fmt: skip
        return sum(sizes)


def _settled(answer: DecisionResult) -> bool:
    """Whether the engine says something that more facts must not change."""
    return answer.verdict != "undecided" or NEEDED in answer.items.values()


def _contradicts(early: DecisionResult, late: DecisionResult) -> bool:
    """Whether what was said early does not hold of a complete case."""
    if early.items or late.items:
        said = {item: state for item, state in early.items.items() if isinstance(state, str)}
        now = {item: late.items.get(item, NOT_NEEDED) for item in said}
        if said != now:
            return True
    if early.verdict != late.verdict:
        return early.verdict != "undecided"
    return early.outcome is not None and early.outcome != late.outcome


def _shown(answer: DecisionResult) -> str:
    needed = ", ".join(item for item, state in answer.items.items() if state == NEEDED)
    return " ".join(part for part in (answer.verdict, answer.outcome, needed) if part)
