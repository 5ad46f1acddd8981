"""What files of open formats hold, as written: tables of texts, and what of a file is not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import InputError
from engine.fault import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.formats.table import Kind, Policy

MAX_BYTES = 16_000_000


@dataclass(frozen=True)
class ForeignInput:
    """A column of conditions: what it looks at, as an expression, and what is declared of it."""

    expression: str
    label: str
    kind: Kind | None = None
    allowed: str = ""
    """The values declared, as a unary test; nothing where none are."""


@dataclass(frozen=True)
class ForeignOutput:
    """A column of answers, and the expressions under which other tables find it."""

    name: str
    label: str
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeignRow:
    """One rule: the texts of its cells, and its annotation."""

    cells: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class ForeignTable:
    """A decision table as a file has it."""

    name: str
    label: str
    policy: Policy
    inputs: tuple[ForeignInput, ...]
    outputs: tuple[ForeignOutput, ...]
    rows: tuple[ForeignRow, ...]
    key: str = ""
    above: frozenset[str] = frozenset()
    """The keys of the tables whose answers reach it."""


@dataclass(frozen=True)
class Unsupported:
    """Something a ruleset cannot be made from, where it stands, and what is accepted there."""

    file: str
    table: str
    message: str
    accepted: str
    row: int | None = None
    column: str = ""
    text: str = ""

    def __str__(self) -> str:
        where = [f"{self.file}: table {quoted(self.table)}"]
        where += [f"rule {self.row}"] if self.row is not None else []
        where += [f"column {quoted(self.column)}"] if self.column else []
        shown = f" (cell: {quoted(self.text)})" if self.text else ""
        return f"{', '.join(where)}: {self.message}{shown}\n  accepted: {self.accepted}"


class UnsupportedError(InputError):
    """A file says what no ruleset is made from: all of it, named."""

    def __init__(self, faults: Sequence[Unsupported]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = f"{count} place{'s' if count > 1 else ''} cannot be imported"
        super().__init__("\n".join([head, *map(str, self.faults)]))


@dataclass(frozen=True)
class ForeignFile:
    """The tables of a file, and what else stands in it and is not read."""

    name: str
    tables: tuple[ForeignTable, ...]
    left_out: tuple[str, ...] = ()


def shown(text: str) -> str:
    """A text of the file as words: something to see, and no signs that cannot be seen."""
    if not text.strip():
        text = f'"{text}"'
    return "".join(one if one.isprintable() or one == "\n" else f"\\u{ord(one):04x}"
                   for one in text).strip()  # fmt: skip


def content(file: Path) -> bytes:
    """The bytes of a file of reasonable size. Raises InputError."""
    try:
        with file.open("rb") as opened:
            found = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error
    if len(found) > MAX_BYTES:
        raise InputError(f"{file}: larger than {MAX_BYTES // 1_000_000} MB")
    return found
