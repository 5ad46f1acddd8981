"""Puts the engine's ids, values and bilingual texts into safe words of one language.

Every foreign text passes `safe` here, once, before a view model holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.condition import FactTest, leaves
from engine.vocabulary import AS_OF
from tui.text.dates import DateProblem, read_iso
from tui.text.safe import safe

if TYPE_CHECKING:
    from engine.errors import CaseFault
    from engine.vocabulary import CalendarBetween, Fact
    from engine.words import Words
    from tui.journey import Journey
    from tui.locale import Locale
    from tui.text.glyphs import Glyphs

_OUTSIDE = ("start", "topic")


@dataclass(frozen=True)
class Frame:
    """What stands above and below every page."""

    title: str
    context: str
    status: str = ""


class Speaker:
    """Puts the engine's ids, values and bilingual texts into safe words of one language."""

    def __init__(self, journey: Journey, locale: Locale, glyphs: Glyphs) -> None:
        self.journey = journey
        self.library = journey.library
        self.locale = locale
        self.glyphs = glyphs
        self._rule_regions: frozenset[str] | None = None

    def words(self, words: Words) -> str:
        """A bilingual text of a ruleset."""
        return safe(self.locale.of(words))

    def label(self, fact: str) -> str:
        """The short name of a fact."""
        known = self.library.vocabulary.facts.get(fact) or self.library.vocabulary.derived.get(fact)
        return self.words(known.label) if known else safe(fact)

    def topic(self, topic: str | None) -> str:
        """The title of a topic."""
        return self.words(self.library.topics[topic].title) if topic else ""

    def place(self, code: str) -> str:
        """The name of a place."""
        places = self.library.places
        return self.words(places.get(code).name) if code in places else safe(code)

    def value(self, fact: Fact, value: object) -> str:
        """An answer in words."""
        t = self.locale
        if value is None:
            return t("review.unknown")
        if isinstance(value, bool):
            return t("question.yes") if value else t("question.no")
        if fact.type == "enum" and fact.values and value in fact.values:
            return self.words(fact.values[str(value)])
        if fact.type == "place":
            return self.place(str(value))
        if fact.type == "date":
            return self.date(str(value))
        unit = self.words(fact.unit) if fact.unit else ""
        return f"{safe(value)} {unit}".strip()

    def date(self, iso: str) -> str:
        """A date of the engine, known to the day, month or year, in words."""
        try:
            return self.locale.typed(read_iso(iso))
        except DateProblem:
            return safe(iso)

    def ages(self, fact: str) -> CalendarBetween | None:
        """The age counted from the date `fact` to the day of the case, where rules look at one."""
        facts = self.library.vocabulary.facts
        if fact not in facts or facts[fact].changeable:
            return None
        for derived in self.library.vocabulary.derived.values():
            years = derived.years_between
            if years and years.from_ == fact and years.to == AS_OF:
                return years
        return None

    def fault(self, fault: CaseFault) -> str:
        """Why the engine does not take an answer: the constraint's own words where it names one."""
        if fault.constraint is not None:
            return self.words(self.library.vocabulary.constraints[fault.constraint].because)
        if fault.code == "place_too_wide":
            return self.locale("error.place_too_wide")
        return safe(fault.message)

    def frame(self, status: str = "") -> Frame:
        """The frame of the present page: topic, place and the day counted from."""
        t = self.locale
        parts = [t("app.as_of", date=self.journey.as_of.isoformat())]
        code = self.region()
        if code:
            parts.insert(0, self.place(code))
        title = self.topic(self.journey.topic) if self.journey.step.value not in _OUTSIDE else ""
        return Frame(title or t("app.title"), f" {self.glyphs.dot} ".join(parts), status)

    def frame_of_a_batch(self, status: str = "") -> Frame:
        """The frame of a page about the cases of many families: none of them is this one."""
        t = self.locale
        return Frame(t("app.title"), t("app.as_of", date=self.journey.as_of.isoformat()), status)

    def region(self) -> str | None:
        """The code of the region whose rules apply, once it is known."""
        if not self.journey.topic:
            return None
        first = self.library.decisions[self.library.topics[self.journey.topic].decisions[0]]
        code = self.journey.answers.get(first.region)
        return code if isinstance(code, str) else None

    def region_facts(self) -> frozenset[str]:
        """The facts that select whose rules apply."""
        decisions = self.library.topics[self.journey.topic or ""].decisions
        return frozenset(self.library.decisions[one].region for one in decisions)

    def rule_regions(self) -> frozenset[str]:
        """The regions the topic has rules of."""
        if self._rule_regions is None:
            mine = [one for one, decision in self.library.decisions.items()
                    if decision.topic == self.journey.topic]  # fmt: skip
            self._rule_regions = frozenset().union(*map(self.library.regions_of, mine))
        return self._rule_regions

    def local_facts(self) -> frozenset[str]:
        """The facts that the rules of the place look at; of every place while none is known."""
        library, code = self.library, self.region()
        return frozenset(
            fact
            for decision in self.chain()
            for rule in library.rules_of(decision)
            if code is None or library.places.applies(rule.region, code)
            for _, leaf in leaves(rule.when)
            if isinstance(leaf, FactTest)
            for fact in library.vocabulary.raw_facts(leaf.fact)
        )

    def chain(self) -> frozenset[str]:
        """The decisions of the topic, and all they build on."""
        topic = self.library.topics[self.journey.topic or ""]
        return frozenset(one for name in topic.decisions for one in self.library.upstream(name))

    def covered(self, code: str) -> bool:
        """Whether the topic has rules of the place's own, not only national ones."""
        places = self.library.places
        regions = self.rule_regions() - {places.nation}
        return code in places and any(places.applies(one, code) for one in regions)

    def uncovered_notice(self) -> str:
        """The sentence for a place whose own rules are not included; empty where they are."""
        code = self.region()
        if code is None or self.covered(code):
            return ""
        national = self.library.places.nation in self.rule_regions()
        key = "question.national_notice" if national else "question.uncovered_notice"
        return self.locale(key, place=self.place(code))
