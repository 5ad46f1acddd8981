"""Months counted from a day: against a calendar walked through day by day."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import pytest

from engine.calendar import add_months, day_span, latest_start, months_between, shift
from tests.support.naive import later

if TYPE_CHECKING:
    from engine.calendar import ShortMonth

RULES: tuple[ShortMonth, ...] = ("next_day", "last_day")
# Two months' ends, a year's end, a leap day and the days beside them.
DAYS = [date(*one) for one in (
    (2023, 12, 30), (2023, 12, 31), (2024, 1, 1), (2024, 1, 29), (2024, 1, 30), (2024, 1, 31),
    (2024, 2, 1), (2024, 2, 28), (2024, 2, 29), (2024, 3, 1), (2024, 3, 30), (2024, 3, 31),
    (2024, 4, 1), (2024, 4, 30), (2025, 2, 28), (2025, 3, 1), (2025, 12, 1),
)]  # fmt: skip
COUNTS = (-25, -13, -12, -2, -1, 0, 1, 2, 11, 12, 13, 24)


@pytest.mark.parametrize("rule", RULES)
def test_months_are_added_and_counted_as_they_are_by_hand(rule: ShortMonth) -> None:
    for first, count in product(DAYS, COUNTS):
        found = add_months(first.toordinal(), count, rule)
        assert date.fromordinal(found) == later(first, count, rule)
        assert shift(first.toordinal(), count, "months", rule) == found
    for first, second in product(DAYS, DAYS):
        completed = [n for n in range(-30, 31) if later(first, n, rule) <= second]
        assert months_between(first.toordinal(), second.toordinal(), rule) == max(completed)


@pytest.mark.parametrize("rule", RULES)
def test_the_latest_start_completes_so_many_months_and_the_day_after_it_does_not(
    rule: ShortMonth,
) -> None:
    for day, count in product(DAYS, COUNTS):
        start = latest_start(day.toordinal(), count, "months", rule)
        assert later(date.fromordinal(start), count, rule) <= day
        assert later(date.fromordinal(start + 1), count, rule) > day


@pytest.mark.parametrize("rule", RULES)
def test_days_are_days(rule: ShortMonth) -> None:
    assert shift(700_000, 31, "days", rule) == 700_031
    assert latest_start(700_000, 31, "days", rule) == 699_969
    assert day_span(31, "days", rule) == (31, 31)


def test_a_span_holds_the_shortest_and_the_longest_there_is() -> None:
    assert day_span(1, "months", "last_day") == (28, 31)
    assert day_span(1, "months", "next_day") == (28, 31)
    assert day_span(12, "months", "next_day") == (365, 366)
    assert day_span(2, "months", "last_day") == (59, 62)


def test_years_beyond_a_calendar_are_its_first_and_its_last_but_one() -> None:
    day = date(2001, 5, 20).toordinal()
    assert date.fromordinal(add_months(day, -12 * 3000, "last_day")) == date(1, 5, 20)
    assert date.fromordinal(add_months(day, 12 * 9000, "last_day")) == date(9998, 5, 20)
    assert date.fromordinal(add_months(day, -12 * 2000, "last_day")) == date(1, 5, 20)
    assert date.fromordinal(add_months(day, 12 * 7997, "last_day")) == date(9998, 5, 20)
