"""What a rule book holds: its pages, what stands on them, and the names they link by."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tui.pictures.command import drawn
from tui.pictures.model import GridPicture
from tui.rules.asking import busiest
from tui.rules.showing import place_and_date
from tui.rules.words import RuleWords

if TYPE_CHECKING:
    from datetime import date

    from engine.checker import Checker
    from engine.ruleset import Claim, ParameterValue, Rule, Topic
    from tui.locale import Locale
    from tui.pictures.model import Picture


class Contents:
    """The rules of a library by topic and place, and what cites what."""

    def __init__(self, checker: Checker, t: Locale, day: date) -> None:
        self.checker, self.library, self.t, self.day = checker, checker.library, t, day
        self.words = RuleWords(checker.library, t)

    def places(self, topic: Topic) -> list[str]:
        """The codes of the places a topic has rules or numbers for, the nation first."""
        found = {rule.region for rule in self.library.rules.values() if rule.topic == topic.id}
        found |= {one.region for one in self.values_of(topic)}
        return sorted(found)

    def values_of(self, topic: Topic) -> list[ParameterValue]:
        """The dated numbers of a topic."""
        parameters = self.library.parameters
        return [one for one in self.library.authored.values.values()
                if parameters[one.parameter].topic == topic.id]  # fmt: skip

    def rules(self, topic: Topic, place: str) -> dict[str, list[Rule]]:
        """The rules written for a place by decision, the earliest first."""
        found: dict[str, list[Rule]] = {}
        for name in topic.decisions:
            mine = [one for one in self.library.rules_of(name)
                    if (one.topic, one.region) == (topic.id, place)]  # fmt: skip
            if mine:
                found[name] = sorted(mine, key=place_and_date)
        return found

    @cached_property
    def citing(self) -> dict[str, list[Rule]]:
        """For each source the rules that cite it, for their statement or to see also."""
        found: dict[str, list[Rule]] = {name: [] for name in self.library.sources}
        for rule in self.library.rules.values():
            for name in dict.fromkeys(one.source for one in (*rule.sources, *rule.see_also)):
                found[name].append(rule)
        return found

    @cached_property
    def claimed(self) -> dict[str, list[Claim]]:
        """For each rule the claims of the articles that ended in it."""
        found: dict[str, list[Claim]] = {}
        for claim in self.library.claims.values():
            for name in claim.rules:
                found.setdefault(name, []).append(claim)
        return found

    def pictures(self, topic: Topic, place: str) -> list[Picture]:
        """The pictures of a topic in a place: who may what, where it says by what, and when."""
        found: list[Picture] = []
        hint = topic.picture
        if hint is not None and self.library.places.pool(place) is not None:
            rules = self.library.in_force(hint.decision, place, self.day.toordinal())
            drawing = self._drawn([hint.decision], "grid", place) if rules else None
            # A single square says no more than its rule does.
            if isinstance(drawing, GridPicture) and len(drawing.lines) * len(drawing.columns) > 1:
                found.append(drawing)
        return [*found, self._drawn(topic.decisions, "timeline", place)]

    def of_topic(self, topic: Topic) -> list[Picture]:
        """What the decisions of a topic are worked out from, and what is asked for the first."""
        place = busiest(self.library, topic.id)
        return [self._drawn(topic.decisions, kind, place) for kind in ("requirements", "questions")]

    def _drawn(self, decisions: list[str], kind: str, place: str) -> Picture:
        return drawn(self.words, self.checker, decisions, kind, place, self.day)

    def short(self, rule: Rule) -> str:
        """A rule in a line: its reason."""
        return self.words.say(rule.because)


def topic_page(topic: str) -> str:
    """The name of the page of a topic, without its ending."""
    return f"topic-{topic}"


def place_page(topic: str, place: str) -> str:
    """The name of the page of a topic in a place, without its ending."""
    return f"{topic}-{place}"
