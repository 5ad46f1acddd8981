"""The ledger of claims: how many of each article's claims ended where, those of sidebars apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.ruleset import CLAIM_STATUSES, ClaimStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.library import Library

Part = Literal["main", "sidebar"]
PARTS: tuple[Part, ...] = ("main", "sidebar")


@dataclass(frozen=True)
class Tally:
    """Where the claims of one part of an article ended."""

    article: str
    part: Part
    numbers: tuple[str, ...]
    """The numbers of its claims, in the order of the article."""
    counts: Mapping[ClaimStatus, int]
    missing: tuple[str, ...]
    """The numbers that have no entry yet."""


def tallies(library: Library) -> list[Tally]:
    """For each article the tally of its main text and, where it has any, that of its sidebars."""
    found = []
    for article in library.articles.values():
        for part in PARTS:
            numbers = tuple(getattr(article, part))
            ended = [library.claims[one].status for one in numbers if one in library.claims]
            counts = {status: ended.count(status) for status in CLAIM_STATUSES}
            missing = tuple(one for one in numbers if one not in library.claims)
            if numbers:
                found.append(Tally(article.id, part, numbers, counts, missing))
    return found


def total(some: Iterable[Tally], part: Part) -> Tally:
    """All tallies of a part as one, of no article."""
    chosen = [one for one in some if one.part == part]
    counts = {status: sum(one.counts[status] for one in chosen) for status in CLAIM_STATUSES}
    numbers = tuple(number for one in chosen for number in one.numbers)
    return Tally("", part, numbers, counts, tuple(n for one in chosen for n in one.missing))
