"""How a fault is shown: file, line and column, the line with a caret, what to do."""

from __future__ import annotations

import unicodedata

import pytest

from engine.fault import Fault, Place, did_you_mean, quoted
from engine.source_file import parse


def cells(text: str) -> int:
    """How many cells a terminal gives to a text, counted in another way than the engine does."""
    wide = sum(unicodedata.east_asian_width(char) in ("W", "F") for char in text)
    return len(unicodedata.normalize("NFC", text)) + wide


def test_everything_is_shown() -> None:
    fault = Fault(Place("a/b.yaml", 7, 5), "unknown key `form`", "rename it", "    form: any")
    assert fault.render() == (
        "a/b.yaml:7:5: unknown key `form`\n    7 |     form: any\n      |     ^\n      = rename it"
    )


def test_a_fault_of_a_whole_file_has_no_line() -> None:
    assert Fault(Place("a.yaml"), "too large").render() == "a.yaml:1:1: too large"


@pytest.mark.parametrize(
    "before", ["title: ", "题目：", "a户口簿（原件）", "ｆｕｌｌ", "e\u0301tat ", "🚑 ", "\t- "]
)
def test_the_caret_stands_under_the_column(before: str) -> None:
    _, line, caret = (
        Fault(Place("a.yaml", 1, len(before) + 1), "m", "", before + "x").render().split("\n")
    )
    assert cells(caret[:-1]) == cells(line[: line.index("x")])
    assert caret.endswith("^")


def test_the_caret_stands_under_the_column_the_parser_found() -> None:
    text = "户口簿: {zh: 户口簿（原件）, en: register, zh: 再}\n"
    (fault,) = parse("a.yaml", text.encode()).faults
    _, line, caret = fault.render().split("\n")[:3]
    assert cells(caret[:-1]) == cells(line[: line.rindex("zh")])


def test_of_a_long_line_the_part_near_the_caret_is_shown() -> None:
    line = "a" * 500 + "x" + "b" * 500
    _, shown, caret = Fault(Place("a.yaml", 1, 501), "m", "", line).render().split("\n")
    assert shown[len(caret) - 1] == "x"
    assert len(shown) < 200


def test_nothing_reaches_the_terminal_that_it_would_act_on() -> None:
    shown = Fault(Place("a.yaml"), "m \x1b[2J", "h \x07\n", "x\x1b]0;t\x07 \u202e").render()
    assert not [char for char in shown if not char.isprintable() and char != "\n"]
    assert shown.count("\n") == 3


def test_values_are_quoted_as_they_are_written() -> None:
    assert [quoted(one) for one in (True, False, None, 5, "a")] == [
        "`true`", "`false`", "`null`", "`5`", "`a`",
    ]  # fmt: skip
    assert len(quoted("x" * 1000)) < 70


def test_close_words_are_suggested_and_few_words_listed() -> None:
    assert did_you_mean("emergncy", ["emergency", "filed"]) == "did you mean `emergency`?"
    assert did_you_mean("x", ["b", "a"], "fact") == "allowed fact here: `a`, `b`"
    assert did_you_mean("x", map(str, range(20))) == ""
    assert did_you_mean("x", []) == ""
