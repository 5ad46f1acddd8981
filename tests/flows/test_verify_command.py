"""`rules verify` over copies of what is shipped, each broken in one way, as a script meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.folders import ROOT, project_over

TIMEOUT = 100
RULES, TOPIC = "on_behalf/100000-national.yaml", "on_behalf/topic.yaml"
WORDS = "because: {zh: 因为。, en: Because.}"
CITED = 'sources: [{source: fund_use_regulation_2021, clause: {zh: "第十七条", en: "art. 17"}}]'
OWN = "{fact: code_used, equals: patients_own}"


def rule(name: str, decision: str, when: str, then: str, since: str = "2021-05-01") -> str:
    """A rule in YAML, as the last of its file."""
    return "\n".join([
        f"  - id: {name}", f"    decision: {decision}", f"    when: {when}", f"    then: {then}",
        f"    {WORDS}", f"    {CITED}", f"    in_force: {{from: {since}, to: null}}\n",
    ])  # fmt: skip


def added(text: str, *rules: str) -> str:
    """The file of a region with rules added below its own."""
    assert text.count("\ndisputes:") == 1
    return text.replace("\ndisputes:", "".join(rules) + "\ndisputes:")


def swapped(text: str, one: str, other: str, count: int = 1) -> str:
    assert text.count(one) >= count
    return text.replace(one, other)


def gap(text: str) -> str:
    when = (
        "{all: [{fact: errand, equals: visit_with_patient}, {fact: special_reason, equals: true}]}"
    )
    return swapped(text, "when: {fact: errand, equals: visit_with_patient}\n    then: no_del",
                   f"when: {when}\n    then: no_del")  # fmt: skip


def tie(text: str) -> str:
    return added(text, rule("cn_tied", "may_act", "{fact: errand, equals: buy_medicine}",
                            "patient_buys"))  # fmt: skip


def redundant(text: str) -> str:
    again = rule("cn_winner", "whose_code", OWN, "own_code_right")
    again = again.rstrip("\n") + "\n    overrides: [cn_code_own]\n"
    return added(text, again)


def gap_in_time(text: str) -> str:
    head, mine = text.split("  - id: cn_code_own\n")
    mine, tail = mine.split("\ndisputes:")
    mine = swapped(mine, "{from: 2021-05-01, to: null}", "{from: 2021-05-01, to: 2022-12-31}", 2)
    later = (
        rule("cn_later_own", "whose_code", OWN, "own_code_right", "2024-01-01"),
        rule("cn_later_other", "whose_code", "{fact: code_used, equals: helpers}",
             "others_code_violation", "2024-01-01"),
    )  # fmt: skip
    return added(head + "  - id: cn_code_own\n" + mine + "\ndisputes:" + tail, *later)


def outcome(text: str) -> str:
    return swapped(text, "      own_code_right:\n",
                   "      nowhere: {verdict: unclear, title: {zh: 无, en: none}}\n"
                   "      own_code_right:\n")  # fmt: skip


def invariant(text: str) -> str:
    return swapped(text, "order: [helpers, patients_own]", "order: [patients_own, helpers]")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_over(ROOT / "rulesets", tmp_path_factory.mktemp("project"))


def verify(project: Path, *args: str) -> tuple[int, str]:
    """The exit code and stdout of a verification; nothing else is written."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "rules", "verify", *args], cwd=project,
        capture_output=True, timeout=TIMEOUT, env={**kept, "LC_ALL": "C.UTF-8"}, check=False,
    )  # fmt: skip
    assert done.stderr == b""
    return done.returncode, done.stdout.decode()


BREAKS: dict[str, tuple[Any, str, str, str]] = {
    "no_rule": (gap, RULES, "", "errand"),
    "tie": (tie, RULES, "- id: cn_act_buy", "errand"),
    "always_beaten": (redundant, RULES, "- id: cn_code_own", "code_used"),
    "unreached_outcome": (outcome, TOPIC, "      nowhere:", ""),
    "gap_in_time": (gap_in_time, RULES, "- id: cn_code_own", ""),
    "monotone_broken": (invariant, TOPIC, "- id: only_the_patients_own_code", "code_used"),
}


@pytest.mark.parametrize("kind", sorted(BREAKS))
def test_what_is_broken_is_found_with_its_line_and_a_class(project: Path, kind: str) -> None:
    change, name, start, fact = BREAKS[kind]
    file = project / "rulesets" / name
    before = file.read_text("utf-8")
    file.write_text(change(before), "utf-8")
    try:
        code, out = verify(project, "on_behalf", "--json")
        lines = file.read_text("utf-8").splitlines()
    finally:
        file.write_text(before, "utf-8")
    assert code == 3
    found = json.loads(out)
    (one,) = [one for one in found["findings"] if one["kind"] == kind]
    assert found["summary"]["findings"] == len(found["findings"])
    if start:
        assert one["file"] == name
        assert lines[one["line"] - 1].startswith((f"  {start}", start))
    if fact:
        assert fact in {part["fact"] for part in one["class"]}
        assert one["words"]
    if kind == "gap_in_time":
        assert one["period"] == ["2023-01-01", "2023-12-31"]


def test_a_finding_in_words_of_both_languages(project: Path) -> None:
    file = project / "rulesets" / TOPIC
    before = file.read_text("utf-8")
    file.write_text(invariant(before), "utf-8")
    try:
        said = {lang: verify(project, "on_behalf", "--lang", lang) for lang in ("zh", "en")}
    finally:
        file.write_text(before, "utf-8")
    assert [code for code, _ in said.values()] == [3, 3]
    assert "patients_own" in said["en"][1]
    assert "    class: " in said["en"][1]
    assert "only_the_patients_own_code" in said["zh"][1]
    assert "    情形：" in said["zh"][1]


def test_what_is_shipped_is_proved_and_listed(project: Path) -> None:
    code, out = verify(project, "on_behalf", "--overlaps", "--coverage", "--lang", "en")
    assert code == 0
    first, *_, last = out.splitlines()
    assert first.startswith("declared dispute: cn_act_visit_absent and cn_act_article_visit, ")
    assert last.endswith(" 0 findings.")
