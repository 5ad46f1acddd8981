"""The pages of a batch as a person uses them: rows, filters, groups, cases, files that change."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from engine.batch.index import index_of
from tests.support.every_page import PROGRESS, SUMMARY, Standing
from tests.support.folders import golden
from tests.support.hostile import HOSTILE
from tests.support.results import BRIEF, FULL, cases, output, written
from tests.support.screen import desk, lines, press, shown, text, widths
from tui.app import TongbaoApp
from tui.locale import Locale
from tui.route import Route
from tui.screens.batch_browse import BatchBrowseScreen
from tui.screens.batch_case import BatchCaseScreen
from tui.text.glyphs import ASCII, UNICODE
from tui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from tui.text.glyphs import Glyphs

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parents[1] / "golden" / "tui"
PATIENCE = 400


@asynccontextmanager
async def browsing(
    path: Path, lang: str = "zh", size: tuple[int, int] = (80, 24), glyphs: Glyphs = UNICODE,
    source: Path | None = None,
) -> AsyncIterator[tuple[TongbaoApp, Pilot[int]]]:  # fmt: skip
    table = desk()
    table.batch.opened(str(path), source)
    app = TongbaoApp(table, Locale(lang), glyphs, Route("batch_browse", str(path)))
    async with shown(app, size) as (app, pilot):
        opened = table.batch.opened(str(path))
        await until(pilot, lambda: opened.building is None)
        yield app, pilot
    table.batch.close()


async def until(pilot: Pilot[int], there: object) -> None:
    assert callable(there)
    for _ in range(PATIENCE):
        await pilot.pause(0.05)
        if there():
            await pilot.pause()
            return
    pytest.fail(f"never came:\n{text(pilot.app)}")  # type: ignore[arg-type]


async def filtered(pilot: Pilot[int], wanted: str) -> None:
    await press(pilot, "f3")
    field = pilot.app.focused
    assert isinstance(field, Input)
    field.value = ""
    await press(pilot, f"={wanted}", "enter")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


PAGES: dict[str, tuple[str, ...]] = {
    "batch_browse": (),
    "batch_groups": ("f4",),
    "batch_case": ("down", "enter"),
    "batch_help": ("f1",),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
async def test_golden(page: str, lang: str, tmp_path: Path) -> None:
    async with browsing(output(tmp_path), lang) as (app, pilot):
        await press(pilot, *PAGES[page])
        assert widths(app) == {80}
        golden(GOLDEN / f"{page}.{lang}.txt", text(app))


RUNS: dict[str, tuple[object, int | None]] = {
    "batch_run": (PROGRESS, None),
    "batch_run_paused": (PROGRESS, None),
    "batch_run_done": (SUMMARY, 1),
    "batch_run_failed": ("tongbao: inner/cases.jsonl: not UTF-8 but UTF-16", 2),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_golden_of_a_run(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Choosing the file, where its results go, and the run at a moment that stands still."""
    for name in ("inner/cases.jsonl", "inner/cases.results.jsonl", "more/2026.csv", "a.json.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    table = desk()
    async with shown(TongbaoApp(table, Locale(lang), first=Route("batch_input"))) as (app, pilot):
        drawn = {"batch_input": text(app)}
        await press(pilot, "=inner/cases.j", "enter")
        drawn["batch_topics"] = text(app)
        await press(pilot, "enter")
        drawn["batch_output"] = text(app)
        await press(pilot, "enter")
        drawn["batch_output_asked"] = text(app)
        for page, (told, code) in RUNS.items():
            run = Standing(Path("inner/cases.jsonl"), Path("inner/out.jsonl"), told, code)
            table.batch.run = run
            run.pause(paused=page.endswith("paused"))
            await app._lay(Route("batch_run"))
            await pilot.pause()
            assert widths(app) == {80}
            drawn[page] = text(app)
            run.stop()
    for page, seen in drawn.items():
        golden(GOLDEN / f"{page}.{lang}.txt", seen)


@pytest.mark.parametrize("size", [(40, 16), (80, 24), (120, 40)])
@pytest.mark.parametrize(("lang", "glyphs"), [("zh", UNICODE), ("en", ASCII)])
async def test_every_line_is_as_wide_as_the_screen(
    size: tuple[int, int], lang: str, glyphs: Glyphs, tmp_path: Path
) -> None:
    hostile = tuple(HOSTILE[size[0] // 40 :: 3])
    async with browsing(output(tmp_path, ids=hostile), lang, size, glyphs) as (app, pilot):
        await press(pilot, "pagedown", "end", "f4")
        steps = ("f4", "f3", "escape", "home", "enter")
        for key in (*steps, *["right_square_bracket"] * 8):
            await press(pilot, key)
            assert widths(app) == {size[0]}
            assert len(lines(app)) == size[1]
            drawn = "".join(lines(app))
            assert drawn.isprintable()
            assert "\u202e" not in drawn


async def test_a_million_rows_are_reached_at_once(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    some = output(tmp_path, 50, name="some.jsonl").read_bytes()
    path.write_bytes(some * 400)
    async with browsing(path) as (app, pilot):
        assert "共 20,000 例" in text(app)
        await press(pilot, "end")
        assert "❯ 20,000 HZ-000049" in text(app)
        await press(pilot, "up", "pageup")
        table = app.screen.query_one(Table)
        assert table.cursor == 19_998 - (table.size.height - 2)
        await press(pilot, "home")
        assert "❯      1 HZ-000000" in text(app)


async def test_filter_group_and_back(tmp_path: Path) -> None:
    async with browsing(output(tmp_path)) as (app, pilot):
        await filtered(pilot, "结果=也许")
        assert "结果没有「也许」" in text(app)
        assert isinstance(app.focused, Input)
        await press(pilot, "escape")
        assert "没有「也许」" not in text(app)
        await filtered(pilot, "编号=nobody")
        assert "没有符合筛选的案例" in text(app)
        await press(pilot, "escape")
        assert "out.jsonl，共 60 例" in text(app)
        await press(pilot, "f4", "enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "符合筛选" in text(app)
        assert "共 60 例" in text(app)
        await press(pilot, "escape")
        assert "符合筛选" not in text(app)
        await press(pilot, "escape")
        assert not isinstance(app.screen, BatchBrowseScreen)


async def test_cases_one_after_the_other_and_back_to_the_same_row(tmp_path: Path) -> None:
    async with browsing(output(tmp_path)) as (app, pilot):
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, BatchCaseScreen)
        assert "案例 HZ-000001" in text(app)
        await press(pilot, "right_square_bracket", "right_square_bracket", "left_square_bracket")
        assert "案例 HZ-000002" in text(app)
        await press(pilot, "left_square_bracket", "left_square_bracket", "left_square_bracket")
        assert "案例 HZ-000000" in text(app)
        await press(pilot, "right_square_bracket", "f2")
        assert "Case HZ-000001" in text(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, BatchBrowseScreen)
        assert "❯   2 HZ-000001" in text(app)


@pytest.mark.parametrize("form", [FULL, BRIEF])
async def test_why_is_told_from_the_case_itself(form: str, tmp_path: Path) -> None:
    path = output(tmp_path, form=form)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    at = next(row for row, one in enumerate(rows) if "error" not in one and row > 3)
    async with browsing(path, source=tmp_path / "cases.jsonl") as (app, pilot):
        await press(pilot, *["down"] * at, "enter", "f3")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert f"案例 {rows[at]['id']}" in text(app)
        assert "现在能绑定" in text(app) or "绑定" in text(app)
        assert "不一样" not in text(app)
        assert "不说理由" not in text(app)


async def test_why_says_that_the_case_is_another_now(tmp_path: Path) -> None:
    path = output(tmp_path)
    other = cases(60, seed=2)
    async with browsing(path, source=written(tmp_path / "cases.jsonl", other)) as (app, pilot):
        told = set()
        await press(pilot, "enter")
        for _ in range(4):
            await press(pilot, "f3")
            await app.workers.wait_for_complete()
            await pilot.pause()
            told.add("不一样" in text(app))
            await press(pilot, "escape", "right_square_bracket")
        assert True in told
        written(tmp_path / "cases.jsonl", other[30:])
        await press(pilot, "f3")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "不是这个案例" in text(app)


async def test_a_file_that_changes_is_noticed_and_loaded_again(tmp_path: Path) -> None:
    path = output(tmp_path)
    async with browsing(path) as (app, pilot):
        path.write_bytes(path.read_bytes() * 2)
        await until(pilot, lambda: "这个文件刚才变了" in text(app))
        await press(pilot, "f5")
        await until(pilot, lambda: "共 120 例" in text(app))
        assert "刚才变了" not in text(app)


async def test_a_stale_index_is_written_anew_and_then_kept(tmp_path: Path) -> None:
    path = output(tmp_path)
    index_of(path).write_bytes(b"nonsense")
    async with browsing(path) as (app, _):
        assert "共 60 例" in text(app)
    made = index_of(path).stat().st_mtime_ns
    async with browsing(path) as (app, _):
        assert "共 60 例" in text(app)
    assert index_of(path).stat().st_mtime_ns == made
    left = sorted(one.name for one in tmp_path.iterdir())  # noqa: ASYNC240 - nothing else runs
    assert left == ["cases.jsonl", "out.jsonl", "out.jsonl.index"]


@pytest.mark.parametrize("bad", ["", *HOSTILE[:3]])
async def test_what_is_no_output_is_shown_where_it_stands(bad: str, tmp_path: Path) -> None:
    path = output(tmp_path)
    with path.open("ab") as stream:
        stream.write(b"{nonsense " + bad.replace("\n", "").encode("utf-8", "replace") + b"\n")
    async with browsing(path) as (app, pilot):
        shown = text(app)
        assert "不是 JSON" in shown
        assert "第 61 行，第 2 个字符" in shown
        assert widths(app) == {80}
        assert "".join(lines(app)).isprintable()
        await press(pilot, "f3", "f4", "enter")
        assert isinstance(app.screen, BatchBrowseScreen)


async def test_an_empty_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"")
    async with browsing(path) as (app, pilot):
        assert "文件里没有结果" in text(app)
        await press(pilot, "enter", "f4", "end")
        assert isinstance(app.screen, BatchBrowseScreen)


async def test_choosing_a_file_and_where_its_results_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inner").mkdir()
    written(tmp_path / "inner" / "cases.jsonl", cases(3))
    (tmp_path / "inner" / "cases.results.jsonl").write_text("kept")
    monkeypatch.chdir(tmp_path)
    app = TongbaoApp(desk(), Locale("zh"), first=Route("batch_input"))
    async with shown(app) as (app, pilot):
        await press(pilot, "enter")
        assert "请先选一个文件" in text(app)
        await press(pilot, "=inn", "enter")
        assert "inner/cases.jsonl" in text(app)
        await press(pilot, "enter")
        assert "[x] 1" in text(app)
        await press(pilot, "1", "enter")
        assert "inner/cases.results.jsonl" in text(app)
        await press(pilot, "enter")
        assert "已经有这个文件了" in text(app)
        await press(pilot, "1")
        assert "已经有这个文件了" not in text(app)
        field = app.focused
        assert isinstance(field, Input)
        field.value = "inner/cases.jsonl"
        await press(pilot, "enter")
        assert "不能写到核查的那个文件里" in text(app)
        field.value = "nowhere/out.jsonl"
        await press(pilot, "enter")
        assert "没有这个文件夹" in text(app)
    assert (tmp_path / "inner" / "cases.results.jsonl").read_text() == "kept"
    assert [one.name for one in tmp_path.iterdir()] == ["inner"]  # noqa: ASYNC240 - as above


@pytest.mark.parametrize(
    "line",
    [
        {"id": "a", "decisions": {"may_bind": {"verdict": "evil"}}},
        {"id": "a", "decisions": {"may_bind": {"verdict": "eligible", "outcome": 5, "rules": 7}}},
        {"id": "a", "decisions": {"may_bind": {"verdict": "stated", "value": {"rate": "x"}}}},
        {"id": "a", "decisions": {"may_bind": {"verdict": "stated", "dissent": [1]}}},
        {"id": "a", "decisions": {"nothing": {"verdict": "eligible"}}},
        {"id": None, "decisions": {}},
        {"id": "a", "error": {"code": "\x1b[2J", "field": 5, "message": None, "allowed": [1]}},
    ],
)
async def test_a_line_others_wrote_never_breaks_a_page(
    line: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(json.dumps(line) + "\n", "utf-8")
    async with browsing(path) as (app, pilot):
        await press(pilot, "enter", "f6", "right_square_bracket", "escape", "f4", "enter", "f4")
        assert isinstance(app.screen, BatchBrowseScreen)
        assert widths(app) == {80}
        assert "".join(lines(app)).isprintable()


async def test_clearing_forgets_the_results_too(tmp_path: Path) -> None:
    async with browsing(output(tmp_path)) as (app, pilot):
        before = app.desk.batch
        await press(pilot, "down", "enter", "f10", "1")
        await pilot.pause()
        assert app.page.kind == "start"
        assert app.over == []
        assert app.desk.batch is not before
