"""The complete proof of a library: every class answered once, every rule heard, every law kept.

A rule that matches only when a fact is missing cannot be written: the inference engine and the
tables know complete classes only, a case with missing facts is the set of classes it leaves open,
and a rule that matches in none of them says nothing. So there is no such kind of dead rule here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import Resolution, Unresolved
from engine.analysis import laws as broken
from engine.analysis import settled
from engine.analysis.dead import classify
from engine.analysis.finding import Finding, case_of, shown_by, too_large, where
from engine.analysis.overlaps import Overlap, overlaps
from engine.analysis.reach import NOTHING_KNOWN, Reach
from engine.analysis.selections import programs
from engine.analysis.settled import Tried
from engine.checker import Checker
from engine.errors import TooLargeError
from engine.invariant import Settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.invariant import Invariant
    from engine.library import Library
    from engine.program import Program

__all__ = ["NOTHING_KNOWN", "Finding", "Verification", "verify"]
_STEP = 500
"""So many classes are compared between two steps."""


@dataclass
class Verification:
    """What a verification found, and how much it looked at."""

    findings: list[Finding] = field(default_factory=list)
    decisions: int = 0
    programs: int = 0
    classes: int = 0
    compared: int = 0
    overlaps: Counter[Overlap] = field(default_factory=Counter)
    places: int = 0
    """How many pairs there are of a decision and a place with rules of the same topic."""
    not_covered: list[tuple[str, str]] = field(default_factory=list)
    """Those pairs in which neither the place nor the nation has a rule: an answer of its own."""
    national: int = 0
    """Those pairs in which the nation's rules alone answer."""
    invariants: int = 0
    tried: Tried = field(default_factory=Tried)


def verify(
    library: Library, topic: str | None = None, checker: Checker | None = None
) -> Verification:
    """Look at each class of each decision (of `topic`), under each distinct set of rules in force.

    `classes` counts the possible classes of the chains, over raw facts; `compared` the classes of
    decisions over their own inputs on which the inference engine and the table were compared.
    Early answers are tried through `checker`, by default one over the library.
    """
    result = Verification()
    for name, decision in library.decisions.items():
        if topic in (None, decision.topic):
            result.decisions += 1
            try:
                Proof(library, name, result).whole()
            except TooLargeError as error:
                result.findings.append(too_large(error, name))
    _coverage(library, topic, result)
    laws = [one for one in library.invariants.values() if topic in (None, one.topic)]
    result.invariants = len(laws)
    trying = checker or Checker(library, compare=False)
    result.findings += filter(None, kept_laws(trying, laws, result.tried))
    if checker is None:
        trying.close()
    return result


def kept_laws(
    checker: Checker, laws: Sequence[Invariant], tried: Tried
) -> Iterator[Finding | None]:  # fmt: skip
    """What shows that some laws are not kept, step by step: None where nothing is known yet.

    What was tried is counted in `tried`.
    """
    yield from broken.steps(checker.library, laws)
    for law in laws:
        if isinstance(law.stated, Settled):
            yield from settled.steps(checker, law, tried)


def _coverage(library: Library, topic: str | None, result: Verification) -> None:
    """Which decisions the rules of each place with a file of its own answer."""
    for head in sorted(library.authored.heads.values(), key=lambda one: (one.topic, one.region)):
        if topic not in (None, head.topic):
            continue
        for name in library.topics[head.topic].decisions:
            result.places += 1
            regions = {rule.region for rule in library.candidates(name, head.region)}
            if not regions:
                result.not_covered.append((name, head.region))
            elif regions == {library.places.nation} != {head.region}:
                result.national += 1


class Proof:
    """One decision under every distinct set of rules in force."""

    def __init__(self, library: Library, decision: str, result: Verification) -> None:
        self.library, self.decision, self.result = library, decision, result
        self.heard: set[str] = set()
        self.matched: set[str] = set()
        self.outcomes: set[str] = set()
        self.compared: set[object] = set()
        self.findings: dict[tuple[object, ...], Finding] = {}

    def whole(self) -> None:
        """Look at every program, and tell what was found."""
        for _ in self.steps():
            pass

    def steps(self) -> Iterator[None]:
        """The same, a program at a time."""
        for program in programs(self.library, self.decision):
            if program.covered(self.decision):
                self.result.programs += 1
                self.program(program)
                yield
                yield from self.compare(program)
        self.dead()
        self.gaps()
        self.result.findings += self.findings.values()

    def add(self, found: Finding) -> None:
        """Keep a finding; the same under other rules in force is counted only."""
        gap = (found.place, found.period) if found.kind == "gap_in_time" else ()
        key = found.kind, found.rules, found.outcome, gap
        first = self.findings.setdefault(key, found)
        if first is not found:
            self.findings[key] = replace(first, also=first.also + 1)

    def program(self, program: Program) -> None:
        reach = Reach(program, self.decision)
        self.result.classes += int(reach.reading.possible.sum())
        for number in reach.numbers:
            found = reach.table.found[number]
            if isinstance(found, Unresolved):
                self.unresolved(reach, number, found)
            else:
                self.outcomes |= set(found.outcomes)
                self.heard |= set(_rules_in(found))
        for pattern, classes in zip(reach.table.patterns, reach.patterns.tolist(), strict=True):
            if classes:
                self.matched.update(pattern)
        self.result.overlaps += overlaps(reach)

    def unresolved(self, reach: Reach, number: int, found: Unresolved) -> None:
        program, reading = reach.program, reach.reading
        key = found.reason, found.rules, None, ()
        mask = reach.mask(number)
        known = key in self.findings
        self.add(Finding(
            found.reason, self.decision, rules=found.rules,
            witness=() if known else shown_by(reading, mask),
            case={} if known else case_of(reading, mask),
            **where(program, self.decision),
        ))  # fmt: skip

    def compare(self, program: Program) -> Iterator[None]:
        """Let the inference engine decide every class over the decision's own inputs, once."""
        compiled = program.compiled[self.decision]
        signature = compiled.coded.rules, compiled.coded.inputs
        if signature in self.compared:
            return
        self.compared.add(signature)
        table, fire = compiled.table, program.engine.fire
        patterns = [frozenset(one) for one in table.patterns]
        for cells, pattern in np.ndenumerate(table.pattern_of):
            self.result.compared += 1
            if not self.result.compared % _STEP:
                yield
            fired = fire(self.decision, cells)
            if patterns[pattern].symmetric_difference(fired):
                rules = tuple(sorted(patterns[pattern].symmetric_difference(fired)))
                self.add(Finding("disagreement", self.decision, rules=rules,
                                 **where(program, self.decision)))  # fmt: skip

    def dead(self) -> None:
        rules = [rule for rule in self.library.rules.values() if rule.decision == self.decision]
        for rule in rules:
            if rule.id not in self.heard:
                self.add(classify(self.library, rule, matched=rule.id in self.matched))
        # What is only ever stated in dissent is not reached, but it is shown.
        stated = {rule.then.outcome for rule in rules if rule.id in self.heard}
        for outcome in self.library.decisions[self.decision].outcomes:
            if outcome not in self.outcomes | stated:
                self.add(Finding("unreached_outcome", self.decision, outcome=outcome))

    def gaps(self) -> None:
        """A time without rules between times with some, in one place."""
        authored = self.library.decisions[self.decision]
        regions = {rule.region for rule in self.library.rules.values()
                   if rule.decision == self.decision}  # fmt: skip
        for region in sorted(regions):
            days = self.library.days(authored.date)
            segments = self.library.segments([self.decision], [region], days)
            held = [self.library.in_force(self.decision, region, one[0]) for one in segments]
            for index, segment in enumerate(segments):
                if not held[index] and any(held[:index]) and any(held[index:]):
                    period = date.fromordinal(segment[0]), date.fromordinal(segment[1])
                    last = next(rules for rules in reversed(held[:index]) if rules)
                    self.add(Finding("gap_in_time", self.decision, rules=(last[0].id,),
                                     place=region, period=period))  # fmt: skip


def _rules_in(found: Resolution) -> Iterable[str]:
    def heard(one: Resolution) -> Iterator[str]:
        yield from one.rules
        yield from (loser.rule for loser in one.dissent)
        for _, item in one.items:
            yield from heard(item)

    return heard(found)
