"""Plain mode over the small rulesets: pages as lines, commands, and what is typed wrong."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest

from tests.support.hostile import HOSTILE, poisoned
from tests.support.plain import talk
from tests.support.screen import desk, new_journey
from tui.journey import Step
from tui.locale import LANGUAGES, Locale, catalogue
from tui.plain import pages as plain_pages
from tui.plain.console import LONGEST, Console
from tui.plain.mode import MODE
from tui.speaker import Speaker
from tui.text.glyphs import ASCII
from tui.views.asking import start_view

TO_PLACE = ("1", "1")
TO_DATE = (*TO_PLACE, "1")
TO_CHOICE = (*TO_DATE, "2012-03-02")
TO_NUMBER = (*TO_CHOICE, "2")
TO_REVIEW = (*TO_NUMBER, "3", "1", "1200")
TO_RESULT = (*TO_REVIEW, "")
SECTIONS = (
    "steps", "papers", "papers_maybe", "where", "ask", "why", "dispute", "dissent", "missing",
    "possible",
)  # fmt: skip
KEYS = re.compile(r"F\d|\bEsc\b|\bTab\b|arrow|mouse|上下键|鼠标|空格|打勾")


def last(text: str) -> str:
    """What was said since the last but one prompt."""
    return re.split(r"(?:退出：|Quit:)\n", text)[-2]


def test_numbers_lead_to_the_result() -> None:
    plain, text = talk(desk(), *TO_RESULT)
    assert plain.journey.step is Step.RESULT
    assert "1.1 不可以，依据：官方\n" in text
    assert text.index("1.1 不可以") < text.index("下一步") < text.index("为什么是这个结果")


def test_a_question_says_where_one_is_and_what_to_enter() -> None:
    _, text = talk(desk(), *TO_CHOICE)
    assert last(text).strip().splitlines() == [
        "孩子的出生日期：2012年3月2日，按 2026-03-01 满 13 周岁",
        "",
        "第 3 题，之后最多还有 3 题。想绑定哪一类机构？",
        "提示：看机构门口或挂号单上的全称。",
        "1. 社康中心（社区卫生服务机构）",
        "2. 医院",
        "0. 不知道（接着问别的，最后告诉您怎么查）",
        "请输入数字。b 返回，w 为什么问，? 帮助，a 我的回答，l English，q",
    ]


def test_the_bound_is_said_once_the_place_is_known_and_never_rises() -> None:
    _, text = talk(desk(), *TO_REVIEW)
    assert "第 1 题。" in text
    bounds = [int(one) for one in re.findall(r"最多还有 (\d+) 题。", text)]
    assert bounds == sorted(bounds, reverse=True)
    assert "，这是最后一题。" in text


@pytest.mark.parametrize("typed", ["9", "x", "-1", "1.0", "²²", "", "0x1", "1 2", "99999999999"])
def test_what_is_no_option_is_said_and_asked_again(typed: str) -> None:
    plain, text = talk(desk(), *TO_CHOICE, typed)
    assert plain.journey.fact == "institution_kind"
    said = last(text)
    assert "0" in said.splitlines()[0]
    assert "想绑定哪一类机构？" in said


@pytest.mark.parametrize("typed", ["２", " 2 ", "②"])
def test_full_width_numbers_pick(typed: str) -> None:
    plain, _ = talk(desk(), *TO_CHOICE, typed)
    assert plain.journey.answers["institution_kind"] == "hospital"


@pytest.mark.parametrize("typed", ["0", "u", "Ｕ", "不知道"])
def test_not_knowing(typed: str) -> None:
    plain, text = talk(desk(), *TO_CHOICE, typed)
    assert plain.journey.answers["institution_kind"] is None
    assert "机构类型：不知道\n" in text


def test_nought_is_a_number_where_numbers_are_asked_for() -> None:
    plain, text = talk(desk(), *TO_REVIEW[:-1], "0")
    assert str(plain.journey.answers["bill_yuan"]) == "0"
    assert "u. 不知道" in text
    plain, _ = talk(desk(), *TO_REVIEW[:-1], "u")
    assert plain.journey.answers["bill_yuan"] is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-02-30", "2026 年 2 月没有 30 日，请核对"),
        ("2026-03-02", "出生日期晚于计算日。请改这一题，或输入 a 去改别的回答。"),
        ("去年", "没看懂这个日期，请写成 2012-03-02 这样"),
        ("", "请填日期；不知道就输入 0，只记得年月就只写年月"),
    ],
)
def test_a_bad_date_says_what_is_wrong_and_asks_again(typed: str, said: str) -> None:
    plain, text = talk(desk(), *TO_DATE, typed)
    assert plain.journey.fact == "birth_date"
    assert last(text).splitlines()[0] == said
    assert "孩子是哪天出生的？" in last(text)


@pytest.mark.parametrize("typed", ["２０１２年３月２日", "20120302", "2012/3/2"])
def test_dates_are_read_as_on_the_screen(typed: str) -> None:
    plain, _ = talk(desk(), *TO_DATE, typed)
    assert plain.journey.answers["birth_date"] == "2012-03-02"


@pytest.mark.parametrize("typed", ["1" * 40, "1" * 3000, "9" * 28 + ".55", "1.555"])
def test_a_number_too_long_or_too_fine_is_refused(typed: str) -> None:
    plain, text = talk(desk(), *TO_REVIEW[:-1], typed)
    assert plain.journey.fact == "bill_yuan"
    assert last(text).startswith(("请填 ", "最多写 "))


@pytest.mark.parametrize("typed", ["南京市", "320100", "320102", "nanjing", "ＮANJING", "南京"])
def test_a_place_is_named(typed: str) -> None:
    plain, text = talk(desk(), *TO_PLACE, typed)
    assert plain.journey.answers["region"] == "320100"
    assert "参保地：南京市\n" in text
    _, text = talk(desk(), *TO_PLACE, typed, "")
    assert "还没有收录南京市的规定" in last(text)


def test_several_places_are_numbered_and_one_is_picked() -> None:
    plain, text = talk(desk(), *TO_PLACE, "广")
    assert plain.journey.fact == "region"
    assert last(text).splitlines()[:2] == ["1. 深圳市（已收录当地规定）", "2. 广州市（还没有收录）"]
    plain, _ = talk(desk(), *TO_PLACE, "广", "2")
    assert plain.journey.answers["region"] == "440100"
    plain, text = talk(desk(), *TO_PLACE, "nanj")
    assert plain.journey.fact == "region"
    assert last(text).startswith("1. 南京市")


def test_of_many_places_the_first_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_pages, "SHOWN", 1)
    plain, text = talk(desk(), *TO_PLACE, "广")
    assert last(text).splitlines()[:2] == [
        "1. 深圳市（已收录当地规定）",
        "还有 1 项没有列出，请多输入几个字",
    ]
    plain, _ = talk(desk(), *TO_PLACE, "广", "2")
    assert plain.journey.fact == "region"


@pytest.mark.parametrize("typed", ["zzz", "999999", "100000", "全国", "；；"])
def test_no_place_is_said_to_be_none(typed: str) -> None:
    plain, text = talk(desk(), *TO_PLACE, typed)
    assert plain.journey.fact == "region"
    assert last(text).startswith("没有找到。")
    assert "1. 深圳市" in last(text)


def test_back_keeps_the_answer_and_enter_keeps_it_too() -> None:
    plain, text = talk(desk(), *TO_CHOICE, "b", "")
    assert "现在的回答：2012年3月2日。直接按回车就保留" in text
    assert plain.journey.fact == "institution_kind"
    assert plain.journey.answers["birth_date"] == "2012-03-02"


def test_back_never_leaves_the_program() -> None:
    plain, text = talk(desk(), *TO_CHOICE, *"bbbbb")
    assert plain.journey.step is Step.START
    assert "2. 继续刚才的" in last(text)


def test_why_and_help_answer_and_ask_on() -> None:
    _, text = talk(desk(), *TO_CHOICE, "w")
    assert last(text).startswith("这一题的回答还会影响：\n孩子现在能绑定这家机构吗？\n")
    _, text = talk(desk(), *TO_CHOICE, "？")
    assert "打电话问这家机构" in last(text)
    assert "b 返回\n" in last(text)
    _, text = talk(desk(), *TO_RESULT, "?")
    assert "规定没有说清：规定没有写，或留给当地医保局决定" in last(text)


def test_an_answer_is_changed_from_the_answers() -> None:
    plain, text = talk(desk(), *TO_REVIEW, "3", "1")
    assert "正在修改这一题" in text
    assert plain.journey.step is Step.REVIEW
    assert "机构类型：社康中心（社区卫生服务机构）（已改）" in last(text)
    assert "医院级别：按现在的回答已用不上" in last(text)


def test_the_answers_can_be_seen_on_the_way() -> None:
    plain, text = talk(desk(), *TO_NUMBER, "A")
    assert "g 或回车 继续回答" in text
    assert plain.journey.step is Step.REVIEW
    for typed in ("b", "g", ""):
        plain, _ = talk(desk(), *TO_NUMBER, "a", typed)
        assert plain.journey.fact == "institution_level"
    _, text = talk(desk(), *TO_REVIEW, "7", "x")
    assert "没看懂「7」" in text
    assert "没看懂「x」" in text


def test_the_language_changes_on_every_page() -> None:
    for count in range(len(TO_RESULT) + 1):
        plain, text = talk(desk(), *TO_RESULT[:count], "l")
        assert re.search("[a-z]{3}", last(text))
        assert not re.search("[\u4e00-\u9fff]{2}。", last(text))
        again, text = talk(desk(), *TO_RESULT[:count], "l", "l")
        assert again.journey.step is plain.journey.step
        assert re.search("[\u4e00-\u9fff]{3}", last(text))


def test_the_result_can_be_left_for_the_answers_another_topic_or_a_new_family() -> None:
    for typed in ("c", "b"):
        plain, _ = talk(desk(), *TO_RESULT, typed)
        assert plain.journey.step is Step.REVIEW
    plain, _ = talk(desk(), *TO_RESULT, "t")
    assert plain.journey.step is Step.TOPIC
    assert plain.journey.answers
    plain, _ = talk(desk(), *TO_RESULT, "n", "1")
    assert plain.journey.step is Step.START
    assert plain.journey.answers == {}
    for typed in ("2", "b", "", "y"):
        plain, text = talk(desk(), *TO_RESULT, "n", typed)
        assert plain.journey.answers
        assert last(text).rstrip().endswith("q") is True
    _, text = talk(desk(), *TO_RESULT, "", "zz")
    assert last(text).startswith("没看懂「zz」")


def test_quitting_from_every_page() -> None:
    for count in range(len(TO_RESULT) + 1):
        talk(desk(), *TO_RESULT[:count], "Ｑ", ended=False)
    there = desk()
    options = start_view(Speaker(there.journey, Locale("zh"), ASCII), there).options
    talk(there, str(1 + [one.value for one in options].index("quit")), ended=False)
    talk(desk(), *TO_RESULT, "n", "q", ended=False)


def test_the_result_is_numbered_in_its_order() -> None:
    _, text = talk(desk(), *TO_RESULT)
    result = text[text.index("\n结果\n") :]
    numbers = re.findall(r"(?m)^([\d.]+)(?: )", result)
    keys = [tuple(map(int, one.strip(".").split("."))) for one in numbers]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert result.index("\n4. 依据\n") < result.index("\n5. 我的回答\n")
    assert re.search(r"\d+\.\d+\.1 说法 1：.*\n\d+\.\d+\.1\.1 ", result)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("answers", ["2 3 1 1200", "2 2 2 u", "u u u u", "1 2 9"])
def test_each_decision_has_its_sections_in_their_order(lang: str, answers: str) -> None:
    locale = Locale(lang, MODE)
    order = [locale(f"result.{name}").split("{")[0] for name in SECTIONS]
    _, text = talk(desk(), *TO_CHOICE, *answers.split(), "", lang=lang)
    found: dict[str, list[int]] = {}
    for decision, heading in re.findall(r"(?m)^(\d+)\.\d+ (.*)$", text):
        places = [place for place, label in enumerate(order) if heading.startswith(label)]
        found.setdefault(decision, []).extend(places)
    assert sum(map(len, found.values())) > 3
    for places in found.values():
        assert places == sorted(set(places))


def test_nothing_names_a_key_of_the_screens() -> None:
    for lang in LANGUAGES:
        _, text = talk(desk(), *TO_RESULT[:2], "?", "zzz", "", *TO_RESULT[2:], "?", "x", lang=lang)
        assert not KEYS.search(text.replace(Locale(lang)("help.intro"), ""))
        locale = Locale(lang, MODE)
        shown = [key for key in catalogue(lang) if key.startswith(("error.", "question."))]
        unused = {"question.unsure_key"}
        named = [key for key in shown if key not in unused and KEYS.search(locale(key))]
        assert named == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_plain_mode_stand_in_for_known_ones(lang: str) -> None:
    prefix = f"{MODE}.instead."
    texts = catalogue(lang)
    own = [key for key in texts if key.startswith(prefix)]
    assert own
    for key in own:
        assert key.removeprefix(prefix) in texts
        assert Locale(lang, MODE)(key.removeprefix(prefix)) == texts[key]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_lines_are_harmless(typed: str) -> None:
    typed = typed.replace("\n", " ").replace("\r", " ")
    for way in (TO_PLACE, TO_DATE, TO_CHOICE, TO_REVIEW[:-1], TO_REVIEW, TO_RESULT):
        _, text = talk(desk(), *way, typed)
        assert inert(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_of_a_ruleset_are_harmless(text: str) -> None:
    typed = (*TO_PLACE, "w", "?", *TO_RESULT[2:], "?")
    _, heard = talk(desk(lambda: poisoned(new_journey(), text)), *typed)
    assert inert(heard)


def inert(text: str) -> bool:
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066\u200b\u200d\ufeff]", text)


def test_a_line_without_end_is_cut() -> None:
    source, sink = io.StringIO("x" * (3 * LONGEST + 5) + "\nnext\n"), io.StringIO()
    console = Console(source, sink, typed=False)
    assert console.ask("?") == "x" * LONGEST
    assert console.ask("?") == "next"
    source = io.StringIO("y" * (LONGEST - 1) + "\nnext")
    console = Console(source, sink, typed=False)
    assert console.ask("?") == "y" * (LONGEST - 1)
    assert console.ask("?") == "next"
    with pytest.raises(EOFError):
        console.ask("?")


def test_a_prompt_left_open_is_closed() -> None:
    sink = io.StringIO()
    console = Console(None, sink, typed=True)
    with pytest.raises(EOFError):
        console.ask("prompt:")
    console.close()
    assert sink.getvalue() == "prompt: \n"


def test_plain_mode_loads_no_textual() -> None:
    code = "import sys, tui.plain.mode; sys.exit('textual' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
