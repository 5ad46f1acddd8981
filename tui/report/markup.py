"""HTML from elements: whatever is no markup already is text, and is escaped here and only here."""

from __future__ import annotations

from html import escape

from tui.text.safe import safe

_EMPTY = frozenset({"meta", "rect"})
"""Elements that hold nothing."""


class Markup(str):
    """A text that is HTML already; made by this module only."""

    __slots__ = ()


def text(value: object) -> Markup:
    """A text as HTML shows it, whoever wrote it."""
    return Markup(escape(safe(value)))


def joined(*parts: Markup) -> Markup:
    """Parts one after another."""
    return Markup("".join(parts))


def element(name: str, /, *children: str | int, **attributes: str | int) -> Markup:
    """An element; `class_` stands for the attribute `class`, and `a_b` for `a-b`."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
                    for key, value in attributes.items())  # fmt: skip
    if name in _EMPTY:
        return Markup(f"<{name}{given}>") if name == "meta" else Markup(f"<{name}{given}/>")
    inner = "".join(one if isinstance(one, Markup) else text(one) for one in children)
    return Markup(f"<{name}{given}>{inner}</{name}>")


def raw(source: str) -> Markup:
    """A text of our own that is not to be escaped: a style sheet."""
    return Markup(source)
