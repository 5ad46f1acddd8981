"""The pages about an answer: why, what if, when, sources, as drawn and as used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tests.support.screen import (
    ALL,
    TO_CHOICE,
    TO_NUMBER,
    body,
    lines,
    opened,
    press,
    settled,
    text,
    widths,
)
from tui.screens.result import ResultScreen
from tui.screens.what_if import AssumeScreen, WhatIfScreen
from tui.screens.why import WhyScreen
from tui.screens.working import PATIENCE
from tui.views.outline import places
from tui.widgets.choice import Choice
from tui.widgets.outline import Outline
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from tui.app import TongbaoApp

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parents[1] / "golden" / "tui"
PAGES = {
    "why": ("f3",),
    "why_disputed": ("f3", "2"),
    "what_if": ("f7",),
    "assume": ("f7", "3"),
    "assumed": ("f7", "down", "down", "right"),
    "when": ("f4",),
    "sources": ("f8",),
}


def outline(app: TongbaoApp) -> Outline:
    return app.screen.query_one(Outline)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_golden(lang: str) -> None:
    """Each page equals its golden; UPDATE_GOLDEN=1 writes them anew, to be read in the diff."""
    async with opened(lang, answered=ALL) as (app, pilot):
        for page, keys in PAGES.items():
            await press(pilot, *keys)
            assert widths(app) == {80}
            path = GOLDEN / f"{page}.{lang}.txt"
            if os.environ.get("UPDATE_GOLDEN"):
                path.write_text(text(app), encoding="utf-8")
            assert text(app) == path.read_text(encoding="utf-8")
            await press(pilot, *["escape"] * len(app.over))
            assert isinstance(app.screen, ResultScreen)


@pytest.mark.parametrize(("size", "lang"), [((40, 16), "zh"), ((120, 40), "en")])
async def test_every_line_is_as_wide_as_the_screen(size: tuple[int, int], lang: str) -> None:
    async with opened(lang, size, answered=ALL) as (app, pilot):
        for keys in PAGES.values():
            await press(pilot, *keys)
            for key in ("", "end", "pageup"):
                await press(pilot, *filter(None, [key]))
                assert widths(app) == {size[0]}
                assert len(lines(app)) == size[1]
            await press(pilot, *["escape"] * len(app.over))


async def test_a_no_shows_what_time_and_what_a_change_would_bring() -> None:
    async with opened(answered=ALL) as (app, _):
        shown = "".join(body(app).split())
        order = ("下一步", "还有别的办法", "可以问谁", "为什么是这个结果", "我的回答")
        assert sorted(order, key=shown.index) == list(order)
        assert "等到2026年3月2日（还有1天）：可以，但要先办手续" in shown
        assert "如果机构类型是社康中心" in shown


async def test_a_dispute_says_what_to_ask_the_bureau() -> None:
    async with opened(answered=ALL) as (app, _):
        shown = "".join(body(app).split())
        assert "打12393可以照着问" in shown
        assert "我看到的说法有『急诊可以报销』或『急诊只报一半』" in shown


async def test_why_opens_at_the_answer_in_front() -> None:
    async with opened(size=(80, 16), answered=ALL) as (app, pilot):
        await press(pilot, "f3")
        assert isinstance(app.screen, WhyScreen)
        assert app.screen.head.decision == "may_bind"
        await press(pilot, "escape")
        question = app.screen.query_one("#question-emergency_covered", Prose)
        app.page.scroller.scroll_to(y=question.virtual_region.y, animate=False)
        await press(pilot, "w")
        assert isinstance(app.screen, WhyScreen)
        assert app.screen.head.decision == "emergency_covered"


async def test_digits_and_brackets_turn_to_the_other_answers() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, "f3", "left_square_bracket")
        assert "报销要带哪些材料？" in text(app)
        await press(pilot, "]")
        assert "✗ 不可以" in text(app)
        await press(pilot, "２")
        assert "! 说法不一" in text(app)
        await press(pilot, "9", "0")
        assert "! 说法不一" in text(app)


async def test_branches_open_and_close_by_key_and_by_mouse() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, "f3")
        assert "机构类型 是 医院" in text(app)
        await press(pilot, "enter")
        assert "机构类型 是 医院" not in text(app)
        await press(pilot, "right", "right")
        assert outline(app).at == "0.0"
        await press(pilot, "left")
        assert "机构类型 是 医院" not in text(app)
        await press(pilot, "space", "down")
        assert outline(app).at == "0.0.0"
        await press(pilot, "enter")
        assert outline(app).at == "0.0"
        row = next(n for n, line in enumerate(text(app).split("\n")) if "▸ 「可以绑定" in line)
        await pilot.click(offset=(20, row))
        await pilot.pause()
        assert "1.0" in outline(app).opened


async def test_the_place_is_kept_when_the_language_changes() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, "f3", "2", "down", "down", "space")
        before, kept = text(app), (outline(app).at, outline(app).opened)
        await press(pilot, "f2")
        assert "Sources disagree" in text(app)
        assert (outline(app).at, outline(app).opened) == kept
        await press(pilot, "f2")
        assert text(app) == before


async def test_assuming_changes_nothing_that_was_answered() -> None:
    async with opened(answered=ALL) as (app, pilot):
        answers, shown = dict(app.journey.answers), body(app)
        await press(pilot, "f7", "down", "down", "right")
        assert "假设：" in text(app).split("\n")[0]
        assert "变为：可以：可以绑定这家社康中心" in text(app)
        assert "假设了 1 项：3 个答案里有 1 个会变" in text(app)
        await press(pilot, "x")
        assert "变为" not in text(app)
        await press(pilot, "left", "escape")
        assert (app.journey.answers, body(app)) == (answers, shown)
        await press(pilot, "f7")
        assert "还没有假设什么" in text(app)


async def test_another_value_is_asked_for_and_taken_only_where_it_can_be() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, "f7", "2")
        assert isinstance(app.screen, AssumeScreen)
        app.screen.query_one("#typed", Input).value = ""
        await press(pilot, "=2030-01-01", "enter")
        assert "这样假设和别的回答矛盾" in text(app).replace("\n", "")
        app.screen.query_one("#typed", Input).value = ""
        await press(pilot, "=2010-01-01", "enter")
        assert isinstance(app.screen, WhatIfScreen)
        assert "假设：2010年1月1日" in text(app)
        assert "变为：可以，但要先办手续" in text(app)
        await press(pilot, "2", "f2")
        assert "What if" in text(app)
        assert app.screen.query_one("#typed", Input).value == "2010-01-01"
        await press(pilot, "escape")
        assert "assumed: 1 January 2010" in text(app)
        assert app.screen.query_one(Choice).cursor == 1
        assert app.journey.answers["birth_date"] == "2012-03-02"


async def test_what_comes_to_matter_can_be_assumed_too() -> None:
    keys = ("1", "enter", "1", "enter", "=1200", "enter", "enter")
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE, *keys)
        assert isinstance(app.screen, ResultScreen)
        await press(pilot, "f7")
        assert "医院级别" not in text(app)
        await press(pilot, "down", "down", "right")
        assert "医院级别" in text(app)
        assert "还要知道：医院级别" in text(app)


async def test_pages_lie_over_each_other_and_close_one_by_one() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, "f3", "f7", "f2", "escape")
        assert isinstance(app.screen, WhyScreen)
        await press(pilot, "f4", "escape", "f8", "escape", "escape")
        assert isinstance(app.screen, ResultScreen)


async def test_it_says_that_it_is_working_and_drops_what_comes_too_late() -> None:
    async with opened(answered=ALL) as (app, pilot):
        app.desk.thinking = type(app.desk.thinking)(app.desk.library, app.desk.as_of)
        with app.desk.thinking._lock:
            await pilot.press("f3")
            await pilot.pause(PATIENCE + 0.1)
            assert "正在推算..." in text(app)
            await pilot.press("escape")
            await pilot.pause()
            assert isinstance(app.screen, ResultScreen)
        await settled(pilot)
        assert "✗ 不可以  依据：官方" in text(app)
        await press(pilot, "f3")
        assert len(outline(app).places) > 3


async def test_clearing_forgets_what_was_worked_out() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, "f3")
        assert app.desk.thinking.knows(app.journey.answers, "may_bind")
        await press(pilot, "escape", "f10", "1")
        assert app.desk.thinking._answers == {}


async def test_an_open_answer_says_what_each_answer_would_leave() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_NUMBER, "f4", "0", "enter", "f4", "enter", "f3")
        texts = [one.node.text for one in places(outline(app).nodes)]
        assert any(one.startswith("医院级别（问过，还不知道）") for one in texts)
