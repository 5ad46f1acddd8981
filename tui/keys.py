"""The one registry of keys: bindings, the key bar and the help page all come from here.

A key that goes before the focused widget overtakes the keys typed just before it, so hardly any
does: Enter would otherwise arrive before the last digit.

The F-keys always work, also while typing or with a Chinese input method on; letters are extras.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

from tui.route import LESS, whole

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
    "ctrl+p": "^P",
    "ctrl+c": "^C",
    "space": "Space",
    "pageup": "PgUp/PgDn",
    "delete": "x",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left,right": "<>",
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
WHEN = Key("f4", "when", "when", extra="d")
WHAT_IF = Key("f7", "what_if", "what_if", extra="i,t")
SOURCES = Key("f8", "sources", "sources", extra="s")
FORMER = Key("left_square_bracket", "other(-1)", "former")
TURN = Key("left,right", "turn(1)", "turn")
LATTER = Key("right_square_bracket", "other(1)", "latter")
RESET = Key("delete", "reset", "reset", extra="x,backspace")
EXPORT = Key("f6", "export", "export", extra="e")
FILTER = Key("f3", "filter", "filter", extra="slash")
GROUP = Key("f4", "group", "group", extra="g")
RELOAD = Key("f5", "reload", "reload", extra="r")
BENCH = Key("f3", "bench", "bench", extra="w")
AGAIN = Key("f5", "again", "again", extra="r")
COMPARE = Key("f4", "compare", "compare", extra="d")
EDIT = Key("f6", "edit", "edit", extra="e")
BROWSE = Key("f4", "browse", "browse")
TOPIC = Key("f6", "topic", "turn_topic", extra="t")
PALETTE = Key("ctrl+p", "app.palette", "palette")
THEME = Key("f9", "app.theme", "theme")
CLEAR = Key("f10", "app.clear", "clear")
QUIT = Key("ctrl+q", "app.leave", "quit", always=True)
INTERRUPT = Key("ctrl+c", "app.interrupt", "ctrl_c", always=True)

# Not bound here but by the widgets; the help page lists them.
PICK = Key("1", "", "pick")
PICK_DECISION = Key("1", "", "pick_decision")
ZERO = Key("0", "", "zero")
MOVE = Key("up", "", "move")
TICK = Key("space", "", "tick")
SCROLL = Key("up", "", "scroll")
SCROLL_BY_SCREEN = Key("pageup", "", "page")

APP = (LANGUAGE, PALETTE, THEME, CLEAR, QUIT, INTERRUPT)

SCREENS: dict[str, tuple[Key, ...]] = {
    "start": (NEXT, LANGUAGE, HELP, CLEAR, QUIT),
    "topic": (NEXT, BACK, HELP, LANGUAGE, CLEAR, QUIT),
    "question": (NEXT, BACK, WHY, UNSURE, ANSWERS, HELP, LANGUAGE, CLEAR, QUIT),
    "review": (NEXT, BACK, HELP, LANGUAGE, CLEAR, QUIT),
    "result": (
        WHY,
        BACK,
        ANSWERS,
        EXPORT,
        WHAT_IF,
        WHEN,
        SOURCES,
        HELP,
        LANGUAGE,
        CLEAR,
        QUIT,
    ),
    "why": (NEXT, BACK, FORMER, LATTER, WHAT_IF, WHEN, SOURCES, HELP, LANGUAGE, QUIT),
    "what_if": (NEXT, BACK, RESET, HELP, LANGUAGE, QUIT),
    "assume": (NEXT, BACK, WHY, UNSURE, HELP, LANGUAGE, QUIT),
    "when": (BACK, HELP, LANGUAGE, QUIT),
    "sources": (BACK, HELP, LANGUAGE, QUIT),
    "help": (BACK, LANGUAGE, QUIT),
    "confirm": (NEXT, BACK),
    "batch_input": (NEXT, BACK, BROWSE, HELP, LANGUAGE, QUIT),
    "batch_topics": (NEXT, BACK, HELP, LANGUAGE, QUIT),
    "batch_output": (NEXT, BACK, HELP, LANGUAGE, QUIT),
    "batch_run": (NEXT, BACK, HELP, LANGUAGE, QUIT),
    "batch_browse": (NEXT, FILTER, GROUP, BACK, RELOAD, HELP, LANGUAGE, QUIT),
    "batch_case": (FORMER, LATTER, WHY, BACK, TOPIC, HELP, LANGUAGE, QUIT),
    "batch_why": (BACK, HELP, LANGUAGE, QUIT),
    "palette": (NEXT, BACK, LANGUAGE, QUIT),
    "rules": (NEXT, BENCH, BACK, HELP, LANGUAGE, QUIT),
    "rules_place": (NEXT, BACK, HELP, LANGUAGE, QUIT),
    "rules_day": (NEXT, BACK, HELP, LANGUAGE, QUIT),
    "rules_list": (NEXT, BACK, HELP, LANGUAGE, QUIT),
    "rule": (BACK, HELP, LANGUAGE, QUIT),
    "export": (NEXT, BACK, LANGUAGE, QUIT),
    "resumed": (NEXT, BACK, LANGUAGE, QUIT),
    "bench": (NEXT, AGAIN, COMPARE, EDIT, BACK, SOURCES, HELP, LANGUAGE, QUIT),
    "bench_decision": (NEXT, BACK, EDIT, SOURCES, HELP, LANGUAGE, QUIT),
    "bench_sources": (NEXT, BACK, EDIT, HELP, LANGUAGE, QUIT),
    "bench_file": (EDIT, BACK, HELP, LANGUAGE, QUIT),
    "bench_rule": (BACK, HELP, LANGUAGE, QUIT),
    "bench_why": (NEXT, BACK, SOURCES, HELP, LANGUAGE, QUIT),
    "bench_moved": (NEXT, BACK, SOURCES, HELP, LANGUAGE, QUIT),
    "bench_cases": (NEXT, BACK, SOURCES, HELP, LANGUAGE, QUIT),
    "bench_whys": (NEXT, BACK, FORMER, LATTER, SOURCES, HELP, LANGUAGE, QUIT),
}
"""The keys of each screen, the most important first: the first ones stay on a narrow key bar."""

_AT_HOME = (BENCH, EDIT)
"""What a visitor over the web cannot do, nor some of it whoever has no editor."""
SCREENS |= {
    f"{screen}{LESS}": tuple(key for key in given if key not in _AT_HOME)
    for screen, given in SCREENS.items() if {*given} & {*_AT_HOME}
}  # fmt: skip

BY_HAND: dict[str, tuple[Key, ...]] = {
    "start": (PICK, MOVE),
    "topic": (PICK, MOVE),
    "question": (PICK, ZERO, MOVE),
    "review": (PICK, MOVE),
    "result": (PICK, TICK, SCROLL),
    "why": (PICK_DECISION, MOVE),
    "what_if": (TURN, PICK, MOVE),
    "assume": (PICK, ZERO, MOVE),
    "when": (SCROLL,),
    "sources": (SCROLL,),
    "palette": (MOVE,),
    "rules": (PICK, MOVE),
    "rules_place": (MOVE,),
    "rules_list": (MOVE, SCROLL_BY_SCREEN),
    "rule": (SCROLL,),
    "batch_input": (MOVE,),
    "batch_topics": (PICK, TICK, MOVE),
    "batch_output": (PICK,),
    "batch_run": (PICK,),
    "batch_browse": (MOVE,),
    "batch_case": (SCROLL,),
    "batch_why": (SCROLL,),
    "export": (PICK, MOVE),
    **dict.fromkeys(
        ("bench", "bench_decision", "bench_sources", "bench_moved", "bench_cases"),
        (MOVE, SCROLL_BY_SCREEN),
    ),
    **dict.fromkeys(("bench_file", "bench_rule"), (SCROLL,)),
    **dict.fromkeys(("bench_why", "bench_whys"), (MOVE,)),
}


def label(key: Key, screen: str, locale: Locale) -> str:
    """What the key does on a screen, in words."""
    return locale(f"keys.{named(key, screen, locale)}")


def named(key: Key, screen: str, locale: Locale) -> str:
    """The name of what the key does on a screen, below `keys` of the locale."""
    own = f"{key.label}_{whole(screen)}"
    return own if f"keys.{own}" in locale else key.label


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
    given = (*SCREENS[screen], *BY_HAND.get(whole(screen), ()), PALETTE, THEME, INTERRUPT)
    rows = {}
    for key in given:
        shown = key.display(glyphs)
        if key.key == "up" and not glyphs.enter.isascii():
            shown = f"{glyphs.up}{glyphs.down}"
        elif key.key == "up":
            shown = "Up/Down"
        rows[shown] = label(key, screen, locale)
    return tuple(rows.items())
