"""`rules diff` as a policy officer or a script meets it: words, forms, cases, what is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.folders import ROOT, golden
from tui.locale import LANGUAGES
from tui.rules.document import WIDTH
from tui.text.width import cell_len

GOOD = "tests/rulesets/good"
GOLDEN = ROOT / "tests" / "golden" / "rules"
TIMEOUT = 60
SHENZHEN = ("440300@2023-09-30", "440300@2023-10-01", "--topic", "hospital_binding")


def diff(*args: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of `rules diff`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "rules", "diff", *args], cwd=ROOT, capture_output=True,
        timeout=TIMEOUT, env={**kept, "LC_ALL": "C.UTF-8", "PYTHONDEVMODE": "1"}, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert "Warning" not in said, said
    return done.returncode, done.stdout.decode(), said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shenzhen_before_and_after_october_2023(lang: str) -> None:
    code, out, said = diff(*SHENZHEN, "--lang", lang)
    assert (code, said) == (0, "")
    golden(GOLDEN / f"diff_shenzhen.{lang}.txt", out)
    assert [line for line in out.splitlines() if cell_len(line) > WIDTH] == []


def test_markdown() -> None:
    sides = (f"{GOOD}@{day}" for day in ("2024-12-31", "2025-01-01"))
    code, out, _ = diff(*sides, "--decision", "may_visit", "--format", "markdown")
    assert code == 0
    assert out.startswith("# ")
    assert "|---" in out
    assert "- **" in out


def test_data(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "a", "emergency": true}\n{"id": "b", "nope": 1}\n', "utf-8")
    sides = (f"{GOOD}@120000@{day}" for day in ("2024-12-31", "2025-01-01"))
    code, out, _ = diff(*sides, "--json", "--cases", str(cases))
    assert code == 1, "a case with an error"
    data = json.loads(out)
    assert [*data] == [
        "before", "after", "only_before", "only_after", "vocabulary", "places", "cases"
    ]  # fmt: skip
    assert data["before"] == {"folder": GOOD, "place": "120000", "day": "2024-12-31"}
    (place,) = data["places"]
    assert [one["differing"] for one in place["decisions"] if one["status"] == "changed"] == [16]
    for decision in place["decisions"]:
        assert [*decision] == ["decision", "status", "classes", "differing", "kept", "changes"]
        assert decision["classes"] in (None, decision["differing"] + sum(decision["kept"].values()))
        assert decision["differing"] == sum(one["classes"] for one in decision["changes"])
        for change in decision["changes"]:
            assert [*change] == [
                "before", "after", "classes", "boxes", "classes_outside_boxes", "rules_before",
                "rules_after",
            ]  # fmt: skip
            assert change["before"] != change["after"]
            assert all(rule["sources"] for rule in change["rules_before"])
            for part in (part for box in change["boxes"] for part in box):
                assert set(part) in ({"fact", "values"}, {"fact", "spans"})
    assert (data["cases"]["cases"], data["cases"]["decided"]) == (2, 1)
    assert data["cases"]["errors"] == {"unknown_key": 1}
    for rows in data["cases"]["decisions"].values():
        assert [(row["count"], row["examples"]) for row in rows] == [(1, ["a"])]


def test_two_versions_and_their_cases(tmp_path: Path) -> None:
    folder = tmp_path / "next"
    shutil.copytree(ROOT / GOOD, folder)
    file = folder / "clinic" / "100000-national.yaml"
    text = file.read_text("utf-8")
    assert "then: pays_part" in text
    file.write_text(text.replace("then: pays_part", "then: too_late"), "utf-8")
    cases = tmp_path / "cases.jsonl"
    poor = {"id": "poor", "region": "120000", "balance_yuan": 1, "bill_yuan": 2}
    dated = {"visit_date": "2026-01-01", "as_of": "2026-02-01"}
    cases.write_text(json.dumps({**poor, **dated}) + "\n", "utf-8")
    code, out, said = diff(GOOD, str(folder), "--lang", "en", "--as-of", "2026-03-01",
                           "--cases", str(cases))  # fmt: skip
    assert (code, said) == (0, "")
    assert "rules  1 changed: cn_short" in out
    # What changes everywhere alike is told once.
    assert out.count("It is too late") == 2
    assert "Will the account do? (payment): the same as in nationwide." in out
    assert "May the child go there?    unchanged" in out
    table = out[out.index("What becomes of the cases") :]
    assert "poor" in table
    assert "1 cases read, 1 decided, 0 with errors." in table


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("2023-09-30",), "B"),
        ((f"{GOOD}@Atlantis", GOOD), "Atlantis"),
        ((GOOD, GOOD, "--cases", "no-such-file"), "no-such-file"),
    ],
)
def test_usage(args: tuple[str, ...], word: str) -> None:
    code, out, said = diff(*args)
    assert (code, out) == (2, "")
    assert word in said


def test_a_broken_version(tmp_path: Path) -> None:
    shutil.copytree(ROOT / GOOD, tmp_path, dirs_exist_ok=True)
    (tmp_path / "extra.yaml").write_text("fact: {}\n", "utf-8")
    code, out, said = diff(GOOD, str(tmp_path))
    assert (code, out) == (3, "")
    assert "did you mean `facts`" in said
