"""The vocabulary: the facts rules may look at, those derived from them, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from engine.calendar import FIRST_DAY, LAST_DAY, ShortMonth
from engine.condition import Condition
from engine.fault import did_you_mean
from engine.places import RELATIONS
from engine.scalars import Day, Id, Number, refusal
from engine.words import Model, Words

FactType = Literal["bool", "enum", "integer", "decimal", "date", "place"]
COMPARISONS = ("below", "equal", "above")
AS_OF = "as_of"
# More digits than any fact has; what does not fit is refused, not rounded.
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])
FUNCTIONS = ("years_between", "months_between", "days_between", "relation", "compare")
MAX_UNITS = 10**15
# How likely any question is answered with "I do not know" where the vocabulary does not say.
DONT_KNOW = Decimal("0.05")


class DateDomain(Model):
    """The days a date fact may name."""

    from_: Day = Field(alias="from")
    to: Day

    def __str__(self) -> str:
        return f"{self.from_} to {self.to}"


class NumberDomain(Model):
    """The numbers an integer or decimal fact may take, both ends included."""

    min: Number
    max: Number

    def __str__(self) -> str:
        return f"{self.min} to {self.max}"


def _kind_of_domain(value: object) -> str:
    dates = isinstance(value, DateDomain) or (isinstance(value, dict) and {"from", "to"} & {*value})
    return "<dates>" if dates else "<numbers>"


Domain = Annotated[
    Annotated[DateDomain, Tag("<dates>")] | Annotated[NumberDomain, Tag("<numbers>")],
    Discriminator(_kind_of_domain),
]


class Fact(Model):
    """One thing that can be known about a case, and how a person is asked for it."""

    id: Id
    type: FactType
    label: Words
    question: Words
    help: Words
    find_out: Words
    values: dict[Id, Words] | None = None
    domain: Domain | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    unit: Words | None = None
    changeable: bool = False
    likelihood: dict[Id, Number] | None = None
    effort: Number = 1
    """What it costs a person to find the answer; an ordinary question costs one."""
    not_known: Number = DONT_KNOW
    """How likely a person asked does not know."""
    privacy: Literal["none", "personal", "health", "money"] = "none"

    @model_validator(mode="after")
    def _fits_its_type(self) -> Fact:
        if self.type == "enum" and not self.values:
            raise refusal("an enum fact lists its `values`", "", "type")
        if self.type != "enum" and self.values:
            raise refusal(f"a fact of type {self.type} has no `values`", "", "values")
        if self.type == "date" and not isinstance(self.domain, DateDomain):
            raise refusal("a date fact needs `domain: {from, to}`", "", "domain")
        if self.type in ("integer", "decimal") and not isinstance(self.domain, NumberDomain):
            message = f"a fact of type {self.type} needs `domain: {{min, max}}`"
            raise refusal(message, "", "domain")
        if self.type in ("bool", "enum", "place") and self.domain is not None:
            raise refusal(f"a fact of type {self.type} has no `domain`", "", "domain")
        self._ends_fit()
        self._weights_fit()
        return self

    def _weights_fit(self) -> None:
        """What orders the questions can be weighed with."""
        if self.effort <= 0:
            raise refusal("the effort of a question is above 0", "", "effort")
        if not 0 <= self.not_known < 1:
            raise refusal("a chance lies from 0 to below 1", "", "not_known")
        for name, weight in (self.likelihood or {}).items():
            if name not in self.codes:
                help_ = did_you_mean(name, self.codes, "value")
                raise refusal(f"`{name}` is not a value of this fact", help_, "likelihood", name)
            if weight < 0:
                raise refusal("a likelihood is 0 or more", "", "likelihood", name)

    def _ends_fit(self) -> None:
        """The ends of a domain are in order and in the fact's own unit."""
        if isinstance(self.domain, DateDomain) and self.domain.to < self.domain.from_:
            raise refusal("the domain ends before it starts", "", "domain", "to")
        if isinstance(self.domain, NumberDomain):
            for end in ("min", "max"):
                value = getattr(self.domain, end)
                try:
                    scaled = self.scaled(value)
                except ValueError as error:
                    raise refusal(f"`{value}` is too fine: {error}", "", "domain", end) from None
                if abs(scaled) > MAX_UNITS:
                    raise refusal(f"`{value}` is too large", "", "domain", end)
            if self.domain.max < self.domain.min:
                raise refusal("the domain ends before it starts", "", "domain", "max")

    @property
    def codes(self) -> tuple[str, ...]:
        """The ids of an enum's values in order; a bool's are `false`, `true`."""
        return ("false", "true") if self.type == "bool" else tuple(self.values or ())

    def bounds(self) -> tuple[int, int]:
        """Lowest and highest integer the fact is coded to (see `encode`)."""
        if isinstance(self.domain, DateDomain):
            return (
                max(FIRST_DAY, self.domain.from_.toordinal()),
                min(LAST_DAY, self.domain.to.toordinal()),
            )
        if isinstance(self.domain, NumberDomain):
            return self.scaled(self.domain.min), self.scaled(self.domain.max)
        return 0, max(0, len(self.codes) - 1)

    def scaled(self, number: int | Decimal) -> int:
        """A number in the fact's smallest unit; raises ValueError if it is finer than that."""
        places = self.decimals if self.type == "decimal" else 0
        try:
            exact = _EXACT.scaleb(Decimal(number), places)
            whole = _EXACT.to_integral_exact(exact)
        except ArithmeticError:
            raise ValueError(
                f"at most {places} decimal places" if places else "whole numbers only"
            ) from None
        return int(whole)


class Between(Model):
    """The two dates a count runs between."""

    from_: Id = Field(alias="from")
    to: Id


class CalendarBetween(Between):
    """Two dates and what a day means that the last month lacks."""

    short_month: ShortMonth


class Relation(Model):
    """How the second place lies to the first; `group` is dated, so it names the date it needs."""

    of: Id
    to: Id
    group: Id | None = None
    on: Id | None = None

    @model_validator(mode="after")
    def _group_needs_date(self) -> Relation:
        if (self.group is None) != (self.on is None):
            message = "`group` and `on` go together: a group holds on dates"
            raise refusal(message, "", "group" if self.group else "on")
        return self


class Compare(Model):
    """How the first amount compares to the second."""

    amount: Id
    with_: Id = Field(alias="with")


class Derived(Model):
    """A fact worked out from others by one of a closed set of functions."""

    id: Id
    label: Words
    years_between: CalendarBetween | None = None
    months_between: CalendarBetween | None = None
    days_between: Between | None = None
    relation: Relation | None = None
    compare: Compare | None = None

    @model_validator(mode="after")
    def _one_function(self) -> Derived:
        given = [name for name in FUNCTIONS if getattr(self, name) is not None]
        if len(given) != 1:
            found = ", ".join(f"`{name}`" for name in given) or "none"
            message = f"a derived fact has exactly one function (found: {found})"
            allowed = ", ".join(f"`{name}`" for name in FUNCTIONS)
            raise refusal(message, f"allowed here: {allowed}", *given[1:2])
        return self

    @property
    def head(self) -> str:
        """The name of the one function given."""
        return next(name for name in FUNCTIONS if getattr(self, name) is not None)

    @property
    def function(self) -> Between | Relation | Compare:
        """The one function given."""
        given: Between | Relation | Compare = getattr(self, self.head)
        return given

    @property
    def values(self) -> tuple[str, ...] | None:
        """The fixed values of a relation or comparison; None where the result is a count."""
        if self.relation:
            return RELATIONS
        return COMPARISONS if self.compare else None

    @property
    def raw_facts(self) -> tuple[str, ...]:
        """The facts it is worked out from."""
        function = self.function
        if isinstance(function, Between):
            return function.from_, function.to
        if isinstance(function, Compare):
            return function.amount, function.with_
        return tuple(one for one in (function.of, function.to, function.on) if one)


class Constraint(Model):
    """A combination that no real case shows."""

    id: Id
    never: Condition
    because: Words


class Vocabulary(Model):
    """All facts, derived facts and constraints, by id."""

    facts: Mapping[Id, Fact]
    derived: Mapping[Id, Derived]
    constraints: Mapping[Id, Constraint]

    def raw_facts(self, fact: str) -> tuple[str, ...]:
        """The raw facts behind `fact`: itself, or what it is derived from."""
        return self.derived[fact].raw_facts if fact in self.derived else (fact,)
