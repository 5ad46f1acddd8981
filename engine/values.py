"""Values worked out after the lookup: dates counted from a fact, amounts, ranges of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.calendar import add_months
from engine.condition import ParameterRef
from engine.ruleset import AMOUNTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.case import Case
    from engine.ruleset import Value

_MONTHS = 12


class UnknownFactError(Exception):
    """A value needs a fact that is not known; never leaves this package unanswered."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


@dataclass(frozen=True)
class _Dates:
    """First and last ordinal a date value may have."""

    low: int
    high: int

    def to_json(self) -> object:
        low, high = (date.fromordinal(one).isoformat() for one in (self.low, self.high))
        return low if low == high else {"range": [low, high]}


def compute(value: Value, case: Case, parameter: Callable[[str], int | Decimal | None]) -> object:
    """The value as JSON: a date text, `{"range": [...]}`, or an amount such as `{"factor": "0.9"}`.

    Raises UnknownFactError when it needs a fact the case does not have, LookupError when a
    parameter has no value in force.
    """
    return _to_json(_compute(value, case, parameter))


def _compute(value: Value, case: Case, parameter: Callable[[str], int | Decimal | None]) -> Any:  # noqa: ANN401 - dates or JSON
    def number(operand: int | Decimal | ParameterRef | None) -> int | Decimal:
        if isinstance(operand, ParameterRef):
            found = parameter(operand.param)
            if found is None:
                raise LookupError(operand.param)
            return found
        return operand or 0

    head = value.head
    if head in AMOUNTS:
        return {head: str(number(getattr(value, head)))}
    if head in ("date", "month_start", "calendar"):
        fact = getattr(value, head)
        interval = case.interval(fact)
        if interval is None:
            raise UnknownFactError(fact)
        moved = [_moved(day, value, number) for day in interval]
        return _Dates(*moved)
    parts = [_compute(part, case, parameter) for part in value.parts]
    if head == "range":
        if all(isinstance(part, _Dates) for part in parts):
            return _Dates(min(part.low for part in parts), max(part.high for part in parts))
        return {"range": [_to_json(part) for part in parts]}
    pick = min if head == "earliest" else max
    return _Dates(pick(part.low for part in parts), pick(part.high for part in parts))


def _moved(day: int, value: Value, number: Callable[[Any], int | Decimal]) -> int:
    """One ordinal moved as the value says."""
    if value.head == "month_start":
        start = date.fromordinal(day).replace(day=1).toordinal()
        return add_months(start, int(number(value.months)), "last_day")
    if value.head == "calendar":
        year = date.fromordinal(day).year + int(number(value.years))
        first = date(year, value.month or 1, 1).toordinal()
        return min(first + (value.day or 1), add_months(first, 1, "last_day")) - 1
    moved = day + int(number(value.days))
    months = int(number(value.months)) + _MONTHS * int(number(value.years))
    if months:
        moved = add_months(moved, months, value.short_month or "last_day")
    return moved - 1 if value.first_day == "in" else moved


def _to_json(value: object) -> object:
    return value.to_json() if isinstance(value, _Dates) else value
