"""Keeping, going on and exporting at the keyboard, and the pages for them as they are drawn."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tests.support.demo import AS_OF
from tests.support.folders import golden
from tests.support.screen import (
    TO_CHOICE,
    TO_DATE,
    TOLD,
    answer,
    body,
    checker,
    lines,
    press,
    shown,
    text,
    widths,
)
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.locale import Locale
from tui.saving import Store
from tui.screens.export import ExportScreen
from tui.screens.question import QuestionScreen
from tui.screens.result import ResultScreen
from tui.screens.resumed import ResumedScreen
from tui.screens.start import StartScreen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from io import BytesIO

    from textual.pilot import Pilot

GOLDEN = Path(__file__).parents[1] / "golden" / "tui"
TOMORROW = date(2026, 3, 2)
SIZES = [((40, 16), "en"), ((80, 24), "zh"), ((120, 40), "en")]


@asynccontextmanager
async def opened(  # noqa: PLR0913 - plain options
    folder: Path, lang: str = "zh", size: tuple[int, int] = (80, 24), as_of: date = AS_OF,
    *, answered: int = 0, web: bool = False,
) -> AsyncIterator[tuple[TongbaoApp, Pilot[int]]]:  # fmt: skip
    """The interface with a store and a folder for exports, after some answers; all: the result."""
    desk = Desk(checker(), as_of, store=Store(folder / "state"), exports=folder / "out", web=web)
    if answered:
        answer(desk, answered)
    async with shown(TongbaoApp(desk, Locale(lang)), size) as (app, pilot):
        yield app, pilot


def _left(folder: Path, number: int = 2) -> Desk:
    """What a session before this one left."""
    desk = Desk(checker(), AS_OF, store=Store(folder / "state"))
    answer(desk, number)
    return desk


def joined(app: TongbaoApp) -> str:
    """The screen's text without breaks: a path may go over several lines."""
    return "".join(text(app).split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path


async def test_what_was_answered_is_offered_and_gone_on_with(folder: Path) -> None:
    async with opened(folder) as (app, pilot):
        assert "继续上次" not in text(app)
        await press(pilot, *TO_CHOICE)
    async with opened(folder) as (app, pilot):
        assert "2  继续上次：绑定就诊机构，已答 2 题\n" in text(app)
        await press(pilot, "2")
        assert isinstance(app.screen, QuestionScreen)
        assert app.journey.fact == "institution_kind"
        assert app.journey.trail == ["region", "birth_date"]


async def test_ticks_are_kept(folder: Path) -> None:
    async with opened(folder, answered=6) as (app, pilot):
        await press(pilot, "tab", "space")
        ticked = set(app.journey.ticks)
        assert ticked
    async with opened(folder) as (app, pilot):
        await press(pilot, "2")
        assert isinstance(app.screen, ResultScreen)
        assert app.journey.ticks == ticked


async def test_another_day_is_said_before_going_on(folder: Path) -> None:
    _left(folder)
    async with opened(folder, as_of=TOMORROW) as (app, pilot):
        await press(pilot, "2")
        assert isinstance(app.screen, ResumedScreen)
        assert "上次按 2026-03-01 计算，现在改按 2026-03-02 计算" in text(app)
        assert "按 2026-03-02 计算" in text(app).split("\n")[0]
        await press(pilot, "f2")
        assert "2026-03-02" in body(app) or "counted from 2026-03-02" in text(app)
        await press(pilot, "f2", "enter")
        assert app.journey.fact == "institution_kind"


async def test_other_rules_name_what_must_be_answered_again(folder: Path) -> None:
    kept = _left(folder).left
    assert kept is not None
    saved = kept.saved.model_copy(
        update={"rules": "0" * 16, "answers": kept.saved.answers | {"birth_date": "1800-01-01"}}
    )
    Store(folder / "state").save(saved)
    async with opened(folder) as (app, pilot):
        assert "已答 2 题（规则已更新，其中 1 题要重答）" in text(app)
        await press(pilot, "2")
        assert "孩子的出生日期" in text(app)
        await press(pilot, "escape")
        assert app.journey.fact == "birth_date"


async def test_f10_deletes_what_was_kept(folder: Path) -> None:
    _left(folder)
    async with opened(folder) as (app, pilot):
        await press(pilot, "f10", "up", "enter")
        assert isinstance(app.screen, StartScreen)
        assert "继续上次" not in text(app)
        assert not (folder / "state" / "session.json").exists()


async def test_a_file_that_cannot_be_used_is_told_and_kept_aside(folder: Path) -> None:
    (folder / "state").mkdir()
    (folder / "state" / "session.json").write_bytes(b"{")
    async with opened(folder, size=(120, 40)) as (app, pilot):
        assert "! 上次保存的文件坏了，没有使用。" in text(app)
        assert "继续上次" not in text(app)
        await press(pilot, *TO_CHOICE)
    assert (folder / "state" / "session.corrupt.json").read_bytes() == b"{"


async def test_where_nothing_can_be_kept_one_sentence_says_so(folder: Path) -> None:
    (folder / "state").write_text("")
    async with opened(folder) as (app, pilot):
        await press(pilot, *TO_DATE)
        assert "没能保存：那里有一个同名的文件" in text(app)
        await press(pilot, "=2012-03-02", "enter")
        assert "没能保存" not in text(app)
        assert app.journey.fact == "institution_kind"


# -- exporting ---------------------------------------------------------------------------------


async def test_a_format_is_written_to_the_path_that_was_shown(folder: Path) -> None:
    async with opened(folder, answered=6) as (app, pilot):
        await press(pilot, "f6")
        path = folder / "out" / "tongbao-clinic-2026-03-01.html"
        assert str(path) in joined(app)
        await press(pilot, "enter")
        assert f"已写入{path}" in joined(app)
        assert path.read_bytes().startswith(b"<!doctype html>")
        await press(pilot, "1", "2", "3", "4", "5")
        names = {one.suffix for one in (folder / "out").iterdir()}
        assert names == {".html", ".txt", ".md", ".json", ".ics"}
        assert len(list((folder / "out").iterdir())) == 6
        await press(pilot, "escape")
        assert isinstance(app.screen, ResultScreen)


async def test_answers_can_be_left_out(folder: Path) -> None:
    async with opened(folder, answered=6) as (app, pilot):
        await press(pilot, "f6", "6")
        assert "写上我的回答：否" in text(app)
        await press(pilot, "f2", "2")
        assert "Include my answers: no" in text(app)
    (written,) = (folder / "out").iterdir()
    assert "the bill" not in written.read_text("utf-8")


async def test_another_folder_is_asked_for_where_one_does_not_do(folder: Path) -> None:
    (folder / "out").rmdir()
    async with opened(folder, answered=6) as (app, pilot):
        await press(pilot, "f6", "2")
        assert f"✗写不进{folder / 'out'}：没有这个文件夹" in joined(app)
        assert isinstance(app.focused, Input)
        await press(pilot, f"={folder}", "enter", "2")
        assert f"已写入{folder}/tongbao-clinic-2026-03-01.txt" in joined(app)


async def test_escape_leaves_the_folder_first(folder: Path) -> None:
    async with opened(folder, answered=6) as (app, pilot):
        await press(pilot, "f6", "7", "=/nowhere", "escape")
        assert isinstance(app.screen, ExportScreen)
        assert "/nowhere" not in text(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, ResultScreen)


async def test_the_letter_exports_too(folder: Path) -> None:
    async with opened(folder, answered=6) as (app, pilot):
        await press(pilot, "e")
        assert isinstance(app.screen, ExportScreen)


async def test_what_is_copied_is_written_too(folder: Path) -> None:
    async with opened(folder, answered=6) as (app, pilot):
        await press(pilot, "f6", "8")
        (written,) = (folder / "out").iterdir()
        assert app.clipboard == written.read_text("utf-8")
        assert "已复制" in text(app)
        assert str(written) in "".join(text(app).split())
        await press(pilot, "2")
        assert "已写入" in text(app)
        assert "已复制" not in text(app)


async def test_a_web_visitor_downloads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[tuple[bytes, str | None]] = []

    def download(binary: BytesIO, *, save_filename: str | None = None, **_rest: object) -> None:
        got.append((binary.read(), save_filename))

    async with opened(folder, answered=6, web=True) as (app, pilot):
        monkeypatch.setattr(app, "deliver_binary", download)
        await press(pilot, "f6")
        assert "换一个文件夹" not in text(app)
        assert "剪贴板" not in text(app)
        assert str(folder) not in body(app)
        await press(pilot, "3")
    assert got[0][1] == "童保-绑定就诊机构-2026-03-01.md"
    assert got[0][0].startswith(b"# ")
    assert list((folder / "out").iterdir()) == []


# -- how they are drawn ------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", ["start_left", "resumed", "export"])
async def test_golden(page: str, lang: str) -> None:
    # Of one length everywhere, so that lines break alike.
    short = Path("/tmp") / f"tb-{os.getpid():08}"
    (short / "out").mkdir(parents=True)
    try:
        as_of = TOMORROW if page == "resumed" else AS_OF
        answered = len(TOLD) if page == "export" else 0
        _left(short)
        async with opened(short, lang, as_of=as_of, answered=answered) as (app, pilot):
            await press(pilot, *{"start_left": (), "resumed": ("2",), "export": ("f6",)}[page])
            assert widths(app) == {80}
            shown = text(app).replace(str(short), "/home/me/files0")
        golden(GOLDEN / f"{page}.{lang}.txt", shown)
    finally:
        for path in sorted(short.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        short.rmdir()


@pytest.mark.parametrize(("size", "lang"), SIZES)
async def test_every_line_is_as_wide_as_the_screen(
    size: tuple[int, int], lang: str, folder: Path
) -> None:
    _left(folder)
    async with opened(folder, lang, size, TOMORROW) as (app, pilot):
        for keys in ((), ("2",)):
            await press(pilot, *keys)
            assert widths(app) == {size[0]}
            assert len(lines(app)) == size[1]
    async with opened(folder, lang, size, answered=len(TOLD)) as (app, pilot):
        for key in ("f6", "1", "7", "=/none", "enter", "1"):
            await press(pilot, key)
            assert isinstance(app.screen, ExportScreen)
            assert widths(app) == {size[0]}
            assert len(lines(app)) == size[1]
