"""The loaded library of rules, and what of it is in force for a decision, a place and a day."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Self

from engine import loader, references, snapshot
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.condition import FactTest, leaves
from engine.entries import column, keys_by
from engine.errors import RulesetError
from engine.places import Places
from engine.ruleset import AUTHORITIES, Authority, parameters_of
from engine.vocabulary import AS_OF, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal
    from pathlib import Path

    from engine.coding import Coded
    from engine.loader import Authored
    from engine.ruleset import ParameterValue, Rule

Days = tuple[int, int]


class Library:
    """Every authored thing by id, and the questions of time and place asked of it."""

    hash: str | None = None
    """Of everything in it, where set-up has worked it out (see `engine.receipt`)."""

    def __init__(self, authored: Authored) -> None:
        self.authored = authored
        self.coded: dict[int, tuple[FactTest, Coded]] = {}
        """The tests that programs have looked at and that name no parameter, by their identity."""
        self.vocabulary = Vocabulary.model_construct(
            facts=authored.facts, derived=authored.derived, constraints=authored.constraints
        )
        self.places = Places(authored.places, authored.groups)
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
    def load(
        cls, folder: Path = loader.RULESETS, *, from_snapshot: bool = False, keep: bool = False
    ) -> Self:
        """Read and check the rulesets below `folder`.

        With `from_snapshot`, what set-up has found whole is taken as it is, unless it was changed
        since; with `keep`, what each entry was made from stays. Raises RulesetError with every
        fault found, InputError when the folder is unreadable.
        """
        with uncollected():
            if from_snapshot and (found := snapshot.find(folder)) is not None:
                library = cls(found.authored)
                library.hash = found.hash
                return library
            authored = loader.read(folder, keep=keep)
            references.check(authored)
            loader.refuse_faults(authored)
            return cls(authored)

    @cached_property
    def constrained(self) -> dict[str, frozenset[str]]:
        """The raw facts that each constraint ties together."""
        vocabulary = self.vocabulary
        return {
            name: frozenset(
                raw
                for _, leaf in leaves(one.never)
                if isinstance(leaf, FactTest)
                for raw in vocabulary.raw_facts(leaf.fact)
            )
            for name, one in vocabulary.constraints.items()
        }

    @cached_property
    def rejected(self) -> frozenset[str]:
        """The rules that state a claim the ledger rejects."""
        return frozenset(
            rule
            for key, status in column(self.claims, "status").items()
            if status == "rejected"
            for rule in self.claims[key].rules
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
        regions = self._regions
        found = [self.rules[key] for key in self._of_decision.get(decision, ())
                 if self.places.applies(regions[key], region)]  # fmt: skip
        self._candidates[decision, region] = found
        return found

    def rules_of(self, decision: str) -> list[Rule]:
        """The rules of a decision in every place, in the order written."""
        return [self.rules[key] for key in self._of_decision.get(decision, ())]

    def regions_of(self, decision: str) -> frozenset[str]:
        """The regions that rules of a decision are written for."""
        regions = self._regions
        return frozenset(regions[key] for key in self._of_decision.get(decision, ()))

    @cached_property
    def _of_decision(self) -> dict[str, list[str]]:
        return keys_by(self.rules, "decision")

    @cached_property
    def _regions(self) -> Mapping[str, str]:
        return column(self.rules, "region")

    @cached_property
    def _valued(self) -> frozenset[str]:
        """The regions that a value of a parameter is written for."""
        return frozenset(self._value_regions.values())

    @cached_property
    def _values_of(self) -> dict[str, list[str]]:
        return keys_by(self.authored.values, "parameter")

    def _values(self, parameter: str, region: str) -> list[ParameterValue]:
        """The values of a parameter that hold in `region`, in the order written."""
        regions = self._value_regions
        return [self.authored.values[key] for key in self._values_of.get(parameter, ())
                if self.places.applies(regions[key], region)]  # fmt: skip

    @cached_property
    def _value_regions(self) -> Mapping[str, str]:
        return column(self.authored.values, "region")

    @cached_property
    def _written(self) -> frozenset[str]:
        """The regions, the nation apart, that a rule or parameter is written for."""
        return frozenset({*self._regions.values(), *self._valued} - {self.places.nation})

    def local(self, region: str) -> bool:
        """Whether any rule or parameter is written for `region` or for a place it lies in."""
        return any(self.places.applies(one, region) for one in self._written)

    def differs_within(self, decision: str, province: str) -> bool:
        """Whether any rule of a decision, or any parameter, is written for a part of a province."""
        written = self.regions_of(decision) | self._valued
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
            periods += [one.in_force for name in used for one in self._values(name, region)]
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
        found = self.parameter_value(name, region, day)
        return found.value if found else None

    def parameter_value(self, name: str, region: str, day: int) -> ParameterValue | None:
        """The same as it is written, with its period and its sources."""
        found = [value for value in self._values(name, region)
                 if _covers(value.in_force.days(FIRST_DAY, LAST_DAY), day)]  # fmt: skip
        local = sorted(
            found,
            key=lambda value: (value.region == self.places.nation, value.region.endswith("0000")),
        )
        return local[0] if local else None

    def parameter_starts(self, name: str, region: str) -> list[int]:
        """The ordinals on which a value of a parameter begins or has ended in `region`."""
        spans = [value.in_force.days(FIRST_DAY, LAST_DAY) for value in self._values(name, region)]
        return sorted({day for first, last in spans for day in (first, last + 1)})

    def parameter_over(
        self, name: str, region: str, days: Days
    ) -> list[tuple[Days, int | Decimal | None]]:
        """The values of a parameter in `region` over `days`, each with the days it holds on."""
        cuts = self.parameter_starts(name, region)
        starts = [days[0], *(cut for cut in cuts if days[0] < cut <= days[1])]
        ends = [*(start - 1 for start in starts[1:]), days[1]]
        found: list[tuple[Days, int | Decimal | None]] = []
        for start, end in zip(starts, ends, strict=True):
            value = self.parameter(name, region, start)
            if found and found[-1][1] == value:
                found[-1] = (found[-1][0][0], end), value
            else:
                found.append(((start, end), value))
        return found

    def rule_fault(self, rule: str, message: str, help_: str = "") -> RulesetError:
        """An error that points at a rule."""
        return RulesetError([self.authored.origins["rules", rule].fault((), message, help_)])


def _covers(days: Days, day: int) -> bool:
    return days[0] <= day <= days[1]


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage: where rules are read nothing is, and a third of the time went to it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
