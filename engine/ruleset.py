"""The authored ruleset: sources, documents, channels, topics, decisions, outcomes, rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from engine.calendar import ShortMonth
from engine.condition import (
    Condition,
    FactTest,
    NumberOrReference,
    ParameterRef,
    WholeOrReference,
    leaves,
    pair,
)
from engine.scalars import (
    Citation,
    ClaimId,
    Day,
    Id,
    Number,
    PartialDay,
    Period,
    PlaceCode,
    refusal,
)
from engine.words import Model, Words

Verdict = Literal[
    "eligible", "action_needed", "not_eligible", "not_applicable", "stated", "unclear"
]
Authority = Literal["A", "B", "B*", "C", "C*", "D"]
AUTHORITIES: tuple[Authority, ...] = ("A", "B", "B*", "C", "C*", "D")
ClaimStatus = Literal["encoded", "rejected", "disputed", "not_decidable"]
CLAIM_STATUSES: tuple[ClaimStatus, ...] = get_args(ClaimStatus)
AMOUNTS = ("points", "factor", "rate", "amount", "number")
HEADS = ("date", "month_start", "calendar", *AMOUNTS, "range", "earliest", "latest")
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_COUNTS = ("days", "months", "years")
_SHIFTS = (*_COUNTS, "first_day", "short_month", "month", "day")
_TAKES = {
    "date": (*_COUNTS, "first_day", "short_month"),
    "month_start": ("months",),
    "calendar": ("years", "month", "day"),
}


class Source(Model):
    """Where a rule is stated, by whom, since when, and how much its word weighs."""

    id: Id
    kind: Literal["text", "silence"] = "text"
    title: Words
    body: Words | None = None
    number: str | None = None
    issued: PartialDay | None = None
    address: str | None = None
    host: Literal["original", "reprint", "mirror"] | None = None
    looked: Words | None = None
    checked: Day
    read: Literal["excerpt", "whole"] | None = None
    authority: Authority

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Source:
        if self.kind == "silence" and self.looked is None:
            raise refusal("a silence says where one `looked`", "add `looked: {zh: ..., en: ...}`")
        lacking = [name for name in ("body", "host", "read") if getattr(self, name) is None]
        if self.kind == "text" and lacking:
            names = ", ".join(f"`{name}`" for name in lacking)
            raise refusal(f"a source that is a text lacks {names}", "or it is of `kind: silence`")
        return self


class Document(Model):
    """A paper a family brings."""

    id: Id
    title: Words
    form: Literal["original", "copy", "both", "electronic", "any"]
    alternatives: list[Id] = []
    waived_online: bool = False
    note: Words | None = None


class Channel(Model):
    """A way to do or to ask something."""

    id: Id
    title: Words
    kind: Literal["app", "web", "window", "phone"]
    detail: Words
    region: PlaceCode | None = None


class Article(Model):
    """An article the work began with: the numbers of its claims, those of sidebars apart.

    Its id is that of the source it is.
    """

    id: Id
    main: list[ClaimId]
    sidebar: list[ClaimId] = []


class Claim(Model):
    """A claim of the articles it all began with, and where it ended."""

    id: ClaimId
    article: Id
    says: Words
    status: ClaimStatus
    rules: list[Id] = []
    because: Words | None = None
    better: list[Id] = []
    reason: Literal["not_eligibility", "no_region_or_date", "no_source_found"] | None = None

    @model_validator(mode="after")
    def _argued(self) -> Claim:
        if self.status in ("rejected", "disputed") and self.because is None:
            raise refusal(f"a {self.status} claim says `because`", "", "status")
        if (self.status == "not_decidable") != (self.reason is not None):
            message = "`reason` is given for, and only for, a claim that is `not_decidable`"
            raise refusal(message, "", "reason" if self.reason else "status")
        return self


class Value(Model):
    """A value worked out after the lookup; exactly one of the closed set of functions."""

    date: Id | None = None
    days: WholeOrReference | None = None
    months: WholeOrReference | None = None
    years: WholeOrReference | None = None
    first_day: Literal["in", "out"] | None = None
    short_month: ShortMonth | None = None
    month_start: Id | None = None
    calendar: Id | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    points: NumberOrReference | None = None
    factor: NumberOrReference | None = None
    rate: NumberOrReference | None = None
    amount: NumberOrReference | None = None
    number: NumberOrReference | None = None
    range: Annotated[tuple[Value, Value], BeforeValidator(pair)] | None = None
    earliest: Annotated[list[Value], Field(min_length=1)] | None = None
    latest: Annotated[list[Value], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_function(self) -> Value:
        given = [name for name in HEADS if getattr(self, name) is not None]
        if len(given) != 1:
            allowed = ", ".join(f"`{name}`" for name in HEADS)
            found = ", ".join(f"`{name}`" for name in given) or "none"
            message = f"a value has exactly one function (found: {found})"
            raise refusal(message, f"allowed here: {allowed}", *given[1:2])
        (head,) = given
        shifts = [name for name in _SHIFTS if getattr(self, name) is not None]
        for name in shifts:
            if name not in _TAKES.get(head, ()):
                takes = ", ".join(f"`{one}`" for one in _TAKES.get(head, ())) or "nothing else"
                raise refusal(f"`{head}` does not take `{name}`", f"it takes {takes}", name)
        counts = [name for name in shifts if name in _COUNTS]
        if head == "date" and len(counts) > 1:
            raise refusal("count days, months or years, not several of them", "", counts[1])
        if head == "date" and self.first_day and not counts:
            message = "`first_day` belongs to a count of days, months or years"
            raise refusal(message, "", "first_day")
        if head == "month_start" and self.months is None:
            raise refusal("`month_start` needs `months`", "`months: 0` is the same month", head)
        if head == "calendar" and not {"month", "day"} <= {*shifts}:
            raise refusal("`calendar` needs `month` and `day`", "", head)
        if self.month and self.day and self.day > LONGEST_MONTHS[self.month - 1]:
            raise refusal(f"month {self.month} never has a day {self.day}", "", "day")
        return self

    @property
    def head(self) -> str:
        """The name of the function."""
        return next(name for name in HEADS if getattr(self, name) is not None)

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values inside a range, earliest or latest."""
        return tuple(self.range or self.earliest or self.latest or ())


class Answer(Model):
    """What an outcome tells a person: steps, papers, ways, dates."""

    next_steps: Annotated[list[Words], Field(max_length=3)] = []
    documents: list[Id] = []
    channels: list[Id] = []
    ask: list[Id] = []
    value: Value | None = None
    from_: Value | None = Field(None, alias="from")
    until: Value | None = None


class Outcome(Answer):
    """One of the fixed answers of a decision."""

    verdict: Verdict
    title: Words


class Decision(Model):
    """A question with a fixed set of outcomes, its inputs and the decisions it builds on."""

    id: Id
    topic: Id
    question: Words
    hit_policy: Literal["unique", "collect"]
    region: Id
    date: Id
    inputs: list[Id] = []
    builds_on: list[Id] = []
    outcomes: dict[Id, Outcome] = {}
    verdicts: dict[Verdict, Words] = {}
    items: list[Id] = []

    @model_validator(mode="after")
    def _fits_its_policy(self) -> Decision:
        if self.hit_policy == "unique" and (not self.outcomes or self.items):
            message = "a unique decision has `outcomes` and no `items`"
            raise refusal(message, "", "items" if self.items else "hit_policy")
        if self.hit_policy == "collect" and (not self.items or self.outcomes):
            message = "a collect decision has `items` and no `outcomes`"
            raise refusal(message, "", "outcomes" if self.outcomes else "hit_policy")
        for idle in self.verdicts.keys() - {one.verdict for one in self.outcomes.values()}:
            help_ = "leave them out, or give an outcome this verdict"
            raise refusal(f"words for `{idle}`, which no outcome is", help_, "verdicts")
        return self


class Then(Model):
    """What a rule concludes: an outcome, its own words for it, or items needed or waived."""

    outcome: Id | None = None
    needs: list[Id] = []
    waives: list[Id] = []
    next_steps: Annotated[list[Words], Field(max_length=3)] | None = None
    documents: list[Id] | None = None
    channels: list[Id] | None = None
    ask: list[Id] | None = None
    value: Value | None = None
    from_: Value | None = Field(None, alias="from")
    until: Value | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: object) -> object:
        return {"outcome": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _one(self) -> Then:
        given = [name for name in ("outcome", "needs", "waives") if getattr(self, name)]
        if len(given) != 1:
            message = "a rule concludes one of: an outcome, `needs`, `waives`"
            raise refusal(message, "", *given[1:2])
        return self


class Rule(Model):
    """When it holds, what follows, why, on whose word, from when until when, and where."""

    id: Id
    topic: Id
    region: PlaceCode
    decision: Id
    when: Condition
    then: Then
    because: Words
    sources: Annotated[list[Citation], Field(min_length=1)]
    see_also: list[Citation] = []
    in_force: Period
    overrides: list[Id] = []


class Head(Model):
    """What the file of a region says at its top: its topic, and where its rules hold."""

    topic: Id
    region: PlaceCode


class Dispute(Model):
    """Two rules of equal weight that contradict each other, and the safer of their outcomes."""

    id: Id
    between: Annotated[list[Id], Field(min_length=2, max_length=2)]
    safer: Id
    because: Words


class Parameter(Model):
    """A number that policy sets by place and date."""

    id: Id
    topic: Id
    label: Words
    unit: Words


class ParameterValue(Model):
    """One dated value of a parameter in one region."""

    parameter: Id
    region: PlaceCode
    value: Number
    in_force: Period
    sources: Annotated[list[Citation], Field(min_length=1)]


class Expected(Model):
    """What an example expects of one decision; only what is written is compared."""

    verdict: Literal[
        "eligible", "action_needed", "not_eligible", "not_applicable", "stated", "unclear",
        "undecided", "disputed",
    ]  # fmt: skip
    outcome: Id | None = None
    evidence: Literal["official", "reported", "unverified"] | None = None
    dissent: list[Id] | None = None
    missing: list[Id] | None = None
    needed: list[Id] | None = None
    value: Any = None
    from_: Any = Field(None, alias="from")
    until: Any = None


class Example(Model):
    """A case worked by hand from the cited clause, and what must come out."""

    id: Id
    title: Words
    cites: Annotated[list[Citation], Field(min_length=1)]
    case: dict[str, Any]
    expect: Annotated[dict[Id, Expected], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _worked(cls, data: object) -> object:
        if isinstance(data, dict) and "expect" not in data:
            message = "the example does not say what to `expect`"
            raise refusal(message, "work it out from the clause it cites, not from the engine")
        return data


class Picture(Model):
    """The decision of a topic that a picture of it shows, and the facts it is drawn by."""

    decision: Id
    rows: Annotated[list[Id], Field(min_length=1, max_length=3)]
    columns: Id
    given: dict[Id, Any] = {}


class Topic(Model):
    """A group of decisions a person asks about together."""

    id: Id
    order: int = 0
    title: Words
    about: Words
    picture: Picture | None = None
    decisions: list[Id]


def values_in(answer: Answer | Then) -> Iterator[Value]:
    """Every value an answer or a conclusion gives, and those inside them."""
    values = [one for one in (answer.value, answer.from_, answer.until) if one is not None]
    while values:
        value = values.pop()
        values += value.parts
        yield value


def parameters_of(rule: Rule) -> set[str]:
    """The parameters a rule looks at in its condition."""
    tests = [leaf for _, leaf in leaves(rule.when) if isinstance(leaf, FactTest)]
    return {one.param for test in tests for one in test.operands if isinstance(one, ParameterRef)}


def parameters_given(answer: Answer | Then) -> set[str]:
    """The parameters that the values of an answer or a conclusion are worked out with."""
    numbers = (getattr(one, name) for one in values_in(answer) for name in type(one).model_fields)
    return {one.param for one in numbers if isinstance(one, ParameterRef)}


def value_facts(answer: Answer | Then) -> set[str]:
    """The date facts that the values of an answer or a conclusion are worked out from."""
    heads = ((one.date, one.month_start, one.calendar) for one in values_in(answer))
    return {fact for facts in heads for fact in facts if fact is not None}
