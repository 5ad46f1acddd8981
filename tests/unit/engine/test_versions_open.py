"""Which versions of the rules a case leaves open whose date is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.one_decision import checker, rule

if TYPE_CHECKING:
    from pathlib import Path

CASE = {"region": "110000", "as_of": "2026-02-26", "visit": None}
RULES = [
    rule("base", "always", "a"),
    rule("later", {"fact": "flag", "equals": False}, "b", overrides=["base"],
         in_force={"from": "2026-02-27", "to": None}),
]  # fmt: skip


def test_every_version_that_the_date_may_fall_in(tmp_path: Path) -> None:
    found = checker(tmp_path, RULES, date="visit").check(CASE).decisions["asked"]
    assert (found.outcome, found.possible) == (None, ("a", "b"))


def test_none_that_a_constraint_on_the_date_rules_out(tmp_path: Path) -> None:
    never = {"not": {"fact": "visit", "equals": "2026-02-24"}}
    found = checker(tmp_path, RULES, date="visit", never=never).check(CASE).decisions["asked"]
    assert found.outcome == "a"


def test_a_place_lies_as_it_does_while_a_version_is_in_force(tmp_path: Path) -> None:
    # The two places belong together from the 26th: before the rule comes into force.
    apart = rule("apart", {"fact": "lying", "equals": "elsewhere"}, "b", overrides=["base"],
                 in_force={"from": "2026-02-27", "to": None})  # fmt: skip
    case = {**CASE, "away": "130200", "visit": "2026-02"}
    found = checker(tmp_path, [RULES[0], apart], date="visit").check(case).decisions["asked"]
    assert (found.outcome, found.missing) == ("a", ())


def test_none_that_a_constraint_rules_out_with_a_fact_no_rule_tests(tmp_path: Path) -> None:
    never = {"fact": "months", "gte": 168}
    case = {**CASE, "birth": "2012-02-26"}
    found = checker(tmp_path, RULES, date="visit", never=never).check(case).decisions["asked"]
    assert (found.outcome, found.missing) == ("a", ())
