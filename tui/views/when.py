"""The view model of the days on which answers change, each with from what to what, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.explain.events import events, told_of_a_day
from tui.rules.words import RuleWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.case import Case
    from engine.explanation.calendar import Entry
    from tui.speaker import Frame, Speaker


@dataclass(frozen=True)
class WhenHead:
    """What stands on the page before anything is worked out."""

    frame: Frame
    heading: str
    hint: str
    working: str
    none: str
    again: str


@dataclass(frozen=True)
class DayView:
    """A day: when it is and how far off, what falls on it, and the answers before and after."""

    when: str
    title: str
    lines: tuple[str, ...]


def when_head(say: Speaker) -> WhenHead:
    """The head of the page of days."""
    t = say.locale
    return WhenHead(
        say.frame(t("app.disclaimer")), t("when.heading"),
        t("when.hint", date=t.day(say.journey.as_of)), t("why.working"), t("when.none"),
        t("calendar.check_again"),
    )  # fmt: skip


def when_view(say: Speaker, case: Case, entries: Sequence[Entry]) -> tuple[DayView, ...]:
    """The days to come, the nearest first."""
    t, words = say.locale, RuleWords(say.library, say.locale)
    found = []
    for entry in entries:
        (event,) = events(words, [entry])
        left = t.count("result.days_left", (entry.day - case.as_of).days)
        when = t("rules.labelled", text=t.day(entry.day), note=left)
        found.append(DayView(when, event.title, tuple(told_of_a_day(words, entry))))
    return tuple(found)
