"""Examples that come out differently are told with where, what was expected and what came."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.examples import mismatches
from engine.ruleset import Example
from tests.support import loaded
from tests.support.folders import ROOT

CHECKER = loaded.checker(ROOT / "tests" / "rulesets" / "good")
NAME = "sz_no_filing"
FILE = "clinic/440300-shenzhen.yaml"


def changed(case: Mapping[str, object], expect: Mapping[str, object]) -> list[tuple[object, ...]]:
    """What is found when the example's case or its expectation of the filing is another."""
    example = CHECKER.library.examples[NAME]
    data = example.model_dump(by_alias=True, exclude_unset=True)
    data["case"] |= case
    data["expect"]["needs_filing"] |= expect
    found = mismatches(CHECKER, Example.model_validate(data))
    assert {one.place.file for one in found} <= {FILE}
    return [(one.decision, one.key, one.expected, one.found) for one in found]


def test_examples_that_come_out() -> None:
    assert [mismatches(CHECKER, one) for one in CHECKER.library.examples.values()] == [[], []]


@pytest.mark.parametrize(
    ("key", "expected", "came"),
    [
        ("outcome", "file_first", "no_filing"),
        ("evidence", "official", "reported"),
        ("dissent", ["cn_elsewhere"], ["cn_article_always_file", "cn_elsewhere"]),
        ("missing", ["emergency"], []),
        ("until", "2026-12-31", None),
    ],
)
def test_a_difference(key: str, expected: object, came: object) -> None:
    assert changed({}, {key: expected}) == [("needs_filing", key, expected, came)]


def test_what_is_needed_is_compared() -> None:
    example = CHECKER.library.examples[NAME]
    papers = example.expect["papers"].model_copy(update={"needed": ["card", "invoice"]})
    other = example.model_copy(update={"expect": {"papers": papers}})
    (found,) = mismatches(CHECKER, other)
    assert (found.key, found.expected, found.found) == ("needed", ["card", "invoice"], ["card"])


def test_a_difference_is_told_where_it_is_expected() -> None:
    example = CHECKER.library.examples[NAME]
    filing = example.expect["needs_filing"].model_copy(update={"verdict": "unclear"})
    (found,) = mismatches(CHECKER, example.model_copy(update={"expect": {"needs_filing": filing}}))
    lines = (ROOT / "tests" / "rulesets" / "good" / FILE).read_text("utf-8").splitlines()
    assert "needs_filing: {verdict: not_applicable" in lines[found.place.line - 1]


def test_a_case_that_cannot_be_decided() -> None:
    ((decision, key, expected, came),) = changed({"emergency": "perhaps"}, {})
    assert (decision, key, expected) == ("", "error", None)
    assert "perhaps" in str(came)
