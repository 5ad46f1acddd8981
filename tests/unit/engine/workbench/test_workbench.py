"""A workbench over a small folder: what a save changes, what it costs, what is compared with."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from engine.analysis.coverage import coverage
from engine.analysis.mutation import judge
from engine.analysis.verification import verify
from engine.examples import mismatches
from engine.workbench import committed, folder
from engine.workbench.board import Board, Row
from engine.workbench.workbench import Workbench
from tests.support import loaded
from tests.support.folders import ROOT

GOOD = ROOT / "tests" / "rulesets" / "good"
NATION, CITY, PLACE = (f"clinic/{one}.yaml" for one in (
    "100000-national", "440300-shenzhen", "110000-beijing"))  # fmt: skip
DAY = date(2026, 3, 1)
AUTHOR = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.invalid",
          "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.invalid"}  # fmt: skip


@pytest.fixture
def rulesets(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "rulesets"))


def edit(rulesets: Path, name: str, before: str, after: str) -> None:
    path = rulesets / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def whole(bench: Workbench, board: Board) -> Board:
    while board.pending:
        board = bench.deepen()
    return board


def row(board: Board, decision: str) -> Row:
    (found,) = (one for one in board.rows if one.decision == decision)
    return found


# -- what a board says -----------------------------------------------------------------------------


def test_a_board_says_what_the_commands_say(rulesets: Path) -> None:
    edit(rulesets, NATION, "equals: same_group}", "equals: same_pool}")
    edit(rulesets, CITY, "needed: [card]", "needed: [card, invoice]")
    bench = Workbench(rulesets, as_of=DAY)
    board = whole(bench, bench.look())
    library = loaded.library(rulesets)
    checker = loaded.checker(rulesets)
    said = {(one.file, one.line, one.key, str(one.got)) for one in board.failing}
    assert said == {(one.place.file, one.place.line, one.key, str(one.found))
                    for example in library.examples.values()
                    for one in mismatches(checker, example)}  # fmt: skip
    assert said
    findings = [one for each in board.rows for one in each.findings]
    assert findings == verify(library).findings != []
    score, found = judge(library), coverage(checker)
    assert sum(each.killed or 0 for each in board.rows) == score.counts["killed"]
    assert {one.line for each in board.rows for one in each.survivors} == {
        one.mutant.place(library).line for one in score.survivors
    }
    assert sum(each.showable or 0 for each in board.rows) == len(found.tests)
    assert sum(each.shown or 0 for each in board.rows) == sum(found.tests.values())


def test_a_fault_leaves_what_was_known_before(rulesets: Path) -> None:
    bench = Workbench(rulesets, as_of=DAY)
    before = bench.look()
    edit(rulesets, CITY, "{fact: emergency, equals: true}", "{fact: emergncy, equals: true}")
    board = bench.look()
    (fault,) = board.faults
    assert (fault.place.file, fault.source_line.strip()) == (
        CITY, "when: {fact: emergncy, equals: true}",
    )  # fmt: skip
    assert (board.rows, board.changed, board.number) == (before.rows, (CITY,), 2)
    assert not board.well
    edit(rulesets, CITY, "emergncy", "emergency")
    assert bench.look().faults == ()


def test_a_fault_that_only_compiling_shows_is_told_as_one(rulesets: Path) -> None:
    edit(rulesets, NATION, "in_force: {from: null, to: 2024-12-31}",
         "in_force: {from: 2024-01-01, to: 2024-12-31}")  # fmt: skip
    bench = Workbench(rulesets, as_of=DAY)
    board = whole(bench, bench.look())
    assert {one.message for one in board.faults} == {
        "parameter `adult_age` has no value here in the period of the rule"
    }
    # Lines that move are told as they are now.
    edit(rulesets, NATION, "rules:\n", "\n\nrules:\n")
    after = whole(bench, bench.look())
    assert [one.place.line for one in after.faults] == [one.place.line + 2 for one in board.faults]


def test_a_tie_is_a_finding_and_stops_nothing(rulesets: Path) -> None:
    text = (rulesets / NATION).read_text("utf-8")
    start, end = text.index("disputes:"), text.index("examples:")
    law = """invariants:
  - {id: for_good, because: {zh: 不翻转, en: no flip}, settled: {decision: may_visit}}
"""
    (rulesets / NATION).write_text(text[:start] + law + text[end:], "utf-8")
    bench = Workbench(rulesets, as_of=DAY)
    board = whole(bench, bench.look())
    assert "tie" in {one.kind for one in row(board, "may_visit").findings}
    assert row(board, "may_visit").classes != row(board, "may_visit").classes_answered
    assert [one for each in board.rows for one in each.findings] == verify(
        loaded.library(rulesets)
    ).findings


def test_a_change_of_words_leaves_nothing_to_do(rulesets: Path) -> None:
    bench = Workbench(rulesets, as_of=DAY)
    whole(bench, bench.look())
    edit(rulesets, NATION, "because: {zh: 没有跨省。", "because: {zh: 在省内。")
    edit(rulesets, "clinic/topic.yaml", "title: {zh: 不用备案", "title: {zh: 无须备案")
    edit(rulesets, "vocabulary.yaml", "label: {zh: 参保地", "label: {zh: 参保的地方")
    board = bench.look()
    assert (len(board.changed), board.pending) == (3, frozenset())


def test_a_place_leaves_the_others_as_they_are(rulesets: Path) -> None:
    bench = Workbench(rulesets, as_of=DAY)
    whole(bench, bench.look())
    edit(rulesets, CITY, "then: {waives: [referral]}", "then: {needs: [invoice]}")
    board = bench.look()
    # Only one decision is made from the rule.
    assert {one.decision for one in board.rows if one.classes is None} <= {"papers"}
    board = whole(bench, board)
    assert {one.region for one in board.moved} == {"440300"}
    assert {one.decision for one in board.moved} == {"papers"}


def test_moved_classes_are_shown_by_cases(rulesets: Path) -> None:
    bench = Workbench(rulesets, as_of=DAY)
    bench.look()
    edit(rulesets, CITY, "to: 2026-12-31", "to: 2026-06-30")
    board = whole(bench, bench.look())
    assert (board.since, {one.region for one in board.moved}) == ("start", {"440300"})
    filing = [one for one in board.moved if one.decision == "needs_filing"]
    assert {(one.then.outcome, one.now.outcome) for one in filing} == {("no_filing", "file_first")}
    now, before = loaded.checker(rulesets), loaded.checker(GOOD)
    for one in board.moved:
        (case,) = one.examples
        told = [checker.check(dict(case), decisions=[one.decision]).decisions[one.decision]
                for checker in (before, now)]  # fmt: skip
        assert [each.outcome for each in told] == [one.then.outcome, one.now.outcome]


def test_rules_for_a_decision_without_any_are_a_change(rulesets: Path) -> None:
    text = (rulesets / NATION).read_text("utf-8")
    start, end = text.index("  - id: cn_card"), text.index("disputes:")
    (rulesets / NATION).write_text(text[:start] + text[end:], "utf-8")
    for name, cut in ((CITY, "  - id: sz_no_referral"),):
        body = (rulesets / name).read_text("utf-8")
        body = body[: body.index(cut)] + body[body.index("examples:") :]
        body = body.replace("      papers: {verdict: stated, needed: [card]}\n", "")
        (rulesets / name).write_text(body, "utf-8")
    bench = Workbench(rulesets, as_of=DAY)
    bench.look()
    (rulesets / NATION).write_text(text, "utf-8")
    board = whole(bench, bench.look())
    papers = [one for one in board.moved if one.decision == "papers"]
    assert {one.then.outcome for one in papers} == {"not_covered"}


# -- files -----------------------------------------------------------------------------------------


def test_files_saved_added_and_removed_are_stale(rulesets: Path) -> None:
    bench = Workbench(rulesets, as_of=DAY)
    bench.look()
    assert bench.stale() == ()
    edit(rulesets, CITY, "value: 16", "value: 17")
    (rulesets / "new.yaml").write_text("facts: {}\n")
    (rulesets / PLACE).unlink()
    assert bench.stale() == (PLACE, CITY, "new.yaml")
    assert bench.look().changed == (PLACE, CITY, "new.yaml")
    assert bench.stale() == ()


def test_another_file_put_in_its_place_is_noticed(rulesets: Path) -> None:
    bench = Workbench(rulesets, as_of=DAY)
    bench.look()
    path = rulesets / CITY
    beside = path.with_suffix(".swp")
    shutil.copy2(path, beside)
    beside.replace(path)
    assert bench.stale() == (CITY,)
    assert bench.look().changed == ()


def test_a_second_save_within_a_tick_of_the_clock_is_noticed(rulesets: Path) -> None:
    bench = Workbench(rulesets, as_of=DAY)
    bench.look()
    edit(rulesets, CITY, "value: 16", "value: 17")
    bench.look()
    before = (rulesets / CITY).stat()
    edit(rulesets, CITY, "value: 17", "value: 18")
    os.utime(rulesets / CITY, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert folder.stamps(rulesets)[CITY] == (before.st_mtime_ns, before.st_size, before.st_ino)
    assert bench.stale() == (CITY,)


def test_a_link_is_not_followed(rulesets: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "far.yaml").write_text("facts: {}\n")
    (rulesets / "inside").symlink_to(tmp_path / "outside")
    assert not [one for one in folder.stamps(rulesets) if "far" in one]


def test_a_folder_that_is_gone_is_told_and_may_come_back(rulesets: Path) -> None:
    bench = Workbench(rulesets, as_of=DAY)
    rows = bench.look().rows
    away = rulesets.rename(rulesets.with_name("away"))
    assert bench.stale()
    board = bench.look()
    assert (len(board.faults), board.rows) == (1, rows)
    away.rename(rulesets)
    assert bench.look().faults == ()


# -- the last commit -------------------------------------------------------------------------------


def git(where: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=where, check=True, capture_output=True, env={**os.environ, **AUTHOR}
    )
    return done.stdout.decode().strip()


@pytest.fixture
def tracked(rulesets: Path) -> Path:
    git(rulesets.parent, "init", "--quiet")
    git(rulesets.parent, "add", ".")
    git(rulesets.parent, "commit", "--quiet", "-m", "first")
    return rulesets


def test_the_last_commit_is_what_is_compared_with(tracked: Path) -> None:
    edit(tracked, CITY, "to: 2026-12-31", "to: 2026-06-30")
    bench = Workbench(tracked, as_of=DAY)
    board = whole(bench, bench.look())
    assert board.since == f"HEAD {git(tracked, 'rev-parse', 'HEAD')[:7]}"
    assert board.moved
    git(tracked, "commit", "--quiet", "-am", "second")
    board = whole(bench, bench.look())
    assert (board.since, board.moved) == (f"HEAD {git(tracked, 'rev-parse', 'HEAD')[:7]}", ())


def test_the_files_of_a_commit_are_those_of_the_folder(tracked: Path) -> None:
    name = committed.commit(tracked)
    assert name is not None
    found = committed.at(tracked, name)
    assert found is not None
    assert dict(found.files) == {path.relative_to(GOOD).as_posix(): path.read_bytes()
                                 for path in GOOD.rglob("*.yaml")}  # fmt: skip


def test_nothing_of_a_strangers_configuration_is_run(tracked: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand",
                "filter.x.smudge", "filter.x.clean", "filter.x.process", "diff.external",
                "core.alternateRefsCommand", "uploadpack.packObjectsHook"):  # fmt: skip
        git(tracked, "config", key, str(trap))
    (tracked / ".gitattributes").write_text("*.yaml filter=x diff=x\n")
    hooks = tracked.parent / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "reference-transaction", "post-checkout", "pre-commit"):
        shutil.copy2(trap, hooks / hook)
    edit(tracked, CITY, "to: 2026-12-31", "to: 2026-06-30")
    index = (tracked.parent / ".git" / "index").read_bytes()
    bench = Workbench(tracked, as_of=DAY)
    assert bench.look().since.startswith("HEAD ")
    assert not (tmp_path / "sprung").exists()
    assert (tracked.parent / ".git" / "index").read_bytes() == index


def test_without_a_commit_that_holds_the_start_is_compared_with(tracked: Path) -> None:
    edit(tracked, CITY, "topic: clinic", "topic: clinik")
    git(tracked, "commit", "--quiet", "-am", "broken")
    edit(tracked, CITY, "topic: clinik", "topic: clinic")
    assert Workbench(tracked, as_of=DAY).look().since == "start"


def test_surroundings_that_name_another_work_tree_are_not_meant(
    tracked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert committed.commit(tracked) is not None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert committed.commit(tracked) is None
