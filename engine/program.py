"""A program: the decisions of a topic compiled for one choice of places and periods.

Compiling codes the rules in force over shared axes, builds each decision's table over the cells
that its own rules tell apart, and makes the inference engine from the same coded rules. An
analysis may watch further tests: they cut the axes, and no table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import limits
from engine.adjudication import UNCOVERED, Adjudicator, Resolution
from engine.axis import Axis, PlaceAxis, number_axis
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.coded import CodedDecision, Codes, Input, State, evaluate
from engine.coding import Coded, Lying, Numeric, Raw, Subject, code_test, facts_of
from engine.condition import All, Any_, DecisionTest, FactTest, Not, ParameterRef, leaves
from engine.decision_table import DecisionTable
from engine.errors import BeyondEngineError, TooLargeError
from engine.expression import Both, Either, Expression, Member, Negated
from engine.inference import InferenceEngine
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from engine.condition import Condition
    from engine.library import Library
    from engine.ruleset import Rule

Days = tuple[int, int]


@dataclass(frozen=True)
class Selection:
    """What chooses the rules in force: a place for each place fact, a period for each date fact."""

    places: tuple[tuple[str, str], ...]
    periods: tuple[tuple[str, Days], ...]

    def place(self, fact: str) -> str:
        """The code of the place a place fact names."""
        return dict(self.places)[fact]

    def period(self, fact: str) -> Days:
        """First and last ordinal of the period a date fact lies in."""
        return dict(self.periods)[fact]


@dataclass(frozen=True)
class Compiled:
    """One decision of a program: its table, and how the program's axes map to its own cells."""

    coded: CodedDecision
    table: DecisionTable
    maps: tuple[Codes | None, ...]
    """For each input that is an axis: the decision's cell of each of the axis's cells."""
    subjects: frozenset[Subject]
    states: tuple[State, ...]
    state_of: Codes
    """For each number in `table.found`: the state handed down, -1 for a fault of the ruleset."""


@dataclass(frozen=True)
class Limit:
    """A constraint over the program's axes: the classes it rules out."""

    id: str
    axes: tuple[int, ...]
    never: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class Program:
    """The decisions of `order` (upstream first) for one selection.

    The tests `watched` (those of facts in a condition without parameters, or tests already coded)
    cut the axes too, and their axes count among those that decide; the tables stay as they are.
    With `every_day` facts may lie outside the periods of the selection, which then choose the
    rules only.
    """

    def __init__(
        self, library: Library, order: Sequence[str], selection: Selection,
        watched: Sequence[Condition | Coded] = (), *, every_day: bool = False,
    ) -> None:  # fmt: skip
        self.library, self.order, self.selection = library, tuple(order), selection
        self.every_day = every_day
        self._known: dict[tuple[int, str], tuple[FactTest, Coded]] = {}
        self.rules: dict[str, list[Rule]] = {name: self._in_force(name) for name in order}
        limits.refuse_many_rules(library, self.rules)
        self._watched = tuple(self._watching(watched))
        self.constraints = self._constraints()
        self.axes = self._axes()
        self._position = {
            subject: index for index, axis in enumerate(self.axes) for subject in axis.subjects
        }
        self.compiled: dict[str, Compiled] = {}
        self.kept: dict[tuple[object, ...], Any] = {}
        """What was worked out for cells left open before; a store for `open_classes` alone."""
        for name in order:
            self.compiled[name] = self._compile(name)
        self.limits = tuple(self._limit(name) for name in self.constraints)

    @cached_property
    def engine(self) -> InferenceEngine:
        """The inference engine for this program, made when first asked for.

        Raises RulesetError, at a rule or its decision, where it cannot hold the rules.
        """
        try:
            return InferenceEngine([one.coded for one in self.compiled.values()])
        except BeyondEngineError as error:
            raise limits.beyond_engine(self.library, error) from error

    def close(self) -> None:
        """Free what the inference engine holds."""
        if "engine" in self.__dict__:
            self.engine.close()

    def chain(self, decision: str) -> list[str]:
        """The decision and what it builds on, upstream first."""
        return self.library.upstream(decision)

    def covered(self, decision: str) -> bool:
        """Whether any rule of the decision is in force here."""
        return bool(self.rules[decision])

    def deciding(self, *decisions: str) -> list[int]:
        """The axes that decide decisions: their own, their upstream ones', the watched ones."""
        return sorted({
            one.source
            for decision in decisions
            for name in self.chain(decision)
            for one in self.compiled[name].coded.inputs
            if isinstance(one.source, int)
        } | {self._position[one.subject] for one in self._watched})  # fmt: skip

    def tied(self, *decisions: str) -> list[list[int]]:
        """The axes that constraints tie to the deciding ones, those tied together in one group."""
        deciding = set(self.deciding(*decisions))
        groups: list[set[int]] = []
        for limit in self.limits:
            others = set(limit.axes) - deciding
            if not others:
                continue
            for group in [one for one in groups if one & others]:
                groups.remove(group)
                others |= group
            groups.append(others)
        return [sorted(group) for group in groups]

    def subjects_of(self, decision: str) -> set[Subject]:
        """Everything the rules of a decision and of its upstream decisions test."""
        return {one for name in self.chain(decision) for one in self.compiled[name].subjects}

    def tests(self) -> list[Coded]:
        """Every test that cuts the axes of what decides: those of rules, and those watched."""
        return [*self._tests(self.order), *self._watched]

    def limiting(self) -> list[Coded]:
        """Every test of the constraints; these cut the axes too."""
        never = [self.library.vocabulary.constraints[name].never for name in self.constraints]
        return [self._coded(leaf, None) for one in never for leaf in _facts(one)]

    def too_large(
        self, decision: str, message: str, sizes: Mapping[int | str, int]
    ) -> TooLargeError:
        """An error that names the inputs (axes by number) with the most cells, to split off."""
        named = {one if isinstance(one, str) else " and ".join(self.axes[one].facts): size
                 for one, size in sizes.items()}  # fmt: skip
        return limits.too_large(self.library, decision, message, named)

    def _watching(self, watched: Iterable[Condition | Coded]) -> Iterator[Coded]:
        for one in watched:
            if isinstance(one, Coded):
                yield one
            else:
                yield from (self._coded(leaf, None) for leaf in _facts(one))

    # -- compiling -----------------------------------------------------------------------------

    def _in_force(self, name: str) -> list[Rule]:
        decision = self.library.decisions[name]
        place = self.selection.place(decision.region)
        return self.library.in_force(name, place, self.selection.period(decision.date)[0])

    def _coded(self, test: FactTest, rule: Rule | None) -> Coded:
        """A test as spans; worked out once, for all programs where it names no parameter."""
        # A test is kept with its spans: while it is there, no other one has its id.
        shared, key = self.library.coded, (id(test), rule.id if rule else "")
        found = shared.get(id(test)) or self._known.get(key)
        if found is None:
            found = test, self._code(test, rule)
            if any(isinstance(one, ParameterRef) for one in test.operands):
                self._known[key] = found
            else:
                shared[id(test)] = found
        return found[1]

    def _code(self, test: FactTest, rule: Rule | None) -> Coded:
        vocabulary = self.library.vocabulary
        definition = vocabulary.derived.get(test.fact) or vocabulary.facts[test.fact]

        def parameter(name: str) -> int | Decimal:
            if rule is None:
                raise LookupError(name)
            decision = self.library.decisions[rule.decision]
            place = self.selection.place(decision.region)
            day = self.selection.period(decision.date)[0]
            value = self.library.parameter(name, place, day)
            if value is None:
                message = f"parameter `{name}` has no value here in the period of the rule"
                raise self.library.rule_fault(rule.id, message)
            return value

        return code_test(test, definition, parameter)

    def _tests(self, names: Iterable[str]) -> Iterator[Coded]:
        """Every test of facts in the rules of the decisions and in the constraints."""
        for name in names:
            for rule in self.rules[name]:
                yield from (self._coded(leaf, rule) for leaf in _facts(rule.when))

    def _constraints(self) -> list[str]:
        """The constraints on a fact that rules test, or on a date that selects them.

        Those on other facts cannot change an answer. A constraint that only ties such a fact's
        neighbour to a third is left out: it would make every table larger to notice that facts
        nobody looks at contradict each other.
        """
        used = {fact for coded in self.tests() for fact in facts_of(coded.subject)}
        used |= {fact for fact, _ in self.selection.periods}
        return [name for name, its in self.library.constrained.items() if its & (used - {AS_OF})]

    def _axes(self) -> tuple[Axis, ...]:
        cuts: dict[Subject, set[int]] = {}
        for one in (*self.tests(), *self.limiting()):
            ends = {end for span in one.spans for end in (span.low, span.high) if end is not None}
            cuts.setdefault(one.subject, set()).update(ends)
        for subject in list(cuts):
            if isinstance(subject, Raw) and self.library.vocabulary.facts[subject.fact].codes:
                # Every value of an enum is a cell, whether or not a rule names it.
                cuts[subject] |= set(
                    range(1, len(self.library.vocabulary.facts[subject.fact].codes))
                )
        axes: list[Axis] = []
        numbers = [subject for subject in cuts if not isinstance(subject, Lying)]
        for group in _components(numbers):
            facts = tuple(dict.fromkeys(fact for subject in group for fact in facts_of(subject)))
            bounds = {fact: self._bounds(fact) for fact in facts}
            inside = {subject: tuple(self._inside(subject, cuts[subject], bounds))
                      for subject in group}  # fmt: skip
            try:
                axes.append(number_axis(facts, tuple(bounds.items()), tuple(inside.items())))
            except OverflowError as error:
                sizes: dict[int | str, int] = {
                    " and ".join(facts_of(one)): len(cuts) + 1 for one, cuts in inside.items()
                }
                message = f"{', '.join(facts)}: {error}"
                raise self.too_large(self.order[-1], message, sizes) from error
        pairs: dict[tuple[str, str], list[Lying]] = {}
        for subject in cuts:
            if isinstance(subject, Lying):
                pairs.setdefault((subject.of, subject.to), []).append(subject)
        for lying in pairs.values():
            dates = {one.on: self._bounds(one.on) for one in lying if one.on}
            axes.append(PlaceAxis(tuple(lying), self.library.places, dates))
        return tuple(axes)

    def _bounds(self, fact: str) -> Days:
        facts = self.library.vocabulary.facts
        low, high = (FIRST_DAY, LAST_DAY) if fact == AS_OF else facts[fact].bounds()
        periods = {} if self.every_day else dict(self.selection.periods)
        first, last = periods.get(fact, (low, high))
        return max(low, first), min(high, last)

    def _inside(self, subject: Numeric, cuts: set[int], bounds: Mapping[str, Days]) -> list[int]:
        if isinstance(subject, Raw):
            low, high = bounds[subject.fact]
            return sorted(cut for cut in cuts if low < cut <= high)
        return sorted(cuts)

    def _compile(self, name: str) -> Compiled:
        decision = self.library.decisions[name]
        tests = {*self._tests((name,))}
        upstream = sorted({leaf.decision for rule in self.rules[name]
                           for leaf in _decisions(rule.when)}, key=self.order.index)  # fmt: skip
        maps: dict[int, Codes] = {}
        for axis in sorted({self._position[one.subject] for one in tests}):
            signature = np.stack([self.axes[axis].holds(one.subject, one.spans)
                                  for one in sorted(tests, key=repr)
                                  if self._position[one.subject] == axis])  # fmt: skip
            _, maps[axis] = np.unique(signature, axis=1, return_inverse=True)
            maps[axis] = maps[axis].ravel()
        inputs = [Input(axis, int(cells.max(initial=0)) + 1) for axis, cells in maps.items()]
        for one in upstream:
            states = self.compiled[one].states
            singles = sum(len(state.outcomes) == 1 for state in states)
            inputs.append(Input(one, singles, states))
        rules = tuple(
            (rule.id, self._expression(rule.when, rule, inputs, maps)) for rule in self.rules[name]
        )
        adjudicator = Adjudicator(self.library, decision, self.rules[name])
        coded = CodedDecision(decision, tuple(inputs), rules, adjudicator)
        try:
            table = DecisionTable(coded)
        except OverflowError as error:
            sizes = {one.source: one.size for one in inputs}
            raise self.too_large(name, str(error), sizes) from error
        if not self.rules[name]:
            table.found[:] = [UNCOVERED]
        states = table.states()
        return Compiled(
            coded, table, tuple(maps.get(one.source) if isinstance(one.source, int) else None
                                for one in inputs),
            frozenset(one.subject for one in tests), states, state_of(table, states),
        )  # fmt: skip

    def _expression(
        self, condition: Condition, rule: Rule | None, inputs: Sequence[Input],
        maps: Mapping[int, Codes],
    ) -> Expression:  # fmt: skip
        """The condition over the cells of the inputs."""
        if isinstance(condition, All):
            return Both(tuple(self._expression(part, rule, inputs, maps) for part in condition.all))
        if isinstance(condition, Any_):
            return Either(
                tuple(self._expression(part, rule, inputs, maps) for part in condition.any)
            )
        if isinstance(condition, Not):
            return Negated(self._expression(condition.not_, rule, inputs, maps))
        sources = [one.source for one in inputs]
        if isinstance(condition, DecisionTest):
            position = sources.index(condition.decision)
            states = inputs[position].states[: inputs[position].size]
            meant = {i for i, state in enumerate(states) if state.outcomes[0] in condition.outcomes}
            return Member(position, frozenset(meant))
        if isinstance(condition, FactTest):
            coded = self._coded(condition, rule)
            axis = self._position[coded.subject]
            holds = self.axes[axis].holds(coded.subject, coded.spans)
            return Member(sources.index(axis), frozenset(maps[axis][holds].tolist()))
        return Both(())

    def _limit(self, name: str) -> Limit:
        never = self.library.vocabulary.constraints[name].never
        axes = sorted({self._position[self._coded(leaf, None).subject] for leaf in _facts(never)})
        identity = {axis: np.arange(self.axes[axis].size) for axis in axes}
        inputs = [Input(axis, self.axes[axis].size) for axis in axes]
        shape = tuple(one.size for one in inputs)
        limits.refuse_wide_constraint(self.library, name, shape)
        return Limit(name, tuple(axes), evaluate(self._expression(never, None, inputs, identity),
                                                 shape))  # fmt: skip


def state_of(table: DecisionTable, states: Sequence[State]) -> Codes:
    """For each number in `table.found`: the state handed down, -1 for a fault of the ruleset."""
    numbers = {state: number for number, state in enumerate(states)}
    codes = [numbers[_state(found)] if isinstance(found, Resolution) else -1
             for found in table.found]  # fmt: skip
    return np.array(codes, dtype=np.int64)


def _state(found: Resolution) -> State:
    return (
        State(found.sides, found.safer or "")
        if found.sides
        else State((found.outcome or "",), found.outcome or "")
    )


def _facts(condition: Condition) -> Iterator[FactTest]:
    return (leaf for _, leaf in leaves(condition) if isinstance(leaf, FactTest))


def _decisions(condition: Condition) -> Iterator[DecisionTest]:
    return (leaf for _, leaf in leaves(condition) if isinstance(leaf, DecisionTest))


def _components(subjects: Sequence[Numeric]) -> list[list[Numeric]]:
    """Subjects grouped so that those sharing a raw fact are together; `as_of` joins nothing."""
    groups: list[tuple[set[str], list[Numeric]]] = []
    for subject in subjects:
        facts, together = set(facts_of(subject)) - {AS_OF}, [subject]
        if not facts:
            facts = {AS_OF}
        for other in [group for group in groups if group[0] & facts]:
            groups.remove(other)
            facts |= other[0]
            together = other[1] + together
        groups.append((facts, together))
    return [group for _, group in groups]
