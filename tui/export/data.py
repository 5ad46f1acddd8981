"""The result for programs: as JSON, the way `check` writes it; and its days, for a calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.batch.encoding import encode
from engine.case import read_case
from engine.explanation.advice import with_words
from engine.explanation.calendar import calendar
from engine.explanation.ics import to_ics
from engine.version import VERSION
from tui.explain.events import events
from tui.rules.words import RuleWords
from tui.views.result import result_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.explanation.calendar import Entry
    from tui.desk import Desk
    from tui.journey import Journey
    from tui.speaker import Speaker


@dataclass(frozen=True)
class _Record:
    content: dict[str, object]

    def to_json(self) -> dict[str, object]:
        """The content itself."""
        return self.content


def as_case(journey: Journey) -> dict[str, object]:
    """The answers as a case that `check` reads."""
    return {"as_of": journey.as_of.isoformat(), "topics": [journey.topic], **journey.answers}


def json_text(desk: Desk, say: Speaker, *, answers: bool) -> str:
    """The case, where `answers` are wanted, and its result with the words, as `check` gives it."""
    result = with_words(desk.library, say.journey.asking.result(), say.locale.lang)
    content: dict[str, object] = {"case": as_case(say.journey)} if answers else {}
    content |= {
        "result": result.to_json(),
        "as_of": say.journey.as_of.isoformat(),
        "rules": desk.rules,
        "engine": VERSION,
        "disclaimer": say.locale("app.disclaimer"),
    }
    return encode(_Record(content)) + "\n"


def days(desk: Desk, say: Speaker) -> list[Entry]:
    """The days on which an answer changes, and those the answers name."""
    case = read_case(as_case(say.journey), desk.library, say.journey.as_of)
    return calendar(desk.checker, case, list(say.journey.asking.result().decisions))


def ics(desk: Desk, say: Speaker, made: str) -> bytes:
    """Those days as an iCalendar file; each tells its sources and by which rules it was found."""
    t = say.locale
    entries = days(desk, say)
    found = events(RuleWords(desk.library, t), entries)
    told = [
        replace(one, lines=(*one.lines, *_sources(say, entry), t("app.disclaimer"), made))
        for one, entry in zip(found, entries, strict=True)
    ]
    return to_ics(told, say.journey.as_of, t("calendar.name"))


def _sources(say: Speaker, entry: Entry) -> Sequence[str]:
    """The sources of the decisions that a day is about, with grade and day of checking."""
    view = result_view(say)
    cited = [
        text
        for one in view.decisions
        if one.id in entry.decisions
        for text in (*one.reasons, *one.dispute, *one.dissent)
    ]
    return [
        line
        for mark, text in view.sources
        if any(mark in one for one in cited)
        for line in f"{mark} {text}".split("\n")
    ]
