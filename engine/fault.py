"""A fault of a ruleset file: where it is, what is wrong, what is allowed, what to do."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN_BEFORE = 100
SHOWN_AFTER = 60
MAX_QUOTED = 60
MAX_COMPARED = 1_000
MAX_LISTED = 12
"""So many words a person still reads."""


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file: its name as shown to the author, line and column from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a ruleset, with the source line it stands on."""

    place: Place
    message: str
    help: str = ""
    source_line: str = ""

    def render(self) -> str:
        """File, line and column, the message, the line with a caret, and what to do."""
        at = self.place
        parts = [f"{at.file}:{at.line}:{at.column}: {_visible(self.message)}"]
        if self.source_line.strip():
            number = f"{at.line:>5} | "
            before, after = self._around()
            parts.append(number + before + after)
            parts.append(" " * (len(number) - 2) + "| " + " " * _cells(before) + "^")
        if self.help:
            parts.append(f"      = {_visible(self.help)}")
        return "\n".join(parts)

    def _around(self) -> tuple[str, str]:
        """What stands before the column and from it on; of a long line only the part near it."""
        line = _visible(self.source_line)
        column = self.place.column - 1
        before, after = line[:column], line[column:]
        if len(before) > SHOWN_BEFORE:
            before = "..." + before[-SHOWN_BEFORE:]
        if len(after) > SHOWN_AFTER and len(line) > SHOWN_BEFORE + SHOWN_AFTER:
            after = after[:SHOWN_AFTER] + "..."
        return before, after


def _visible(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would act on."""
    return "".join(
        char
        if char.isprintable() or unicodedata.combining(char)
        else " "
        if char in "\t\n"
        else "?"
        for char in text
    )


def _cells(text: str) -> int:
    """How many terminal cells `text` takes: wide characters two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def quoted(value: object) -> str:
    """A value as a message shows it: as it is written in the file, and short."""
    words = {None: "null", True: "true", False: "false"}
    text = words[value] if value is None or isinstance(value, bool) else str(value)
    return f"`{text}`" if len(text) <= MAX_QUOTED else f"`{text[:MAX_QUOTED]}...`"


def did_you_mean(word: str, known: Iterable[str], what: str = "") -> str:
    """Help naming the closest known words, or all of them when they are few."""
    names = sorted(known)
    few = len(names) <= MAX_LISTED
    if len(names) > MAX_COMPARED:
        names = [name for name in names if name[:1] == word[:1]][:MAX_COMPARED]
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f"`{name}`" for name in close) + "?"
    label = f"{what} " if what else ""
    if names and few:
        return f"allowed {label}here: " + ", ".join(f"`{name}`" for name in names)
    return ""
