"""The pages about an answer over the shipped rules: they hold, and agree with the result."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.support import loaded
from tests.support.plain import truthful
from tui.desk import Desk
from tui.explain.explainer import Explainer
from tui.explain.scratch import Scratch
from tui.locale import Locale
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE
from tui.views.outline import places
from tui.views.result import result_view
from tui.views.what_if import what_if_view
from tui.views.why import decisions_of

DAY = date(2026, 3, 5)
CHECKER = loaded.checker()
TOPICS = list(CHECKER.library.topics)
# A random place is mostly one without rules, in which there is little to assume.
SEEDS = {"hospital_binding": 6}


def sitting(topic: str, seed: int) -> Desk:
    """A desk at the result of somebody who answered everything at random."""
    desk = Desk(CHECKER, DAY)
    _, asked = truthful(desk, topic, seed)
    desk.journey.choose(topic)
    for fact, value in asked:
        desk.journey.asking.answer(fact, value)
        desk.journey.trail.append(fact)
    return desk


@pytest.mark.parametrize("topic", TOPICS)
def test_the_pages_hold_and_agree_with_the_result(topic: str) -> None:
    desk = sitting(topic, 0)
    result = desk.journey.asking.result()
    shapes = []
    for lang in ("zh", "en"):
        say = Speaker(desk.journey, Locale(lang), UNICODE)
        explainer = Explainer.of(desk, say)
        views = {one.id: one for one in result_view(say).decisions}
        shape = []
        for decision in decisions_of(say):
            why = explainer.why(decision)
            assert why.verdict == result.decisions[decision].verdict
            assert views[decision].verdict_word in why.answer
            shape.append([(one.id, one.node.mark) for one in places(why.nodes)])
            if views[decision].wants_ways:
                ways = explainer.ways(decision)[decision]
                assert len(ways) <= 2
                assert ways or views[decision].steps or views[decision].ask or views[decision].where
        shapes.append(shape)
        assert all(day.lines for day in explainer.days())
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("topic", TOPICS)
def test_what_is_assumed_gives_what_the_same_answer_would(topic: str) -> None:
    """The what-if page against a fresh check of the changed case; the real answers stay."""
    desk = sitting(topic, SEEDS.get(topic, 5))
    say, before = Speaker(desk.journey, Locale("zh"), UNICODE), dict(desk.journey.answers)
    tried = 0
    for fact in desk.journey.trail:
        scratch = Scratch(desk)
        scratch.reset()
        if not scratch.turn(fact, 1) or not scratch.assumed:
            continue
        tried += 1
        if tried > 3:
            break
        case = {"as_of": DAY.isoformat(), "topics": [topic], **before, **scratch.assumed}
        assert scratch.result().to_json() == CHECKER.check(case, DAY).to_json()
        if tried == 1:
            view = what_if_view(say, scratch, decisions_of(say)[0])
            now = desk.journey.asking.result().decisions
            then = CHECKER.check(case, DAY).decisions
            differing = [one for one in now if now[one].outcome != then[one].outcome]
            assert view.changed >= len(differing)
    assert tried
    assert desk.journey.answers == before


def test_days_are_counted_from_the_day_of_the_case() -> None:
    desk = Desk(CHECKER, DAY)
    desk.journey.choose("hospital_binding")
    birthday = (DAY + timedelta(days=9)).replace(year=DAY.year - 14)
    known = {
        "region": "440300", "scheme": "resident", "birth_date": birthday.isoformat(),
        "in_city": True, "institution_kind": "general_hospital", "institution_level": 2,
        "bound_community": 0, "bound_hospital": 0,
    }  # fmt: skip
    for fact, value in known.items():
        desk.journey.asking.answer(fact, value)
    say = Speaker(desk.journey, Locale("zh"), UNICODE)
    (first, *_) = Explainer.of(desk, say).days()
    assert first.when == "2026年3月14日（还有 9 天）"
