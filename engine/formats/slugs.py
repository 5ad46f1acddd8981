"""Ids made from what foreign files call things, each once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_LONGEST = 48
_OTHERS = re.compile(r"[^A-Za-z0-9_]+", re.ASCII)


class Slugs:
    """Gives each text an id: its letters and digits, or `word` and a number where it has none."""

    def __init__(self, word: str, taken: Collection[str] = ()) -> None:
        self.word, self.taken = word, {*taken}

    def __call__(self, text: str) -> str:
        """A new id."""
        plain = _OTHERS.sub("_", text).strip("_")[:_LONGEST].strip("_")
        if not plain:
            plain = self.word
        if not plain[0].isalpha():
            plain = f"{self.word}_{plain}"
        number, found = 1, plain
        while found.lower() in self.taken:
            number += 1
            found = f"{plain}_{number}"
        self.taken.add(found.lower())
        return found
