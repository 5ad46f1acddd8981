"""`rules export` and `rules import` as a script meets them, and what `rules verify` then proves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.folders import ROOT
from tui.rules import command

TIMEOUT = 100
FEES: dict[str, Any] = {
    "hitPolicy": "first",
    "inputs": [{"id": "a", "name": "Age", "field": "age"},
               {"id": "k", "name": "Kind of ticket", "field": "ticket.kind"}],
    "outputs": [{"id": "o", "name": "Fee", "field": "fee"}],
    "rules": [{"a": "< 6", "o": "0"}, {"a": "[6..18)", "k": "'day', 'week'", "o": "5"},
              {"a": ">= 18", "k": "'day'", "o": "10"}, {"a": ">= 18", "o": "20"}],
}  # fmt: skip


def run(*asked: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The program, in English."""
    line = [sys.executable, "-m", "tui", "rules", *map(str, asked)]
    surroundings = {
        **os.environ,
        "TONGBAO_LANG": "en",
        "LANG": "en_US.UTF-8",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        line, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=TIMEOUT,
        check=False,
    )  # fmt: skip


def fees(folder: Path, **more: Any) -> Path:
    """A file of one table with a gap."""
    node = {"id": "t", "name": "Fee", "type": "decisionTableNode", "content": {**FEES, **more}}
    file = folder / "fees.json"
    file.write_text(json.dumps({"nodes": [node]}), "utf-8")
    return file


def test_a_table_of_others_is_proved(tmp_path: Path) -> None:
    """The gap in it is found: a child with a ticket of another kind."""
    done = run("import", fees(tmp_path), "-o", tmp_path / "draft", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "1 tables, 4 rules, 2 facts" in done.stdout
    proof = run("--rulesets", tmp_path / "draft", "verify", "--json", "--lang", "en")
    assert proof.returncode == 3, proof.stderr
    (finding,) = json.loads(proof.stdout)["findings"]
    assert finding["kind"] == "no_rule"


def test_what_is_not_read_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [{"a": "age > 5", "o": "1"}, {"k": "contains($, 'x')\u001b[31m", "o": "2"}]
    code = command.import_(str(fees(tmp_path, rules=rows)), str(tmp_path / "draft"), "en")
    out, told = capfd.readouterr()
    assert (code, out) == (2, "")
    assert "rule 1, column" in told
    assert "rule 2, column" in told
    assert "\u001b" not in told
    assert not (tmp_path / "draft").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "mine").write_text("mine")
    assert command.import_(str(fees(tmp_path)), str(tmp_path / "draft"), "en") == 2
    assert [one.name for one in (tmp_path / "draft").iterdir()] == ["mine"]


def test_an_export_is_imported(tmp_path: Path) -> None:
    """Files of a topic in one place and its decisions: written, read, drafted, loaded."""
    asked = ["--topic", "on_behalf", "--region", "100000", "--as-of", "2026-02-28"]
    done = run("export", "--format", "dmn", *asked, "-o", tmp_path / "out", "--lang", "en")
    assert done.returncode == 0, done.stderr
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "on_behalf-100000.dmn"
    assert str(file) in done.stdout
    done = run("import", file, "-o", tmp_path / "draft", "--lang", "en")
    assert done.returncode == 0, done.stderr
    proof = run("--rulesets", tmp_path / "draft", "verify", "--lang", "en")
    assert proof.returncode == 0, proof.stdout


def test_what_cannot_be_exported(tmp_path: Path) -> None:
    done = run("export", "--format", "jdm", "--region", "nowhere", "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tongbao: ")
