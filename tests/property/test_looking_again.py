"""Whatever was saved in between, what a workbench knows is what a new one finds out by itself."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from engine.workbench.board import Board
from engine.workbench.committed import Baseline
from engine.workbench.workbench import Workbench
from tests.support.folders import ROOT

GOOD = ROOT / "tests" / "rulesets" / "good"
NATION, CITY, PLACE = (f"clinic/{one}.yaml" for one in (
    "100000-national", "440300-shenzhen", "110000-beijing"))  # fmt: skip
BASELINE = Baseline("before", {
    path.relative_to(GOOD).as_posix(): path.read_bytes() for path in sorted(GOOD.rglob("*.yaml"))
})  # fmt: skip
ADDED = """
topic: clinic
region: "120000"
rules:
  - id: tj_card
    decision: papers
    when: {fact: bill_yuan, lt: 20}
    then: {needs: [invoice]}
    because: {zh: 天津都要, en: always}
    sources: [{source: notice, clause: {zh: 一, en: art. 1}}]
    in_force: {from: 2024-01-01, to: null}
"""
# What an author may write into a file: what stands there, and what instead. Some break it.
CHANGES = [
    (NATION, "gte: 100.50", "gte: 99.50"),
    (NATION, "equals: same_group}", "equals: same_pool}"),
    (NATION, "days: {param: open_days}, first_day: in", "days: 30, first_day: in"),
    (NATION, "    value: 400", "    value: 401"),
    (NATION, "in_force: {from: 2000-01-01, to: null}", "in_force: {from: 2001-01-01, to: null}"),
    (NATION, "  - id: cn_late", "  - id: cn_later"),
    (NATION, "没有跨省。", "在省内。"),
    (NATION, "outcome: file_first, evidence", "outcome: no_filing, evidence"),
    (NATION, "    then: may\n", "    then: ask_first\n"),
    (NATION, "then: {outcome: may,", "then: {outcome: perhaps,"),
    (NATION, "rules:\n", "rulez:\n"),
    (NATION, "gte: 12}", "gte: 13}"),
    (CITY, "value: 16", "value: 17"),
    (CITY, "to: 2026-12-31", "to: null"),
    (CITY, "emergency: false}\n", "emergency: true}\n"),
    (CITY, "needed: [card]", "needed: [card, invoice]"),
    (CITY, "    overrides: [cn_elsewhere]\n", ""),
    (CITY, "visit_date: 2026-02-01", "visit_date: 2026-02-30"),
    (CITY, "{source: notice, clause: {zh: 第四条", "{source: article, clause: {zh: 第四条"),
    (PLACE, "value: 15", "value: [15"),
    (PLACE, "value: 15", "value: 10"),
    ("records.yaml", "authority: A", "authority: D"),
    ("records.yaml", "issued: 2023-04", "issued: 2019-04"),
    ("records.yaml", "status: rejected", "status: encoded"),
    ("vocabulary.yaml", "to: 2099-12-31", "to: 2098-12-31"),
    ("regions.yaml", "aliases: [深圳]", "aliases: [深圳, 鹏城]"),
    ("clinic/topic.yaml", "zh: 看病", "zh: 看医生"),
    ("clinic/topic.yaml", "may: {verdict: eligible", "may: {verdict: stated"),
    ("clinic/topic.yaml", "    builds_on: [needs_filing]\n    items", "    items"),
]
FILES = sorted(BASELINE.files)
STEPS = st.one_of(
    st.sampled_from(CHANGES),
    st.sampled_from([("mend", one, "") for one in FILES]),
    st.sampled_from([("delete", one, "") for one in (CITY, PLACE, NATION)]),
    st.just(("add", "clinic/120000-tianjin.yaml", ADDED)),
    st.just(("mend all", "", "")),
)


def save(folder: Path, step: tuple[str, str, str]) -> None:
    """What an author does."""
    what, name, text = step
    if what == "mend all":
        for one in folder.rglob("*.yaml"):
            one.unlink()
        shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    elif what == "mend":
        (folder / name).write_bytes(BASELINE.files[name])
    elif what == "delete":
        (folder / name).unlink(missing_ok=True)
    elif what == "add":
        (folder / name).write_text(text, "utf-8")
    elif (folder / what).exists():
        path = folder / what
        path.write_text(path.read_text("utf-8").replace(name, text, 1), "utf-8")


def bench(folder: Path) -> Workbench:
    return Workbench(folder, as_of=date(2026, 3, 1), baseline=BASELINE)


def whole(workbench: Workbench, board: Board) -> Board:
    """The board once nothing is pending, apart from what tells one look from another."""
    while board.pending:
        board = workbench.deepen()
    return replace(board, number=0, changed=(), seconds=0.0)


def mended(folder: Path, board: Board) -> bool:
    """Put back the files that are at fault; whether there are any."""
    for name in {one.place.file for one in board.faults}:
        if name in BASELINE.files:
            (folder / name).write_bytes(BASELINE.files[name])
        else:
            (folder / name).unlink(missing_ok=True)
    return bool(board.faults)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=4, max_size=10), slices=st.integers(0, 1))
def test_a_board_is_that_of_a_new_workbench(steps: list[tuple[str, str, str]], slices: int) -> None:
    """After each save as many slices of what takes longer are done as are given."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "rulesets"
        shutil.copytree(GOOD, folder)
        watching = bench(folder)
        board = watching.look()
        for step in steps:
            save(folder, step)
            board = watching.look()
            for _ in range(slices):
                board = watching.deepen()
        faults = bench(folder).look()
        assert (faults.faults, faults.more_faults) == (board.faults, board.more_faults)
        for _ in range(4):
            if mended(folder, board):
                board = watching.look()
        if board.faults:  # of a file that is not there
            save(folder, ("mend all", "", ""))
            board = watching.look()
        anew = bench(folder)
        assert whole(watching, board) == whole(anew, anew.look())
