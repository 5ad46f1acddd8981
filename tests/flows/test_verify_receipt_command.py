"""Receipts checked as people and scripts do it: results, cases, changed rules, exit codes."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.folders import RULESETS, project_over

TIMEOUT = 60
CASES = [
    {"id": "child", "as_of": "2026-03-01", "region": "440300", "birth_date": "2012-03-02",
     "institution_kind": "hospital", "institution_level": 3},
    {"id": "open", "as_of": "2026-03-01", "region": "440300", "institution_kind": "hospital"},
    {"id": "wrong", "region": "?"},
]  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program over the small rulesets, with cases and their results."""
    folder = project_over(RULESETS, tmp_path_factory.mktemp("project"))
    (folder / "cases.jsonl").write_text("".join(json.dumps(one) + "\n" for one in CASES), "utf-8")
    code, out, _ = tongbao(folder, "check", "cases.jsonl")
    assert code == 1
    (folder / "results.jsonl").write_text(out, "utf-8")
    shutil.copytree(RULESETS, folder / "changed")
    rules = folder / "changed" / "clinic" / "440300-shenzhen.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("{fact: age_now, lt: 14}", "{fact: age_now, lt: 13}"), "utf-8")
    return folder


def tongbao(folder: Path, *args: str, stdin: bytes = b"") -> tuple[int, str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "tui", *args], cwd=folder, capture_output=True, timeout=TIMEOUT,
        input=stdin, env={**kept, "LC_ALL": "C.UTF-8", "PYTHONDEVMODE": "1"}, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert "Warning" not in said, said
    return done.returncode, done.stdout.decode(), said


def verified(folder: Path, *args: str, stdin: bytes = b"") -> tuple[int, list[Any], str]:
    code, out, said = tongbao(folder, "verify-receipt", *args, "--json", stdin=stdin)
    return code, [json.loads(line) for line in out.splitlines()], said


def test_results_of_the_same_rules_are_the_same(project: Path) -> None:
    """In whatever form results and cases come; what is joined, and how, is said."""
    packed = gzip.compress((project / "results.jsonl").read_bytes())
    code, found, said = verified(project, "-", "--cases", "cases.jsonl", stdin=packed)
    assert [one["verdict"] for one in found] == ["same", "same", "error"]
    assert [one.get("case") for one in found] == ["id", "id", None]
    assert code == 0
    assert "2" in said


def test_changed_rules_are_named_with_what_they_say_now(project: Path) -> None:
    args = ("results.jsonl", "--cases", "cases.jsonl", "--rulesets", "changed")
    code, found, _ = verified(project, *args)
    child, still, _ = found
    assert code == 1
    assert child["verdict"] == "rules_changed_answer_differs"
    assert still["verdict"].startswith("rules_changed")
    assert child["receipt"].split("-")[1:] == child["now"].split("-")[1:]
    (cause,) = [one for one in child["because"] if one["decision"] == "may_bind"]
    (then,) = cause["rules_then"]
    assert then["state"] == "does_not_hold"
    now = cause["rules_now"][0]
    assert now["in_force"]
    assert now["sources"]
    for lang, words in (("en", "rules changed: the answer now differs"), ("zh", "规定变了")):
        code, out, said = tongbao(project, "verify-receipt", *args, "--lang", lang)
        assert code == 1
        assert words in out
        for text in (then["rule"], now["rule"], child["receipt"], child["now"]):
            assert text in out
        assert all(len(line) <= 80 for line in out.splitlines())
        assert said


def test_an_altered_result_is_found_among_others(project: Path) -> None:
    lines = (project / "results.jsonl").read_text("utf-8").splitlines()
    result = json.loads(lines[0])
    result["decisions"]["may_bind"]["outcome"] = "bindable"
    text = "\n".join([*lines, json.dumps(result)])
    code, found, _ = verified(project, "-", "--cases", "cases.jsonl", stdin=text.encode())
    assert code == 1
    assert [one["verdict"] for one in found] == ["same", "same", "error", "altered"]
    assert found[-1]["because"][0]["differs"] == ["outcome"]


def test_what_explain_wrote_needs_no_cases(project: Path) -> None:
    _, out, _ = tongbao(project, "explain", "cases.jsonl", "--id", "child", "--format", "json")
    code, (found,), _ = verified(project, "-", stdin=out.encode())
    assert (code, found["verdict"], found["case"]) == (0, "same", "own")


def test_what_cannot_be_checked_is_no_success(project: Path) -> None:
    code, found, said = verified(project, "results.jsonl")
    assert code == 1
    assert {one["verdict"] for one in found} == {"no_case", "error"}
    assert "--cases" in said
    code, _, said = verified(project, "-", stdin=b'{"id": 1}\nno\n')
    assert code == 2
    assert "JSON Lines" in said
    code, found, said = verified(project, "-", "--cases", "-")
    assert (code, found) == (2, [])
    assert said
