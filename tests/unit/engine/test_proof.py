"""Each kind of finding, on a small ruleset broken in that way alone; and what is counted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine import answering, source_file
from engine.analysis.finding import Change, Finding
from engine.analysis.settled import Tried, flips
from engine.analysis.verification import Verification, verify
from engine.axis import number_axis
from engine.checker import Checker
from engine.library import Library
from engine.result import DecisionResult
from tests.support.folders import ROOT

GOOD = ROOT / "tests" / "rulesets" / "good"
EVER = {"from": "2000-01-01", "to": None}
BECAUSE = {"zh": "因为", "en": "because"}
AT_HOME = {"fact": "care_relation", "equals": "same_pool"}


def rule(name: str, decision: str, when: Any, then: Any, **more: Any) -> dict[str, Any]:
    cited = [{"source": "measures", "clause": {"zh": "一", "en": "1"}}]
    return {"id": name, "decision": decision, "when": when, "then": then, "because": BECAUSE,
            "sources": cited, "in_force": EVER, **more}  # fmt: skip


def topic_of(folder: Path) -> Any:
    """The topic as it is written, as data."""
    return source_file.parse("topic.yaml", (folder / "clinic" / "topic.yaml").read_bytes()).data


def library(folder: Path, *, rules: Any = (), invariants: Any = (), **files: Any) -> Library:
    """The good ruleset with rules and laws added."""
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    extra: dict[str, Any] = {"topic": "clinic", "region": "100000"}
    extra |= {"rules": list(rules)} if rules else {}
    if invariants:
        extra["invariants"] = [{"because": BECAUSE, **one} for one in invariants]
    for name, content in {"clinic/extra": extra, **files}.items():
        text = json.dumps(content, ensure_ascii=False, indent=1, default=float)
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return Library.load(folder)


def findings(found: Verification, kind: str) -> list[Finding]:
    return [one for one in found.findings if one.kind == kind]


def shown(finding: Finding) -> set[str]:
    """The facts that the class of a finding names."""
    return {part.fact for part in finding.witness}


def test_a_rule_whose_condition_contradicts_itself_never_matches(tmp_path: Path) -> None:
    when = {"all": [{"fact": "emergency", "equals": True}, {"fact": "emergency", "equals": False}]}
    found = verify(library(tmp_path, rules=[rule("dead", "needs_filing", when, "no_filing")]))
    assert [one.rules for one in findings(found, "never_matches")] == [("dead",)]


def test_a_rule_in_impossible_classes_only_names_what_rules_them_out(tmp_path: Path) -> None:
    when = {"all": [AT_HOME, {"fact": "emergency", "equals": True}]}
    never = {"id": "calm_at_home", "never": when, "because": BECAUSE}
    dead = rule("dead", "needs_filing", when, "file_first", overrides=["cn_at_home"])
    found = verify(library(tmp_path, rules=[dead], constraints={"constraints": [never]}))
    (one,) = findings(found, "only_impossible")
    assert one.rules == ("dead",)
    assert one.constraints == ("calm_at_home",)
    assert shown(one) == {"care_relation", "emergency"}


def test_a_rule_below_an_answer_that_never_comes_is_impossible(tmp_path: Path) -> None:
    when = {"all": [
        {"fact": "institution_kind", "equals": "hospital"},
        {"fact": "institution_level", "equals": 3},
        {"decision": "needs_filing", "equals": "group_exempt"},
        {"decision": "needs_filing", "equals": "no_filing"},
    ]}  # fmt: skip
    found = verify(library(tmp_path, rules=[rule("dead", "may_visit", when, "may")]))
    assert [one.rules for one in findings(found, "never_matches")] == [("dead",)]


def test_a_rule_that_says_what_a_winner_says_is_redundant(tmp_path: Path) -> None:
    said_already = rule("again", "needs_filing", AT_HOME, "no_filing")
    winner = rule("first", "needs_filing", AT_HOME, "no_filing", overrides=["again"])
    found = verify(library(tmp_path, rules=[said_already, winner]))
    (one,) = findings(found, "always_beaten")
    assert one.rules[0] == "again"
    assert "first" in one.rules
    assert shown(one) == {"care_relation"}


def test_a_tie_shows_its_class_and_a_case_and_counts_the_places(tmp_path: Path) -> None:
    tied = rule("tied", "needs_filing", AT_HOME, "file_first")
    found = verify(library(tmp_path, rules=[tied]))
    (one, *_) = findings(found, "tie")
    assert "tied" in one.rules
    assert shown(one) == {"care_relation"}
    assert one.case["region"]


def test_an_outcome_nobody_reaches(tmp_path: Path) -> None:
    loaded = library(tmp_path)
    topic = topic_of(tmp_path)
    outcome = {"verdict": "unclear", "title": {"zh": "无", "en": "none"}}
    topic["decisions"]["needs_filing"]["outcomes"]["nowhere"] = outcome
    loaded = library(tmp_path, **{"clinic/topic": topic})
    assert "nowhere" in {one.outcome for one in findings(verify(loaded), "unreached_outcome")}


# -- laws ----------------------------------------------------------------------------------------


def test_a_law_that_holds_is_counted_and_finds_nothing(tmp_path: Path) -> None:
    filed = {"decision": "needs_filing", "equals": "file_first"}
    laws = [
        {"id": "n", "never": {"all": [AT_HOME, filed]}},
        {"id": "m", "monotone": {"decision": "needs_filing", "fact": "emergency",
                                 "order": [False, True]}},
        {"id": "s", "settled": {"decision": "may_visit"}},
    ]  # fmt: skip
    found = verify(library(tmp_path, invariants=laws))
    assert [one for one in found.findings if one.invariant] == []
    assert found.invariants == 3
    assert found.tried.partial > 20
    assert found.tried.completions > 20


def test_a_class_that_must_never_be(tmp_path: Path) -> None:
    never = {"all": [{"fact": "emergency", "equals": False},
                     {"decision": "needs_filing", "equals": "no_filing"}]}  # fmt: skip
    (one,) = findings(verify(library(tmp_path, invariants=[{"id": "n", "never": never}])),
                      "never_broken")  # fmt: skip
    assert one.invariant == "n"
    assert shown(one) == {"care_relation", "emergency"}
    assert one.case["emergency"] is False


def test_a_law_over_decisions_of_one_chain(tmp_path: Path) -> None:
    joint = {"all": [{"decision": "needs_filing", "equals": "no_filing"},
                     {"decision": "may_visit", "equals": "ask_first"}]}  # fmt: skip
    kept = {"all": [{"decision": "needs_filing", "equals": "no_filing"},
                    {"fact": "age_at_visit", "lt": 14},
                    {"decision": "may_visit", "equals": "ask_first"}]}  # fmt: skip
    laws = [{"id": "broken", "never": joint}, {"id": "kept", "never": kept}]
    found = findings(verify(library(tmp_path, invariants=laws)), "never_broken")
    assert [one.invariant for one in found] == ["broken"]


@pytest.mark.parametrize("side", ["may_not", "ask_first"])
def test_either_side_of_a_dispute_breaks_a_law(tmp_path: Path, side: str) -> None:
    tested = {"decision": "may_visit", "equals": side}
    never = {"all": [{"fact": "age_at_visit", "gte": 20}, tested]}
    (one,) = findings(verify(library(tmp_path, invariants=[{"id": "n", "never": never}])),
                      "never_broken")  # fmt: skip
    assert "age_at_visit" in shown(one)


def test_an_answer_that_gets_worse(tmp_path: Path) -> None:
    law = {"decision": "may_visit", "fact": "institution_kind", "order": ["clinic", "hospital"]}
    when = {"all": [{"fact": "institution_kind", "equals": "hospital"},
                    {"fact": "age_at_visit", "lt": 3}]}  # fmt: skip
    beaten = ["cn_child_hospital", "cn_child_big_hospital"]
    strict = rule("strict", "may_visit", when, "may_not", overrides=beaten)
    loaded = library(tmp_path, rules=[strict], invariants=[{"id": "m", "monotone": law}])
    (one,) = findings(verify(loaded), "monotone_broken")
    assert one.fact == "institution_kind"
    assert one.moved == Change("clinic", "hospital")
    assert one.answers == Change("eligible", "not_eligible")
    assert "age_at_visit" in shown(one)
    back = {**law, "order": ["hospital", "clinic"]}
    loaded = library(tmp_path, rules=[strict], invariants=[{"id": "m", "monotone": back}])
    assert findings(verify(loaded), "monotone_broken") == []


def test_verdicts_that_are_not_listed_are_not_compared(tmp_path: Path) -> None:
    law = {"decision": "may_visit", "fact": "institution_kind", "order": ["clinic", "hospital"],
           "verdicts": ["stated", "eligible"]}  # fmt: skip
    loaded = library(tmp_path, invariants=[{"id": "m", "monotone": law}])
    assert findings(verify(loaded), "monotone_broken") == []


@pytest.mark.parametrize("place", ["440300", "110000"])
def test_a_law_of_a_place_is_checked_there_only(tmp_path: Path, place: str) -> None:
    local = rule("sz", "needs_filing", AT_HOME, "filing_unclear", overrides=["cn_at_home"])
    region = {"topic": "clinic", "region": "440300", "rules": [local]}
    topic = topic_of(GOOD)
    never = {"decision": "needs_filing", "equals": "filing_unclear"}
    law = {"id": "n", "region": place, "because": BECAUSE, "never": {"all": [AT_HOME, never]}}
    loaded = library(
        tmp_path, **{"clinic/sz": region, "clinic/topic": {**topic, "invariants": [law]}}
    )
    found = findings(verify(loaded), "never_broken")
    assert [one.place for one in found] == (["440300"] if place == "440300" else [])


def test_an_early_answer_that_flips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that speaks as soon as any class is open is found out."""
    combine = answering.combine

    def rash(library: Any, decision: Any, case: Any, readings: Any) -> DecisionResult:
        found = combine(library, decision, case, readings)
        if found.verdict != "undecided":
            return found
        first = readings[0].found()[0]
        return DecisionResult(first.verdict, first.outcome)

    loaded = library(tmp_path, invariants=[{"id": "s", "settled": {"decision": "may_visit"}}])
    law = loaded.invariants["s"]
    monkeypatch.setattr(answering, "combine", rash)
    (one, *_) = list(flips(Checker(loaded, compare=False), law, Tried()))
    assert one.kind == "settled_broken"
    assert one.answers is not None
    assert one.answers.before != one.answers.after
    monkeypatch.undo()
    assert list(flips(Checker(loaded, compare=False), law, Tried())) == []


# -- size, overlaps, coverage --------------------------------------------------------------------


def test_too_many_classes_name_what_to_split_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = library(tmp_path)
    monkeypatch.setattr("engine.limits.MAX_CLASSES", 10)
    found = findings(verify(loaded), "too_large")
    assert {one.decision for one in found} >= {"may_visit"}
    (one, *_) = [one for one in found if one.decision == "may_visit"]
    assert "more than 10 classes" in one.message
    assert "split a decision on some of these off" in one.message
    assert "institution_level" in one.message


def test_too_many_open_classes_and_cells_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = library(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("engine.open_classes.MAX_OPEN", 10)
        assert "classes are open" in findings(verify(loaded), "too_large")[0].message
    monkeypatch.setattr("engine.axis.MAX_CELLS", 0)
    number_axis.cache_clear()
    assert "combinations" in findings(verify(loaded), "too_large")[0].message


def test_overlaps_by_kind(tmp_path: Path) -> None:
    found = verify(library(tmp_path))
    ways = {(one.kind, one.how, one.rules) for one in found.overlaps}
    assert ("decided", "rejected", ("cn_at_home", "cn_article_always_file")) in ways
    assert ("decided", "override", ("sz_elsewhere", "cn_elsewhere")) in ways
    assert any(kind == "disputed" and {*rules} == {"cn_adult_may_not", "cn_adult_ask"}
               for kind, _, rules in ways)  # fmt: skip
    assert min(found.overlaps.values()) > 0


def test_places_that_a_topic_leaves_open_are_told(tmp_path: Path) -> None:
    topic = topic_of(GOOD)
    new = {**topic["decisions"]["needs_filing"], "region": "region"}
    topic["decisions"]["only_local"] = new
    local = rule("only_sz", "only_local", "always", "no_filing")
    region = {"topic": "clinic", "region": "440300", "rules": [local]}
    found = verify(library(tmp_path, **{"clinic/sz": region, "clinic/topic": topic}))
    assert ("only_local", "110000") in found.not_covered
    assert ("only_local", "440300") not in found.not_covered
    assert found.national > 0
    assert found.places >= len(found.not_covered) + found.national
