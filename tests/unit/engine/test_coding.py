"""Tests as ranges of integers: each kind of fact with each operator, and what fits none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.coding import (
    Coded,
    CodingError,
    Gap,
    Lying,
    Raw,
    Span,
    code_test,
    facts_of,
    subject_of,
)
from engine.condition import FactTest
from engine.vocabulary import MAX_UNITS, Derived, Fact
from tests.support.random_rulesets import DERIVED, FACTS, TEXT

LEVEL = {**FACTS["count"], "domain": {"min": 2, "max": 3}}
DEFINITIONS: dict[str, Fact | Derived] = {
    **{name: Fact.model_validate({"id": name, **one})
       for name, one in {**FACTS, "level": LEVEL}.items()},
    **{name: Derived.model_validate({"id": name, "label": TEXT, **one})
       for name, one in DERIVED.items()},
}  # fmt: skip
PARAMETERS: dict[str, int | Decimal] = {"one": 1, "half": Decimal("0.5"), "years": 14}
VISIT = 739_669  # 2026-02-22
HUGE = MAX_UNITS + 1


def parameter(name: str) -> int | Decimal | None:
    return PARAMETERS.get(name)


def coded(test: dict[str, Any]) -> Coded:
    one = FactTest.model_validate(test)
    return code_test(one, DEFINITIONS[one.fact], parameter)


@pytest.mark.parametrize(
    ("test", "spans"),
    [
        ({"fact": "flag", "equals": False}, [(0, 1)]),
        ({"fact": "flag", "equals": True}, [(1, 2)]),
        ({"fact": "kind", "in": ["c", "a"]}, [(2, 3), (0, 1)]),
        ({"fact": "count", "equals": 3}, [(3, 4)]),
        ({"fact": "count", "lt": 3}, [(None, 3)]),
        ({"fact": "count", "lte": 3}, [(None, 4)]),
        ({"fact": "count", "gt": 3}, [(4, None)]),
        ({"fact": "count", "gte": 3}, [(3, None)]),
        ({"fact": "count", "between": [0, 4]}, [(0, 5)]),
        ({"fact": "count", "between": [3, 3]}, [(3, 4)]),
        ({"fact": "count", "gte": {"param": "one"}}, [(1, None)]),
        # Plain numbers must be in order; parameters may have any value.
        ({"fact": "count", "between": [3, {"param": "one"}]}, [(3, 2)]),
        ({"fact": "one_amount", "lte": Decimal("0.3")}, [(None, 4)]),
        ({"fact": "one_amount", "equals": {"param": "half"}}, [(5, 6)]),
        ({"fact": "visit", "gt": "2026-02-22"}, [(VISIT + 1, None)]),
        ({"fact": "visit", "in": ["2026-02-22", "2026-03-04"]},
         [(VISIT, VISIT + 1), (VISIT + 10, VISIT + 11)]),
        # A year is twelve months, each of which counts.
        ({"fact": "age", "equals": 14}, [(168, 180)]),
        ({"fact": "age", "lt": {"param": "years"}}, [(None, 168)]),
        ({"fact": "months", "gte": 14}, [(14, None)]),
        ({"fact": "days", "lte": -3}, [(None, -2)]),
        # The gap runs from the first amount to the second.
        ({"fact": "against", "in": ["below", "equal", "above"]}, [(1, None), (0, 1), (None, 0)]),
        ({"fact": "lying", "equals": "abroad"}, [(4, 5)]),
    ],
)  # fmt: skip
def test_a_test_is_these_integers(
    test: dict[str, Any], spans: list[tuple[int | None, int | None]]
) -> None:
    found = coded(test)
    assert [(one.low, one.high) for one in found.spans] == spans
    assert found.subject == subject_of(test["fact"], DEFINITIONS[test["fact"]])


@pytest.mark.parametrize(
    ("fact", "subject", "facts"),
    [
        ("visit", Raw("visit"), ("visit",)),
        ("age", Gap("birth", "visit", "months", "next_day"), ("birth", "visit")),
        ("age_now", Gap("birth", "as_of", "months", "last_day"), ("birth", "as_of")),
        ("days", Gap("birth", "visit", "days", "next_day"), ("birth", "visit")),
        ("against", Gap("one_amount", "other_amount", "days", "next_day"),
         ("one_amount", "other_amount")),
        ("lying", Lying("region", "away", "pair", "visit"), ("region", "away", "visit")),
    ],
)  # fmt: skip
def test_a_test_looks_at_these_facts(fact: str, subject: Any, facts: tuple[str, ...]) -> None:
    assert subject_of(fact, DEFINITIONS[fact]) == subject
    assert facts_of(subject) == facts


def test_a_span_holds_its_low_end_and_not_its_high_one() -> None:
    assert [Span(1, 3).holds(value) for value in range(4)] == [False, True, True, False]
    assert [Span(None, 1).holds(value) for value in (-9, 0, 1)] == [True, True, False]
    assert [Span(1, None).holds(value) for value in (0, 1, 99)] == [False, True, True]


@pytest.mark.parametrize(
    ("test", "message", "help_", "index"),
    [
        ({"fact": "kind", "gt": "a"}, "`gt` needs an order, and `kind` has none",
         "use `equals` or `in`", None),
        ({"fact": "against", "between": ["below", "above"]},
         "`between` needs an order, and `against` has none", "use `equals` or `in`", None),
        ({"fact": "count", "between": [4, 3]},
         "`between` runs from the lower to the higher: [from, to]", "", None),
        ({"fact": "region", "equals": "440300"},
         "`region` is a place: rules do not test places",
         "write the rule in that region's file, or test a relation of places", None),
        ({"fact": "kind", "equals": {"param": "none"}},
         "a parameter is a number, and `kind` is none", "", None),
        ({"fact": "visit", "lt": {"param": "none"}},
         "a parameter is a number, and `visit` is none", "", None),
        ({"fact": "flag", "equals": "yes"}, "`flag` is `true` or `false` (found: `yes`)", "", 0),
        ({"fact": "kind", "in": ["a", "zzz"]}, "`zzz` is not a value of `kind`",
         "allowed value here: `a`, `b`, `c`", 1),
        ({"fact": "kind", "equals": "bb"}, "`bb` is not a value of `kind`", "did you mean `b`?", 0),
        ({"fact": "kind", "equals": True}, "`true` is not a value of `kind`",
         "allowed value here: `a`, `b`, `c`", 0),
        ({"fact": "visit", "equals": "26-02-22"}, "`visit` is a date (found: `26-02-22`)",
         "write a date as YYYY-MM-DD", 0),
        ({"fact": "visit", "equals": "2026-02-30"}, "`visit` is a date (found: `2026-02-30`)",
         "write a date as YYYY-MM-DD", 0),
        ({"fact": "visit", "equals": 5}, "`visit` is a date (found: `5`)",
         "write a date as YYYY-MM-DD", 0),
        ({"fact": "visit", "lt": "2026-03-05"},
         "`2026-03-05` lies outside the domain of `visit`",
         "it runs from 2026-02-22 to 2026-03-04", 0),
        ({"fact": "count", "in": [4, 5]}, "`5` lies outside the domain of `count`",
         "it runs from 0 to 4", 1),
        ({"fact": "count", "equals": -1}, "`-1` lies outside the domain of `count`",
         "it runs from 0 to 4", 0),
        ({"fact": "count", "equals": "3"}, "`count` is a number (found: `3`)",
         "write digits without quotes", 0),
        ({"fact": "count", "equals": True}, "`count` is a number (found: `true`)", "", 0),
        ({"fact": "count", "equals": Decimal("1.5")},
         "`1.5` is too fine for `count`: whole numbers only", "", 0),
        ({"fact": "one_amount", "equals": Decimal("0.25")},
         "`0.25` is too fine for `one_amount`: at most 1 decimal places", "", 0),
        ({"fact": "age", "equals": "14"}, "`age` is a number (found: `14`)",
         "write digits without quotes", 0),
        ({"fact": "age", "gt": Decimal("1.5")}, "`age` counts in whole units (found: `1.5`)", "",
         0),
        ({"fact": "days", "gt": HUGE}, f"`{HUGE}` is too large", "", 0),
        ({"fact": "days", "gt": -HUGE}, f"`-{HUGE}` is too large", "", 0),
        ({"fact": "months", "between": [1, HUGE]}, f"`{HUGE}` is too large", "", 1),
    ],
)  # fmt: skip
def test_what_does_not_fit_says_why_and_which_it_is(
    test: dict[str, Any], message: str, help_: str, index: int | None
) -> None:
    with pytest.raises(CodingError) as caught:
        coded(test)
    error = caught.value
    assert (error.message, str(error), error.help, error.index) == (message, message, help_, index)


def test_the_largest_numbers_that_fit() -> None:
    assert coded({"fact": "days", "gt": MAX_UNITS}).spans == (Span(MAX_UNITS + 1, None),)
    assert coded({"fact": "days", "lt": -MAX_UNITS}).spans == (Span(None, -MAX_UNITS),)


@pytest.mark.parametrize(("fact", "low"), [("level", 2), ("one_amount", 0), ("age", 0)])
def test_a_parameter_without_a_value_is_checked_with_one_that_fits(fact: str, low: int) -> None:
    assert coded({"fact": fact, "gte": {"param": "none"}}).spans == (Span(low, None),)
