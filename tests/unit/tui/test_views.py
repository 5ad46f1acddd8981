"""View models made from the small rulesets, and hostile words in every place they can come from."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.hostile import HOSTILE, poisoned
from tests.support.screen import new_journey
from tui.locale import Locale
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE
from tui.views.asking import review_view, start_view, topic_view
from tui.views.question import list_options, question_view
from tui.views.result import DecisionView, result_view
from tui.views.result_words import value_words
from tui.widgets.filter_list import FilterList

COMPLETE: dict[str, object] = {
    "region": "440300",
    "birth_date": "2012-03-02",
    "institution_kind": "hospital",
    "institution_level": 3,
    "emergency": True,
    "bill_yuan": "1200",
}


_NOTHING: dict[str, object] = dict.fromkeys(COMPLETE, ...)


def _speaker(lang: str = "zh", /, **answers: object) -> Speaker:
    journey = new_journey()
    journey.begin()
    journey.choose("clinic")
    for fact, value in (COMPLETE | answers).items():
        if value is not ...:
            journey.asking.answer(fact, value)
            journey.trail.append(fact)
    return Speaker(journey, Locale(lang), UNICODE)


def _decision(name: str, lang: str = "zh", **answers: object) -> DecisionView:
    view = result_view(_speaker(lang, **answers))
    return next(one for one in view.decisions if one.id == name)


def test_a_no_names_the_verdict_the_reason_and_another_way() -> None:
    view = _decision("may_bind")
    assert (view.sign, view.verdict_word, view.evidence) == ("✗", "不可以", "依据：官方")
    assert view.steps
    assert view.ask
    assert view.reasons[0].endswith("[1]")


def test_a_change_within_sixty_days_stands_beside_the_verdict() -> None:
    assert _decision("may_bind").soon == (
        "2012年3月2日" and "2026年3月2日起，这个答案会变（还有 1 天）",
    )
    later = _decision("may_bind", birth_date="2012-08-01")
    assert later.soon == ()
    assert later.when == ("2026年8月1日起，这个答案会变，到时请再查一次",)


def test_what_was_not_followed_is_shown_with_its_reason() -> None:
    (line,) = _decision("may_bind").dissent
    assert "任何医院" in line
    assert "依据不如上面的可靠" in line


def test_a_dispute_shows_both_sides_and_the_safer_one() -> None:
    view = _decision("emergency_covered")
    assert view.verdict == "disputed"
    shown = "\n".join(view.dispute)
    assert "急诊可以报销" in shown
    assert view.title.endswith("稳妥起见，先按这一种准备：急诊只报一半")
    assert "没有写依据" in shown
    assert view.reasons == ()


@pytest.mark.parametrize(("day", "old"), [("2027-02-01", False), ("2027-02-02", True)])
def test_sources_that_nobody_looked_at_for_a_year_are_not_taken_for_granted(
    day: str, *, old: bool
) -> None:  # fmt: skip
    say = _speaker()
    say.journey.as_of = date.fromisoformat(day)
    view = result_view(say)
    assert ("最后一次核对是2026年2月1日" in view.notice) is old
    assert bool(view.notice) is old


def test_what_is_missing_says_how_to_find_out() -> None:
    view = _decision("may_bind", institution_level=None)
    assert (view.verdict, view.evidence) == ("undecided", "")
    assert view.missing == ("医院级别：看医院的招牌或官网",)
    assert set(view.possible) == {
        "✗ 未满 14 周岁不能绑定三级医院",
        "➜ 先交一份申请，再绑定这家医院",
    }


def test_papers_say_their_form_and_what_may_replace_them() -> None:
    view = _decision("papers")
    assert [paper.title for paper in view.papers] == ["孩子的医保卡", "户口簿", "发票"]
    assert view.papers[1].note == "原件，可用出生医学证明代替，网上办可以免交"


def test_a_paper_that_depends_says_on_what() -> None:
    view = _decision("papers", bill_yuan=...)
    assert [paper.title for paper in view.papers] == ["孩子的医保卡", "户口簿"]
    assert view.papers_maybe == ("发票：要看「这次的费用」",)


def test_a_paper_not_needed_is_named() -> None:
    assert _decision("papers", bill_yuan="10").papers_not == "不需要：发票"


def test_sources_are_numbered_and_a_mirror_is_not_linked() -> None:
    view = result_view(_speaker(institution_level=2))
    marks = [mark for mark, _ in view.sources]
    assert marks == [f"[{number}]" for number in range(1, len(marks) + 1)]
    mirror = next(text for _, text in view.sources if "报纸" in text)
    assert "http" not in mirror
    assert "有报道" in mirror
    assert "核对于 2026-02-01" in mirror


def test_silence_says_where_one_looked() -> None:
    view = result_view(_speaker(emergency=False))
    assert any("查过：市医保局网站和省条例" in text for _, text in view.sources)


def test_a_place_without_rules_is_said_to_have_none() -> None:
    speaker = _speaker(region="320100")
    view = result_view(speaker)
    assert "南京市" in view.notice
    assert all(one.verdict == "unclear" for one in view.decisions)
    assert view.decisions[0].title == "还没有收录这个地方的规定"
    assert view.decisions[0].steps


def test_places_with_rules_come_first() -> None:
    speaker = _speaker(**_NOTHING)
    assert [one.label for one in list_options(speaker, "region", "")] == ["深圳市"]
    assert [one.label for one in list_options(speaker, "region", "广")] == ["深圳市", "广州市"]
    assert next(iter(list_options(speaker, "region", "44"))).label == "深圳市"
    assert [one.label for one in list_options(speaker, "region", "nanj")] == ["南京市"]
    notes = {one.label: one.note for one in list_options(speaker, "region", "市")}
    assert notes["深圳市"] == "已收录当地规定"
    assert notes["南京市"] == "还没有收录"


def test_long_enums_become_filter_lists() -> None:
    speaker = _speaker()
    assert question_view(speaker, "ward").kind == "list"
    assert [one.value for one in list_options(speaker, "ward", "口腔")] == ["w05"]


def test_the_review_says_what_is_not_known_and_what_was_not_asked() -> None:
    view = review_view(_speaker(institution_kind="centre", institution_level=..., emergency=None))
    rows = {row.fact: row for row in view.rows}
    assert rows["emergency"].value == "不知道"
    assert rows["emergency"].note == "怎么查：看病历首页"
    assert "医院级别" in view.skipped


def _texts(view: object) -> list[str]:
    if isinstance(view, str):
        return [view]
    if isinstance(view, tuple | list):
        return [text for one in view for text in _texts(one)]
    if hasattr(view, "__dataclass_fields__"):
        return [text for name in view.__dataclass_fields__ for text in _texts(getattr(view, name))]
    return []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_view_model_holds_anything_active(text: str) -> None:
    journey = poisoned(_speaker(institution_level=None).journey, text)
    speaker = Speaker(journey, Locale("zh"), UNICODE)
    views = [start_view(speaker), topic_view(speaker), review_view(speaker), result_view(speaker)]
    views += [question_view(speaker, fact) for fact in (*COMPLETE, "ward")]
    for shown in _texts(views):
        for char in shown.replace("\n", ""):
            assert ord(char) >= 0x20
            assert not 0x7F <= ord(char) <= 0x9F
            assert char not in "\u202e\u2066\u200b\u200d\ufeff\u2029"


def test_an_amount_says_what_it_counts() -> None:
    speaker = _speaker()
    assert value_words(speaker, {"factor": "0.9"}) == "原来的 90%"
    assert value_words(speaker, {"range": [{"factor": "0.9"}, {"factor": "1"}]}) == (
        "原来的 90 到 100%"
    )
    assert value_words(speaker, {"range": [{"number": "5"}, {"number": "6"}]}, "个月") == (
        "5 到 6 个月"
    )
    assert value_words(speaker, {"range": ["2026-03-02", "2026-03-04"]}) == (
        "2026年3月2日到2026年3月4日之间"
    )


def test_a_place_left_out_is_not_called_unclear() -> None:
    decision = result_view(_speaker(region="320100")).decisions[0]
    assert decision.verdict_word == "没有收录"


def test_nothing_is_not_found_before_anything_is_typed() -> None:
    assert FilterList(lambda _: (), UNICODE, no_match="没有找到").unmatched == ""
    typed = FilterList(lambda _: (), UNICODE, text="无", no_match="没有找到")
    assert typed.unmatched == "没有找到"
