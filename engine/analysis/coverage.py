"""What the examples show of the rules: rules, outcomes, classes, and the tests of conditions.

A rule is shown by an example in which it wins, or stands as a dissenter. It has a near miss in an
example in which it does not match, and would if a single input of its decision lay in another
cell: the day before, one level up, one relation further. A test of a condition is covered in the
sense of masking MC/DC: of two examples the test alone decides in each whether the rule matches,
it holds in one and not in the other, and so does the whole condition.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.adjudication import Resolution
from engine.analysis.reach import NOTHING_KNOWN
from engine.analysis.selections import in_force, selections
from engine.case import read_case
from engine.coded import evaluate
from engine.condition import leaves
from engine.errors import CaseError, RulesetError
from engine.examples import NO_DAY
from engine.expression import Both, Either, Member, Negated
from engine.open_classes import OpenClasses
from engine.program import Program

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from engine.case import Case
    from engine.checker import Checker
    from engine.coded import Bools
    from engine.condition import Path
    from engine.decision_table import DecisionTable
    from engine.expression import Expression
    from engine.library import Library
    from engine.result import DecisionResult
    from engine.ruleset import Example, Rule


Ways = np.ndarray[tuple[int, ...], np.dtype[np.int8]]
# Where a test alone decides: neither it nor the rule holds, it alone, the rule alone, both.
_NEITHER, _HOLDS, _MATCHES, _BOTH = 1, 2, 3, 4


class RuleTest(NamedTuple):
    """One test in the condition of a rule."""

    rule: str
    path: Path


@dataclass
class Coverage:
    """What there is to show, and what of it examples show; `shown` and `missed` name examples."""

    rules: tuple[str, ...] = ()
    shown: dict[str, set[str]] = field(default_factory=dict)
    missed: dict[str, set[str]] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """For each outcome (or item) of a decision the examples that come to it."""
    classes: dict[str, tuple[int, int]] = field(default_factory=dict)
    """For each decision how many of its possible classes some example lies in, and of how many."""
    tests: dict[RuleTest, bool] = field(default_factory=dict)
    """For each test that can decide both ways whether two examples show that it does."""


def coverage(checker: Checker, topic: str | None = None) -> Coverage:
    """What the examples show of the rules of a library, or of one topic of it."""
    library = checker.library
    mine = [one for one in library.decisions.values() if topic in (None, one.topic)]
    rules = [rule for rule in library.rules.values() if topic in (None, rule.topic)]
    found = Coverage(tuple(rule.id for rule in rules))
    for decision in mine:
        rejected = stated_and_rejected(library, decision.id)
        told = {
            one for rule in rules
            if rule.decision == decision.id and rule.id not in library.rejected
            for one in _stated(rule)
        }  # fmt: skip
        for outcome in (*decision.outcomes, *decision.items):
            if outcome not in rejected - told:
                found.outcomes[decision.id, outcome] = set()
    for decision in mine:
        for _ in steps(checker, decision.id, found):
            pass
    return found


def steps(checker: Checker, decision: str, found: Coverage) -> Iterator[None]:
    """Add to `found` what the examples show of one decision, a program or an example at a time."""
    return _Decision(checker, decision, found).look()


def reached(library: Library, decision: str) -> tuple[set[str], list[str]]:
    """The outcomes (for a list of items: the items named) of all classes, and what is unresolved.

    Every place and every period is looked at.
    """
    outcomes: set[str] = set()
    faults: list[str] = []
    try:
        for _, program in _each(library, decision):
            for number in OpenClasses(program, decision, NOTHING_KNOWN).numbers():
                found = program.compiled[decision].table.found[number]
                if isinstance(found, Resolution):
                    outcomes |= {*found.outcomes, *(item for item, _ in found.items)}
                else:
                    faults.append(f"{found.reason} {' '.join(found.rules)} {program.selection}")
    except RulesetError as error:
        faults.append(str(error))
    return outcomes, faults


def stated_and_rejected(library: Library, decision: str) -> set[str]:
    """The outcomes that rules state whose claims the ledger rejects."""
    rules = [library.rules[name] for name in library.rejected
             if library.rules[name].decision == decision]  # fmt: skip
    return {told for rule in rules for told in _stated(rule)}


def _stated(rule: Rule) -> tuple[str, ...]:
    """The outcome a rule concludes, or the items it names."""
    return (rule.then.outcome,) if rule.then.outcome else (*rule.then.needs, *rule.then.waives)


def _each(library: Library, decision: str) -> Iterator[tuple[Hashable, Program]]:
    """A program for each distinct set of rules in force, whatever day the facts lie on."""
    found: set[Hashable] = set()
    chain = library.upstream(decision)
    for selection in selections(library, decision):
        key = tuple(in_force(library, name, selection) for name in chain)
        if key not in found:
            found.add(key)
            yield key, Program(library, chain, selection, every_day=True)


class _Decision:
    """What the examples of one decision show."""

    def __init__(self, checker: Checker, decision: str, found: Coverage) -> None:
        self.checker, self.library, self.decision = checker, checker.library, decision
        self.found = found
        self.programs: dict[Hashable, Program] = {}
        self.met: dict[Hashable, set[int]] = defaultdict(set)
        self.ways: dict[RuleTest, set[int]] = {}
        self._kept: dict[Hashable, dict[RuleTest, Ways]] = {}

    def look(self) -> Iterator[None]:
        """At every example, then at all classes there are."""
        for key, program in _each(self.library, self.decision):
            self.programs[key] = program
            yield
        for example in self.library.examples.values():
            if self.decision in example.expect:
                try:
                    self._example(example)
                except (CaseError, RulesetError):
                    continue  # it does not come out as expected, which is told elsewhere
                yield
        met = every = 0
        for key, program in self.programs.items():
            if program.covered(self.decision):
                open_ = OpenClasses(program, self.decision, NOTHING_KNOWN)
                every += len(open_.classes_of(self.decision))
                met += len(self.met[key])
                yield
        self.found.classes[self.decision] = met, every
        self._tests()

    def _example(self, example: Example) -> None:
        case = read_case(dict(example.case), self.library, NO_DAY)
        result = self.checker.answer(self.decision, case)
        self._told(example.id, result)
        if self.checker.lacking_places(self.decision, case):
            return
        for selection in self.checker.selections(self.decision, case):
            key = tuple(in_force(self.library, name, selection)
                        for name in self.library.upstream(self.decision))  # fmt: skip
            self._classes(example.id, case, key)

    def _told(self, example: str, result: DecisionResult) -> None:
        found = self.found
        for rule in (*result.rules, *(one.rule for one in result.dissent)):
            found.shown.setdefault(rule, set()).add(example)
        # A paper that an example finds not needed comes out in it as much as one that is.
        items = {item for item, state in result.items.items() if isinstance(state, str)}
        for outcome in {result.outcome, *result.sides, *items,
                        *(one.outcome for one in result.dissent)}:  # fmt: skip
            if (self.decision, outcome) in found.outcomes:
                found.outcomes[self.decision, outcome or ""].add(example)

    def _classes(self, example: str, case: Case, key: Hashable) -> None:
        program = self.programs[key]
        reading = OpenClasses(program, self.decision, case)
        if reading.empty or (cells := reading.single()) is None:
            return
        compiled = program.compiled[self.decision]
        here = cells[self.decision]
        self.met[key] |= {*reading.classes_of(self.decision).tolist()}
        base = _base(compiled.table, here)
        if base is None:
            return
        for rule in _near(compiled.table, base):
            self.found.missed.setdefault(rule, set()).add(example)
        for test, ways in self._ways(key).items():
            if way := int(ways[base]):
                self.ways.setdefault(test, set()).add(way)

    def _ways(self, key: Hashable) -> dict[RuleTest, Ways]:
        """For each test of the rules in force the classes in which it alone decides, and how."""
        if key not in self._kept:
            program = self.programs[key]
            coded = program.compiled[self.decision].coded
            conditions = {rule.id: rule.when for rule in program.rules[self.decision]}
            self._kept[key] = {
                RuleTest(name, path): _ways(expression, path, coded.shape)
                for name, expression in coded.rules
                for path, _ in leaves(conditions[name])
            }
        return self._kept[key]

    def _tests(self) -> None:
        """The tests that examples leave open, of those that can decide both ways in some class."""
        rules = [one for one in self.library.rules.values() if one.decision == self.decision]
        for rule in rules:
            for path, _ in leaves(rule.when):
                test = RuleTest(rule.id, path)
                shown = _both(self.ways.get(test, set()))
                if shown or test in self._deciding:
                    self.found.tests[test] = shown

    @cached_property
    def _deciding(self) -> set[RuleTest]:
        """The tests that decide both ways in classes that some case can lie in."""
        found: dict[RuleTest, set[int]] = {}
        for key, program in self.programs.items():
            lacking = [
                test
                for test in self._ways(key)
                if not _both(found.get(test, set()) | self.ways.get(test, set()))
            ]
            if lacking:
                possible = _possible(program, self.decision)
                for test in lacking:
                    seen = np.unique(self._ways(key)[test][possible]).tolist()
                    found.setdefault(test, set()).update(seen)
        return {test for test, seen in found.items()
                if _both(seen | self.ways.get(test, set()))}  # fmt: skip


def _both(ways: set[int]) -> bool:
    """Whether the test holds in one class, the rule matches in one, and neither does in another."""
    return {_NEITHER, _BOTH} <= ways or {_HOLDS, _MATCHES} <= ways


def _ways(expression: Expression, path: Path, shape: tuple[int, ...]) -> Ways:
    """For each class whether a test alone decides: 0 if not, else what holds, test and rule."""
    holds = evaluate(_at(expression, path), shape)
    one, other = (evaluate(_with(expression, path, constant), shape)
                  for constant in (Both(()), Either(())))  # fmt: skip
    matched = np.where(holds, one, other)
    ways = _NEITHER + holds.astype(np.int8) + 2 * matched.astype(np.int8)
    return np.asarray(np.where(one != other, ways, 0), dtype=np.int8)


def _at(expression: Expression, path: Path) -> Expression:
    """The part of an expression made from the part of a condition at `path`."""
    if isinstance(expression, Member) or not path:
        return expression
    if isinstance(expression, Negated):
        return _at(expression.part, path[1:])
    return _at(expression.parts[int(path[1])], path[2:])


def _with(expression: Expression, path: Path, other: Expression) -> Expression:
    """The expression with another one in the place of a part."""
    if isinstance(expression, Member) or not path:
        return other
    if isinstance(expression, Negated):
        return Negated(_with(expression.part, path[1:], other))
    index = int(path[1])
    new = _with(expression.parts[index], path[2:], other)
    return type(expression)((*expression.parts[:index], new, *expression.parts[index + 1 :]))


def _possible(program: Program, decision: str) -> Bools:
    """The classes without upstream disputes that some case can lie in."""
    compiled = program.compiled[decision]
    out = np.zeros(compiled.table.codes.size, dtype=bool)
    out[OpenClasses(program, decision, NOTHING_KNOWN).classes_of(decision)] = True
    whole = out.reshape(compiled.table.codes.shape)
    return np.asarray(whole[tuple(slice(size) for size in compiled.coded.shape)])


def _near(table: DecisionTable, here: tuple[int, ...]) -> set[str]:
    """The rules that match in a class that differs in one input, and not in this one."""
    fired = set(table.fired(here))
    near: set[str] = set()
    for position, one in enumerate(table.coded.inputs):
        for cell in range(one.size):
            near |= {*table.fired((*here[:position], cell, *here[position + 1 :]))} - fired
    return near


def _base(table: DecisionTable, cells: tuple[int, ...]) -> tuple[int, ...] | None:
    """The class without upstream disputes; None where an upstream answer is disputed."""
    base = []
    for position, (cell, one) in enumerate(zip(cells, table.coded.inputs, strict=True)):
        if not one.states:
            base.append(cell)
        elif len(one.states[cell].outcomes) == 1:
            base.append(table.single(position, one.states[cell].outcomes[0]))
        else:
            return None
    return tuple(base)
