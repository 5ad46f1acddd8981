"""Answers a person may give: a few values of each fact, chosen where rules tell them apart."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.answering import value_facts
from engine.vocabulary import DateDomain, NumberDomain

if TYPE_CHECKING:
    from engine.library import Library
    from engine.vocabulary import Fact

AS_OF = date(2026, 3, 1)
# Days before the day counted from: today, weeks, months, years, and both sides of a birthday.
AGO = (-30, -1, 0, 1, 10, 40, 100, 200, 400, 1000, 4000, 5113, 5114, 6000)
Case = Mapping[str, object]


def values(library: Library, fact: Fact) -> list[object]:
    """Some values of a fact in their JSON form."""
    if fact.type == "bool":
        return [True, False]
    if fact.type == "enum":
        return list(fact.codes)
    if fact.type == "place":
        written = {rule.region for rule in library.rules.values()} - {library.places.nation}
        # A person is asked for the city: an answer that names a province of several is refused.
        cities = [code for code in sorted(written) if library.places.pool(code) is not None]
        return [*cities, library.places.abroad]
    if isinstance(fact.domain, DateDomain):
        first, last = fact.domain.from_, fact.domain.to
        days = [AS_OF - timedelta(ago) for ago in AGO]
        return [day.isoformat() for day in days if first <= day <= last]
    assert isinstance(fact.domain, NumberDomain)
    low, high = fact.domain.min, fact.domain.max
    step = Decimal(1).scaleb(-fact.decimals) if fact.type == "decimal" else 1
    some: set[int | Decimal] = {low, low + step, low + 1, low + 2, low + 3, high - step, high}
    return [value for value in sorted(some) if low <= value <= high]


def facts_of(library: Library, decisions: Iterable[str]) -> list[str]:
    """The raw facts that some decisions look at, in the order of their inputs."""
    found: dict[str, None] = {}
    for name in decisions:
        for one in library.upstream(name):
            decision = library.decisions[one]
            found |= dict.fromkeys((decision.region, decision.date, *value_facts(library, one)))
            for fact in decision.inputs:
                found |= dict.fromkeys(library.vocabulary.raw_facts(fact))
    return [fact for fact in found if fact in library.vocabulary.facts]


def completed(
    library: Library, known: Case, facts: Sequence[str], chance: random.Random
) -> dict[str, object]:
    """`known` with a value drawn for each of `facts` that is not known."""
    drawn = {fact: chance.choice(values(library, library.vocabulary.facts[fact])) for fact in facts
             if known.get(fact) is None}  # fmt: skip
    return {**known, **drawn}
