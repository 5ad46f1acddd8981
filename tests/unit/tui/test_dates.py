"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from tui.locale import Locale
from tui.text.dates import DateProblem, read_date

WORDS = Locale("zh").date_words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-27", "2026-03-27"),
        ("20260327", "2026-03-27"),
        ("2026/3/27", "2026-03-27"),
        ("2026.3.27", "2026-03-27"),
        ("2026年3月27日", "2026-03-27"),
        ("2026年3月27号", "2026-03-27"),
        ("２０２６年３月２７日", "2026-03-27"),
        ("２０２６－０３－２７", "2026-03-27"),
        ("  2026 3 27 ", "2026-03-27"),
        ("2026-03", "2026-03"),
        ("2026年3月", "2026-03"),
        ("202603", "2026-03"),
        ("2026/3", "2026-03"),
        ("2026", "2026"),
        ("2026年", "2026"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_readable(text: str, value: str) -> None:
    assert read_date(text, WORDS).value == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("2026-02-30", "day"),
        ("2025-02-29", "day"),
        ("20260230", "day"),
        ("2026-13-01", "month"),
        ("2026-00-01", "month"),
        ("27-3-2026", "year_first"),
        ("26-3-27", "year_first"),
        ("农历腊月初八", "lunar"),
        ("2026年正月初一", "lunar"),
        ("2026-03-27-01", "unreadable"),
        ("today", "unreadable"),
        ("2026-3a-1", "unreadable"),
        ("123456789", "unreadable"),
        ("0000-01-01", "unreadable"),
        ("2026-003-01", "unreadable"),
    ],
)
def test_unreadable_says_why(text: str, code: str) -> None:
    with pytest.raises(DateProblem) as caught:
        read_date(text, WORDS)
    assert caught.value.code == code
    for lang in ("zh", "en"):
        assert Locale(lang)(f"error.date_{code}", **caught.value.values)


def test_a_month_is_an_interval() -> None:
    month = read_date("2026-02", WORDS)
    assert (month.first, month.last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert not month.exact
    assert Locale("zh").typed(month) == "2026年2月"
    assert Locale("en").typed(month) == "February 2026"
