"""Conditions as authored: what is read as which, where each test stands, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from engine.condition import (
    All,
    Any_,
    Condition,
    DecisionTest,
    FactTest,
    Not,
    ParameterRef,
    constants_in,
    leaves,
)
from engine.scalars import REFUSED

READ: TypeAdapter[Condition] = TypeAdapter(Condition)
ONE = {"fact": "one", "equals": 1}
MANY = {"fact": "many", "in": [1, Decimal("2.5"), {"param": "limit"}]}
ASKED = {"decision": "asked", "in": ["yes", "no"]}
NESTED = {"all": [ONE, {"any": [MANY, {"not": ASKED}]}, {"not": {"all": [ONE]}}]}


@pytest.mark.parametrize(
    ("condition", "kind"),
    [(ONE, FactTest), (ASKED, DecisionTest), ({"all": [ONE]}, All), ({"any": [ONE]}, Any_),
     ({"not": ONE}, Not)],
)  # fmt: skip
def test_a_condition_is_what_its_one_word_says(condition: dict[str, Any], kind: type) -> None:
    read = READ.validate_python(condition)
    assert isinstance(read, kind)
    # What is read already is taken as it is.
    assert READ.validate_python({"not": read}) == Not.model_validate({"not": condition})


@pytest.mark.parametrize("condition", [{}, {"all": [ONE], "any": [ONE]}, 5, None, [ONE], {"x": 1}])
def test_what_is_no_condition_is_told_the_words_there_are(condition: object) -> None:
    with pytest.raises(ValidationError) as caught:
        READ.validate_python(condition)
    (error,) = caught.value.errors()
    assert (error["type"], error["msg"]) == ("condition", (
        "a condition is `always`, or has exactly one of `all`, `any`, `not`, `fact`, `decision`"
    ))  # fmt: skip


def test_always_has_no_test() -> None:
    assert READ.validate_python("always") == "always"
    assert [*leaves("always")] == []
    assert constants_in("always") == 0
    with pytest.raises(ValidationError, match="Input should be 'always'"):
        READ.validate_python("never")


def test_each_test_of_a_condition_has_its_path() -> None:
    read = READ.validate_python(NESTED)
    assert [(path, leaf.model_dump(by_alias=True, exclude_none=True))
            for path, leaf in leaves(read, ("when",))] == [
        (("when", "all", 0), ONE),
        (("when", "all", 1, "any", 0), MANY),
        (("when", "all", 1, "any", 1, "not"), ASKED),
        (("when", "all", 2, "not", "all", 0), ONE),
    ]  # fmt: skip
    assert next(leaves(read))[0] == ("all", 0)
    # A test of a decision compares with its outcomes, which are counted once.
    assert constants_in(read) == 1 + 3 + 1 + 1


@pytest.mark.parametrize(
    ("test", "operator", "operands"),
    [
        ({"equals": False}, "equals", [False]),
        ({"in": ["a", "b"]}, "in", ["a", "b"]),
        ({"lt": 0}, "lt", [0]),
        ({"lte": "2026-01-01"}, "lte", ["2026-01-01"]),
        ({"gt": {"param": "limit"}}, "gt", [ParameterRef(param="limit")]),
        ({"gte": ParameterRef(param="limit")}, "gte", [ParameterRef(param="limit")]),
        ({"between": [1, 2]}, "between", [1, 2]),
        ({"between": (1, {"param": "limit"})}, "between", [1, ParameterRef(param="limit")]),
    ],
)
def test_a_test_has_one_operator_and_its_operands(
    test: dict[str, Any], operator: str, operands: list[Any]
) -> None:
    read = FactTest.model_validate({"fact": "one", **test})
    assert (read.operator, read.operands) == (operator, operands)


def test_the_outcomes_that_satisfy_a_test() -> None:
    assert DecisionTest(decision="asked", equals="yes").outcomes == ["yes"]
    assert DecisionTest.model_validate(ASKED).outcomes == ["yes", "no"]


@pytest.mark.parametrize(
    ("kind", "data", "message", "help_", "at"),
    [
        (FactTest, {"fact": "one"}, "a test has exactly one operator (found: none)",
         "allowed here: `equals`, `in`, `lt`, `lte`, `gt`, `gte`, `between`", ()),
        (FactTest, {"fact": "one", "lt": 5, "gte": 1},
         "a test has exactly one operator (found: `lt`, `gte`)",
         "write a test for each, below `all`", ("gte",)),
        (FactTest, {"fact": "one", "between": [1]},
         "two values are needed here, [from, to] (found: 1)", "", ()),
        (FactTest, {"fact": "one", "equals": None, "lt": [1]},
         "a number, a date, a text, `true` or `false` is expected here", "", ()),
        (DecisionTest, {"decision": "asked"},
         "a decision is tested with one of `equals` and `in`", "", ()),
        (DecisionTest, {**ASKED, "equals": "yes"},
         "a decision is tested with one of `equals` and `in`", "", ()),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(
    kind: type[FactTest | DecisionTest],
    data: dict[str, Any],
    message: str,
    help_: str,
    at: tuple[str, ...],
) -> None:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(data)
    (error,) = caught.value.errors()
    assert (error["type"], error["msg"]) == (REFUSED, message)
    assert (error["ctx"]["help"], tuple(error["ctx"]["at"])) == (help_, at)
