"""Reading the rules and the palette, as a person does: page after page, and line by line."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual.widgets import Input

from tests.support.plain import talk
from tests.support.screen import TO_CHOICE, desk, opened, press, text, widths
from tui.locale import LANGUAGES
from tui.screens.rule import RuleScreen
from tui.screens.rules import RulesListScreen

TO_LIST = ("3", "1", "=深圳", "enter", "enter")


async def test_from_the_start_to_a_rule_and_back() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_LIST)
        assert isinstance(app.screen, RulesListScreen)
        total = app.screen.listed.count
        assert total > 3
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, RuleScreen)
        shown = text(app)
        assert "因为" in shown
        assert "来源" in shown
        await press(pilot, "escape")
        assert app.screen.listed.cursor == 1
        await press(pilot, "=社康")
        assert 0 < app.screen.listed.count < total
        await press(pilot, "escape")
        assert app.screen.listed.count == total
        await press(pilot, "=不存在的词")
        assert "没有找到" in text(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, RulesListScreen)
        await press(pilot, *["escape"] * 5)
        assert not app.over


async def test_a_day_that_is_none_is_said_so_and_another_day_has_other_rules() -> None:
    async with opened() as (app, pilot):
        await press(pilot, "3", "1", "=深圳", "enter")
        await press(pilot, "home", *["delete"] * 10, "enter")
        assert "请填日期" in text(app)
        for typed, said in (("=2020-02-31", "31"), ("=2020-02", "写到哪一天")):
            await press(pilot, typed, "enter")
            assert said in text(app)
            await press(pilot, "home", *["delete"] * 10)
        await press(pilot, "=1990-01-01", "enter")
        assert isinstance(app.screen, RulesListScreen)
        assert app.screen.listed.count < len(app.desk.library.rules)
        assert widths(app) == {80}


async def test_the_language_changes_in_place() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_LIST, "=1", "down", "f2")
        assert isinstance(app.screen, RulesListScreen)
        assert app.screen.query_one(Input).value == "1"
        assert app.screen.listed.cursor == 1
        await press(pilot, "enter")
        assert "because" in text(app)


@pytest.mark.parametrize("size", [(40, 16), (120, 40)])
async def test_every_line_is_as_wide_as_the_screen(size: tuple[int, int]) -> None:
    async with opened("zh", size) as (app, pilot):
        for key in (*TO_LIST, "down", "pagedown", "pageup", "enter", "pagedown", "f1"):
            await press(pilot, key)
            assert widths(app) == {size[0]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_mode_reads_the_same_rules(lang: str) -> None:
    _, heard = talk(desk(), "3", "1", "440300", "", "社康", "1", "b", "b", "b", "b", "q", lang=lang,
                    ended=False)  # fmt: skip
    assert ("因为" if lang == "zh" else "because") in heard


def test_without_a_terminal_the_command_says_what_to_use() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tui", "rules", "browse"], capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "tongbao rules show" in ran.stderr
    assert not ran.stdout


# -- the palette -------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "lang"), [("=bz", "zh"), ("=帮助", "en"), ("=HELP", "zh")])
async def test_the_palette_finds_by_either_language_and_by_initials(typed: str, lang: str) -> None:
    async with opened(lang) as (app, pilot):
        await press(pilot, *TO_CHOICE, "ctrl+p", typed, "enter")
        assert [one.screen for one in app.over] == ["help"]
        assert app.over[0].about == "question"


async def test_the_palette_does_what_the_page_below_does() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE, "ctrl+p", "ctrl+p")
        assert len(app.over) == 1
        await press(pilot, "=wdhd", "enter")
        assert app.journey.step.value == "review"
        await press(pilot, "ctrl+p", "=kgz", "enter")
        assert [one.screen for one in app.over] == ["rules"]
        await press(pilot, "escape", "ctrl+p", "=zzzz", "enter")
        assert [one.screen for one in app.over] == ["palette"]
        assert "没有找到" in text(app)
        await press(pilot, "escape")
        theme = app.theme
        await press(pilot, "ctrl+p", "=hps", "enter")
        assert app.theme != theme
        assert not app.over
