"""A person at the keyboard: answering, going back, changing, not knowing, switching, clearing."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.support.screen import (
    ALL,
    TO_CHOICE,
    TO_DATE,
    TO_NUMBER,
    TO_PLACE,
    TO_RESULT,
    TO_REVIEW,
    body,
    opened,
    press,
    text,
)
from tui.screens.help import ConfirmScreen, HelpScreen
from tui.screens.question import QuestionScreen
from tui.screens.result import ResultScreen
from tui.screens.review import ReviewScreen
from tui.screens.start import StartScreen
from tui.screens.topic import TopicScreen
from tui.widgets.checklist import Checklist

pytestmark = pytest.mark.slow


async def test_digits_and_enter_lead_to_the_result() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_RESULT)
        assert isinstance(app.screen, ResultScreen)
        assert "✗ 不可以" in text(app)
        assert app.screen.scroller.scroll_y == 0


async def test_nothing_picked_is_an_error_and_the_focus_stays() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE, "enter")
        assert "✗ 请先选一项" in text(app)
        assert app.journey.fact == "institution_kind"
        await press(pilot, "2")
        assert "✗ 请先选一项" not in text(app)
        await press(pilot, "enter")
        assert app.journey.fact == "institution_level"


async def test_full_width_digits_pick() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE)
        await pilot.press("２")
        await press(pilot, "enter")
        assert app.journey.answers["institution_kind"] == "hospital"


async def test_arrows_pick_as_they_move() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE, "down", "down", "enter")
        assert app.journey.answers["institution_kind"] == "hospital"


async def test_a_bad_date_keeps_its_text_and_says_what_is_wrong() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_DATE, "=2026-02-30", "enter")
        assert "2026 年 2 月没有 30 日" in text(app)
        assert app.screen.query_one(Input).value == "2026-02-30"
        assert app.screen.query_one(Input).has_focus


async def test_a_date_after_the_day_is_refused_by_the_rules() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_DATE, "=2026-03-02", "enter")
        assert app.journey.fact == "birth_date"
        assert "出生日期晚于计算日。请改这一题" in text(app)
        assert "birth_date" not in app.journey.answers


async def test_back_keeps_the_answer() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_NUMBER, "escape")
        assert "◉ 2  医院" in text(app)
        await press(pilot, "escape")
        assert app.screen.query_one(Input).value == "2012-03-02"
        await press(pilot, "enter", "enter")
        assert app.journey.fact == "institution_level"


async def test_back_never_leaves_the_program() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE, *["escape"] * 9)
        assert isinstance(app.screen, StartScreen)
        assert "继续刚才的" in text(app)
        await press(pilot, "2")
        assert app.journey.fact == "institution_kind"


async def test_an_answer_is_changed_in_the_review() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_REVIEW, "3")
        assert "正在修改这一题" in text(app)
        await press(pilot, "1", "enter")
        assert isinstance(app.screen, ReviewScreen)
        assert "社康中心" in text(app)
        assert "已改" in text(app)
        assert "医院级别：按现在的回答已用不上" in text(app)
        await press(pilot, "enter")
        assert "✓ 可以" in text(app)


async def test_not_knowing_by_key_and_by_digit() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_NUMBER, "f4")
        assert app.journey.answers["institution_level"] is None
        await press(pilot, "0", "enter", "f4", "enter")
        assert "? 还缺信息" in text(app)
        assert "医院级别：看医院的招牌或官网" in body(app)


async def test_the_language_changes_in_mid_question_and_nothing_is_lost() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_DATE, "=2012-03", "f3", "f2")
        assert "When was the child born?" in text(app)
        assert app.screen.query_one(Input).value == "2012-03"
        assert app.screen.query_one(Input).has_focus
        assert "▾ Why is this asked?" in text(app)
        await press(pilot, "f2", "=-02", "enter")
        assert app.journey.answers["birth_date"] == "2012-03-02"
        await press(pilot, "2", "f2")
        assert "◉ 2  hospital" in text(app)


async def test_the_language_changes_on_every_page() -> None:
    async with opened() as (app, pilot):
        for key in TO_RESULT:
            await press(pilot, key)
            before = text(app)
            await press(pilot, "f2")
            assert text(app) != before
            await press(pilot, "f2")
            assert text(app) == before


async def test_help_and_its_language() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE, "f1")
        assert isinstance(app.screen, HelpScreen)
        assert "打电话问这家机构" in text(app)
        await press(pilot, "f2")
        assert "Call the institution" in text(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, QuestionScreen)


async def test_why_opens_and_closes() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE, "f3")
        assert "孩子现在能绑定这家机构吗？" in text(app)
        await press(pilot, "w")
        assert "孩子现在能绑定这家机构吗？" not in text(app)


async def test_my_answers_and_back_to_the_question() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_NUMBER, "f5")
        assert isinstance(app.screen, ReviewScreen)
        assert "继续回答" in text(app)
        await press(pilot, "escape")
        assert app.journey.fact == "institution_level"
        await press(pilot, "f5", "enter")
        assert app.journey.fact == "institution_level"


async def test_clear_asks_and_then_forgets() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, "f10")
        assert isinstance(app.screen, ConfirmScreen)
        await press(pilot, "enter")
        assert isinstance(app.screen, ResultScreen)
        await press(pilot, "f10", "escape", "f10", "1")
        assert isinstance(app.screen, StartScreen)
        assert app.journey.answers == {}
        assert "继续刚才的" not in text(app)


async def test_papers_are_ticked_by_digit_and_by_space_and_stay_ticked() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, "2", "tab", "tab")
        assert isinstance(app.focused, Checklist)
        await press(pilot, "space")
        assert "备齐 2/3" in body(app)
        await press(pilot, "f2")
        assert "2 of 3 ready" in body(app)
        await press(pilot, "escape", "enter")
        assert "2 of 3 ready" in body(app)


async def test_the_place_is_searched() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_PLACE, "enter")
        assert "还没选地方" in text(app)
        await press(pilot, "=Nanj")
        assert "❯ 南京市" in text(app)
        await press(pilot, "enter")
        assert app.journey.answers["region"] == "320100"


async def test_an_unknown_place_is_said_to_be_unknown() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_PLACE, "=zzz")
        assert "没有找到" in text(app)
        await press(pilot, "enter")
        assert app.journey.fact == "region"


async def test_the_mouse_picks_and_presses_keys() -> None:
    async with opened() as (app, pilot):
        await press(pilot, *TO_CHOICE)
        row = next(n for n, line in enumerate(text(app).split("\n")) if "2  医院" in line)
        await pilot.click(offset=(8, row))
        await pilot.click("KeyBar", offset=(3, 0))
        await pilot.pause()
        assert app.journey.answers["institution_kind"] == "hospital"


async def test_another_topic_is_chosen_after_the_result() -> None:
    async with opened(answered=ALL) as (app, pilot):
        await press(pilot, *["escape"] * 8)
        assert isinstance(app.screen, TopicScreen)


async def test_quitting() -> None:
    async with opened() as (app, pilot):
        await press(pilot, "ctrl+c")
        assert "再按一次" in text(app)
        await press(pilot, "ctrl+c")
    assert app.return_value == 130
    async with opened() as (app, pilot):
        await press(pilot, *TO_DATE, "ctrl+q")
    assert app.return_value == 0
    async with opened() as (app, pilot):
        row = [one.value for one in app.page.view.options].index("quit")  # type: ignore[attr-defined]  # of the start page
        await press(pilot, *["down"] * row, "enter")
    assert app.return_value == 0
