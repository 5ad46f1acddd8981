"""Finds the case that a result answers in a file of cases, whatever the order of the two.

The cases wait in a database on disk, which goes when it is closed: memory does not grow with
their number, and the disk must hold as much as the cases.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from engine.batch.encoding import encode
from engine.batch.inputs import items_of
from engine.batch.reader import open_input, read_item
from engine.errors import CaseError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.batch.mapping import CaseMap
    from engine.batch.reader import Item
    from engine.library import Library
    from engine.verification.held import Held

Way = Literal["id", "line", "own"]
"""How a case was found: by the id, by the line, or with the result itself."""
_TABLE = "CREATE TABLE cases (id TEXT, line INTEGER, data TEXT)"
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Joined:
    """The case of a result, and how it was found."""

    data: object
    way: Way


@dataclass(frozen=True)
class _Record:
    content: dict[str, object]

    def to_json(self) -> dict[str, object]:
        """The content itself."""
        return self.content


class Cases:
    """The cases of a file, to be found by id and by line."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, result: Held) -> Joined | None:
        """The case of a result: that of its id, else, where it has none, that of its line.

        Of several with the id it is the one on the line of the result; else none is sure.
        """
        if result.id is None:
            rows = self._rows("line = ?", result.line)
            return Joined(_data(rows[0]), "line") if rows else None
        rows = self._rows("id = ?", json.dumps(result.id))
        if len(rows) > 1:
            rows = [row for row in rows if row[0] == result.line]
        return Joined(_data(rows[0]), "id") if len(rows) == 1 else None

    def _rows(self, where: str, value: object) -> list[tuple[int, str]]:
        query = f"SELECT line, data FROM cases WHERE {where}"  # noqa: S608 - no text of others
        return self._connection.execute(query, (value,)).fetchmany(1000)


@contextmanager
def opened(name: str, library: Library, mapping: CaseMap | None = None) -> Iterator[Cases]:
    """The cases of a file, read once. Raises InputError where it cannot be read."""
    # No name: a file of its own in the folder for such, which nobody else can open.
    connection = sqlite3.connect("", isolation_level=None)
    try:
        connection.execute(_TABLE)
        connection.execute("BEGIN")
        with open_input(name) as stream:
            waiting = []
            for item in items_of(stream, name, library.vocabulary.facts):
                waiting.append(_row(item, mapping))
                if len(waiting) == _AT_ONCE:
                    connection.executemany("INSERT INTO cases VALUES (?, ?, ?)", waiting)
                    waiting = []
            connection.executemany("INSERT INTO cases VALUES (?, ?, ?)", waiting)
        connection.execute("CREATE INDEX by_id ON cases (id)")
        connection.execute("CREATE INDEX by_line ON cases (line)")
        yield Cases(connection)
    except sqlite3.Error as error:
        raise InputError(f"the cases of {name} cannot be kept on disk: {error}") from error
    finally:
        connection.close()


def _row(item: Item, mapping: CaseMap | None) -> tuple[str | None, int, str]:
    """A case as it waits: its id, its line, its text; what is no case keeps its place."""
    data = item.data
    if mapping is not None and not item.faults:
        try:
            data = mapping.apply(data)
        except CaseError:
            data = None
    identity = data.get("id") if isinstance(data, dict) else item.id
    key = json.dumps(identity) if isinstance(identity, str) else None
    return key, item.line, encode(_Record({"case": data}))


def _data(row: tuple[int, str]) -> object:
    found: Mapping[str, Any] = read_item(row[0], row[1].encode()).data
    return found["case"]
