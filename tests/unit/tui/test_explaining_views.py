"""View models of the pages about an answer, and plain mode saying the same as the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.hostile import HOSTILE, poisoned
from tests.support.plain import talk
from tests.support.screen import desk
from tui.explain.explainer import Explainer
from tui.explain.scratch import Scratch
from tui.locale import Locale
from tui.plain.mode import spoken
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE
from tui.text.width import cell_len
from tui.views.outline import Node, in_sight, open_at_first, places
from tui.views.result import result_view
from tui.views.sources import sources_view
from tui.views.what_if import assume_view, refusal, what_if_view
from tui.views.when import when_head
from tui.views.why import decisions_of, why_head
from tui.widgets.outline import Outline

if TYPE_CHECKING:
    from tui.desk import Desk

ANSWERS: dict[str, object] = {
    "region": "440300", "birth_date": "2012-03-02", "institution_kind": "hospital",
    "institution_level": 3, "emergency": True, "bill_yuan": "1200",
}  # fmt: skip
TYPED = ("1", "1", "1", "2012-03-02", "2", "3", "1", "1200", "")
TREE = (
    Node("a", nodes=(Node("b", nodes=(Node("c", nodes=(Node("d"),)),)), Node("e", "fails"))),
    Node("f", is_open=False, nodes=(Node("g", nodes=(Node("h", "fails", nodes=(Node("i"),)),)),)),
)


def sitting(**answers: object) -> Desk:
    """A desk with a journey at its result."""
    found = desk()
    found.journey.begin()
    found.journey.choose("clinic")
    for fact, value in (ANSWERS | answers).items():
        found.journey.asking.answer(fact, value)
        found.journey.trail.append(fact)
    return found


def speaker(of: Desk, lang: str = "zh") -> Speaker:
    return Speaker(of.journey, Locale(lang), UNICODE)


def said(nodes: tuple[Node, ...]) -> list[tuple[str, str]]:
    return [(one.node.text, one.node.note) for one in places(nodes)]


def test_an_outline_shows_what_stands_below_open_branches_only() -> None:
    opened = open_at_first(TREE)
    assert opened == {"0", "0.0", "1.0", "1.0.0"}
    assert [one.node.text for one in in_sight(TREE, opened)] == ["a", "b", "c", "e", "f"]
    every = {one.id for one in places(TREE)}
    assert in_sight(TREE, every) == list(places(TREE))
    assert [one.node.text for one in in_sight(TREE, set())] == ["a", "f"]


@pytest.mark.parametrize("width", [24, 40, 72])
def test_an_outline_wraps_within_its_width(width: int) -> None:
    long = "这一条很长，要换几行才写得完，而且每一行都缩进在自己的文字下面。"
    nodes = (Node(long, "holds", long, nodes=(Node(long, nodes=(Node(long, "idle", long),)),)),)
    drawn = Outline(nodes, UNICODE).lines(width)
    assert max(cell_len(line) for _, line, _ in drawn) <= width
    assert "".join(line.strip() for _, line, _ in drawn).count("缩进") == 5
    assert not any(line.strip().startswith(("，", "。")) for _, line, _ in drawn)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("decision", ["may_bind", "emergency_covered", "papers"])
def test_both_languages_have_the_same_outline(decision: str, lang: str) -> None:
    of = sitting()
    views = [Explainer.of(of, speaker(of, one)).why(decision) for one in ("zh", lang)]
    shapes = [[(one.id, one.node.mark, one.node.is_open) for one in places(view.nodes)]
              for view in views]  # fmt: skip
    assert shapes[0] == shapes[1]


def test_what_can_be_changed_is_told_from_what_time_brings() -> None:
    of = sitting()
    notes = dict(said(Explainer.of(of, speaker(of)).why("may_bind").nodes))
    by = {text.split()[0]: note for text, note in notes.items() if "现在" in text}
    assert by["机构类型"] == "可以改变"
    assert by["计算日的周岁"] == "到时候就会变"
    assert notes["可以，但要先办手续：先交一份申请，再绑定这家医院"] == "从2026年3月2日起"
    fixed = dict(said(Explainer.of(of, speaker(of)).why("emergency_covered").nodes))
    assert fixed["是不是急诊：否（现在：是）"] == "改变不了"


def test_marks_of_sources_are_those_of_the_result() -> None:
    of = sitting()
    result = dict(result_view(speaker(of)).sources)
    for decision in decisions_of(speaker(of)):
        nodes = Explainer.of(of, speaker(of)).why(decision).nodes
        for node in nodes[-1].nodes:
            mark, _, line = node.text.partition(" ")
            assert result[mark] == line


def test_a_source_says_what_it_is_cited_for() -> None:
    uses = {one.title: one.uses for one in sources_view(speaker(sitting())).sources}
    assert uses["一篇公众号文章"] == (
        "说法不同，没有采用：孩子现在能绑定这家机构吗？",
        "两种说法之一：这次看急诊能报销吗？",
    )
    assert uses["关于绑定社康的答复"][0] == "用在：孩子现在能绑定这家机构吗？"


def test_a_no_has_two_ways_on_at_most_and_others_have_none() -> None:
    of = sitting()
    ways = Explainer.of(of, speaker(of)).ways("may_bind")["may_bind"]
    assert len(ways) == 2
    assert ways[0].startswith("等到2026年3月2日")
    assert ways[1].startswith("如果机构类型")
    wanting = [one.id for one in result_view(speaker(of)).decisions if one.wants_ways]
    assert wanting == ["may_bind"]


@pytest.mark.parametrize(
    ("answers", "decision", "words"),
    [
        ({}, "may_bind", ""),
        ({}, "emergency_covered", "『急诊只报一半』"),
        ({"emergency": False}, "emergency_covered", "我没有找到写明的规定"),
        ({"region": "320100"}, "may_bind", "南京市的规定：孩子现在能绑定这家机构吗？"),
    ],
)
def test_what_is_not_settled_comes_with_a_question_for_the_bureau(
    answers: dict[str, object], decision: str, words: str
) -> None:
    view = result_view(speaker(sitting(**answers)))
    (one,) = [one for one in view.decisions if one.id == decision]
    assert words in one.question_to_ask
    assert bool(words) == bool(one.question_to_ask)


def test_assuming_is_refused_with_its_reason_and_leaves_all_as_it_was() -> None:
    of = sitting()
    say, scratch = speaker(of), Scratch(of)
    assert refusal(say, scratch, "birth_date", "2031-01-01").startswith("出生日期晚于计算日")
    assert scratch.assumed == {}
    assert refusal(say, scratch, "institution_level", 9)
    assert scratch.assumed == {}
    assert refusal(say, scratch, "bill_yuan", "10") == ""
    assert refusal(say, scratch, "bill_yuan", "1200.00") == ""
    assert scratch.assumed == {}
    assert scratch.result().to_json() == of.journey.asking.result().to_json()


def test_turning_goes_through_every_choice_and_comes_back() -> None:
    of = sitting()
    scratch = Scratch(of)
    seen = []
    for _ in range(3):
        assert scratch.turn("institution_level", 1)
        seen.append(scratch.answers["institution_level"])
    assert seen == [1, 2, 3]
    assert scratch.assumed == {}
    assert not scratch.turn("birth_date", 1)
    assert scratch.turn("emergency", -1)
    assert scratch.assumed == {"emergency": False}


def _texts(view: object) -> list[str]:
    if isinstance(view, str):
        return [view]
    if isinstance(view, tuple | list):
        return [text for one in view for text in _texts(one)]
    if isinstance(view, dict):
        return _texts(list(view.values()))
    if hasattr(view, "__dataclass_fields__"):
        return [text for name in view.__dataclass_fields__ for text in _texts(getattr(view, name))]
    return []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_view_model_holds_anything_active(text: str) -> None:
    of = sitting(institution_level=None)
    for decision in ("may_bind", "emergency_covered", "papers"):
        of.thinking.explained(of.journey.answers, decision)
    of.thinking.result(of.journey.answers, "clinic")
    of.thinking.days(of.journey.answers, decisions_of(speaker(of)))
    journey = poisoned(of.journey, text)
    say = Speaker(journey, Locale("zh"), UNICODE)
    explainer, scratch = Explainer.of(of, say), Scratch(of)
    views: list[object] = [sources_view(say), when_head(say), explainer.days()]
    for decision in decisions_of(say):
        views += [why_head(say, decision), explainer.why(decision)]
        views += [explainer.single_changes(decision), explainer.ways(decision)]
        views += [what_if_view(say, scratch, decision)]
    scratch.assumed = {"emergency": False}
    views += [what_if_view(say, scratch, "may_bind"), assume_view(say, scratch, "emergency")]
    for shown in _texts(views):
        for char in shown.replace("\n", ""):
            assert ord(char) >= 0x20
            assert not 0x7F <= ord(char) <= 0x9F
            assert char not in "\u202e\u2066\u200b\u200d\ufeff\u2029"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_plain_mode_says_what_the_screens_show(lang: str) -> None:
    """Why, what if, days and sources: every text of the view models, in their order."""
    typed = [*TYPED, "w", "2", "3", "i", "b", "b", "i", "3", "1", "b", "d", "b", "s", "b", "q"]
    plain, transcript = talk(desk(), *typed, lang=lang, ended=False)
    say = Speaker(plain.journey, Locale(lang, "plain"), spoken(plain.locale))
    of = sitting()
    explainer, scratch = Explainer.of(of, say), Scratch(of)
    expected = [text for one in decisions_of(say)
                for pair in said(explainer.why(one).nodes) for text in pair]  # fmt: skip
    scratch.assumed = {"institution_kind": "centre"}
    view = what_if_view(say, scratch, "may_bind")
    expected += [view.heading, *_texts(view.rows), *explainer.single_changes("may_bind")]
    expected += [text for one in view.compared for text in (one.becomes, one.because)]
    expected += _texts(explainer.days())
    expected += [text for one in sources_view(say).sources for text in (one.title, *one.uses)]
    expected += [value for one in sources_view(say).sources for _, value in one.rows]
    expected += explainer.ways("may_bind")["may_bind"]
    for text in expected:
        if text not in of.library.vocabulary.facts:
            assert text.replace("\n", " ").strip() in transcript.replace("\n", " ")
    assert "1.2.1" in transcript


def test_plain_mode_goes_back_page_by_page() -> None:
    plain, transcript = talk(desk(), *TYPED, "w", "i", "2", "b", "b", "b", "c", "q", ended=False)
    assert plain.over == []
    assert "这样假设" not in transcript
    assert transcript.rstrip().endswith("退出：")
    assert plain.journey.step.value == "review"


def test_plain_mode_takes_an_assumption_back() -> None:
    _, transcript = talk(desk(), *TYPED, "i", "3", "1", "x", "x", "b", "q", ended=False)
    assert "假设：社康中心（社区卫生服务机构）" in transcript
    assert "没看懂「x」" in transcript
