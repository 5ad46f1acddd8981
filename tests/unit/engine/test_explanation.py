"""Why, why not, what if and what is open, worked out by hand on a small ruleset."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import numpy as np
import pytest

from engine.analysis.boxes import Part
from engine.checker import Checker
from engine.coding import Span
from engine.explanation.explain import Explained, Explanation, explain_data
from engine.explanation.why_not import minimal
from tests.support.random_rulesets import ALWAYS, FACTS, PLACES, TEXT, load

DAY = date(2026, 2, 27)
NAME = "decision0"
# Old enough (14 or more at the visit) and with a flag: yes. Kind c is never answered yes. With a
# count of 3 or more a form comes first.
RULES: list[tuple[str, Any, str]] = [
    ("base", "always", "no"),
    ("old", {"all": [{"fact": "age", "gte": 14}, {"fact": "flag", "equals": True}]}, "yes"),
    ("much", {"all": [{"fact": "age", "gte": 14}, {"fact": "flag", "equals": True},
                      {"fact": "count", "gte": 3}]}, "form"),
    ("never", {"fact": "kind", "equals": "c"}, "no"),
]  # fmt: skip
VERDICTS = {"yes": "eligible", "form": "action_needed", "no": "not_eligible"}


def ruleset() -> dict[str, Any]:
    facts = deepcopy(FACTS)
    for name in ("flag", "kind", "count"):
        facts[name]["changeable"] = True
    age = {"years_between": {"from": "birth", "to": "visit", "short_month": "next_day"}}
    sources = {
        f"s{name}": {"title": TEXT, "body": TEXT, "number": None, "issued": None, "address": None,
                     "host": "original", "checked": "2026-01-01", "read": "whole", "authority": "A"}
        for name in ("0", *(one for one, _, _ in RULES), "up")
    }  # fmt: skip
    rules = [
        {"id": name, "decision": NAME, "when": when, "then": then, "because": TEXT,
         "sources": [{"source": f"s{name}", "clause": TEXT}], "in_force": ALWAYS,
         "overrides": [one for one, _, _ in RULES[:number]]}
        for number, (name, when, then) in enumerate(RULES)
    ]  # fmt: skip
    rules.append(
        {"id": "up", "decision": "decision1", "when": {"decision": NAME, "in": ["yes", "form"]},
         "then": "good", "because": TEXT, "sources": [{"source": "sup", "clause": TEXT}],
         "in_force": ALWAYS, "overrides": []}
    )  # fmt: skip
    rules.append({**rules[-1], "id": "down", "when": {"decision": NAME, "equals": "no"},
                  "then": "bad"})  # fmt: skip
    common = {"question": TEXT, "hit_policy": "unique", "region": "region", "date": "as_of"}
    decisions = {
        NAME: {
            **common, "inputs": ["age", "flag", "count", "kind"], "builds_on": [],
            "outcomes": {one: {"verdict": verdict, "title": TEXT}
                         for one, verdict in VERDICTS.items()},
        },
        "decision1": {
            **common, "inputs": [], "builds_on": [NAME],
            "outcomes": {"good": {"verdict": "eligible", "title": TEXT},
                         "bad": {"verdict": "not_eligible", "title": TEXT}},
        },
    }  # fmt: skip
    return {
        "regions": PLACES,
        "vocabulary": {"facts": facts, "derived": {"age": {"label": TEXT, **age}},
                       "constraints": []},
        "sources": {"sources": sources},
        "topic": {"topic": "topic", "title": TEXT, "about": TEXT, "decisions": decisions},
        "national": {"topic": "topic", "region": "100000", "rules": rules, "disputes": []},
    }  # fmt: skip


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    return Checker(load(ruleset(), tmp_path_factory.mktemp("rules")))


# Born on 29 February: 14 on 1 March, so 13 on the visit.
CASE = {"id": "one", "region": "440300", "birth": "2012-02-29", "visit": "2026-02-28",
        "flag": False, "kind": "a", "count": 0}  # fmt: skip


def explained(checker: Checker, **more: object) -> Explained:
    data = {name: value for name, value in {**CASE, **more}.items() if value != "left out"}
    return explain_data(checker, data, DAY).decisions[NAME]


def sets(one: Explained, outcome: str) -> set[frozenset[str]]:
    return {frozenset(blame.fact for blame in several)
            for why_not in one.why_not if why_not.outcome == outcome
            for several in why_not.sets}  # fmt: skip


def test_every_smallest_set_that_rules_an_outcome_out(checker: Checker) -> None:
    """`yes` wants a flag, and 14 years: birth and visit only together keep it below 14."""
    one = explained(checker)
    assert one.result.outcome == "no"
    assert sets(one, "yes") == {frozenset({"flag"}), frozenset({"birth", "visit"})}
    assert sets(one, "form") == sets(one, "yes") | {frozenset({"count"})}
    assert sets(explained(checker, kind="c"), "yes") == sets(one, "yes") | {frozenset({"kind"})}


def test_only_the_facts_at_fault_are_blamed(checker: Checker) -> None:
    one = explained(checker, flag=True, visit="2026-03-01", count=4)
    assert one.result.outcome == "form"
    assert sets(one, "yes") == {frozenset({"count"})}
    assert sets(one, "no") == {frozenset({"birth", "visit", "flag", "kind"})}


def test_what_is_needed_of_a_blamed_fact(checker: Checker) -> None:
    needs = {
        blame.fact: blame.needs
        for why_not in explained(checker).why_not
        if why_not.outcome == "form"
        for several in why_not.sets
        for blame in several
    }
    assert needs["flag"] == ((Part("flag", ("true",)),),)
    assert needs["count"] == ((Part("count", spans=(Span(3, None),)),),)
    assert needs["birth"] == needs["visit"] == ((Part("age", spans=(Span(14, None),)),),)


def test_an_unknown_fact_is_never_blamed(checker: Checker) -> None:
    one = explained(checker, flag="left out")
    assert sets(one, "yes") == {frozenset({"birth", "visit"})}
    assert [missing.fact for missing in one.still_open.missing] == []
    assert one.still_open.settled


def test_the_nearest_changes(checker: Checker) -> None:
    """At 14 a flag is all it takes; a count of 3 would bring the form besides."""
    one = explained(checker, visit="2026-03-01")
    assert [(change.outcome, change.facts, change.changes) for change in one.what_if] == [
        ("yes", ("flag",), (Part("flag", ("true",)),)),
        ("form", ("flag", "count"),
         (Part("flag", ("true",)), Part("count", spans=(Span(3, None),)))),
    ]  # fmt: skip
    assert [change.better for change in one.what_if] == [True, True]
    assert one.what_if[1].example == {"flag": True, "count": 3}


def test_what_cannot_be_changed_is_no_change(checker: Checker) -> None:
    assert explained(checker).what_if == ()


def test_a_change_with_something_unknown_says_what_it_takes_besides(checker: Checker) -> None:
    (change,) = [one for one in explained(checker, visit="2026-03-01", count="left out").what_if
                 if one.outcome == "yes"]  # fmt: skip
    assert change.facts == ("flag",)
    assert change.provided == (Part("count", spans=(Span(None, 3),)),)


def test_the_trace_of_a_complete_case(checker: Checker) -> None:
    one = explained(checker, flag=True, visit="2026-03-01", count=4)
    (why,) = one.why
    assert why.fired == ("base", "old", "much")
    assert [rule.rule.id for rule in why.rules] == ["much"]
    assert [(loser.rule.id, loser.beaten, loser.by) for loser in why.dissent] == [
        ("base", "override", ("much",)), ("old", "override", ("much",)),
    ]  # fmt: skip
    age, flag, count = why.rules[0].tests.leaves()
    assert (age.holds, age.worked_out) == (True, 14)
    assert {given.fact: given.value for given in age.given} == {
        "birth": "2012-02-29", "visit": "2026-03-01"
    }  # fmt: skip
    assert (flag.holds, count.holds, count.given[0].value) == (True, True, 4)


def test_an_upstream_answer_is_told_once(checker: Checker) -> None:
    why = explain_data(checker, dict(CASE), DAY).decisions["decision1"].why
    assert [(one.decision, one.outcomes) for one in why] == [
        ("decision1", ("bad",)), (NAME, ("no",)),
    ]  # fmt: skip
    (leaf,) = why[0].rules[0].tests.leaves()
    assert (leaf.kind, leaf.holds, leaf.outcomes) == ("decision", True, ("no",))


def test_what_each_answer_would_leave(checker: Checker) -> None:
    one = explained(checker, visit="2026-03-01", flag="left out", count="left out", kind="b")
    assert one.result.verdict == "undecided"
    narrowed = {missing.fact: {part: left.left for left in missing.narrows
                               for box in left.answers for part in box}
                for missing in one.still_open.missing}  # fmt: skip
    assert narrowed["flag"] == {
        Part("flag", ("false",)): ("no",), Part("flag", ("true",)): ("yes", "form"),
    }  # fmt: skip
    assert narrowed["count"] == {
        Part("count", spans=(Span(None, 3),)): ("yes", "no"),
        Part("count", spans=(Span(3, None),)): ("form", "no"),
    }
    assert set(one.still_open.possible) == {"yes", "form", "no"}


def test_a_case_in_error_is_explained_as_that(checker: Checker) -> None:
    told = explain_data(checker, {**CASE, "flag": 1}, DAY)
    assert isinstance(told, Explanation)
    assert not told.decisions
    assert told.to_json()["error"] == {
        "code": "wrong_type", "field": "/flag", "message": "found 1", "allowed": "true or false"
    }  # fmt: skip


def test_smallest_sets_of_dimensions() -> None:
    """Index 0 is fixed: shut when the first is fixed, or the second and the third are."""
    shut = np.zeros((2, 2, 2), dtype=bool)
    shut[0] = True
    shut[:, 0, 0] = True
    assert sorted(minimal(shut)) == [[0], [1, 2]]
