"""Counting of days, months and years between dates, with the rule for short months as data."""

from __future__ import annotations

import calendar as _calendar
from datetime import date
from functools import lru_cache
from typing import Literal

ShortMonth = Literal["next_day", "last_day"]
Unit = Literal["months", "days"]

FIRST_DAY = date(1901, 1, 1).toordinal()
LAST_DAY = date(2099, 12, 31).toordinal()
# From 1901 to 2099 the calendar repeats every four years, so these starts stand for all.
_CYCLE = range(date(2000, 1, 1).toordinal(), date(2004, 1, 1).toordinal())


def add_months(day: int, months: int, short_month: ShortMonth) -> int:
    """The ordinal `months` after ordinal `day`; a day the month lacks follows `short_month`."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    year = max(1, min(9998, year))
    last = _calendar.monthrange(year, month + 1)[1]
    if start.day <= last:
        return date(year, month + 1, start.day).toordinal()
    end = date(year, month + 1, last).toordinal()
    return end + 1 if short_month == "next_day" else end


def months_between(first: int, second: int, short_month: ShortMonth) -> int:
    """Completed months from ordinal `first` to ordinal `second`; negative when it is earlier."""
    a, b = date.fromordinal(first), date.fromordinal(second)
    count = (b.year - a.year) * 12 + b.month - a.month
    return count - 1 if add_months(first, count, short_month) > second else count


def shift(day: int, count: int, unit: Unit, short_month: ShortMonth) -> int:
    """The ordinal `count` units after `day`: the first day on which that many are completed."""
    return day + count if unit == "days" else add_months(day, count, short_month)


def latest_start(day: int, count: int, unit: Unit, short_month: ShortMonth) -> int:
    """The latest ordinal from which `count` units are completed on `day`."""
    if unit == "days":
        return day - count
    start = add_months(day, -count, "last_day") + 3
    while add_months(start, count, short_month) > day:
        start -= 1
    return start


@lru_cache(4096)
def day_span(count: int, unit: Unit, short_month: ShortMonth) -> tuple[int, int]:
    """Fewest and most days that `count` completed units can take, over all starting days."""
    if unit == "days":
        return count, count
    spans = {add_months(start, count, short_month) - start for start in _CYCLE}
    return min(spans), max(spans)
