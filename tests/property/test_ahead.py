"""What is worked out ahead is what would be worked out when asked; and then nothing is left."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from engine.batch.encoding import encode
from engine.checker import Checker
from engine.errors import CaseError
from engine.interview import Interview
from tests.support import loaded
from tests.support.answers import AS_OF, facts_of, values
from tui import ahead
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.locale import Locale
from tui.screens.question import QuestionScreen

if TYPE_CHECKING:
    from engine.case import Case
    from engine.result import DecisionResult

CHECKER = loaded.checker(compare=False)
LIBRARY = CHECKER.library
TRIED = 2


@pytest.mark.parametrize("topic", LIBRARY.topics)
def test_what_is_worked_out_ahead_changes_nothing(topic: str) -> None:
    chance = random.Random(topic)
    thinking, other = (Interview(CHECKER, [topic], AS_OF) for _ in range(2))
    facts = facts_of(LIBRARY, LIBRARY.topics[topic].decisions)
    while question := other.question():
        found = thinking.question()
        assert found is not None
        assert (found.fact.id, found.decides) == (question.fact.id, question.decides)
        fact = question.fact.id
        likely = [*values(LIBRARY, question.fact), None]
        value = chance.choice(likely)
        for one in (*chance.sample(likely, min(TRIED, len(likely))), value):
            # Now and then the answer comes before it is all worked out.
            for _, _ in zip(
                thinking.ahead(fact, one), range(chance.choice([2, 999])), strict=False
            ):
                assert thinking.answers == other.answers
        assert given(thinking, fact, value) == given(other, fact, value)
        assert thinking.at_most() == other.at_most()
        assert [thinking.state(one) for one in facts] == [other.state(one) for one in facts]
    assert thinking.question() is None
    assert encode(thinking.result()) == encode(other.result())


def given(interview: Interview, fact: str, value: object) -> object:
    """Give an answer, or none where it cannot be one; why it cannot."""
    try:
        interview.answer(fact, value)
    except CaseError as error:
        interview.answer(fact, None)
        return error.faults
    clash = interview.contradiction()
    if clash is not None:
        interview.answer(fact, None)
    return clash


class Counting(Checker):
    """A checker that counts how often it is asked."""

    asked = 0

    def answer(self, decision: str, case: Case, hashes: set[str] | None = None) -> DecisionResult:
        self.asked += 1
        return super().answer(decision, case, hashes)


async def test_what_was_picked_is_worked_out_before_enter() -> None:
    checker = Counting(LIBRARY, compare=False)
    app = TongbaoApp(Desk(checker, AS_OF), Locale("zh"))
    async with app.run_test() as pilot:
        await pilot.press("enter", "2", "enter")
        for answer in ("down", "down", "1", "1"):
            await pilot.press(answer)
            await pilot.pause(ahead.QUIET)
            await asyncio.wait_for(app.thought(), 60)
            page, journey, before = app.page, app.journey, checker.asked
            assert isinstance(page, QuestionScreen)
            assert journey.answer(page.likely) is None
            journey.asking.at_most()
            assert checker.asked == before, page.view.fact
            journey.back()
            await pilot.press("enter")
            assert app.page is not page


async def test_who_leaves_is_not_thought_for_any_longer() -> None:
    desk = Desk(CHECKER, AS_OF)
    desk.journey.choose("filing")
    fact = desk.journey.fact
    assert fact is not None
    steps = ahead.following(desk, fact, ["440300", "110000"])
    next(steps)
    desk.clear()
    assert next(steps, None) is None
    assert list(steps) == []
