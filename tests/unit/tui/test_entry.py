"""What a typed text means to a question, how it is echoed, and the advice when it means nothing."""

from __future__ import annotations

import pytest

from tests.support.screen import new_journey
from tui.entry import Advice, Entry, read
from tui.locale import Locale
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE


@pytest.fixture
def say() -> Speaker:
    return Speaker(new_journey(), Locale("zh"), UNICODE)


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("institution_level", "3", 3),
        ("institution_level", " ３ ", 3),
        ("institution_level", "3级", 3),
        ("institution_level", "3.0", 3),
        ("bill_yuan", "1,200.50", "1200.50"),
        ("bill_yuan", "1200元", "1200"),
        ("birth_date", "2012年3月2日", "2012-03-02"),
        ("birth_date", "2012-03", "2012-03"),
    ],
)
def test_readable(say: Speaker, fact: str, text: str, value: object) -> None:
    entry = read(say, fact, text)
    assert isinstance(entry, Entry)
    assert entry.value == value


@pytest.mark.parametrize(
    ("fact", "text", "says"),
    [
        ("institution_level", "", "F4"),
        ("institution_level", "三", "不是数字"),
        ("institution_level", "4", "1 到 3"),
        ("institution_level", "1.5", "整数"),
        ("bill_yuan", "1.234", "2 位小数"),
        ("bill_yuan", "-1", "不是数字"),
        ("bill_yuan", "\x1b[2J", "不是数字"),
        ("birth_date", "", "F4"),
        ("birth_date", "1980-01-01", "1990-01-01"),
        ("birth_date", "2026-02-30", "没有 30 日"),
    ],
)
def test_unreadable_says_what_to_do(say: Speaker, fact: str, text: str, says: str) -> None:
    advice = read(say, fact, text)
    assert isinstance(advice, Advice)
    assert says in advice.message
    assert "\x1b" not in advice.message


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("2012-03-02", "2012年3月2日，按 2026-03-01 满 13 周岁"),
        ("2012-03-01", "2012年3月1日，按 2026-03-01 满 14 周岁"),
        ("2012-03", "2012年3月，按 2026-03-01 满 13 到 14 周岁"),
        ("2012-01", "2012年1月，按 2026-03-01 满 14 周岁"),
        ("2026-03-02", "2026年3月2日，在 2026-03-01 之后"),
    ],
)
def test_a_date_of_birth_is_echoed_with_the_age(say: Speaker, text: str, echo: str) -> None:
    entry = read(say, "birth_date", text)
    assert isinstance(entry, Entry)
    assert entry.echo == echo
