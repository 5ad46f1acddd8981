"""One truth told two ways: to the bare interview, and key by key to the interface as drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from engine.batch.encoding import encode
from tests.support import loaded
from tests.support.answers import AS_OF
from tests.support.plain import answered, truthful
from tests.support.screen import shown, widths
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.journey import Step
from tui.locale import Locale
from tui.screens.question import QuestionScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

pytestmark = pytest.mark.slow
CHECKER = loaded.checker()
DESK = Desk(CHECKER, AS_OF)
TOPICS = list(CHECKER.library.topics)
DRAWN = 20
UNKNOWN = "f4"


@pytest.fixture
def desk() -> Desk:
    """A desk for a new family; what was worked out of the questions' order is kept."""
    DESK.clear()
    return DESK


@pytest.mark.parametrize("seed", range(DRAWN))
async def test_the_drawn_interface_agrees_with_the_interview(seed: int, desk: Desk) -> None:
    topic = TOPICS[seed % len(TOPICS)]
    interview, asked = truthful(desk, topic, seed)
    async with shown(TongbaoApp(desk, Locale("zh"))) as (app, pilot):
        await pilot.press("enter", str(1 + TOPICS.index(topic)), "enter")
        for fact, value in asked:
            assert app.journey.fact == fact
            assert widths(app) == {80}
            await _answer(pilot, fact, value)
        await pilot.press("enter")
        assert app.journey.step is Step.RESULT
        assert app.journey.trail == [fact for fact, _ in asked]
        assert encode(app.journey.asking.result()) == encode(interview.result())


async def _answer(pilot: Pilot[int], fact: str, value: object) -> None:
    """Answer the question on the screen as a person would: a digit, or what is typed, and Enter."""
    screen = pilot.app.screen
    assert isinstance(screen, QuestionScreen)
    if value is None:
        await pilot.press(UNKNOWN)
        return
    typed = answered(CHECKER.library, fact, value)
    if screen.view.kind == "choice":
        await pilot.press(typed, "enter")
        return
    text = screen.view.options[int(typed) - 1].label if screen.view.kind == "list" else typed
    screen.query_one(Input).value = ""
    screen.query_one(Input).insert_text_at_cursor(text)
    await pilot.pause()
    await pilot.press("enter")
