"""The way of a person through the questions, without a terminal and without rules."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

import pytest

from tests.support.scripted import ScriptedInterview
from tui.journey import Journey, Refusal, Step
from tui.route import Route, route

if TYPE_CHECKING:
    from engine.library import Library

SCRIPT = {
    "a": lambda _: True,
    "b": lambda given: given.get("a") == 1,
    "c": lambda _: True,
    "d": lambda given: given.get("c") is None,
}


@pytest.fixture
def script() -> ScriptedInterview:
    return ScriptedInterview(SCRIPT)


@pytest.fixture
def journey(script: ScriptedInterview) -> Journey:
    found = Journey(cast("Library", None), date(2026, 3, 1), lambda _: script)
    found.begin()
    found.choose("topic")
    return found


def _answer(journey: Journey, **answers: object) -> None:
    for fact, value in answers.items():
        assert journey.fact == fact
        assert journey.answer(value) is None  # type: ignore[arg-type] # plain values


def test_the_way_from_start_to_result(journey: Journey) -> None:
    _answer(journey, a=1, b=2, c=3)
    assert journey.step is Step.REVIEW
    journey.proceed()
    assert route(journey) == Route("result", "topic")


def test_what_no_longer_matters_is_not_asked(journey: Journey) -> None:
    _answer(journey, a=0, c=3)
    assert journey.step is Step.REVIEW


def test_not_knowing_is_an_answer(journey: Journey) -> None:
    _answer(journey, a=None, c=None, d=None)
    assert journey.step is Step.REVIEW


def test_back_walks_the_answers_and_keeps_them(journey: Journey) -> None:
    _answer(journey, a=1, b=2)
    assert journey.fact == "c"
    journey.back()
    assert (journey.fact, journey.said("b")) == ("b", (True, 2))
    journey.back()
    assert journey.fact == "a"
    journey.back()
    assert route(journey) == Route("topic")
    journey.back()
    assert route(journey) == Route("start")
    journey.back()
    assert route(journey) == Route("start")
    journey.resume()
    assert journey.fact == "c"


def test_after_back_the_answers_are_walked_forward_again(journey: Journey) -> None:
    _answer(journey, a=1, b=2)
    journey.back()
    journey.back()
    _answer(journey, a=1, b=2, c=3)
    assert journey.step is Step.REVIEW


def test_a_change_asks_only_what_is_newly_needed(journey: Journey) -> None:
    _answer(journey, a=0, c=3)
    journey.change("a")
    _answer(journey, a=1, b=5)
    assert journey.step is Step.REVIEW
    assert journey.changed == {"a"}


def test_an_answer_out_of_use_comes_back(journey: Journey) -> None:
    _answer(journey, a=1, b=2, c=3)
    journey.change("a")
    _answer(journey, a=0)
    assert journey.asking.state("b") == "not_needed"
    journey.change("a")
    _answer(journey, a=1)
    assert journey.step is Step.REVIEW
    assert journey.said("b") == (True, 2)


def test_back_from_a_change_leaves_it(journey: Journey) -> None:
    _answer(journey, a=0, c=3)
    journey.change("a")
    journey.back()
    assert journey.step is Step.REVIEW
    assert journey.said("a") == (True, 0)


def test_the_review_in_between_returns_to_the_question(journey: Journey) -> None:
    _answer(journey, a=1)
    journey.review()
    assert journey.step is Step.REVIEW
    journey.back()
    assert route(journey) == Route("question", "b")


def test_back_from_the_result_is_the_review_then_the_last_question(journey: Journey) -> None:
    _answer(journey, a=0, c=3)
    journey.proceed()
    journey.back()
    assert journey.step is Step.REVIEW
    journey.back()
    assert journey.fact == "c"


def test_a_refused_answer_stays_at_the_question(
    journey: Journey, script: ScriptedInterview
) -> None:
    script.refused = {"a": 9}
    refusal = journey.answer(9)
    assert isinstance(refusal, Refusal)
    assert not refusal.clash
    assert (journey.fact, journey.said("a")) == ("a", (False, None))


def test_a_contradiction_is_taken_back(journey: Journey, script: ScriptedInterview) -> None:
    script.clashing = (("a", 1), ("b", 7))
    _answer(journey, a=1)
    refusal = journey.answer(7)
    assert isinstance(refusal, Refusal)
    assert refusal.clash
    assert journey.said("b") == (False, None)
    _answer(journey, b=2, c=3)
    journey.change("b")
    assert journey.answer(7) is not None
    assert journey.said("b") == (True, 2)


def test_answers_of_another_topic_are_offered_again() -> None:
    made: list[ScriptedInterview] = []

    def start(_topics: tuple[str, ...]) -> ScriptedInterview:
        made.append(ScriptedInterview(SCRIPT))
        return made[-1]

    journey = Journey(cast("Library", None), date(2026, 3, 1), start)
    journey.choose("one")
    _answer(journey, a=1)
    journey.choose("two")
    assert journey.fact == "a"
    assert journey.said("a") == (True, 1)
    assert made[1].answers == {}


def test_ticks_go_on_and_off(journey: Journey) -> None:
    journey.tick("x")
    assert journey.ticks == {"x"}
    journey.tick("x")
    assert journey.ticks == set()
