"""The board of `rules watch` in lines: what is told first, and how little where it must fit."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.workbench.board import Board
from engine.workbench.workbench import Workbench
from tests.support.folders import ROOT
from tui.locale import Locale
from tui.rules.watching_words import fitting
from tui.text.width import cell_len

GOOD = ROOT / "tests" / "rulesets" / "good"
CITY = "clinic/440300-shenzhen.yaml"


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    folder = Path(shutil.copytree(GOOD, tmp_path / "rulesets"))
    found = Workbench(folder, as_of=date(2026, 3, 1))
    found.look()
    return found


def saved(bench: Workbench, before: str, after: str, name: str = CITY) -> Board:
    path = bench.folder / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    board = bench.look()
    while board.pending:
        board = bench.deepen()
    return board


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_change_changes_is_told(bench: Workbench, lang: str) -> None:
    board = saved(bench, "to: 2026-12-31", "to: 2025-12-31")
    t = Locale(lang)
    lines = fitting(board, bench, t, 80, 1_000)
    since = t("watch.since.start")
    assert t.count("watch.moved", sum(one.classes for one in board.moved), since=since) in lines
    was, now = ({"zh": "不用备案", "en": "No filing is needed"}[lang],
                {"zh": "先备案", "en": "File first"}[lang])  # fmt: skip
    at = next(number for number, line in enumerate(lines) if line.startswith("needs_filing"))
    assert was in lines[at + 1]
    assert now in lines[at + 2]
    assert "sz_elsewhere" in lines[at + 3]
    # The example beside the rule objects, and says by which rule.
    (failed,) = (number for number, line in enumerate(lines) if "needs_filing.outcome" in line)
    assert "cn_elsewhere" in lines[failed + 1]
    # A topic whose file was saved is told decision by decision.
    assert any(line.startswith("  may_visit") for line in lines)
    short = fitting(board, bench, t, 80, 23)
    assert sum(-(-cell_len(line) // 80) or 1 for line in short) <= 23
    assert short[-1] == lines[-1]


def test_faults_of_what_was_saved_come_first_and_stand_alone(bench: Workbench) -> None:
    board = saved(bench, "  article:\n    title", "  artikel:\n    title", "records.yaml")
    assert board.faults[0].place.file != "records.yaml"
    lines = fitting(board, bench, Locale("en"), 80, 1_000)
    first = next(line for line in lines if ".yaml:" in line)
    assert first.startswith("records.yaml:")
    assert not any(line.startswith("clinic ") for line in lines)
    assert lines[-1] == Locale("en")("watch.while_faults")
