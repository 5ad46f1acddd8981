"""Each feature of the ruleset language has a shipped rule that uses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.condition import (
    OPERATORS,
    All,
    Any_,
    Condition,
    DecisionTest,
    FactTest,
    Not,
    ParameterRef,
)
from engine.ruleset import AMOUNTS, Outcome, Then, Value
from tests.support import loaded

LIBRARY = loaded.library()


def values() -> Iterator[Value]:
    """Every authored value, with those inside it."""
    outcomes = [
        one for decision in LIBRARY.decisions.values() for one in decision.outcomes.values()
    ]
    said: list[Then | Outcome] = [*outcomes, *(rule.then for rule in LIBRARY.rules.values())]
    found = [value for one in said for value in (one.value, one.from_, one.until) if value]
    while found:
        value = found.pop()
        found += value.parts
        yield value


def conditions() -> Iterator[Condition]:
    """Every condition of a rule, with those inside it."""
    todo = [rule.when for rule in LIBRARY.rules.values()]
    while todo:
        one = todo.pop()
        yield one
        if isinstance(one, All | Any_):
            todo += one.all if isinstance(one, All) else one.any
        elif isinstance(one, Not):
            todo.append(one.not_)


def in_vocabulary() -> Iterator[str]:
    functions = ("years_between", "months_between", "days_between", "relation", "compare")
    for derived in LIBRARY.vocabulary.derived.values():
        yield from (name for name in functions if getattr(derived, name))
        if derived.relation and derived.relation.group:
            yield "dated group"
    for fact in LIBRARY.vocabulary.facts.values():
        yield f"fact {fact.type}"
        if fact.likelihood:
            yield "likelihood"


def in_conditions() -> Iterator[str]:
    names = {All: "all", Any_: "any", Not: "not", DecisionTest: "outcome of an upstream decision"}
    for one in conditions():
        if isinstance(one, FactTest):
            yield one.operator
            if any(isinstance(operand, ParameterRef) for operand in one.operands):
                yield "parameter in a condition"
        else:
            yield "always" if isinstance(one, str) else names[type(one)]


def in_rules() -> Iterator[str]:
    for decision in LIBRARY.decisions.values():
        yield f"hit policy {decision.hit_policy}"
        yield from (f"verdict {outcome.verdict}" for outcome in decision.outcomes.values())
    for rule in LIBRARY.rules.values():
        given = {
            "needs": rule.then.needs, "waives": rule.then.waives, "overrides": rule.overrides,
            "see_also": rule.see_also, "ended rule": rule.in_force.to,
        }  # fmt: skip
        yield from (name for name, value in given.items() if value)


def in_values() -> Iterator[str]:
    for value in values():
        yield f"value {value.head}"
        shifts = ("days", "months", "years", "first_day", "short_month")
        yield from (f"value {name}" for name in shifts if getattr(value, name) is not None)
        operands = (getattr(value, name) for name in ("days", "months", "years", *AMOUNTS))
        if any(isinstance(operand, ParameterRef) for operand in operands):
            yield "parameter in a value"


def in_records() -> Iterator[str]:
    for source in LIBRARY.sources.values():
        yield f"source {source.kind}"
        yield f"authority {source.authority}"
    yield from (f"claim {claim.status}" for claim in LIBRARY.claims.values())
    tables = ("constraints", "disputes", "examples", "documents", "channels", "parameters")
    yield from (name for name in tables if getattr(LIBRARY.authored, name))


USED = {*in_vocabulary(), *in_conditions(), *in_rules(), *in_values(), *in_records()}


@pytest.mark.parametrize(
    "feature",
    [
        *("years_between", "months_between", "days_between", "relation", "compare", "dated group"),
        *(f"fact {kind}" for kind in ("bool", "enum", "integer", "decimal", "date", "place")),
        *OPERATORS,
        *("always", "all", "any", "not", "outcome of an upstream decision"),
        *("parameter in a condition", "parameter in a value", "hit policy unique"),
        *("hit policy collect", "needs", "waives", "overrides", "see_also", "ended rule"),
        *(f"verdict {one}" for one in ("eligible", "action_needed", "not_eligible")),
        *(f"verdict {one}" for one in ("not_applicable", "stated", "unclear")),
        *(
            "value date",
            "value days",
            "value months",
            "value years",
            "value first_day",
            "value short_month",
        ),
        *("value month_start", "value calendar", *(f"value {one}" for one in AMOUNTS)),
        *("value range", "value earliest", "value latest", "source text", "source silence"),
        *(f"authority {one}" for one in ("A", "B", "B*", "C", "C*", "D")),
        *(f"claim {one}" for one in ("encoded", "rejected", "not_decidable")),
        *("constraints", "disputes", "examples", "documents", "channels", "parameters"),
        "likelihood",
    ],
)
def test_feature(feature: str) -> None:
    assert feature in USED
