"""Notices the columns of an input that say who a child is, by name and by value, once a run.

No value is kept and none is told: only which column it was, and in how many cases.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.errors import InputError
from engine.loader import RULESETS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

COLUMNS = RULESETS / "privacy.json"
MAX_COLUMNS = 100
"""Of more columns than that, the first ones met are told."""
_LONGEST = 200
_IDENTITY = re.compile(r"[1-9][0-9]{16}[0-9Xx]", re.ASCII)
_LENGTH = 18
# ISO 7064 MOD 11-2, as the resident's identity number uses it.
_RADIX, _MODULUS = 2, 11


def is_identity_number(text: object) -> bool:
    """Whether a text is a resident's identity number: 18 signs with the right check digit."""
    if not isinstance(text, str) or len(text) != _LENGTH or not _IDENTITY.fullmatch(text):
        return False
    rest = 0
    for sign in text[:-1]:
        rest = (rest + int(sign)) * _RADIX % _MODULUS
    check = 10 if text[-1] in "Xx" else int(text[-1])
    return (rest + check) % _MODULUS == 1


@dataclass(frozen=True)
class PrivateColumn:
    """A column that says who somebody is: in how many cases, and whether results hold it."""

    column: str
    cases: int
    kept: bool


class Privacy:
    """Counts, over a run, the cases in which a column holds what identifies a person.

    `known` are the keys of a case that are facts: their names are ours and need no look. `dropped`
    are the columns that never reach a result. Raises InputError without the names of columns.
    """

    def __init__(
        self, known: Collection[str] = (), dropped: Collection[str] = (), columns: Path = COLUMNS
    ) -> None:
        try:
            data = json.loads(columns.read_text("utf-8"))
        except OSError as error:
            raise InputError(f"cannot read {columns.name}: {error.strerror}") from error
        self._named = frozenset(map(_folded, data["named"]))
        self._naming = tuple(map(_folded, data["naming"]))
        self._known, self._dropped = frozenset(known), frozenset(dropped)
        self._cases: dict[str, int] = {}
        self._telling = lru_cache(4096)(self._tells)

    def look(self, data: object, cases: int = 1) -> None:
        """Look at a case as it came in, before anything is renamed or dropped; at so many alike."""
        if isinstance(data, dict):
            for column, value in data.items():
                if is_identity_number(value) or (
                    value is not None and column not in self._known and self._telling(column)
                ):
                    self.note(column, cases)

    def look_at_ids(self, ids: Iterable[str]) -> None:
        """The same for cases of which only the id is not yet known to be harmless."""
        count = sum(map(is_identity_number, ids))
        if count:
            self.note("id", count)

    def note(self, column: str, cases: int) -> None:
        """Count cases that somebody else has looked at."""
        column = column[:_LONGEST]
        if column in self._cases or len(self._cases) < MAX_COLUMNS:
            self._cases[column] = self._cases.get(column, 0) + cases

    def merge(self, counts: Mapping[str, int]) -> None:
        """Add what another process counted."""
        for column, cases in counts.items():
            self.note(column, cases)

    @property
    def counts(self) -> Mapping[str, int]:
        """Cases by column, as `merge` takes them."""
        return self._cases

    @property
    def found(self) -> tuple[PrivateColumn, ...]:
        """Every such column, by name."""
        return tuple(PrivateColumn(column, cases, column not in self._dropped)
                     for column, cases in sorted(self._cases.items()))  # fmt: skip

    def _tells(self, column: str) -> bool:
        name = _folded(column.removeprefix("x_"))
        return name in self._named or any(part in name for part in self._naming)


def _folded(name: str) -> str:
    """A name without what writers vary: case, width, blanks and joints."""
    folded = unicodedata.normalize("NFKC", name[:_LONGEST]).casefold()
    return re.sub(r"[\s_\-./]+", "", folded)
