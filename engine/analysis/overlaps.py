"""Rules that match in the same classes: whether they agree, and how they are decided if not."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple

from engine.adjudication import NEEDED, NOT_NEEDED, Resolution, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.adjudication import Found
    from engine.analysis.reach import Reach

Kind = Literal["harmless", "decided", "disputed"]
KINDS: tuple[Kind, ...] = ("harmless", "decided", "disputed")
How = Literal["agree", "override", "grade", "date", "rejected", "both_beaten", "dispute"]


class Overlap(NamedTuple):
    """Two rules that match together, and how it ends: the first wins where one does."""

    kind: Kind
    how: How
    rules: tuple[str, str]


def overlaps(reach: Reach) -> Counter[Overlap]:
    """Each overlap of two rules with the number of possible classes that show it.

    Looks at the distinct sets of rules that match, not at classes. Rules that contradict each
    other undeclared are no overlap but a tie, which is a fault of its own.
    """
    counted: Counter[Overlap] = Counter()
    for pattern, classes in zip(reach.table.patterns, reach.patterns.tolist(), strict=True):
        if classes and len(pattern) > 1:
            for one in set(_pairs(reach, pattern)):
                counted[one] += classes
    return counted


def _pairs(reach: Reach, pattern: tuple[str, ...]) -> Iterator[Overlap]:
    adjudicator = reach.table.coded.adjudicator
    found = adjudicator.resolve(pattern)
    decision = adjudicator.decision
    if decision.hit_policy == "unique":
        said = {name: adjudicator.rules[name].then.outcome or "" for name in pattern}
        yield from _contest(said, found)
        return
    parts = dict(found.items) if isinstance(found, Resolution) else {}
    for item in decision.items:
        said = {}
        for name in pattern:
            then = adjudicator.rules[name].then
            if item in then.needs or item in then.waives:
                said[name] = NEEDED if item in then.needs else NOT_NEEDED
        if item in parts:
            yield from _contest(said, parts[item])


def _contest(said: Mapping[str, str], found: Found) -> Iterator[Overlap]:
    if isinstance(found, Unresolved):
        return
    beaten = {one.rule: one.by for one in found.dissent}
    for one, other in combinations(said, 2):
        if said[one] == said[other]:
            yield Overlap("harmless", "agree", (one, other))
        elif one not in beaten and other not in beaten:
            yield Overlap("disputed", "dispute", (one, other))
        elif one in beaten and other in beaten:
            # A third rule decides over both.
            yield Overlap("decided", "both_beaten", (one, other))
        else:
            winner, loser = (one, other) if other in beaten else (other, one)
            yield Overlap("decided", beaten[loser], (winner, loser))
