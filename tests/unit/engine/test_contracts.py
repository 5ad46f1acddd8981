"""The published schemas of cases and results say what is accepted, and what comes out."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.case import read_case
from engine.contracts import case_schema, result_schema
from engine.errors import CaseError
from tests.support.folders import ROOT
from tests.support.loaded import checker, library

LIBRARY = library()
CASE = Draft202012Validator(json.loads(case_schema(LIBRARY)))
RESULT = Draft202012Validator(json.loads(result_schema(LIBRARY)))
AS_OF = date(2026, 3, 1)
TRIED: tuple[Any, ...] = (
    True, False, None, 0, 1, -1, 1.5, 10**9, "", "5", "2015", "2015-02", "2015-02-03", "2015-2-3",
    [], {}, ["hospital_binding"], "resident", "440300", "x",
)  # fmt: skip


def accepted(case: dict[str, Any]) -> bool:
    try:
        read_case(case, LIBRARY, AS_OF)
    except CaseError:
        return False
    return True


def test_they_are_schemas() -> None:
    Draft202012Validator.check_schema(CASE.schema)
    Draft202012Validator.check_schema(RESULT.schema)


@pytest.mark.parametrize(
    "key", [*LIBRARY.vocabulary.facts, "id", "as_of", "topics", "x_a", "nobody"]
)
def test_a_case_that_is_read_fits_and_one_of_a_wrong_type_does_not(key: str) -> None:
    for value in TRIED:
        if accepted({key: value}):
            assert CASE.is_valid({key: value}), value
    # What only the reader knows: which days and places there are, and how fine a number may be.
    places = key in LIBRARY.vocabulary.facts and LIBRARY.vocabulary.facts[key].type == "place"
    for value in (one for one in TRIED if not isinstance(one, str) or not (places or "-" in one)):
        if CASE.is_valid({key: value}) and not isinstance(value, float):
            assert accepted({key: value}), value


def test_every_example_fits_and_so_does_its_result() -> None:
    for number, example in enumerate(LIBRARY.examples.values()):
        case = json.loads(json.dumps(example.case, default=_plain))
        assert not [*CASE.iter_errors(case)], example.id
        if number % 40:
            continue
        result = checker().check(case, AS_OF, decisions=[*example.expect])
        assert not [*RESULT.iter_errors(json.loads(json.dumps(result.to_json(), default=_plain)))]


def test_results_of_the_documented_cases_fit() -> None:
    for name in (ROOT / "tests" / "golden" / "check").glob("*.out.jsonl"):
        for line in name.read_text("utf-8").splitlines():
            result = json.loads(line)
            if "decisions" in result or "error" in result:
                assert not [*RESULT.iter_errors(result)], line[:200]


def test_another_key_does_not_fit() -> None:
    assert not RESULT.is_valid({"id": "a", "verdict": "eligible"})
    assert not RESULT.is_valid({"id": "a", "decisions": {"may_bind": {"verdict": "maybe"}}})


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
