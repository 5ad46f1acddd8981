"""The loaded library of rules, and what of it is in force for a decision, a place and a day."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from engine import loader, references
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.errors import RulesetError
from engine.places import Places
from engine.ruleset import AUTHORITIES, Authority, parameters_of
from engine.vocabulary import AS_OF, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from engine.loader import Authored
    from engine.ruleset import Rule

Days = tuple[int, int]


class Library:
    """Every authored thing by id, and the questions of time and place asked of it."""

    def __init__(self, authored: Authored) -> None:
        self.authored = authored
        self.vocabulary = Vocabulary.model_construct(
            facts=authored.facts, derived=authored.derived, constraints=authored.constraints
        )
        self.places = Places(authored.places.values(), authored.groups.values())
        self.topics = dict(
            sorted(authored.topics.items(), key=lambda item: (item[1].order, item[0]))
        )
        self.decisions = authored.decisions
        self.rules = authored.rules
        self.disputes = authored.disputes
        self.sources = authored.sources
        self.documents = authored.documents
        self.channels = authored.channels
        self.articles = authored.articles
        self.claims = authored.claims
        self.parameters = authored.parameters
        self.examples = authored.examples
        self.invariants = authored.invariants

    @classmethod
    def load(cls, folder: Path = loader.RULESETS) -> Library:
        """Read and check the rulesets below `folder`.

        Raises RulesetError with every fault found, InputError when the folder is unreadable.
        """
        with _uncollected():
            authored = loader.read(folder)
            references.check(authored)
            loader.refuse_faults(authored)
            return cls(authored)

    @cached_property
    def rejected(self) -> frozenset[str]:
        """The rules that state a claim the ledger rejects."""
        return frozenset(
            rule
            for claim in self.claims.values()
            if claim.status == "rejected"
            for rule in claim.rules
        )

    def authority(self, rule: Rule) -> Authority:
        """The best grade among the sources that state the rule."""
        return min(
            (self.sources[citation.source].authority for citation in rule.sources),
            key=AUTHORITIES.index,
        )

    def issued(self, rule: Rule) -> str | None:
        """The latest date of issue among the rule's best sources; None when none is dated."""
        best = self.authority(rule)
        dates = [self.sources[citation.source].issued for citation in rule.sources
                 if self.sources[citation.source].authority == best]  # fmt: skip
        return max((day for day in dates if day), default=None)

    def upstream(self, decision: str) -> list[str]:
        """The decision and everything it builds on, upstream first."""
        order: list[str] = []

        def visit(key: str) -> None:
            for one in self.decisions[key].builds_on:
                if one not in order:
                    visit(one)
            if key not in order:
                order.append(key)

        visit(decision)
        return order

    def candidates(self, decision: str, region: str) -> list[Rule]:
        """The rules of a decision that hold in `region` at some time."""
        return self._candidates.get((decision, region)) or self._select(decision, region)

    @cached_property
    def _candidates(self) -> dict[tuple[str, str], list[Rule]]:
        return {}

    def _select(self, decision: str, region: str) -> list[Rule]:
        mine = [rule for rule in self.rules.values() if rule.decision == decision]
        found = [rule for rule in mine if self.places.applies(rule.region, region)]
        self._candidates[decision, region] = found
        return found

    @cached_property
    def _written(self) -> frozenset[str]:
        """The regions, the nation apart, that a rule or parameter is written for."""
        written = {rule.region for rule in self.rules.values()}
        written |= {value.region for value in self.authored.values.values()}
        return frozenset(written - {self.places.nation})

    def local(self, region: str) -> bool:
        """Whether any rule or parameter is written for `region` or for a place it lies in."""
        return any(self.places.applies(one, region) for one in self._written)

    def differs_within(self, decision: str, province: str) -> bool:
        """Whether any rule of a decision, or any parameter, is written for a part of a province."""
        written = {rule.region for rule in self.rules.values() if rule.decision == decision}
        written |= {value.region for value in self.authored.values.values()}
        return any(self.places.inside(region, province) for region in written)

    def in_force(self, decision: str, region: str, day: int) -> list[Rule]:
        """The rules of a decision in force in `region` on ordinal `day`, in the order written."""
        return [
            rule
            for rule in self.candidates(decision, region)
            if _covers(rule.in_force.days(FIRST_DAY, LAST_DAY), day)
        ]

    def days(self, fact: str) -> Days:
        """First and last ordinal a date fact may have."""
        if fact == AS_OF:
            return FIRST_DAY, LAST_DAY
        return self.vocabulary.facts[fact].bounds()

    def boundaries(self, decision: str, region: str) -> tuple[int, ...]:
        """The ordinals on which the rules or parameters of a decision change in `region`."""
        key = decision, region
        if key not in self._boundaries:
            rules = self.candidates(decision, region)
            used = {name for rule in rules for name in parameters_of(rule)}
            periods = [rule.in_force for rule in rules]
            values = [one for one in self.authored.values.values() if one.parameter in used]
            periods += [v.in_force for v in values if self.places.applies(v.region, region)]
            spans = [period.days(FIRST_DAY, LAST_DAY) for period in periods]
            days = {first for first, _ in spans} | {last + 1 for _, last in spans}
            self._boundaries[key] = tuple(
                sorted(day for day in days if FIRST_DAY < day <= LAST_DAY)
            )
        return self._boundaries[key]

    @cached_property
    def _boundaries(self) -> dict[tuple[str, str], tuple[int, ...]]:
        return {}

    def segments(self, decisions: list[str], regions: list[str], days: Days) -> list[Days]:
        """`days` cut where the rules of any of the decisions (in its region) change."""
        cuts = {cut for decision, region in zip(decisions, regions, strict=True)
                for cut in self.boundaries(decision, region)}  # fmt: skip
        starts = [days[0], *sorted(cut for cut in cuts if days[0] < cut <= days[1])]
        ends = [*(start - 1 for start in starts[1:]), days[1]]
        return list(zip(starts, ends, strict=True))

    def parameter(self, name: str, region: str, day: int) -> int | Decimal | None:
        """The value of a parameter in `region` on `day`; the more local value goes first."""
        found = [value for value in self.authored.values.values()
                 if value.parameter == name and self.places.applies(value.region, region)
                 and _covers(value.in_force.days(FIRST_DAY, LAST_DAY), day)]  # fmt: skip
        local = sorted(
            found,
            key=lambda value: (value.region == self.places.nation, value.region.endswith("0000")),
        )
        return local[0].value if local else None

    def parameter_over(
        self, name: str, region: str, days: Days
    ) -> list[tuple[Days, int | Decimal | None]]:
        """The values of a parameter in `region` over `days`, each with the days it holds on."""
        spans = [
            value.in_force.days(FIRST_DAY, LAST_DAY)
            for value in self.authored.values.values()
            if value.parameter == name and self.places.applies(value.region, region)
        ]
        cuts = {cut for first, last in spans for cut in (first, last + 1)}
        starts = [days[0], *sorted(cut for cut in cuts if days[0] < cut <= days[1])]
        ends = [*(start - 1 for start in starts[1:]), days[1]]
        found: list[tuple[Days, int | Decimal | None]] = []
        for start, end in zip(starts, ends, strict=True):
            value = self.parameter(name, region, start)
            if found and found[-1][1] == value:
                start = found.pop()[0][0]  # noqa: PLW2901 - the same value goes on
            found.append(((start, end), value))
        return found

    def rule_fault(self, rule: str, message: str, help_: str = "") -> RulesetError:
        """An error that points at a rule."""
        return RulesetError([self.authored.origins["rules", rule].fault((), message, help_)])


def _covers(days: Days, day: int) -> bool:
    return days[0] <= day <= days[1]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing of what is read is garbage: a third of the time went to looking for some."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
