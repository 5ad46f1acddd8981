"""Reads what a person typed for a question: the value for the engine, or a sentence of advice."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.calendar import months_between
from engine.vocabulary import DateDomain, NumberDomain
from tui.text.dates import DateProblem, TypedDate, read_date
from tui.text.safe import safe
from tui.text.width import cut

if TYPE_CHECKING:
    from engine.vocabulary import Fact
    from tui.journey import Answer
    from tui.speaker import Speaker

_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_SHOWN = 20
_NEAR = 400


@dataclass(frozen=True)
class Entry:
    """A readable text: its value in the case's JSON form, and how it was understood."""

    value: Answer
    echo: str = ""


@dataclass(frozen=True)
class Advice:
    """An unreadable text: what is wrong and what to do; `empty` when nothing was typed."""

    message: str
    empty: bool = False


def read(say: Speaker, fact_id: str, text: str) -> Entry | Advice:
    """What `text` means as an answer to the date or number question `fact_id`."""
    fact = say.library.vocabulary.facts[fact_id]
    if fact.type == "date":
        return _date(say, fact, text)
    return _number(say, fact, text)


def _date(say: Speaker, fact: Fact, text: str) -> Entry | Advice:
    t = say.locale
    try:
        typed = read_date(text, t.date_words)
    except DateProblem as problem:
        message = t(f"error.date_{problem.code}", **problem.values)
        return Advice(message, empty=problem.code == "empty")
    domain = fact.domain
    if isinstance(domain, DateDomain) and (typed.last < domain.from_ or typed.first > domain.to):
        limits = {"from": domain.from_.isoformat(), "to": domain.to.isoformat()}
        return Advice(t("error.date_range", **limits))
    return Entry(typed.value, date_echo(say, fact.id, typed))


def date_echo(  # noqa: PLR0911 - one for each way a date lies to the day counted from
    say: Speaker, fact: str, typed: TypedDate
) -> str:
    """How a typed date was understood: in words, with the age or the distance it means."""
    t = say.locale
    as_of = say.journey.as_of
    shown = {"date": t.typed(typed), "as_of": as_of.isoformat()}
    years = say.ages(fact)
    if years is not None and typed.first > as_of:
        return t("echo.not_born", **shown)
    if years is not None and typed.last <= as_of:
        low, high = (
            months_between(day.toordinal(), as_of.toordinal(), years.short_month) // 12
            for day in (typed.last, typed.first)
        )
        if low == high:
            return t("echo.age", n=low, **shown)
        return t("echo.age_between", low=low, high=high, **shown)
    if not typed.exact:
        return t("echo.partial", **shown)
    shown["weekday"] = t.weekday(typed.first)
    days = (typed.first - as_of).days
    if days == 0:
        return t("echo.today", **shown)
    if abs(days) > _NEAR:
        return t("echo.far", **shown)
    return t("echo.after" if days > 0 else "echo.before", n=abs(days), **shown)


def _number(say: Speaker, fact: Fact, text: str) -> Entry | Advice:
    t = say.locale
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "").replace(" ", "")
    unit = t.of(fact.unit) if fact.unit else ""
    plain = plain.removesuffix(unit)
    if not plain:
        return Advice(t("error.number_empty"), empty=True)
    whole = fact.type == "integer"
    if not _NUMBER.fullmatch(plain):
        example = "3" if whole else "1200.50"
        shown = cut(safe(text.strip()), _SHOWN)
        return Advice(t("error.number_unreadable", text=shown, example=example))
    number = Decimal(plain)
    if whole and number != number.to_integral_value():
        return Advice(t("error.number_whole"))
    if not whole and len(plain.partition(".")[2].rstrip("0")) > fact.decimals:
        return Advice(t("error.number_decimals", decimals=fact.decimals))
    domain = fact.domain
    if isinstance(domain, NumberDomain) and not domain.min <= number <= domain.max:
        return Advice(t("error.number_range", min=domain.min, max=domain.max))
    value: Answer = int(number) if whole else plain
    return Entry(value, say.value(fact, value))
