"""The explain command as people and scripts meet it: words, forms, streams, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.folders import ROOT, project_over

GOOD = ROOT / "tests" / "rulesets" / "good"
GOLDEN = ROOT / "tests" / "golden" / "explain"
CASES = GOLDEN / "cases.jsonl"
TIMEOUT = 60


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program over the small rulesets."""
    return project_over(GOOD, tmp_path_factory.mktemp("project"))


def explain(project: Path, *args: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """The exit code, stdout and stderr of `explain`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "explain", *args], cwd=project, capture_output=True,
        timeout=TIMEOUT, input=stdin, env={**kept, "LC_ALL": "C.UTF-8", "PYTHONDEVMODE": "1"},
        check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert "Warning" not in said, said
    return done.returncode, done.stdout.decode(), said


@pytest.mark.parametrize(
    ("form", "lang", "name"),
    [("text", "zh", "zh.txt"), ("text", "en", "en.txt"), ("markdown", "en", "en.md")],
)
def test_golden(project: Path, form: str, lang: str, name: str) -> None:
    """The words equal their golden; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    code, out, said = explain(project, str(CASES), "--format", form, "--lang", lang)
    golden = GOLDEN / f"cases.{name}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(out, "utf-8")
    assert (code, said) == (1, "")
    assert golden.read_text("utf-8") == out


def test_json_has_everything(project: Path) -> None:
    code, out, said = explain(project, str(CASES), "--format", "json")
    assert (code, said) == (1, "")
    adult, away, *wrong = map(json.loads, out.splitlines())
    one = adult["decisions"]["may_visit"]
    assert set(one) == {"result", "why", "why_not", "what_if", "when", "still_open"}
    assert {"rule", "authority", "sources", "tests", "outcome"} <= set(one["why"][0]["rules"][0])
    assert away["decisions"]["may_visit"]["still_open"]["missing"]
    assert [each["error"]["code"] for each in wrong] == ["contradiction", "unknown_value"]


def test_one_case_and_one_decision(project: Path) -> None:
    args = (str(CASES), "--id", "adult", "--decision", "may_visit", "--format", "json")
    code, out, _ = explain(project, *args)
    assert code == 0
    assert list(json.loads(out)["decisions"]) == ["may_visit"]
    piped = explain(project, "-", *args[1:], stdin=CASES.read_bytes())
    assert piped == (0, out, "")


def test_the_day_counted_from(project: Path) -> None:
    case = json.dumps({"region": "440300", "birth_date": "2012-03-02"}).encode()
    _, out, _ = explain(project, "-", "--as-of", "2026-03-01", "--lang", "en", stdin=case)
    assert "2026-03-01" in out


def test_days_for_a_calendar(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "days.ics"
    code, _, said = explain(project, str(CASES), "--id", "adult", "--ics", str(target))
    assert (code, said) == (0, "")
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    code, out, said = explain(project, str(CASES), "--ics", str(target), "--lang", "en")
    assert (code, out) == (2, "")
    assert "--id" in said
    code, out, said = explain(project, str(CASES), "--id", "adult", "--ics", "/none/days.ics")
    assert (code, out) == (2, "")
    assert "/none/days.ics" in said


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["nowhere.jsonl"], "nowhere.jsonl"),
        ([str(CASES), "--id", "nobody"], "nobody"),
        ([str(CASES), "--topics", "castles"], "clinic"),
        ([str(CASES), "--decision", "may_fly"], "may_visit"),
        ([], "FILE"),
    ],
)
def test_usage(project: Path, args: list[str], word: str) -> None:
    code, out, said = explain(project, *args)
    assert (code, out) == (2, "")
    assert word in said


def test_a_line_that_is_no_case_does_not_hide_the_others(project: Path) -> None:
    lines = b'{"id": "broken", \n' + CASES.read_bytes().splitlines()[0] + b"\n"
    code, out, _ = explain(project, "-", "--format", "json", stdin=lines)
    assert code == 1
    assert "error" in json.loads(out.splitlines()[0])
    assert "may_visit" in json.loads(out.splitlines()[1])["decisions"]
