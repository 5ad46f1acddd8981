"""The written meaning of the language: conditions walked over raw values, rules weighed one by one.

It shares no code with the engines: no cells, no tables, no coding. `facts` hold raw values (bool,
text, int, Decimal, date, place code); `None` and absence do not occur here, a case is complete.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

from engine.condition import All, Any_, DecisionTest, FactTest, Not, ParameterRef

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.condition import Condition
    from engine.library import Library
    from engine.ruleset import Rule
    from engine.vocabulary import Derived

GRADES = ("A", "B", "B*", "C", "C*", "D")


@dataclass(frozen=True)
class Answer:
    """What a decision comes to; `fault` where the rules are silent or tie undeclared."""

    outcome: str | None = None
    sides: tuple[str, ...] = ()
    safer: str | None = None
    winners: frozenset[str] = frozenset()
    dissent: frozenset[tuple[str, str]] = frozenset()
    items: frozenset[tuple[str, str]] = frozenset()
    fault: str | None = None


@dataclass
class World:
    """A library with the raw values of one complete case; a derived fact may be given outright."""

    library: Library
    facts: Mapping[str, Any]
    upstream: dict[str, str] = field(default_factory=dict)
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    """The rules in force, for decisions whose place and date are not among the facts."""

    # -- facts -------------------------------------------------------------------------------

    def value(self, name: str) -> Any:
        """A fact's raw value, or what a derived fact comes to."""
        if name in self.facts:
            return self.facts[name]
        return self.derive(self.library.vocabulary.derived[name])

    def derive(self, derived: Derived) -> Any:
        if derived.relation:
            return self.relation(derived.relation)
        if derived.compare:
            one, other = self.facts[derived.compare.amount], self.facts[derived.compare.with_]
            return "below" if one < other else "above" if one > other else "equal"
        if derived.days_between:
            return (
                self.facts[derived.days_between.to] - self.facts[derived.days_between.from_]
            ).days
        between = derived.years_between or derived.months_between
        assert between
        first, second = self.facts[between.from_], self.facts[between.to]
        step = 12 if derived.years_between else 1
        count = -200 * 12 // step
        while later(first, (count + 1) * step, between.short_month) <= second:
            count += 1
        return count

    def relation(self, relation: Any) -> str:
        home, away = self.facts[relation.of], self.facts[relation.to]
        places = self.library.places
        if places.abroad in (home, away):
            return "abroad"
        if home == away or (home[:2] == away[:2] and places.get(home[:2] + "0000").pool):
            return "same_pool"
        if home[:2] == away[:2]:
            return "same_province"
        group = places.groups.get(relation.group or "")
        if group and self.covers(group.in_force, self.facts[relation.on]):
            inside = [{code, code[:2] + "0000"} & set(group.members) for code in (home, away)]
            if all(inside):
                return "same_group"
        return "elsewhere"

    @staticmethod
    def covers(period: Any, day: date) -> bool:
        return (period.from_ is None or period.from_ <= day) and (
            period.to is None or day <= period.to
        )

    # -- conditions --------------------------------------------------------------------------

    def holds(self, condition: Condition, rule: Rule | None) -> bool:
        """Whether a condition is true of the case."""
        if isinstance(condition, All):
            return all(self.holds(part, rule) for part in condition.all)
        if isinstance(condition, Any_):
            return any(self.holds(part, rule) for part in condition.any)
        if isinstance(condition, Not):
            return not self.holds(condition.not_, rule)
        if isinstance(condition, DecisionTest):
            return self.upstream[condition.decision] in condition.outcomes
        if isinstance(condition, FactTest):
            return self.test(condition, rule)
        return True

    def test(self, test: FactTest, rule: Rule | None) -> bool:
        value = self.value(test.fact)
        constants = [self.constant(one, value, rule) for one in test.operands]
        first = constants[0]
        operators: dict[str, Callable[[], bool]] = {
            "equals": lambda: value == first,
            "in": lambda: value in constants,
            "lt": lambda: value < first,
            "lte": lambda: value <= first,
            "gt": lambda: value > first,
            "gte": lambda: value >= first,
            "between": lambda: first <= value <= constants[-1],
        }
        return bool(operators[test.operator]())

    def constant(self, operand: Any, value: Any, rule: Rule | None) -> Any:
        if isinstance(operand, ParameterRef):
            assert rule
            decision = self.library.decisions[rule.decision]
            region = self.facts[decision.region]
            operand = self.parameter(operand.param, region, self.facts[decision.date])
        return date.fromisoformat(operand) if isinstance(value, date) else operand

    def parameter(self, name: str, region: str, day: date) -> Any:
        values = [one for one in self.library.authored.values.values()
                  if one.parameter == name and self.covers(one.in_force, day)]  # fmt: skip
        for code in (region, region[:4] + "00", region[:2] + "0000", self.library.places.nation):
            for one in values:
                if one.region == code:
                    return one.value
        raise LookupError(name)

    # -- adjudication ------------------------------------------------------------------------

    def in_force(self, decision: str) -> list[Rule]:
        if decision in self.rules:
            return self.rules[decision]
        authored = self.library.decisions[decision]
        region, day = self.facts[authored.region], self.facts[authored.date]
        regions = {region, region[:4] + "00", region[:2] + "0000", self.library.places.nation}
        return [rule for rule in self.library.rules.values()
                if rule.decision == decision and rule.region in regions
                and self.covers(rule.in_force, day)]  # fmt: skip

    def matching(self, decision: str) -> list[Rule]:
        """The rules in force whose condition holds."""
        return [rule for rule in self.in_force(decision) if self.holds(rule.when, rule)]

    def decide(self, decision: str) -> Answer:
        """The answer to one decision, its upstream outcomes being given."""
        matching = self.matching(decision)
        if self.library.decisions[decision].hit_policy == "unique":
            return self.weigh({rule.id: rule.then.outcome or "" for rule in matching})
        items = {}
        for item in self.library.decisions[decision].items:
            said = {rule.id: "not_needed" for rule in matching if item in rule.then.waives}
            said |= {rule.id: "needed" for rule in matching if item in rule.then.needs}
            answer = self.weigh(said) if said else Answer()
            if answer.dissent and answer.fault:
                # Stated by rejected rules only: nobody needs it.
                answer = Answer("not_needed", dissent=answer.dissent)
            if said:
                items[item] = answer
        if any(one.fault or one.sides for one in items.values()):
            return Answer(
                fault="tie" if any(one.fault != "no_rule" for one in items.values()) else "no_rule"
            )
        return Answer(items=frozenset((item, one.outcome or "") for item, one in items.items()))

    def weigh(self, said: Mapping[str, str]) -> Answer:
        """The contest of rules: claims ledger, exceptions, grade, date of issue, disputes."""
        rules = self.library.rules
        rejected = {name for claim in self.library.claims.values() if claim.status == "rejected"
                    for name in claim.rules}  # fmt: skip
        heard = [name for name in said if name not in rejected]
        beaten = {name for one in heard for name in rules[one].overrides}
        standing = [name for name in heard if name not in beaten]
        if not standing:
            return Answer(dissent=frozenset(said.items()), fault="no_rule")
        best = min(GRADES.index(self.grade(name)) for name in standing)
        contest = standing
        if len({said[name] for name in contest}) > 1:
            contest = [name for name in contest if GRADES.index(self.grade(name)) == best]
        if len({said[name] for name in contest}) > 1 and GRADES[best] != "D":
            dates = {name: self.issued(name) for name in contest}
            if all(dates.values()):
                newest = max(str(day) for day in dates.values())
                contest = [name for name in contest if newest.startswith(str(dates[name]))
                           or str(dates[name]).startswith(newest)]  # fmt: skip
        outcomes = {said[name] for name in contest}
        if len(outcomes) > 1:
            return self.dispute(contest, said)
        (outcome,) = outcomes
        return Answer(
            outcome,
            winners=frozenset(name for name in standing if said[name] == outcome),
            dissent=frozenset((name, said[name]) for name in said if said[name] != outcome),
        )

    def dispute(self, contest: list[str], said: Mapping[str, str]) -> Answer:
        safer: set[str] = set()
        losing: set[str] = set()
        for one, other in product(contest, contest):
            if said[one] != said[other]:
                declared = [dispute for dispute in self.library.disputes.values()
                            if set(dispute.between) == {one, other}]  # fmt: skip
                if not declared:
                    return Answer(fault="tie")
                safer.add(declared[0].safer)
                losing |= {said[one], said[other]} - {declared[0].safer}
        (best, *rest) = sorted(safer - losing) or sorted(safer)
        if rest:
            return Answer(fault="tie")
        sides = tuple(sorted({said[name] for name in contest}))
        losers = frozenset((name, said[name]) for name in said if said[name] not in sides)
        return Answer(None, sides, best, frozenset(contest), losers)

    def grade(self, rule: str) -> str:
        cited = [self.library.sources[one.source] for one in self.library.rules[rule].sources]
        return min((one.authority for one in cited), key=GRADES.index)

    def issued(self, rule: str) -> str | None:
        cited = [self.library.sources[one.source] for one in self.library.rules[rule].sources]
        dates = [one.issued for one in cited if one.authority == self.grade(rule) and one.issued]
        return max(dates, default=None)

    # -- chains ------------------------------------------------------------------------------

    def chain(self, decision: str) -> Answer:
        """The answer to a decision worked out through everything upstream of it."""
        known: dict[str, Answer] = {}
        for name in self.library.upstream(decision):
            if not self.in_force(name):
                known[name] = Answer("not_covered")
                continue
            above = [one for one in self.library.decisions[name].builds_on if one in known]
            if any(known[one].fault for one in above):
                known[name] = Answer(fault="upstream")
                continue
            worlds = {}
            for choice in product(*(known[one].sides or (known[one].outcome,) for one in above)):
                self.upstream = {one: side or "" for one, side in zip(above, choice, strict=True)}
                answer = self.decide(name)
                if answer.fault == "no_rule" and "not_covered" in choice:
                    answer = Answer("not_covered")
                worlds[choice] = answer
            safer = tuple(known[one].safer or known[one].outcome for one in above)
            known[name] = self.merged(worlds, worlds[safer])
        return known[decision]

    @staticmethod
    def merged(worlds: Mapping[Any, Answer], chosen: Answer) -> Answer:
        answers = list(worlds.values())
        faults = [one for one in answers if one.fault]
        if faults:
            return faults[0]
        winners = frozenset(name for one in answers for name in one.winners)
        dissent = frozenset(name for one in answers for name in one.dissent)
        sides = tuple(
            sorted({side for one in answers for side in one.sides or (one.outcome or "",)})
        )
        if len({(one.outcome, one.sides, one.items) for one in answers}) == 1:
            return Answer(
                chosen.outcome, chosen.sides, chosen.safer, winners, dissent, chosen.items
            )
        if chosen.items or len(sides) == 1:
            return Answer(chosen.outcome, (), None, winners, dissent, chosen.items)
        return Answer(None, sides, chosen.safer or chosen.outcome, winners, dissent)


def later(day: date, months: int, short_month: str) -> date:
    """The day so many months later; a day the month lacks follows `short_month`."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    if day.day <= (following - first).days:
        return first.replace(day=day.day)
    return following if short_month == "next_day" else following - timedelta(1)
