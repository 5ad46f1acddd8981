"""View models of choosing which rules to read: the topic, the place, the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.entries import column, keys_by
from tui.rules_pages.asked import Asked
from tui.speaker import Frame
from tui.text.dates import DateProblem, read_date
from tui.views.asking import Option

if TYPE_CHECKING:
    from datetime import date

    from engine.places import Place
    from tui.speaker import Speaker


@dataclass(frozen=True)
class ChoosingView:
    """One thing to choose before rules are shown."""

    frame: Frame
    heading: str
    hint: str
    empty: str = ""
    no_match: str = ""
    more: str = ""
    text: str = ""


class Choosing:
    """Chooses topic, place and day; each choice says what the next page is about."""

    def __init__(self, say: Speaker, about: str = "") -> None:
        self.say, self.t, self.asked = say, say.locale, Asked.read(about)

    def _view(self, what: str, text: str = "") -> ChoosingView:
        t = self.t
        parts = [self.say.topic(self.asked.topic or None)]
        if self.asked.place:
            parts.append(self.say.place(self.asked.place))
        context = f" {self.say.glyphs.dot} ".join(filter(None, parts))
        return ChoosingView(
            Frame(t("rules_pages.title"), context),
            t(f"rules_pages.{what}.heading"), t(f"rules_pages.{what}.hint"),
            empty=t("rules_pages.empty"), no_match=t("rules_pages.no_match"),
            more=t("question.more"), text=text,
        )  # fmt: skip

    # -- the topic -----------------------------------------------------------------------------

    def topics(self) -> tuple[ChoosingView, tuple[Option, ...]]:
        """The topics; each stands for the page of its places."""
        library, t = self.say.library, self.t
        counts = dict.fromkeys(library.topics, 0)
        for topic in column(library.rules, "topic").values():
            counts[topic] += 1
        options = tuple(
            Option(
                Asked(one.id).about,
                self.say.words(one.title),
                t.count("rules_pages.rules", counts[one.id]),
            )
            for one in library.topics.values()
        )
        return self._view("topic"), options

    # -- the place -----------------------------------------------------------------------------

    def place_view(self) -> ChoosingView:
        """The page of the places."""
        return self._view("place")

    def places(self, text: str) -> tuple[Option, ...]:
        """The nation and the places `text` may mean, those with rules of their own first."""
        places, t = self.say.library.places, self.t
        own = self._regions() - {places.nation}
        typed = text.strip()
        named = typed.casefold()
        nation = places.get(places.nation)
        found: list[Place] = []
        if not typed or any(named in name.casefold() for name in nation.names):
            found.append(nation)
        found += places.search(typed) if typed else [places.get(code) for code in sorted(own)]
        options = []
        for place in found:
            covered = any(places.applies(region, place.code) for region in own)
            note = t("rules_pages.place.own" if covered else "rules_pages.place.national")
            if place.code == places.nation:
                note = t("rules_pages.place.nation")
            option = Option(
                Asked(self.asked.topic, place.code).about, self.say.words(place.name), note
            )
            options.append((place.code != places.nation and not covered, option))
        return tuple(option for _, option in sorted(options, key=lambda one: one[0]))

    def _regions(self) -> set[str]:
        library, topic = self.say.library, self.asked.topic
        regions = column(library.rules, "region")
        values = library.authored.values.values()
        return {regions[key] for key in keys_by(library.rules, "topic").get(topic, ())} | {
            one.region for one in values if library.parameters[one.parameter].topic == topic
        }

    # -- the day -------------------------------------------------------------------------------

    def day_view(self) -> ChoosingView:
        """The page of the day: the day counted from stands there already."""
        return self._view("day", self.say.journey.as_of.isoformat())

    def day(self, text: str) -> str | None:
        """What the rules of a typed day are about; None where it is no day."""
        found = self._day(text)
        if found is None:
            return None
        return Asked(self.asked.topic, self.asked.place, found).about

    def _day(self, text: str) -> date | None:
        try:
            typed = read_date(text, self.t.date_words)
        except DateProblem:
            return None
        return typed.first if typed.exact else None

    def advice(self, text: str) -> str:
        """Why a typed text is no day; empty where it is one."""
        try:
            typed = read_date(text, self.t.date_words)
        except DateProblem as problem:
            if problem.code == "empty":
                return self.t("rules_pages.day.empty")
            return self.t(f"error.date_{problem.code}", **problem.values)
        return "" if typed.exact else self.t("rules_pages.day.inexact")
