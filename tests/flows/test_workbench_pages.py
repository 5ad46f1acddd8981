"""The author's workbench as it is drawn and walked through: by hand-laid boards, and for real."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from engine.workbench.workbench import Workbench
from tests.support.benches import CHANGED, FAILED, FAULTY, WELL, desk_with
from tests.support.demo import AS_OF, RULESETS
from tests.support.folders import ROOT, golden
from tests.support.plain import talk
from tests.support.screen import desk, lines, press, settled, shown, text, widths
from tui import keys
from tui.app import TongbaoApp
from tui.locale import LANGUAGES, Locale
from tui.route import LESS, Route
from tui.screens.bench import BenchListScreen, BenchScreen
from tui.text.glyphs import ASCII, UNICODE
from tui.workbench.bench import Here

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from engine.workbench.board import Board
    from tui.desk import Desk

Walk = tuple["Board", tuple[tuple[str, tuple[str, ...]], ...]]
GOLDEN = ROOT / "tests" / "golden" / "tui"
FILE = "clinic/440300-shenzhen.yaml"
# The pages from each board, and the keys from one to the next.
WALKS = (
    (FAULTY, (("bench_fault", ()), ("bench_file", ("enter",)))),
    (FAILED, (("bench_failing", ()), ("bench_why", ("enter",)))),
    (CHANGED, (("bench_moved", ("f4",)), ("bench_cases", ("down", "enter")),
               ("bench_whys", ("enter",)))),
    (WELL, (("bench_decision", ("enter",)),)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have one."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)


def _app(table: Desk, lang: str = "zh") -> TongbaoApp:
    glyphs = table.bench.glyphs if isinstance(table.bench, Here) else UNICODE
    return TongbaoApp(table, Locale(lang), glyphs, Route("bench"))


async def _to_the_next_board(app: TongbaoApp, pilot: Pilot[int]) -> None:
    """Back to the board, and on to the next one, where there is one."""
    while len(app.over) > 1:
        await press(pilot, "escape")
    bench = app.desk.bench
    assert isinstance(bench, Here)
    if bench.looks.boards:  # type: ignore[attr-defined] # they are laid
        await press(pilot, "f5", "home")
        bench_screen = app.screen
        assert isinstance(bench_screen, BenchScreen)
        bench_screen.glance()
        await pilot.pause()


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_golden(lang: str) -> None:
    """Each page equals its golden; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    async with shown(_app(desk_with(*(board for board, _ in WALKS)), lang)) as (app, pilot):
        for _, walk in WALKS:
            for page, pressed in walk:
                await press(pilot, *pressed)
                assert widths(app) == {80}
                golden(GOLDEN / f"{page}.{lang}.txt", text(app))
            await _to_the_next_board(app, pilot)


@pytest.mark.parametrize(("size", "walks"), [((40, 16), WALKS), ((120, 40), WALKS[2:3])])
async def test_every_line_is_as_wide_as_the_screen(
    size: tuple[int, int], walks: tuple[Walk, ...]
) -> None:
    glyphs = ASCII if size[0] == 40 else UNICODE
    table = desk_with(*(board for board, _ in walks), glyphs=glyphs)
    async with shown(_app(table), size) as (app, pilot):
        for _, walk in walks:
            for key in (*(key for _, pressed in walk for key in pressed), "end", "f8"):
                await press(pilot, key)
                assert widths(app) == {size[0]}
                assert len(lines(app)) == size[1]
                signs = {char for char in text(app) if "\u2000" <= char < "\u3000"}
                assert not (glyphs is ASCII and signs)
            await _to_the_next_board(app, pilot)


async def test_at_least_what_is_wrong_is_in_sight_on_a_small_screen() -> None:
    async with shown(_app(desk_with(FAULTY)), (40, 16)) as (app, pilot):
        await settled(pilot)
        drawn = text(app)
        assert "1 处错误" in drawn
        assert f"{FILE[:20]}" in drawn
        assert any(line.strip().endswith("^") for line in drawn.split("\n"))
        await press(pilot, "f2")
        assert "1 fault" in text(app)


def _real(folder: Path) -> Desk:
    """A desk with a real workbench over a copy of the small rulesets."""
    shutil.copytree(RULESETS, folder, dirs_exist_ok=True)
    table = desk()
    table.bench = Here(Workbench(folder, as_of=AS_OF), folder, AS_OF, UNICODE)
    return table


async def _glanced(pilot: Pilot[int], wanted: str) -> None:
    """Wait until something is on the screen."""
    for _ in range(200):
        if wanted in text(pilot.app):  # type: ignore[arg-type] # it is ours
            return
        await pilot.pause(0.02)
    pytest.fail(f"{wanted} never came:\n{text(pilot.app)}")  # type: ignore[arg-type]


def _save(file: Path, before: str, after: str) -> None:
    changed = file.read_text("utf-8").replace(before, after, 1)
    file.write_text(changed, "utf-8")
    # The clock of some file systems stands still between two saves.
    now = file.stat().st_mtime_ns + 1_000_000_000
    os.utime(file, ns=(now, now))


async def test_a_fault_comes_with_the_save_that_makes_it_and_goes_with_the_one_that_mends_it(
    tmp_path: Path,
) -> None:
    async with shown(_app(_real(tmp_path))) as (app, pilot):
        await _glanced(pilot, "孩子现在能绑定这家机构吗")
        screen = app.screen
        assert isinstance(screen, BenchScreen)
        await press(pilot, "down", "down")
        key = screen.listed.line
        assert key is not None
        _save(tmp_path / FILE, "fact: institution_kind", "fact: institution_kin")
        await _glanced(pilot, "1 处错误")
        await _glanced(pilot, "unknown fact `institution_kin`")
        assert screen.listed.line is not None
        assert screen.listed.line.key == key.key
        await press(pilot, "f2")
        assert isinstance(app.screen, BenchScreen)
        assert app.screen.listed.line is not None
        assert app.screen.listed.line.key == key.key
        await press(pilot, "home", "enter")
        await _glanced(pilot, "did you mean `institution_kind`")
        _save(tmp_path / FILE, "fact: institution_kin,", "fact: institution_kind,")
        await _glanced(pilot, "This has been mended")
        await press(pilot, "escape")
        await _glanced(pilot, "May the child bind")
        assert "1 fault" not in text(app)


async def test_a_rule_that_decides_otherwise_shows_its_cases_and_both_reasons(
    tmp_path: Path,
) -> None:
    async with shown(_app(_real(tmp_path)), (120, 40)) as (app, pilot):
        await _glanced(pilot, "回答都没有变")
        _save(tmp_path / FILE, "fact: age_now, lt: 14", "fact: age_now, lt: 13")
        _save(tmp_path / FILE, "fact: age_now, gte: 14", "fact: age_now, gte: 13")
        await _glanced(pilot, "种情形的回答变了")
        await press(pilot, "d")
        await _glanced(pilot, "变为")
        await press(pilot, "enter")
        await press(pilot, "enter")
        await _glanced(pilot, "现在")
        headed = next(line for line in lines(app) if "原来，" in line)
        assert "现在" in headed
        first = next(line for line in lines(app) if "不可以（" in line)
        assert "可以，但要先办手续（" in first
        before = text(app)
        await press(pilot, "right_square_bracket", "enter")
        assert text(app) != before


async def test_the_cursor_stays_in_sight_in_an_outline_longer_than_the_screen() -> None:
    async with shown(_app(desk_with(FAILED))) as (app, pilot):
        await press(pilot, "enter", *["down"] * 14)
        assert UNICODE.cursor in text(app)
        assert app.screen.query_one("#body").scroll_y > 0


async def test_where_nothing_can_be_edited_it_is_not_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    t = Locale("zh")
    async with shown(_app(desk_with(FAULTY))) as (app, pilot):
        assert t("keys.edit") not in text(app)
        await press(pilot, "e")
        assert "VISUAL" in text(app)
        await press(pilot, "f1")
        assert t("keys.edit") not in text(app)
    monkeypatch.setenv("EDITOR", "true")
    async with shown(_app(desk_with(FAULTY))) as (app, pilot):
        assert t("keys.edit") in text(app)
        # Nothing can be suspended here, and it is said so.
        await press(pilot, "e")
        assert t("workbench.edit.not_here") in text(app)
    monkeypatch.setenv("TONGBAO_WEB", "1")
    async with shown(_app(desk_with(FAULTY))) as (app, pilot):
        assert t("keys.edit") not in text(app)
    assert keys.EDIT not in keys.SCREENS[f"bench{LESS}"]


async def test_the_rules_page_leads_to_it_but_not_over_the_web() -> None:
    for web in (False, True):
        table = desk_with(WELL)
        table.web = web
        async with shown(TongbaoApp(table, Locale("zh"))) as (app, pilot):
            await press(pilot, "2" if web else "3")
            assert ("规则工作台" in text(app)) is not web
            await press(pilot, "f3")
            assert isinstance(app.screen, BenchListScreen) is not web
            if not web:
                await press(pilot, "escape")
                assert app.screen.kind == "rules"  # type: ignore[attr-defined] # a page of ours


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_mode_says_the_same(lang: str) -> None:
    t = Locale(lang)
    typed = ("3", "w", "1", "b", "d", "2", "1", "b", "b", "b", "s2", "b", "b", "q")
    _, heard = talk(desk_with(CHANGED), *typed, lang=lang, ended=False)
    assert t("workbench.gone") not in heard
    assert t("plain.bad.command", text="s2") not in heard
    for page in ("part.failing", "now", "part.sources"):
        assert t(f"workbench.{page}") in heard
    assert t.count("workbench.changed_since", 55, since=t("workbench.since.HEAD", commit="abc1234")
                   ) in heard  # fmt: skip
    _, heard = talk(desk_with(FAULTY), "3", "w", "1", "b", "b", "b", "q", lang=lang, ended=False)
    assert "did you mean `institution_kind`?" in heard
    assert t("workbench.plain.meant", line=17, text="") in heard
