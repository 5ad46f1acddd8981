"""Verification finds what is wrong with a library, and names the rule and a class that shows it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.analysis.verification import Verification, verify
from engine.library import Library
from engine.scalars import Period
from tests.support.folders import ROOT

RULESETS = ROOT / "tests" / "rulesets"


def verified(folder: Path, *overlays: str) -> Verification:
    shutil.copytree(RULESETS / "good", folder, dirs_exist_ok=True)
    for name in overlays:
        shutil.copytree(RULESETS / "broken" / name, folder, dirs_exist_ok=True)
        (folder / "expected.yaml").unlink()
    return verify(Library.load(folder))


def test_nothing_is_wrong_with_the_good_library(tmp_path: Path) -> None:
    found = verified(tmp_path)
    assert [one for one in found.findings if one.kind != "unreached_outcome"] == []
    assert found.decisions
    assert found.programs >= found.decisions
    assert found.classes >= found.compared > 0


@pytest.mark.parametrize(
    ("overlay", "kind"), [("undeclared-tie", "tie"), ("no-rule-answers", "no_rule")]
)
def test_a_fault_comes_with_a_class_that_shows_it(tmp_path: Path, overlay: str, kind: str) -> None:
    findings = [one for one in verified(tmp_path, overlay).findings if one.kind == kind]
    assert findings
    assert findings[0].witness
    assert findings[0].place
    assert findings[0].period


RULE = """
  - id: cn_never_heard
    decision: {decision}
    when:
      all:
        - {{fact: {fact}, equals: true}}
        - {{fact: {fact}, equals: false}}
    then: {outcome}
    because: {{zh: 从不成立。, en: Never holds.}}
    sources: [{{source: measures, clause: {{zh: 正文, en: main text}}}}]
    in_force: {{from: null, to: null}}
"""


def test_a_rule_that_never_matches_is_dead(tmp_path: Path) -> None:
    shutil.copytree(RULESETS / "good", tmp_path, dirs_exist_ok=True)
    library = Library.load(tmp_path)
    decision, fact = next(
        (one, fact)
        for one in library.decisions.values()
        for fact in one.inputs
        if one.hit_policy == "unique"
        and fact in library.vocabulary.facts
        and library.vocabulary.facts[fact].type == "bool"
    )
    file = next(tmp_path.glob(f"{decision.topic}/100000-*.yaml"))
    text = file.read_text("utf-8")
    rule = RULE.format(decision=decision.id, fact=fact, outcome=next(iter(decision.outcomes)))
    assert "\nrules:" in text
    file.write_text(text.replace("\nrules:", "\nrules:" + rule.rstrip("\n"), 1), "utf-8")
    dead = [one for one in verify(Library.load(tmp_path)).findings if one.kind == "never_matches"]
    assert [one.rules for one in dead] == [("cn_never_heard",)]


def test_a_time_without_rules_between_times_with_rules_is_a_gap(tmp_path: Path) -> None:
    shutil.copytree(RULESETS / "good", tmp_path, dirs_exist_ok=True)
    library = Library.load(tmp_path)
    name = next(one.id for one in library.decisions.values() if one.hit_policy == "unique")
    early = Period.model_validate({"from": "2019-01-01", "to": "2019-12-31"})
    late = Period.model_validate({"from": "2021-01-01", "to": None})
    authored = library.authored
    for rule in [one for one in library.rules.values() if one.decision == name]:
        authored.rules[rule.id] = rule.model_copy(update={"in_force": early})
        again = {"in_force": late, "id": f"{rule.id}_again", "overrides": []}
        authored.rules[f"{rule.id}_again"] = rule.model_copy(update=again)
        authored.origins["rules", f"{rule.id}_again"] = authored.origins["rules", rule.id]
    gaps = [one for one in verify(Library(authored)).findings if one.kind == "gap_in_time"]
    assert {one.decision for one in gaps} == {name}
    assert {one.period for one in gaps} == {(date(2020, 1, 1), date(2020, 12, 31))}
