"""The pages as they are drawn: goldens in both languages, exact widths at every size."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.color import Color
from textual.theme import Theme

from tests.support.colours import contrast
from tests.support.screen import (
    TO_CHOICE,
    TO_NUMBER,
    TO_RESULT,
    answer,
    desk,
    lines,
    opened,
    press,
    shown,
    text,
    widths,
)
from tui.app import TongbaoApp
from tui.journey import Step
from tui.locale import Locale
from tui.screens.question import QuestionScreen
from tui.text.glyphs import ASCII, UNICODE
from tui.theme import THEMES

if TYPE_CHECKING:
    from textual.pilot import Pilot

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parents[1] / "golden" / "tui"
WALK = (
    ("start", ()),
    ("topic", ("enter",)),
    ("place", ("1", "enter")),
    ("date", ("down", "enter")),
    ("error", ("=2026-02-30", "enter")),
    ("choice", ("ctrl+u", "=2012-03-02", "enter")),
    ("help", ("f1",)),
    ("number", ("escape", "2", "enter")),
    ("review", ("3", "enter", "1", "enter", "=1200", "enter")),
    ("result", ("enter",)),
)
"""The pages on the way to the result, and the keys from one to the next."""
WIDE = ("choice", "result")
ASCII_ONLY = ("choice", "result")
RULES = (
    ("rules", ("3", "1")),
    ("rules_list", ("=深圳", "enter", "enter")),
    ("rule", ("enter",)),
)
EVERY = tuple(page for page, _ in WALK)
GOLDENS = [
    *((WALK, EVERY, lang, (80, 24), "") for lang in ("zh", "en")),
    *((WALK, EVERY, lang, (40, 20), "-40x20") for lang in ("zh", "en")),
    (WALK, WIDE, "zh", (120, 40), "-120x40"),
    (WALK, ASCII_ONLY, "zh", (80, 24), "-ascii"),
    *((RULES, tuple(page for page, _ in RULES), lang, (80, 24), "") for lang in ("zh", "en")),
]
Walk = tuple[tuple[str, tuple[str, ...]], ...]


@pytest.mark.parametrize(
    ("walk", "kept", "lang", "size", "suffix"), GOLDENS,
    ids=[f"{walk[0][0]}{suffix}-{lang}" for walk, _, lang, _, suffix in GOLDENS],
)  # fmt: skip
async def test_golden(
    walk: Walk, kept: tuple[str, ...], lang: str, size: tuple[int, int], suffix: str
) -> None:
    """Each page equals its golden; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    other = {}
    async with opened(lang, size, ASCII if suffix == "-ascii" else UNICODE) as (app, pilot):
        for page, keys in walk:
            await filled(app, pilot, size, *keys)
            signs = {char for char in text(app) if "\u2000" <= char < "\u3000"}
            assert not (suffix == "-ascii" and signs)
            path = GOLDEN / f"{page}{suffix}.{lang}.txt"
            if page in kept and os.environ.get("UPDATE_GOLDEN"):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text(app), encoding="utf-8")
            if page in kept and text(app) != path.read_text(encoding="utf-8"):
                other[page] = text(app)
        if walk is WALK:
            await filled(app, pilot, size, *["pagedown"] * 12)
    assert other == {}


async def filled(
    app: TongbaoApp, pilot: Pilot[int], size: tuple[int, int], *keys: str
) -> None:  # fmt: skip
    """Press keys; after each, every line is as wide as the screen, and there are as many."""
    for key in ((), *((one,) for one in keys)):
        await press(pilot, *key)
        assert widths(app) == {size[0]}
        assert len(lines(app)) == size[1]


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
async def test_every_text_drawn_can_be_read(theme: Theme) -> None:
    """Of every piece of text on every page, as drawn: the cursor, placeholders, the key bar."""
    async with opened() as (app, pilot):
        app.theme = theme.name
        seen = 0
        for keys in [*_steps(), ("f1",), ("escape",), ("ctrl+p",), *_TO_RULE]:
            await press(pilot, *keys)
            for strip in app.screen._compositor.render_strips():
                for segment in strip:
                    style = segment.style
                    if segment.text.isspace() or style is None or _frame(segment.text):
                        continue
                    assert style.color is not None
                    assert style.bgcolor is not None
                    pair = [Color.from_rich_color(one).hex for one in (style.color, style.bgcolor)]
                    assert contrast(*pair) >= 4.5, (segment.text, pair)
                    seen += 1
        assert seen > 200


_TO_RULE = (("=kgz", "enter"), ("1",), ("=深圳", "enter"), ("enter",), ("enter",))
"""From the palette to a rule."""


def _frame(text: str) -> bool:
    """Whether a text is the edge of a line to type in."""
    return not set(text) - set("▊▎▔▁ ▏▕")


async def test_states_differ_in_the_text_alone() -> None:
    """Without any colour or weight: where the cursor is, what is picked, what is wrong or open."""
    async with opened() as (app, pilot):
        shown = [text(app)]
        await press(pilot, "down")
        shown.append(text(app))
        await press(pilot, "up", "enter")
        for key in ("1", "enter", "down", "enter", "enter", "=2012-03-02", "enter", "2"):
            shown.append(text(app))
            await press(pilot, key)
        shown += [text(app)]
        await press(pilot, "f3")
        shown.append(text(app))
        await press(pilot, "1")
        shown.append(text(app))
        assert all(one != other for one, other in pairwise(shown))


async def test_a_wide_screen_shows_the_answers_beside_the_question() -> None:
    for width, beside in ((109, False), (110, True), (160, True)):
        async with opened(size=(width, 30)) as (app, pilot):
            await press(pilot, *TO_NUMBER)
            assert ("我的回答" in text(app).split("F3")[0]) is beside
            assert widths(app) == {width}
            column = app.page.query_one("#body")
            assert column.content_size.width <= 74


def _asked(app: TongbaoApp) -> str:
    assert isinstance(app.page, QuestionScreen)
    return app.page.view.fact


async def test_fast_a_digit_answers_and_escape_takes_back() -> None:
    async with opened(fast=True) as (app, pilot):
        await press(pilot, "enter", "1")
        first = _asked(app)
        await press(pilot, *TO_CHOICE[3:])
        asked = _asked(app)
        await press(pilot, "2")
        assert _asked(app) != asked
        await press(pilot, "escape")
        assert _asked(app) == asked
        assert asked in app.journey.answers
        await press(pilot, "f1")
        await press(pilot, "end")
        assert "快速模式" in text(app)
        assert first in app.journey.answers
        await press(pilot, "escape", "2", "3", "enter", "1", "=1200", "enter")
        assert app.journey.step is Step.RESULT
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE)
        asked = _asked(app)
        await press(pilot, "2")
        assert _asked(app) == asked


async def test_what_one_family_left_is_cleared_when_nothing_is_typed() -> None:
    table = desk()
    answer(table, 2)
    app = TongbaoApp(table, Locale("zh"))
    app.idle = 0.1 / 60
    async with shown(app) as (app, pilot):
        await press(pilot, "f1")
        while app.page.kind != "start":
            await pilot.pause(0.1)
        assert app.over == []
        assert table.journey.topic is None
        before = app.page
        await pilot.pause(1.5)
        assert app.page is before


@pytest.mark.parametrize(("size", "lang"), [((40, 16), "zh"), ((40, 16), "en"), ((120, 40), "en")])
async def test_every_line_is_as_wide_as_the_screen(size: tuple[int, int], lang: str) -> None:
    """At the sizes that the goldens leave out."""
    async with opened(lang, size) as (app, pilot):
        await filled(app, pilot, size, *TO_RESULT, *["pagedown"] * 12)


def _steps() -> list[tuple[str, ...]]:
    """The way to the result, key by key."""
    return [(), *((key,) for key in TO_RESULT)]


@pytest.mark.parametrize("size", [(39, 24), (80, 15), (10, 3), (1, 1)])
async def test_too_small_is_one_line(size: tuple[int, int]) -> None:
    async with opened() as (app, pilot):
        await pilot.resize_terminal(*size)
        await pilot.pause()
        if size[0] >= 10:
            assert text(app).split() == ["请放大窗口"]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "开始" in text(app)
