"""One truth told four ways: to the bare interview, line by line, key by key, and in a batch."""

from __future__ import annotations

import io
import json
import random
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from engine.batch.encoding import encode
from engine.batch.reader import read_items
from engine.checker import Checker
from tests.support.answers import AS_OF
from tests.support.plain import answered, begun, talk, truthful
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.journey import Step
from tui.locale import Locale
from tui.screens.question import QuestionScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

CHECKER = Checker.load()
DESK = Desk(CHECKER, AS_OF)
TOPICS = list(CHECKER.library.topics)
WALKS, DRAWN = 200, 20
UNKNOWN = "f4"


@pytest.fixture
def desk() -> Desk:
    """A desk for a new family; what was worked out of the questions' order is kept."""
    DESK.clear()
    return DESK


@pytest.mark.parametrize("seed", range(WALKS))
def test_plain_mode_and_the_batch_agree_with_the_interview(seed: int, desk: Desk) -> None:
    topic = TOPICS[seed % len(TOPICS)]
    interview, asked = truthful(desk, topic, seed)
    typed = begun(CHECKER.library, topic)
    typed += [answered(CHECKER.library, fact, value) for fact, value in asked]
    lang = random.Random(seed).choice(["zh", "en"])
    plain, transcript = talk(desk, *typed, "", lang=lang)

    assert plain.journey.step is Step.RESULT
    assert plain.journey.trail == [fact for fact, _ in asked]
    for fact, _ in asked:
        question = CHECKER.library.vocabulary.facts[fact].question.get(lang)
        assert transcript.count(question) >= 1, fact
    expected = encode(interview.result())
    assert encode(plain.journey.asking.result()) == expected

    case = {"as_of": AS_OF.isoformat(), "topics": [topic], **dict(asked)}
    written = json.dumps(case, default=float).encode()
    (item,) = read_items(io.BytesIO(written), "case")
    assert encode(CHECKER.check(item.data, AS_OF)) == expected


@pytest.mark.parametrize("seed", range(DRAWN))
async def test_the_drawn_interface_agrees_with_the_interview(seed: int, desk: Desk) -> None:
    topic = TOPICS[seed % len(TOPICS)]
    interview, asked = truthful(desk, topic, seed)
    app = TongbaoApp(desk, Locale("zh"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", str(1 + TOPICS.index(topic)), "enter")
        for fact, value in asked:
            assert app.journey.fact == fact
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
