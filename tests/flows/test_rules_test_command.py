"""The rules test command as a program: coverage, mutants, drafts, JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import RulesetError
from engine.library import Library
from tests.support.folders import ROOT


def rules_test(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", "rules", "test", *args]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_coverage_is_told_in_both_languages() -> None:
    for lang, word in (("zh", "MC/DC"), ("en", "alone decide")):
        done = rules_test("on_behalf", "--lang", lang, "--verbose")
        assert done.returncode == 0
        assert word in done.stdout
        assert done.stderr == ""


def test_drafts_say_where_to_look_and_expect_nothing(tmp_path: Path) -> None:
    file = tmp_path / "drafts.yaml"
    done = rules_test("on_behalf", "--drafts", str(file), "--json", "--lang", "en")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["coverage"]["rules"]["of"] == 11
    mutants = found["mutants"]
    text = file.read_text("utf-8")
    assert all(f"{one['file']}:{one['line']} " in text for one in mutants["survivors"])
    if mutants["survivors"]:
        ids = text.count("  - id: ")
        assert text.count("    cites:") == text.count("    case: ") == ids > 0
        folder = tmp_path / "rulesets"
        folder.mkdir()
        head = 'topic: t\nregion: "100000"\n'
        (folder / "100000.yaml").write_text(head + text, "utf-8")
        with pytest.raises(RulesetError, match="work it out from the clause"):
            Library.load(folder)
