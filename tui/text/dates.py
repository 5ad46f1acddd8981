"""Dates as people write them: forgiving to read, specific about what is wrong.

The calendar's words (the signs between year, month and day; the words of the lunar calendar) are
given by the caller, from the locale.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR_DIGITS, _MONTH_DIGITS = 4, 2
_MONTHS = 12
_DAY_PARTS = 3


class DateProblem(ValueError):  # noqa: N818 - what a person typed is no error of the program
    """Why a text is no date: a code the locale has a sentence for, and its values."""

    def __init__(self, code: str, **values: int) -> None:
        self.code = code
        self.values = values
        super().__init__(code)


@dataclass(frozen=True)
class TypedDate:
    """A date known to the day, the month or the year, as the case's JSON form writes it."""

    value: str
    first: date
    last: date

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last


@dataclass(frozen=True)
class DateWords:
    """What the calendar's words are: signs between numbers, and words of the lunar calendar."""

    separators: Sequence[str] = field(default_factory=tuple)
    lunar: Sequence[str] = field(default_factory=tuple)


def _numbers(text: str, words: DateWords) -> list[str]:
    """The digit groups of a date, in the order written."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        raise DateProblem("empty")
    if any(word in plain for word in words.lunar):
        raise DateProblem("lunar")
    for separator in (*words.separators, "-", "/", ".", ",", "\u2010", "\u2013", "\u2212"):
        plain = plain.replace(separator, " ")
    groups = plain.split()
    if not groups or not all(group.isascii() and group.isdigit() for group in groups):
        raise DateProblem("unreadable")
    if len(groups) == 1 and len(groups[0]) > _YEAR_DIGITS:
        compact = _COMPACT.fullmatch(groups[0])
        if compact is None:
            raise DateProblem("unreadable")
        groups = [group for group in compact.groups() if group]
    if len(groups) > _DAY_PARTS:
        raise DateProblem("unreadable")
    if len(groups[0]) != _YEAR_DIGITS:
        raise DateProblem("year_first")
    if any(len(group) > _MONTH_DIGITS for group in groups[1:]):
        raise DateProblem("unreadable")
    return groups


def read_date(text: str, words: DateWords) -> TypedDate:
    """The date in `text`: to the day, or only to the month or year. Raises DateProblem."""
    year, *rest = map(int, _numbers(text, words))
    if year < 1:
        raise DateProblem("unreadable")
    if not rest:
        return TypedDate(f"{year:04}", date(year, 1, 1), date(year, _MONTHS, 31))
    month = rest[0]
    if not 1 <= month <= _MONTHS:
        raise DateProblem("month", month=month)
    length = calendar.monthrange(year, month)[1]
    if len(rest) == 1:
        iso = f"{year:04}-{month:02}"
        return TypedDate(iso, date(year, month, 1), date(year, month, length))
    day = rest[1]
    if not 1 <= day <= length:
        raise DateProblem("day", year=year, month=month, day=day)
    found = date(year, month, day)
    return TypedDate(found.isoformat(), found, found)


def read_iso(value: str) -> TypedDate:
    """A date in the case's JSON form: `2012-03-02`, `2012-03` or `2012`."""
    return read_date(value, DateWords())
