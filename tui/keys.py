"""The one registry of keys: bindings, the key bar and the help page all come from here.

A key that goes before the focused widget overtakes the keys typed just before it, so hardly any
does: Enter would otherwise arrive before the last digit.

The F-keys always work, also while typing or with a Chinese input method on; letters are extras.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from tui.locale import Locale
    from tui.text.glyphs import Glyphs


@dataclass(frozen=True)
class Key:
    """A key and what it does: `action` is Textual's, `label` a text below `keys` of the locale."""

    key: str
    action: str
    label: str
    extra: str = ""
    always: bool = False
    """Whether it goes before the focused widget, which must not take it for its own."""

    def display(self, glyphs: Glyphs) -> str:
        """How the key is written on the screen."""
        if self.key == "enter":
            return glyphs.enter
        return _DISPLAY.get(self.key, self.key.upper())


_DISPLAY = {
    "escape": "Esc",
    "ctrl+q": "^Q",
    "ctrl+c": "^C",
    "space": "Space",
    "1": "1-9",
    "0": "0",
}

NEXT = Key("enter", "next", "next")
BACK = Key("escape", "back", "back")
WHY = Key("f3", "why", "why", extra="w,y")
UNSURE = Key("f4", "unsure", "unsure")
ANSWERS = Key("f5", "answers", "answers", extra="a")
HELP = Key("f1", "help", "help", extra="question_mark")
LANGUAGE = Key("f2", "app.language", "lang")
THEME = Key("f9", "app.theme", "theme")
CLEAR = Key("f10", "app.clear", "clear")
QUIT = Key("ctrl+q", "app.leave", "quit", always=True)
INTERRUPT = Key("ctrl+c", "app.interrupt", "ctrl_c", always=True)

# Not bound here but by the widgets; the help page lists them.
PICK = Key("1", "", "pick")
ZERO = Key("0", "", "zero")
MOVE = Key("up", "", "move")
TICK = Key("space", "", "tick")
SCROLL = Key("up", "", "scroll")

APP = (LANGUAGE, THEME, CLEAR, QUIT, INTERRUPT)

SCREENS: dict[str, tuple[Key, ...]] = {
    "start": (NEXT, LANGUAGE, HELP, QUIT),
    "topic": (NEXT, BACK, HELP, LANGUAGE, CLEAR, QUIT),
    "question": (NEXT, BACK, WHY, UNSURE, ANSWERS, HELP, LANGUAGE, CLEAR, QUIT),
    "review": (NEXT, BACK, HELP, LANGUAGE, CLEAR, QUIT),
    "result": (ANSWERS, BACK, WHY, HELP, LANGUAGE, CLEAR, QUIT),
    "help": (BACK, LANGUAGE, QUIT),
    "confirm": (NEXT, BACK),
}
"""The keys of each screen, the most important first: the first ones stay on a narrow key bar."""

BY_HAND: dict[str, tuple[Key, ...]] = {
    "start": (PICK, MOVE),
    "topic": (PICK, MOVE),
    "question": (PICK, ZERO, MOVE),
    "review": (PICK, MOVE),
    "result": (PICK, TICK, SCROLL),
}


def label(key: Key, screen: str, locale: Locale) -> str:
    """What the key does on a screen, in words."""
    own = f"keys.{key.label}_{screen}"
    return locale(own if own in locale else f"keys.{key.label}")


def bindings(screen: str) -> list[Binding]:
    """Textual's bindings of a screen."""
    own = [key for key in SCREENS[screen] if key not in APP]
    return [_binding(key) for key in own]


def app_bindings() -> list[Binding]:
    """Textual's bindings of the app."""
    return [_binding(key) for key in APP]


def _binding(key: Key) -> Binding:
    names = ",".join(filter(None, (key.key, key.extra)))
    action = key.action.removeprefix("app.")
    return Binding(names, action, show=False, priority=key.always, system=True)


def bar(screen: str, locale: Locale, glyphs: Glyphs) -> tuple[tuple[str, str, str], ...]:
    """Key, words and action of every entry of the screen's key bar, the most important first."""
    return tuple(
        (key.display(glyphs), label(key, screen, locale), key.action) for key in SCREENS[screen]
    )


def listing(screen: str, locale: Locale, glyphs: Glyphs) -> tuple[tuple[str, str], ...]:
    """Every key that works on a screen, in words, for the help page."""
    given = (*SCREENS[screen], *BY_HAND.get(screen, ()), THEME, INTERRUPT)
    rows = {}
    for key in given:
        shown = key.display(glyphs)
        if key.key == "up" and not glyphs.enter.isascii():
            shown = f"{glyphs.up}{glyphs.down}"
        elif key.key == "up":
            shown = "Up/Down"
        rows[shown] = label(key, screen, locale)
    return tuple(rows.items())
