"""Why an answer came out: the rules that fired, test by test with the person's own answers.

For a complete class the inference engine is run and its trace told; for a case with missing facts
the rules that win in the classes it leaves open are told, for they hold either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.adjudication import NEEDED, Resolution
from engine.calendar import months_between
from engine.coding import MONTHS_A_YEAR, Lying, code_test, subject_of_derived
from engine.condition import All, Any_, DecisionTest, FactTest, Not, leaves
from engine.vocabulary import AS_OF, COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from engine.adjudication import Reason
    from engine.case import Case
    from engine.condition import Condition
    from engine.library import Library
    from engine.open_classes import OpenClasses
    from engine.ruleset import Authority, Rule

Kind = Literal["all", "any", "not", "fact", "decision", "always"]


@dataclass(frozen=True)
class Given:
    """What the person answered to a raw fact; a place by its code, None where it is not known."""

    fact: str
    value: object


@dataclass(frozen=True)
class Tested:
    """A part of a rule's condition: whether it holds (None: open), and whether that decided.

    A test carries the whole where the whole would not be certain without it.
    """

    kind: Kind
    holds: bool | None
    carries: bool
    condition: Condition
    parts: tuple[Tested, ...] = ()
    given: tuple[Given, ...] = ()
    worked_out: object = None
    """For a derived fact: what it comes to, where that is certain."""
    outcomes: tuple[str, ...] = ()
    """For a test of an upstream decision: what that came to."""

    def leaves(self) -> list[Tested]:
        """The tests of facts and of upstream decisions, in the order written."""
        if self.kind in ("fact", "decision"):
            return [self]
        return [leaf for part in self.parts for leaf in part.leaves()]

    def to_json(self) -> dict[str, object]:
        """Kind, state, and what was looked at; what is empty is left out."""
        out: dict[str, object] = {"kind": self.kind, "holds": self.holds, "carries": self.carries}
        if isinstance(self.condition, FactTest | DecisionTest):
            out["test"] = self.condition.model_dump(mode="json", by_alias=True, exclude_none=True)
        if self.parts:
            out["parts"] = [part.to_json() for part in self.parts]
        if self.given:
            out["given"] = {one.fact: one.value for one in self.given}
        if self.worked_out is not None:
            out["worked_out"] = self.worked_out
        return {**out, "outcomes": list(self.outcomes)} if self.outcomes else out


@dataclass(frozen=True)
class Traced:
    """A rule that fired: its tests, its grade, and where it was beaten, how and by what."""

    rule: Rule
    authority: Authority
    tests: Tested
    outcome: str
    beaten: Reason | None = None
    by: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The rule by its id, with clauses and grades of its sources."""
        out: dict[str, object] = {
            "rule": self.rule.id,
            "outcome": self.outcome,
            "authority": self.authority,
            "sources": [{"source": one.source, "clause": one.clause.model_dump()}
                        for one in self.rule.sources],
            "tests": self.tests.to_json(),
        }  # fmt: skip
        return {**out, "beaten": self.beaten, "by": list(self.by)} if self.beaten else out


@dataclass(frozen=True)
class Why:
    """Why a decision comes to what it does: the rules that won, what they beat, what they use."""

    decision: str
    outcomes: tuple[str, ...]
    rules: tuple[Traced, ...]
    dissent: tuple[Traced, ...] = ()
    disputes: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()
    """The rules in the order in which the agenda fired them; empty for a case with gaps."""
    rests_on: tuple[str, ...] = ()
    """The upstream decisions that the rules that won look at."""

    def to_json(self) -> dict[str, object]:
        """Everything but what is empty."""
        out: dict[str, object] = {
            "decision": self.decision,
            "outcomes": list(self.outcomes),
            "rules": [one.to_json() for one in self.rules],
            "dissent": [one.to_json() for one in self.dissent],
            "disputes": list(self.disputes),
            "fired": list(self.fired),
            "rests_on": list(self.rests_on),
        }
        return {key: value for key, value in out.items() if value or key == "rules"}


def why(readings: Sequence[OpenClasses]) -> tuple[Why, ...]:
    """Why the answer came out, then the upstream decisions it rests on, each once."""
    told: list[Why] = []
    wanted = [readings[0].decision]
    while wanted:
        name = wanted.pop(0)
        if name not in (one.decision for one in told):
            told.append(_why(readings, name))
            wanted += told[-1].rests_on
    return tuple(told)


def _why(readings: Sequence[OpenClasses], decision: str) -> Why:
    library = readings[0].program.library
    found = [(one, each) for one in readings for each in _resolutions(one, decision)]
    rules: dict[str, Traced] = {}
    dissent: dict[str, Traced] = {}
    for reading, resolution in found:
        for name in resolution.rules:
            rules.setdefault(name, _traced(reading, library.rules[name]))
        for loser in resolution.dissent:
            beaten = library.rules[loser.rule]
            by = () if loser.by == "rejected" else tuple(
                name for name in resolution.rules
                if loser.by != "override" or loser.rule in library.rules[name].overrides
            )  # fmt: skip
            dissent.setdefault(loser.rule, _traced(reading, beaten, loser.by, by))
    tested = [leaf.decision for name in rules for _, leaf in leaves(library.rules[name].when)
              if isinstance(leaf, DecisionTest)]  # fmt: skip
    return Why(
        decision,
        tuple(dict.fromkeys(outcome for _, one in found for outcome in one.outcomes)),
        tuple(rules.values()),
        tuple(one for name, one in dissent.items() if name not in rules),
        tuple(dict.fromkeys(name for _, one in found for name in one.disputes)),
        fired(readings[0], decision) if len(readings) == 1 else (),
        tuple(dict.fromkeys(tested)),
    )


def _resolutions(reading: OpenClasses, decision: str) -> list[Resolution]:
    table = reading.program.compiled[decision].table
    codes = np.broadcast_to(reading.codes[decision], reading.shape)[reading.possible]
    found = [table.found[code] for code in np.unique(codes).tolist()]
    return [one for one in found if isinstance(one, Resolution)]


def fired(reading: OpenClasses, decision: str) -> tuple[str, ...]:
    """The rules the inference engine fires on a complete class; none where several are open.

    Under a disputed upstream answer those of each side.
    """
    single = reading.single()
    compiled = reading.program.compiled[decision]
    if single is None or not compiled.coded.rules:
        return ()
    options = [
        [compiled.table.single(position, outcome) for outcome in one.states[cell].outcomes]
        if one.states else [cell]
        for position, (cell, one) in enumerate(
            zip(single[decision], compiled.coded.inputs, strict=True))
    ]  # fmt: skip
    names = [name for world in product(*options)
             for name in reading.program.engine.fire(decision, world)]  # fmt: skip
    return tuple(dict.fromkeys(names))


def _traced(
    reading: OpenClasses, rule: Rule, beaten: Reason | None = None, by: tuple[str, ...] = ()
) -> Traced:
    outcome = rule.then.outcome or NEEDED
    tests = _Tests(reading, rule).tested(rule.when)
    authority = reading.program.library.authority(rule)
    return Traced(rule, authority, _carried(tests, carries=True), outcome, beaten, by)


def _carried(one: Tested, *, carries: bool) -> Tested:
    """The tests with what carries them marked: the parts that hold of an `any` that holds."""
    if one.kind not in ("all", "any"):
        parts = tuple(_carried(part, carries=carries) for part in one.parts)
    else:
        # The state that a single part can bring about: false of an `all`, true of an `any`.
        alone = one.kind == "any"
        parts = tuple(
            _carried(part, carries=carries and (one.holds is not alone or part.holds is alone))
            for part in one.parts
        )
    return Tested(one.kind, one.holds, carries, one.condition, parts, one.given, one.worked_out,
                  one.outcomes)  # fmt: skip


class _Tests:
    """Looks at the tests of one rule in the classes a case leaves open."""

    def __init__(self, reading: OpenClasses, rule: Rule) -> None:
        self.reading, self.rule = reading, rule
        self.library = reading.program.library

    def tested(self, condition: Condition) -> Tested:
        if isinstance(condition, All):
            return self._joint("all", condition, condition.all, alone=False)
        if isinstance(condition, Any_):
            return self._joint("any", condition, condition.any, alone=True)
        if isinstance(condition, Not):
            part = self.tested(condition.not_)
            holds = None if part.holds is None else not part.holds
            return Tested("not", holds, carries=True, condition=condition, parts=(part,))
        if isinstance(condition, FactTest):
            return self._fact(condition)
        if isinstance(condition, DecisionTest):
            return self._decision(condition)
        return Tested("always", holds=True, carries=True, condition=condition)

    def _joint(
        self, kind: Kind, condition: Condition, parts: Iterable[Condition], *, alone: bool
    ) -> Tested:
        below = tuple(map(self.tested, parts))
        states = {part.holds for part in below}
        holds = alone if alone in states else None if None in states else not alone
        return Tested(kind, holds, carries=True, condition=condition, parts=below)

    def _fact(self, test: FactTest) -> Tested:
        vocabulary, case = self.library.vocabulary, self.reading.case
        definition = vocabulary.derived.get(test.fact) or vocabulary.facts[test.fact]
        one = code_test(test, definition, self._parameter)
        for number, cells in self.reading.open.items():
            axis = self.reading.program.axes[number]
            if one.subject in axis.subjects:
                holds = _state(axis.holds(one.subject, one.spans)[cells].tolist())
                break
        else:
            raise LookupError(f"`{test.fact}` is on no axis of `{self.reading.decision}`")
        given = tuple(Given(fact, given_value(case, fact))
                      for fact in vocabulary.raw_facts(test.fact))  # fmt: skip
        out = worked_out(self.library, case, test.fact) if test.fact in vocabulary.derived else None
        return Tested("fact", holds, carries=True, condition=test, given=given, worked_out=out)

    def _decision(self, test: DecisionTest) -> Tested:
        found = _resolutions(self.reading, test.decision)
        outcomes = tuple(dict.fromkeys(outcome for one in found for outcome in one.outcomes))
        holds = _state([outcome in test.outcomes for outcome in outcomes])
        return Tested("decision", holds, carries=True, condition=test, outcomes=outcomes)

    def _parameter(self, name: str) -> int | Decimal | None:
        decision = self.library.decisions[self.rule.decision]
        selection = self.reading.program.selection
        place, (day, _) = selection.place(decision.region), selection.period(decision.date)
        return self.library.parameter(name, place, day)


def _state(held: Sequence[bool]) -> bool | None:
    return held[0] if held and len(set(held)) == 1 else None


def given_value(case: Case, fact: str) -> object:
    """What a case says of a raw fact, as JSON has it; a place by its code."""
    if fact == AS_OF:
        return case.as_of.isoformat()
    return case.places.get(fact) or case.given.get(fact)


def worked_out(library: Library, case: Case, fact: str) -> object:
    """What a derived fact comes to in a case; None where that is not certain."""
    definition = library.vocabulary.derived[fact]
    subject = subject_of_derived(definition)
    if isinstance(subject, Lying):
        home, away = case.place(subject.of), case.place(subject.to)
        if home is None or away is None:
            return None
        days = case.interval(subject.on) if subject.on else None
        related = library.places.relations(home, away, subject.group, days)
        return related.pop() if len(related) == 1 else None
    first, second = case.interval(subject.first), case.interval(subject.second)
    if first is None or second is None or first[0] != first[1] or second[0] != second[1]:
        return None
    if definition.compare:
        return COMPARISONS[1 + (first[0] > second[0]) - (first[0] < second[0])]
    if subject.unit == "days":
        return second[0] - first[0]
    months = months_between(first[0], second[0], subject.short_month)
    return months // MONTHS_A_YEAR if definition.years_between else months
