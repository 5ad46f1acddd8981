"""Conditions as authored: all, any and not over tests of facts and of upstream outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from engine.scalars import Id, Number, one_of, refusal
from engine.words import Model

OPERATORS = ("equals", "in", "lt", "lte", "gt", "gte", "between")
_FIELDS = tuple((name, "in_" if name == "in" else name) for name in OPERATORS)
_KINDS = ("all", "any", "not", "fact", "decision")
_PAIR = 2


class ParameterRef(Model):
    """A threshold kept as a dated parameter."""

    param: Id


def _constant_or_reference(value: object) -> str:
    return "<reference>" if isinstance(value, dict | ParameterRef) else "<constant>"


Constant = Annotated[
    bool | int | Decimal | str, one_of("a number, a date, a text, `true` or `false`")
]
Threshold = Annotated[
    Annotated[Constant, Tag("<constant>")] | Annotated[ParameterRef, Tag("<reference>")],
    Discriminator(_constant_or_reference),
]
NumberOrReference = Annotated[
    Annotated[Number, Tag("<constant>")] | Annotated[ParameterRef, Tag("<reference>")],
    Discriminator(_constant_or_reference),
]
WholeOrReference = Annotated[
    Annotated[int, Tag("<constant>")] | Annotated[ParameterRef, Tag("<reference>")],
    Discriminator(_constant_or_reference),
]


def pair(value: object) -> object:
    """A list of two as a tuple, which is what a strict model wants."""
    if isinstance(value, list):
        if len(value) != _PAIR:
            raise refusal(f"two values are needed here, [from, to] (found: {len(value)})")
        return tuple(value)
    return value


class FactTest(Model):
    """One fact, one operator, one constant (or list, or inclusive range)."""

    fact: Id
    equals: Threshold | None = None
    in_: Annotated[list[Threshold], Field(min_length=1)] | None = Field(None, alias="in")
    lt: Threshold | None = None
    lte: Threshold | None = None
    gt: Threshold | None = None
    gte: Threshold | None = None
    between: Annotated[tuple[Threshold, Threshold], BeforeValidator(pair)] | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> FactTest:
        given = [name for name, field in _FIELDS if getattr(self, field) is not None]
        if len(given) != 1:
            found = ", ".join(f"`{name}`" for name in given) or "none"
            help_ = "allowed here: " + ", ".join(f"`{name}`" for name in OPERATORS)
            if given:
                help_ = "write a test for each, below `all`"
            raise refusal(f"a test has exactly one operator (found: {found})", help_, *given[1:2])
        return self

    @property
    def operator(self) -> str:
        """The name of the operator given."""
        return next(name for name, field in _FIELDS if getattr(self, field) is not None)

    @property
    def operands(self) -> list[Threshold]:
        """The constants compared with, in order."""
        value = next(value for _, field in _FIELDS if (value := getattr(self, field)) is not None)
        return list(value) if isinstance(value, list | tuple) else [value]


class DecisionTest(Model):
    """An upstream decision and the outcomes it must be one of."""

    decision: Id
    equals: Id | None = None
    in_: Annotated[list[Id], Field(min_length=1)] | None = Field(None, alias="in")

    @model_validator(mode="after")
    def _one(self) -> DecisionTest:
        if (self.equals is None) == (self.in_ is None):
            raise refusal("a decision is tested with one of `equals` and `in`")
        return self

    @property
    def outcomes(self) -> list[str]:
        """The outcomes that satisfy the test."""
        return [self.equals] if self.equals is not None else list(self.in_ or ())


class All(Model):
    """Every part holds."""

    all: Annotated[list[Condition], Field(min_length=1)]


class Any_(Model):  # noqa: N801 - named for the word in the language
    """At least one part holds."""

    any: Annotated[list[Condition], Field(min_length=1)]


class Not(Model):
    """The part does not hold."""

    not_: Condition = Field(alias="not")


_MODELS = (All, Any_, Not, FactTest, DecisionTest)
_TAGS: dict[type, str] = {
    model: f"<{kind}>" for model, kind in zip(_MODELS, _KINDS, strict=True)
}  # fmt: skip


def _kind(value: object) -> str | None:
    if isinstance(value, str):
        return "<always>"
    if isinstance(value, dict):
        found = [kind for kind in _KINDS if kind in value]
        return f"<{found[0]}>" if len(found) == 1 else None
    return _TAGS.get(type(value))


Condition = Annotated[
    Annotated[Literal["always"], Tag("<always>")]
    | Annotated[All, Tag("<all>")]
    | Annotated[Any_, Tag("<any>")]
    | Annotated[Not, Tag("<not>")]
    | Annotated[FactTest, Tag("<fact>")]
    | Annotated[DecisionTest, Tag("<decision>")],
    Discriminator(
        _kind,
        custom_error_type="condition",
        custom_error_message=(
            "a condition is `always`, or has exactly one of `all`, `any`, `not`, `fact`, `decision`"
        ),
    ),
]

Leaf = FactTest | DecisionTest
Path = tuple[str | int, ...]


def leaves(condition: Condition, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Every test in `condition`, with its path from the condition's root."""
    if isinstance(condition, All | Any_):
        word = "all" if isinstance(condition, All) else "any"
        parts = condition.all if isinstance(condition, All) else condition.any
        for index, part in enumerate(parts):
            yield from leaves(part, (*path, word, index))
    elif isinstance(condition, Not):
        yield from leaves(condition.not_, (*path, "not"))
    elif isinstance(condition, FactTest | DecisionTest):
        yield path, condition


def constants_in(condition: Condition) -> int:
    """How many values its tests compare with."""
    return sum(
        len(leaf.operands) if isinstance(leaf, FactTest) else 1 for _, leaf in leaves(condition)
    )
