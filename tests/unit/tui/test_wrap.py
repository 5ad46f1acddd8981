"""Wrapping: exact widths, and no line that starts or ends where Chinese typesetting forbids it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.text.width import cut, pad
from tui.text.wrap import closes, opens, wrap

TEXTS = [
    "回答几个问题，就能知道：行不行、从哪天起、要带哪些材料、去哪里办，每个答案都写明依据。",
    "《国家医保局 财政部 国家税务总局关于做好居民基本医疗保障工作的通知》（医保发〔2024〕19号）",
    "Where the child is registered (hukou) decides; see art. 3, para. 2, of Decree No. 358 (2023).",
    "网址：http://example.invalid/a/very/long/path/that/does/not/fit/into/one/line?and=more&of=it，完。",
    "满 14 周岁的那一天是2026年3月2日（含当天），「还有 1 天」！",
]
ALPHABET = "甲乙丙，。、：；！？）（「」《》abc 12.,()-%\n"


@pytest.mark.parametrize("width", [20, 40, 72, 80, 120])
@pytest.mark.parametrize("text", TEXTS)
def test_lines_fit_and_break_where_allowed(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert max(map(cell_len, lines)) <= width
    for line in lines[1:]:
        assert not closes(line[0]), line
    for line in lines[:-1]:
        assert not opens(line[-1]), line


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_lost(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


@given(st.text(ALPHABET, max_size=120), st.integers(4, 60))
def test_any_text_fits_and_keeps_its_characters(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_are_filled() -> None:
    lines = wrap("甲" * 100, 40)
    assert [cell_len(line) for line in lines] == [40] * 5


def test_latin_words_stay_whole() -> None:
    assert wrap("看 Shenzhen 的规定", 10) == ("看", "Shenzhen", "的规定")


def test_a_number_keeps_what_counts_it() -> None:
    assert all(not line.endswith("2026") for line in wrap("甲乙丙丁2026年3月2日起", 12))


def test_own_line_breaks_stay() -> None:
    assert wrap("甲\n\n乙", 10) == ("甲", "", "乙")


@pytest.mark.parametrize("width", range(1, 12))
def test_padding_is_exact(width: int) -> None:
    for text in ("", "a", "甲", "甲乙丙丁", "a甲b乙"):
        assert cell_len(pad(text, width)) == width
        assert cell_len(cut(text, width)) <= width
