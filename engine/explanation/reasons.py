"""Why time changes an answer on a day: what is counted from that day, rules, parameters."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

from engine.calendar import FIRST_DAY, LAST_DAY, months_between
from engine.coding import MONTHS_A_YEAR, Gap, Lying, code_test, subject_of
from engine.condition import DecisionTest, FactTest, leaves
from engine.ruleset import parameters_of
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from engine.axis import Interval
    from engine.case import Case
    from engine.checker import Checker
    from engine.ruleset import Rule

_ORDER = ("fact", "parameter", "rule_ends", "rule_starts")


@dataclass(frozen=True)
class Reason:
    """One thing that is otherwise from a day on; `id` is that of a fact, rule or parameter."""

    kind: Literal["fact", "parameter", "rule_ends", "rule_starts"]
    id: str
    value: int | Decimal | str | None = None
    """What the derived fact reaches, in its own unit, or the parameter becomes."""
    before: int | Decimal | None = None
    """What the parameter was."""
    in_force: date | None = None
    """The first day of the rule that starts, the last of the one that ends."""


def reasons(checker: Checker, decision: str, case: Case, day: date) -> tuple[Reason, ...]:
    """Why the answer to a decision is another one on `day` than on the day before.

    It is what the rules that win before or after look at, those of the decisions built on too;
    where that does not tell, whatever is otherwise for any rule in force.
    """
    turn = _Turn(checker, case, day)
    found = [*turn.of_winners(decision)] or [*turn.of_all(decision)]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: _ORDER.index(one.kind)))


class _Turn:
    """A case on a day and on the eve of it."""

    def __init__(self, checker: Checker, case: Case, day: date) -> None:
        self.checker, self.library, self.case = checker, checker.library, case
        self.days = (date.fromordinal(day.toordinal() - 1), day)
        self.found = cache(self._found)

    def _found(self, decision: str, day: date) -> tuple[frozenset[object], frozenset[str]]:
        """What a decision may come to on a day, and the rules that win."""
        readings = self.checker.readings(decision, self.case.on(day))
        every = [one for reading in readings for one in reading.found()]
        answers = {(one.verdict, one.outcome, one.sides, one.items) for one in every}
        return frozenset(answers), frozenset(rule for one in every for rule in one.rules)

    def of_winners(self, decision: str) -> Iterator[Reason]:
        """What is otherwise for the rules that win on the eve or on the day."""
        eve, then = (self.found(decision, day) for day in self.days)
        rules = [self.library.rules[name] for name in sorted(eve[1] | then[1])]
        yield from self._of(decision, rules)
        tests = (leaf for rule in rules for _, leaf in leaves(rule.when))
        names = {leaf.decision for leaf in tests if isinstance(leaf, DecisionTest)}
        for name in sorted(names):
            if self.found(name, self.days[0])[0] != self.found(name, self.days[1])[0]:
                yield from self.of_winners(name)

    def of_all(self, decision: str) -> Iterator[Reason]:
        """What is otherwise for any rule of the decision and of those it builds on."""
        for name in self.library.upstream(decision):
            place = self.case.place(self.library.decisions[name].region)
            if place is not None:
                yield from self._of(name, self.library.candidates(name, place))

    def _of(self, decision: str, rules: Iterable[Rule]) -> Iterator[Reason]:
        authored = self.library.decisions[decision]
        place = self.case.place(authored.region) or ""
        for rule in rules:
            if authored.date == AS_OF:
                yield from self._period(rule)
                yield from self._parameters(rule, place)
            for _, leaf in leaves(rule.when):
                if isinstance(leaf, FactTest) and leaf.fact in self.library.vocabulary.derived:
                    yield from self._fact(leaf, place)

    def _period(self, rule: Rule) -> Iterator[Reason]:
        first, last = rule.in_force.days(FIRST_DAY, LAST_DAY)
        eve, day = (one.toordinal() for one in self.days)
        if first == day:
            yield Reason("rule_starts", rule.id, in_force=rule.in_force.from_)
        if last == eve:
            yield Reason("rule_ends", rule.id, in_force=rule.in_force.to)

    def _parameters(self, rule: Rule, place: str) -> Iterator[Reason]:
        for name in sorted(parameters_of(rule)):
            before, after = (
                self.library.parameter(name, place, day.toordinal()) for day in self.days
            )
            if before != after:
                yield Reason("parameter", name, after, before)

    def _fact(self, test: FactTest, place: str) -> Iterator[Reason]:
        """The derived fact, when it comes to lie on another side of what a test asks of it."""
        definition = self.library.vocabulary.derived[test.fact]
        subject = subject_of(test.fact, definition)
        if isinstance(subject, Lying):
            yield from self._lying(test.fact, subject)
            return
        if not isinstance(subject, Gap) or AS_OF not in subject[:2]:
            return
        today = self.days[1].toordinal()
        coded = code_test(test, definition, lambda name: self.library.parameter(name, place, today))
        cuts = sorted(
            {end for one in coded.spans for end in (one.low, one.high) if end is not None}
        )
        before, after = (self._measured(subject, day) for day in self.days)
        for was, now in zip(reversed(before), reversed(after), strict=True):
            if bisect_right(cuts, was) != bisect_right(cuts, now):
                years = definition.years_between is not None
                yield Reason("fact", test.fact, now // MONTHS_A_YEAR if years else now)
                return

    def _measured(self, gap: Gap, day: date) -> Interval:
        """The least and the greatest a gap can be on a day."""
        case = self.case.on(day)
        (a, b), (c, d) = (
            case.interval(fact) or self.library.vocabulary.facts[fact].bounds() for fact in gap[:2]
        )
        if gap.unit == "days":
            return c - b, d - a
        return months_between(b, c, gap.short_month), months_between(a, d, gap.short_month)

    def _lying(self, fact: str, subject: Lying) -> Iterator[Reason]:
        home, away = self.case.place(subject.of), self.case.place(subject.to)
        if subject.on != AS_OF or home is None or away is None:
            return
        before, after = (
            self.library.places.relations(home, away, subject.group, (one, one))
            for one in map(date.toordinal, self.days)
        )
        if before != after:
            yield Reason("fact", fact, min(after))
