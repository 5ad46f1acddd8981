"""Plain mode's pages to read the rules in: a topic, a place, a day, then rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.plain.pages import SHOWN, Heard, Page, picked
from tui.plain.result import Item, numbered
from tui.rules_pages.choosing import Choosing
from tui.rules_pages.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tui.desk import Desk
    from tui.speaker import Speaker
    from tui.views.asking import Option


_BENCH = "w"


class TopicPage(Page):
    """Which topic."""

    kind = "rules"
    letters = "b?lq"

    def __init__(self, say: Speaker, _desk: Desk, _about: str) -> None:
        super().__init__(say)
        self.view, self.options = Choosing(say).topics()
        self.asks = self.t("plain.ask.option")

    def commands(self) -> Iterator[str]:
        yield self.t("plain.command", key=_BENCH, label=self.t("keys.bench"))
        yield from super().commands()

    def lines(self) -> Iterator[str]:
        yield self.view.heading
        yield from self.numbered(self.options)

    def take(self, text: str) -> Heard:
        if text.casefold() == _BENCH:
            return Heard(lays=("bench", ""))
        index = picked(text, len(self.options))
        if index is None:
            return Heard((self.t("plain.bad.option", n=len(self.options)),))
        return Heard(lays=("rules_place", str(self.options[index].value)))


class PlacePage(Page):
    """Which place."""

    kind = "rules_place"
    letters = "b?lq"

    def __init__(self, say: Speaker, _desk: Desk, about: str) -> None:
        super().__init__(say)
        self.choosing = Choosing(say, about)
        self.view = self.choosing.place_view()
        self.found: Sequence[Option] = self.choosing.places("")
        self.asks = self.t("plain.ask.search")

    def lines(self) -> Iterator[str]:
        yield self.view.heading
        yield from self.listed()

    def listed(self) -> Iterator[str]:
        """The places found, as many as are listed."""
        yield from self.numbered(self.found[:SHOWN])
        if len(self.found) > SHOWN:
            yield self.t("question.more", n=len(self.found) - SHOWN)

    def take(self, text: str) -> Heard:
        index = picked(text, min(SHOWN, len(self.found)))
        if index is None:
            found = self.choosing.places(text)
            if not found:
                return Heard((self.view.no_match,), stays=True)
            self.found = found
            if len(found) > 1:
                return Heard(tuple(self.listed()), stays=True)
            index = 0
        return Heard(lays=("rules_day", str(self.found[index].value)))


class DayPage(Page):
    """Which day; Enter alone takes the day counted from."""

    kind = "rules_day"
    letters = "b?lq"

    def __init__(self, say: Speaker, _desk: Desk, about: str) -> None:
        super().__init__(say)
        self.choosing = Choosing(say, about)
        self.view = self.choosing.day_view()
        self.asks = self.t("rules_pages.plain.day", day=self.view.text)

    def lines(self) -> Iterator[str]:
        yield self.view.heading

    def take(self, text: str) -> Heard:
        about = self.choosing.day(text or self.view.text)
        if about is None:
            return Heard((self.choosing.advice(text),), stays=True)
        return Heard(lays=("rules_list", about))


class ListPage(Page):
    """The rules in force; a number opens one, a word narrows them."""

    kind = "rules_list"
    letters = "b?lq"

    def __init__(self, say: Speaker, desk: Desk, about: str) -> None:
        super().__init__(say)
        self.reading = Reading(say, desk, about)
        self.view = self.reading.view()
        self.sections = self.reading.sections
        self.asks = self.t("rules_pages.plain.list")

    def lines(self) -> Iterator[str]:
        if not self.view.count:
            yield self.view.hint
        yield from self.listed()

    def listed(self) -> Iterator[str]:
        """The rules found, numbered throughout, below their questions."""
        number = 0
        for section in self.sections:
            yield section.heading
            for line in section.lines:
                number += 1
                text = self.t("plain.noted", label=line.text, note=line.note)
                yield self.t("plain.numbered", n=number, text=text)

    def take(self, text: str) -> Heard:
        lines = [line for section in self.sections for line in section.lines]
        index = picked(text, len(lines))
        if index is not None:
            return Heard(lays=("rule", lines[index].about))
        found = self.reading.find(text)
        if not found:
            return Heard((self.view.no_match,), stays=True)
        self.sections = found
        return Heard(tuple(self.listed()), stays=True)


class RulePage(Page):
    """One rule, whole."""

    kind = "rule"
    letters = "b?lq"

    def __init__(self, say: Speaker, desk: Desk, about: str) -> None:
        super().__init__(say)
        self.reading = Reading(say, desk, about)
        self.view = self.reading.one()
        self.asks = self.t("plain.ask.over")

    def lines(self) -> Iterator[str]:
        view = self.view
        yield view.heading
        yield view.notice
        yield view.answer
        rows = view.rows
        if self.reading.proved:
            rows = (*rows, (view.examples, self.reading.examples() or (view.none,)))
        for number, (label, texts) in enumerate(rows, 1):
            yield from numbered(Item(label, tuple(map(Item, texts))), str(number))

    def take(self, text: str) -> Heard:
        return self.unclear(text)


OVER: dict[str, Callable[[Speaker, Desk, str], Page]] = {
    "rules": TopicPage,
    "rules_place": PlacePage,
    "rules_day": DayPage,
    "rules_list": ListPage,
    "rule": RulePage,
}
