"""`rules graph` and the rule book of `rules export` as a script meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.folders import ROOT

GOOD = ROOT / "tests" / "rulesets" / "good"


def run(*asked: str) -> subprocess.CompletedProcess[str]:
    """The program on small rules, in English."""
    line = [sys.executable, "-m", "tui", "--lang", "en", "rules", "--rulesets", str(GOOD), *asked]
    return subprocess.run(
        line, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def test_a_picture_on_stdout_and_in_a_file_are_the_same(tmp_path: Path) -> None:
    asked = ("graph", "clinic", "--kind", "requirements", "--format", "svg")
    shown = run(*asked)
    file = tmp_path / "picture.svg"
    written = run(*asked, "-o", str(file))
    assert (shown.returncode, written.returncode, written.stdout) == (0, 0, "")
    assert shown.stdout == file.read_text("utf-8")
    assert shown.stdout.startswith("<svg")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["graph", "--decision", "nothing"], "needs_filing"),
        (["graph", "clinic", "--rows", "nothing", "--columns", "emergency"], "nothing"),
        (["export", "--format", "html", "--topic", "clinic", "-o", "book"], "--topic"),
        (["export", "--format", "markdown", "-o", str(GOOD / "records.yaml")], "records.yaml"),
    ],
)
def test_what_cannot_be_drawn_is_said(asked: list[str], told: str) -> None:
    ended = run(*asked)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_book_of_small_rules_is_written_whole(tmp_path: Path) -> None:
    ended = run("export", "--format", "html", "-o", str(tmp_path / "book"))
    assert ended.returncode == 0
    names = {one.name for one in (tmp_path / "book").iterdir()}
    assert {"index.html", "topic-clinic.html", "sources.html", "claims.html"} <= names
    assert f"{len(names)} files" in ended.stdout
