"""Explanations of the shipped rules: true when tried, and two of them worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.adjudication import NEEDED
from engine.case import read_case
from engine.checker import Checker
from engine.errors import CaseError
from engine.explanation.explain import Explanation, explain_data
from engine.explanation.space import given_facts
from tests.support import loaded

DAY = date(2026, 3, 5)
EVERY = 43
"""Every so many examples one is explained: all would take minutes."""

AWAY = {
    "id": "away", "topics": ["filing"], "region": "440300", "care_region": "430100",
    "visit_date": "2026-03-02", "stay_kind": "long_term", "referral": False, "emergency": False,
    "filed": "not_filed", "discharged": False, "used_own_card": True, "networked_hospital": True,
    "care_kind": "inpatient", "item_listing": "in_list", "third_party_injury": "no_injury",
}  # fmt: skip
BIG_HOSPITAL = {
    "id": "fourteen", "topics": ["hospital_binding"], "region": "440300", "scheme": "resident",
    "birth_date": "2012-03-02", "in_city": True, "institution_kind": "general_hospital",
    "institution_level": 2, "bound_community": 0, "bound_hospital": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def checker() -> Checker:
    return loaded.checker()


def may(checker: Checker, decision: str, data: dict[str, Any]) -> set[str]:
    """The outcomes that may come out of a case, sides of disputes too."""
    readings = checker.readings(decision, read_case(data, checker.library, DAY))
    found = [each for one in readings for each in one.found()]
    items = {item for each in found for item, one in each.items if one.outcome == NEEDED}
    return items | {outcome for each in found for outcome in each.outcomes}


def test_filing_before_discharge_settles_directly(checker: Checker) -> None:
    """A child living in Changsha, in hospital, not filed: the filing before the bill is the key.

    By the national rules (cn_status_not_filed_yet, cn_settle_filed_directly).
    """
    told = explain_data(checker, AWAY, DAY).decisions["settlement"]
    assert told.result.outcome == "file_before_discharge"
    changes = {one.facts: one for one in told.what_if if one.outcome == "settle_directly"}
    change = changes["filed",]
    assert change.better
    assert change.example["filed"] == "filed_long_term"
    again = checker.check({**AWAY, **change.example}, DAY).decisions["settlement"]
    assert (again.verdict, again.outcome) == ("eligible", "settle_directly")
    blamed = [{blame.fact for blame in several} for one in told.why_not
              if one.outcome == "settle_directly" for several in one.sets]  # fmt: skip
    # One set alone: whichever of these is otherwise, the bill may be settled directly.
    (facts,) = blamed
    assert {"filed", "discharged", "care_region", "emergency", "stay_kind"} <= facts
    assert [one.decision for one in told.why] == ["settlement", "filing_status", "filing_required"]


def test_at_fourteen_a_hospital_is_no_longer_bound(checker: Checker) -> None:
    """The 14th birthday was on 2 March: the age alone stands in the way, and nothing mends it."""
    told = explain_data(checker, BIG_HOSPITAL, DAY).decisions["may_bind"]
    assert told.result.verdict == "not_eligible"
    (one,) = [one for one in told.why_not if one.outcome == "bind_hospital"]
    (several,) = one.sets
    (blame,) = several
    assert blame.fact == "birth_date"
    ((part,),) = blame.needs
    assert (part.fact, part.spans[0].high) == ("age_now", 14)
    assert not [one for one in told.what_if if one.outcome == "bind_hospital"]


def test_explanations_of_the_examples_are_true(checker: Checker) -> None:
    """A set alone rules its outcome out, no part of it does, and a change gives what it says."""
    examples = list(checker.library.examples.values())[::EVERY]
    sets = changes = 0
    for example in examples:
        topics = sorted({checker.library.decisions[name].topic for name in example.expect})
        told = explain_data(checker, {"topics": topics, **example.case}, DAY)
        data = dict(example.case)
        for decision, one in told.decisions.items():
            sets += _sets_are_smallest(checker, decision, data, told)
            for change in one.what_if[:3]:
                again = checker.check({**data, **change.example}, DAY, topics)
                assert again.decisions[decision].outcome == change.outcome, (data, change)
                changes += 1
    assert sets > 50
    assert changes > 25


def _sets_are_smallest(
    checker: Checker, decision: str, data: dict[str, Any], told: Explanation
) -> int:
    """Whether leaving out all but a set of facts, or one of the set too, shows what it should."""
    given_ = {*given_facts(checker.library, decision), "id", "as_of"}
    tied = set(data) - given_
    count = 0
    for why_not in told.decisions[decision].why_not:
        for several in why_not.sets[:2]:
            facts = {blame.fact for blame in several}
            kept = {key: value for key, value in data.items() if key not in tied - facts}
            try:
                assert why_not.outcome not in may(checker, decision, kept), (data, why_not)
                for fact in facts:
                    rest = {key: value for key, value in kept.items() if key != fact}
                    assert why_not.outcome in may(checker, decision, rest), (data, why_not, fact)
            except CaseError:
                continue
            count += 1
    return count
