"""The view model of the palette: what can be done here and where to go, found by what is typed.

A command is found by its words in either language, and in Chinese by the initials of its pinyin.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import keys
from tui.locale import LANGUAGES, Locale
from tui.route import Route
from tui.rules_pages.asked import Asked
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.words import Words
    from tui.desk import Desk
    from tui.speaker import Frame, Speaker

_SELF = ("app.palette", "")
"""What the palette does not offer: itself, and what has no action."""


@dataclass(frozen=True)
class Command:
    """Something to do: an action of the page below, or a page to lay over it."""

    label: str
    note: str
    action: str = ""
    route: Route | None = None
    found_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaletteView:
    """The page of the palette."""

    frame: Frame
    heading: str
    hint: str
    empty: str
    no_match: str
    more: str


class Palette:
    """The commands of one page, and the pages to go to."""

    def __init__(self, say: Speaker, desk: Desk, screen: str) -> None:
        self.say, self.desk, self.screen = say, desk, screen
        self._locales = tuple(map(Locale, LANGUAGES))
        self.commands = (*self._keys(), *self._pages())

    def view(self) -> PaletteView:
        """The words round the list."""
        t = self.say.locale
        return PaletteView(
            self.say.frame(), t("palette.heading"), t("palette.hint"), t("palette.empty"),
            t("palette.no_match"), t("question.more"),
        )  # fmt: skip

    def find(self, text: str) -> tuple[Command, ...]:
        """The commands that `text` may mean: those it names, then those it begins, first."""
        wanted = _plain(text)
        ranked = [
            (min(_far(one, wanted) for one in command.found_by), command)
            for command in self.commands
            if any(wanted in one for one in command.found_by)
        ]
        return tuple(command for _, command in sorted(ranked, key=lambda one: one[0]))

    def _keys(self) -> Iterator[Command]:
        for key in (*keys.SCREENS[self.screen], keys.THEME):
            if key.action in _SELF:
                continue
            label = keys.label(key, self.screen, self.say.locale)
            name = keys.named(key, self.screen, self.say.locale)
            words = [keys.label(key, self.screen, one) for one in self._locales]
            yield Command(
                label, key.display(self.say.glyphs), action=key.action,
                found_by=self._found_by(f"palette.initials.{name}", words),
            )  # fmt: skip

    def _pages(self) -> Iterator[Command]:
        pages = {"rules": Route("rules")}
        if not self.desk.web:
            pages |= {"batch": Route("batch_input"), "bench": Route("bench")}
        for name, route in pages.items():
            words = [t(f"palette.page.{name}") for t in self._locales]
            yield Command(
                self.say.locale(f"palette.page.{name}"), "", route=route,
                found_by=self._found_by(f"palette.initials.page_{name}", words),
            )  # fmt: skip
        for topic in self.say.library.topics.values():
            yield Command(
                self._rules_on(self.say.locale, topic.title), "",
                route=Route("rules_place", Asked(topic.id).about),
                found_by=tuple(_plain(self._rules_on(t, topic.title)) for t in self._locales),
            )  # fmt: skip

    @staticmethod
    def _rules_on(t: Locale, title: Words) -> str:
        return t("palette.page.rules_on", topic=safe(t.of(title)))

    def _found_by(self, initials: str, words: list[str]) -> tuple[str, ...]:
        short = [t(initials) for t in self._locales if initials in t]
        return tuple(map(_plain, (*words, *short)))


def _far(text: str, wanted: str) -> int:
    return 0 if text == wanted else 1 if text.startswith(wanted) else 2


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
