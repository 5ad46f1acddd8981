"""Rules in words: conditions, values worked out, periods, sources."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.condition import All, Any_, DecisionTest, FactTest, Not, ParameterRef
from engine.result import EVIDENCE
from engine.ruleset import AMOUNTS
from engine.vocabulary import AS_OF
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.condition import Condition, Threshold
    from engine.library import Days, Library
    from engine.ruleset import Rule, Value
    from engine.scalars import Citation, Period
    from engine.words import Words
    from tui.locale import Locale

_REVERSED = {"lt": "gte", "lte": "gt", "gt": "lte", "gte": "lt"}


class RuleWords:
    """Puts rules into words of one language, as they hold in a place and on some days.

    Without a place a rule is shown as it holds in its own, without days in all it is in force.
    """

    def __init__(
        self, library: Library, locale: Locale, place: str | None = None, day: date | None = None
    ) -> None:
        self.library, self.locale = library, locale
        self.place, self.day = place, day

    def say(self, words: Words | None) -> str:
        """A bilingual text of a ruleset."""
        return safe(self.locale.of(words)) if words else ""

    def title(self, decision: str, outcome: str | None) -> str:
        """The title of an outcome."""
        known = self.library.decisions[decision].outcomes.get(outcome or "")
        return self.say(known.title) if known else safe(outcome)

    def place_name(self, code: str) -> str:
        """The name of a place."""
        return self.say(self.library.places.get(code).name)

    def grade(self, authority: str) -> str:
        """The word shown for a grade."""
        return self.locale(f"evidence.{EVIDENCE[authority]}")

    def period(self, period: Period) -> str:
        """From when until when something is in force."""
        first = period.from_.isoformat() if period.from_ else ""
        return self._between(first, period.to.isoformat() if period.to else "")

    def days(self, days: Days) -> str:
        """Days by their ordinals; the ends of the calendar are open ends."""
        first, last = (date.fromordinal(day).isoformat() for day in days)
        return self._between(
            first if days[0] > FIRST_DAY else "", last if days[1] < LAST_DAY else ""
        )

    def _between(self, first: str, last: str) -> str:
        key = "both" if first and last else "from" if first else "to" if last else "always"
        return self.locale(f"rules.period.{key}", **{"from": first, "to": last})

    def source(self, citation: Citation) -> str:
        """The source of a statement: title, number, body, clause, grade, when it was checked."""
        t = self.locale
        source = self.library.sources[citation.source]
        shown = {
            "title": self.say(source.title),
            "grade": t("rules.labelled", text=self.grade(source.authority), note=source.authority),
            "checked": source.checked.isoformat(),
        }
        if source.kind == "silence":
            return t("result.silence_line", looked=self.say(source.looked), **shown)
        number = t("result.source_number", n=safe(source.number)) if source.number else ""
        return t(
            "result.source_line",
            number=number, body=self.say(source.body), clauses=self.say(citation.clause), **shown,
        )  # fmt: skip

    def cited(self, citation: Citation) -> str:
        """A source in short: its title and the clause."""
        title, clause = self.say(self.library.sources[citation.source].title), citation.clause
        return self.locale("rules.labelled", text=title, note=self.say(clause))

    # -- conditions ----------------------------------------------------------------------------

    def condition(self, rule: Rule) -> tuple[str, ...]:
        """When a rule holds: a line for each part of which all, or any, must hold."""
        t, when = self.locale, rule.when
        if not isinstance(when, All | Any_):
            return (self.phrase(when, rule),)
        parts, joint = (when.all, "and") if isinstance(when, All) else (when.any, "or")
        first, *others = [self.phrase(part, rule) for part in parts]
        return (first, *(t(f"rules.line_{joint}", test=one) for one in others))

    def phrase(self, condition: Condition, rule: Rule | None = None) -> str:
        """A condition in one line; of a rule where it may look at parameters."""
        t, negated = self.locale, False
        while isinstance(condition, Not):
            condition, negated = condition.not_, not negated
        if isinstance(condition, FactTest):
            return self._fact(condition, rule, negated=negated)
        if isinstance(condition, DecisionTest):
            question = self.say(self.library.decisions[condition.decision].question)
            titles = [t("rules.quoted", value=self.title(condition.decision, one))
                      for one in condition.outcomes]  # fmt: skip
            key = "rules.test.answer_not" if negated else "rules.test.answer"
            return t(key, question=question, value=t("rules.one_of").join(titles))
        if isinstance(condition, All | Any_):
            parts, joint = (
                (condition.all, "rules.and") if isinstance(condition, All)
                else (condition.any, "rules.or")
            )  # fmt: skip
            tests = t(joint).join(self.phrase(part, rule) for part in parts)
            return t("rules.group_not" if negated else "rules.group", tests=tests)
        return t("rules.group_not", tests=t("rules.always")) if negated else t("rules.always")

    def _fact(self, test: FactTest, rule: Rule | None, *, negated: bool) -> str:
        t, fact = self.locale, self.library.vocabulary.facts.get(test.fact)
        label = self.label(test.fact)
        operator = "equals" if test.operator == "in" else test.operator
        if fact is not None and fact.type == "bool":
            truths = {bool(one) != negated for one in test.operands}
            given = [t(f"rules.test.{str(one).lower()}", fact=label) for one in sorted(truths)]
            return t("rules.or").join(given)
        if negated:
            operator = _REVERSED.get(operator, f"{operator}_not")
        values = [self._constant(test.fact, label, one, rule) for one in test.operands]
        is_day = test.fact == AS_OF or (fact is not None and fact.type == "date")
        family = "day_test" if is_day else "test"
        if test.operator == "between":
            low, high = values
            return t(f"rules.{family}.{operator}", fact=label, low=low, high=high)
        return t(f"rules.{family}.{operator}", fact=label, value=t("rules.one_of").join(values))

    def label(self, name: str) -> str:
        """What a raw or derived fact is called."""
        if name == AS_OF:
            return self.locale("rules.value.as_of")
        vocabulary = self.library.vocabulary
        return self.say((vocabulary.facts.get(name) or vocabulary.derived[name]).label)

    def _constant(self, name: str, label: str, constant: Threshold, rule: Rule | None) -> str:
        t = self.locale
        if isinstance(constant, ParameterRef):
            return self.parameter(constant.param, rule)
        if name == AS_OF:
            return safe(constant)
        fact = self.library.vocabulary.facts.get(name)
        if fact is not None:
            if fact.values:
                return t("rules.choice", value=self.say(fact.values[str(constant)]))
            # "Level of the hospital" needs no unit that says level again.
            named = fact.unit and re.search(rf"\b{re.escape(self.say(fact.unit))}\b", label)
            plain = fact.unit is None or named
            return _number(constant) if plain else self.with_unit(constant, fact.unit)
        derived = self.library.vocabulary.derived[name]
        if derived.values is None:
            return _number(constant)
        return t(f"rules.{'relation' if derived.relation else 'comparison'}.{constant}")

    def parameter(self, name: str, rule: Rule | None) -> str:
        """A parameter with its values while a rule is in force, each with its days if several."""
        t, authored = self.locale, self.library.parameters[name]
        if rule is None:
            raise LookupError(name)
        found = [
            (days, self.with_unit(value, authored.unit))
            for days, value in self.library.parameter_over(
                name, self.place or rule.region, self._days(rule)
            )
            if value is not None
        ]
        texts = [text if len(found) == 1 else t("rules.labelled", text=text, note=self.days(days))
                 for days, text in found]  # fmt: skip
        shown = t("result.listed").join(texts) or t("rules.unknown_value")
        return t("rules.labelled", text=shown, note=self.say(authored.label))

    def with_unit(self, value: object, unit: Words | None) -> str:
        """A number and what it counts."""
        return self.locale("rules.valued", value=_number(value), unit=self.say(unit))

    def _days(self, rule: Rule) -> Days:
        if self.day is not None:
            return self.day.toordinal(), self.day.toordinal()
        return rule.in_force.days(FIRST_DAY, LAST_DAY)

    # -- values --------------------------------------------------------------------------------

    def value(self, value: Value, rule: Rule | None = None) -> str:
        """A value worked out after the lookup, in words; of a rule where it has parameters."""
        t = self.locale
        if value.head in AMOUNTS:
            return self._amount(value, rule)
        parts = [self.value(one, rule) for one in value.parts]
        if value.head == "range":
            return t("result.between", low=parts[0], high=parts[1])
        if parts:
            return t(f"rules.value.{value.head}", values=t("result.listed").join(parts))
        fact = self.label(str(getattr(value, value.head)))
        if value.head == "month_start":
            key = "later_month" if value.months else "this_month"
            return t(f"rules.value.{key}", fact=fact, n=self._count(value.months, rule))
        if value.head == "calendar":
            key = "later_year" if value.years else "this_year"
            return t(
                f"rules.value.{key}",
                fact=fact, n=self._count(value.years, rule), month=value.month, day=value.day,
            )  # fmt: skip
        for unit in ("days", "months", "years"):
            count = getattr(value, unit)
            if count is not None:
                written = not isinstance(count, ParameterRef)
                shown = (
                    t.count(f"rules.value.{unit}", count) if written else self._count(count, rule)
                )
                fact = t("rules.value.after", fact=fact, count=shown)
        return t(f"rules.value.first_day_{value.first_day}", text=fact) if value.first_day else fact

    def _amount(self, value: Value, rule: Rule | None) -> str:
        given = getattr(value, value.head)
        if isinstance(given, ParameterRef):
            return self.parameter(given.param, rule)
        if value.head in ("rate", "factor"):
            given = Decimal(given) * 100
        return self.locale(f"result.{value.head}", n=_number(given))

    def _count(self, count: int | ParameterRef | None, rule: Rule | None) -> str:
        if isinstance(count, ParameterRef):
            return self.parameter(count.param, rule)
        return str(count or 0)

    def documents(self, names: Iterable[str]) -> str:
        """Titles of papers."""
        titles = [self.say(self.library.documents[name].title) for name in names]
        return self.locale("result.listed").join(titles)


def _number(value: object) -> str:
    """A constant as people write it: no zeros at the end, no exponent."""
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return f"{value.to_integral_value():f}" if whole else f"{value.normalize():f}"
    return safe(value)
