"""Tests as ranges of integers: the one place where values of facts become numbers.

Every fact is coded to integers: false/true to 0/1, an enum to the place in its list, a decimal to
its smallest unit, a date to its ordinal. Years are counted as twelve months, so that years and
months between the same dates share one line and impossible pairs cannot arise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from engine.condition import ParameterRef
from engine.errors import TongbaoError
from engine.fault import did_you_mean, quoted
from engine.scalars import ISO_DAY
from engine.vocabulary import (
    MAX_UNITS,
    CalendarBetween,
    Compare,
    Derived,
    Fact,
    NumberDomain,
    Relation,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.calendar import ShortMonth, Unit
    from engine.condition import FactTest

MONTHS_A_YEAR = 12


class CodingError(TongbaoError):
    """A constant does not fit the fact it is compared with."""

    def __init__(self, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.message, self.help = message, help_
        self.index: int | None = None
        """Which of several constants it is."""


class Raw(NamedTuple):
    """The subject of a test: one raw fact."""

    fact: str


class Gap(NamedTuple):
    """The subject of a test: how far `second` lies after `first`, in whole units."""

    first: str
    second: str
    unit: Unit
    short_month: ShortMonth


class Lying(NamedTuple):
    """The subject of a test: how the place `to` lies to the place `of`."""

    of: str
    to: str
    group: str | None
    on: str | None


Numeric = Raw | Gap
"""A subject that comes to an integer."""
Subject = Numeric | Lying


def facts_of(subject: Subject) -> tuple[str, ...]:
    """The raw facts a subject looks at."""
    if isinstance(subject, Raw):
        return (subject.fact,)
    if isinstance(subject, Gap):
        return subject.first, subject.second
    return tuple(one for one in (subject.of, subject.to, subject.on) if one)


@dataclass(frozen=True)
class Span:
    """Integers from `low` up to but not including `high`; None is unbounded."""

    low: int | None
    high: int | None

    def holds(self, value: int) -> bool:
        """Whether `value` lies inside."""
        return (self.low is None or value >= self.low) and (self.high is None or value < self.high)


@dataclass(frozen=True)
class Coded:
    """A test of one subject: it holds where the subject's integer lies in one of the spans."""

    subject: Subject
    spans: tuple[Span, ...]


def subject_of(name: str, definition: Fact | Derived) -> Subject:
    """What a test of the fact `name` really looks at."""
    return Raw(name) if isinstance(definition, Fact) else subject_of_derived(definition)


def subject_of_derived(definition: Derived) -> Gap | Lying:
    """The two raw facts that a derived fact looks at."""
    function = definition.function
    if isinstance(function, Relation):
        return Lying(function.of, function.to, function.group, function.on)
    if isinstance(function, Compare):
        return Gap(function.amount, function.with_, "days", "next_day")
    if isinstance(function, CalendarBetween):
        return Gap(function.from_, function.to, "months", function.short_month)
    return Gap(function.from_, function.to, "days", "next_day")


def code_test(
    test: FactTest,
    definition: Fact | Derived,
    parameter: Callable[[str], int | Decimal | None],
) -> Coded:
    """The test as integer spans; `parameter` gives a parameter's value, None while checking only.

    Raises CodingError when a constant does not fit the fact.
    """
    coder = _Coder(definition)
    if test.operator not in ("equals", "in") and coder.codes is not None:
        raise CodingError(
            f"`{test.operator}` needs an order, and `{test.fact}` has none", "use `equals` or `in`"
        )
    values = []
    for index, operand in enumerate(test.operands):
        constant = parameter(operand.param) if isinstance(operand, ParameterRef) else operand
        if constant is None:
            constant = coder.any_constant()
        try:
            values.append(coder.unit_span(constant))
        except CodingError as error:
            error.index = index
            raise
    if test.operator == "between" and _reversed(test, values):
        raise CodingError("`between` runs from the lower to the higher: [from, to]")
    return Coded(subject_of(test.fact, definition), _spans(test.operator, values))


def _reversed(test: FactTest, values: list[Span]) -> bool:
    """Whether a range of plain constants ends before it starts."""
    if any(isinstance(operand, ParameterRef) for operand in test.operands):
        return False
    low, high = values[0].low, values[1].high
    return low is not None and high is not None and high <= low


def _spans(operator: str, values: list[Span]) -> tuple[Span, ...]:
    first = values[0]
    if operator in ("equals", "in"):
        return tuple(values)
    if operator == "between":
        return (Span(first.low, values[1].high),)
    low = {"gte": first.low, "gt": first.high}.get(operator)
    high = {"lt": first.low, "lte": first.high}.get(operator)
    return (Span(low, high),)


def _is_iso(constant: object) -> TypeGuard[str]:
    return isinstance(constant, str) and ISO_DAY.match(constant) is not None


class _Coder:
    """Turns constants of one fact into integer spans."""

    def __init__(self, definition: Fact | Derived) -> None:
        self.definition = definition
        self.name = definition.id
        self.fact = definition if isinstance(definition, Fact) else None
        if isinstance(definition, Derived):
            self.codes = definition.values
        elif definition.type in ("bool", "enum"):
            self.codes = definition.codes
        else:
            self.codes = None
        if self.fact is not None and self.fact.type == "place":
            raise CodingError(
                f"`{self.name}` is a place: rules do not test places",
                "write the rule in that region's file, or test a relation of places",
            )

    def any_constant(self) -> int | Decimal:
        """A number that fits, where only the shape of a test with a parameter is checked."""
        if self.codes is not None or (self.fact is not None and self.fact.type == "date"):
            raise CodingError(f"a parameter is a number, and `{self.name}` is none")
        domain = self.fact.domain if self.fact is not None else None
        return domain.min if isinstance(domain, NumberDomain) else 0

    def unit_span(self, constant: object) -> Span:
        """The span of integers equal to `constant`."""
        if self.codes is not None:
            index = self.index(self.codes, constant)
            if isinstance(self.definition, Derived) and self.definition.compare:
                # The gap runs from the amount to what it is compared with: below: a gap above 0.
                return (Span(1, None), Span(0, 1), Span(None, 0))[index]
            return Span(index, index + 1)
        if self.fact is not None and self.fact.type == "date":
            return self.day(self.fact, constant)
        return self.number(constant)

    def index(self, codes: tuple[str, ...], constant: object) -> int:
        if codes == ("false", "true"):
            if not isinstance(constant, bool):
                found = quoted(constant)
                raise CodingError(f"`{self.name}` is `true` or `false` (found: {found})")
            return int(constant)
        if not isinstance(constant, str) or constant not in codes:
            help_ = did_you_mean(str(constant), codes, "value")
            raise CodingError(f"{quoted(constant)} is not a value of `{self.name}`", help_)
        return codes.index(constant)

    def day(self, fact: Fact, constant: object) -> Span:
        try:
            day = date.fromisoformat(constant) if _is_iso(constant) else None
        except ValueError:
            day = None
        if day is None:
            raise CodingError(
                f"`{self.name}` is a date (found: {quoted(constant)})", "write a date as YYYY-MM-DD"
            )
        return self.inside(fact, day.toordinal(), constant)

    def number(self, constant: object) -> Span:
        if isinstance(constant, bool) or not isinstance(constant, int | Decimal):
            help_ = "write digits without quotes" if isinstance(constant, str) else ""
            raise CodingError(f"`{self.name}` is a number (found: {quoted(constant)})", help_)
        if self.fact is not None:
            try:
                return self.inside(self.fact, self.fact.scaled(constant), constant)
            except ValueError as error:
                raise CodingError(f"`{constant}` is too fine for `{self.name}`: {error}") from None
        if not -MAX_UNITS <= constant <= MAX_UNITS:
            raise CodingError(f"`{constant}` is too large")
        if constant != int(constant):
            raise CodingError(f"`{self.name}` counts in whole units (found: `{constant}`)")
        whole = int(constant)
        if isinstance(self.definition, Derived) and self.definition.years_between:
            return Span(whole * MONTHS_A_YEAR, (whole + 1) * MONTHS_A_YEAR)
        return Span(whole, whole + 1)

    def inside(self, fact: Fact, code: int, constant: object) -> Span:
        """The span of one coded constant, which the fact must be able to take."""
        low, high = fact.bounds()
        if not low <= code <= high:
            ends = f"it runs from {fact.domain}"
            message = f"{quoted(constant)} lies outside the domain of `{self.name}`"
            raise CodingError(message, ends)
        return Span(code, code + 1)
