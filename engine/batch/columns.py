"""Reads cases from CSV: a header of columns, a case a row, cells read by the type of their fact."""

from __future__ import annotations

import csv
import io
import zlib
from collections import Counter
from typing import IO, TYPE_CHECKING

from engine.batch.mapping import Form
from engine.batch.reader import MAX_CASE, Item, shown
from engine.errors import CaseFault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.vocabulary import Fact

_ENDINGS = (".csv", ".csv.gz")
_WORDS = {"true": True, "false": False}
_NUMBER = Form("number")
_ALLOWED = "a cell for each column"


def is_csv(name: str) -> bool:
    """Whether an input is CSV: its name says so."""
    return name.lower().endswith(_ENDINGS)


def csv_items(stream: IO[bytes], name: str, facts: Mapping[str, Fact]) -> Iterator[Item]:
    """The cases of one input in order; an empty cell is a fact not asked for.

    A cell below the id of a fact that is a number or a truth is read as one, and left as text
    where it is none; every other cell is text. What is no row is an item with its faults. Raises
    InputError when the input has no header of distinct columns or breaks off; what was read before
    has been yielded.
    """
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    lines = _Lines(text)
    rows = csv.reader(lines, strict=True)
    before = 0
    try:
        header = _header(next(rows, []), shown(name))
        while True:
            lines.begin()
            before = lines.number
            try:
                row = next(rows, None)
            except csv.Error as error:
                if lines.ended:
                    raise
                yield _odd(before + 1, error)
                continue
            if row is None:
                return
            if row:
                yield _item(before + 1, header, row, facts)
    except UnicodeDecodeError as error:
        raise InputError(f"{shown(name)} is not UTF-8 behind line {before}: save it so") from error
    except (csv.Error, OSError, EOFError, zlib.error) as error:
        raise InputError(f"{shown(name)} breaks off after line {before}: {error}") from error
    finally:
        text.detach()


class _TooLongError(csv.Error):
    """A row is longer than a case may be."""


class _Lines:
    """The lines of a text, and how many there were; of a row so much as a case may be long."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._used = text, 0
        self.number = 0
        self.ended = False

    def begin(self) -> None:
        """A row begins."""
        self._used = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_CASE)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self._used += len(line)
        if self._used >= MAX_CASE:
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(MAX_CASE)
            raise _TooLongError
        return line


def _header(row: Sequence[str], name: str) -> tuple[str, ...]:
    header = tuple(one.strip() for one in row)
    twice = [column for column, count in Counter(header).items() if count > 1]
    if twice or "" in header or not header:
        wrong = f"column `{twice[0]}` stands there twice" if any(twice) else "a column has no name"
        raise InputError(f"{name} has no header of columns: {wrong}")
    return header


def _item(line: int, header: Sequence[str], row: Sequence[str], facts: Mapping[str, Fact]) -> Item:
    data = {column: _cell(facts.get(column), text)
            for column, text in zip(header, row, strict=False) if text}  # fmt: skip
    if len(row) == len(header):
        return Item(line, data)
    message = f"the row has {len(row)} cells and the header {len(header)}"
    fault = CaseFault("wrong_columns", "", message, _ALLOWED)
    identity = data.get("id")
    return Item(line, faults=(fault,), id=identity if isinstance(identity, str) else None)


def _odd(line: int, error: csv.Error) -> Item:
    """What is told of a row that is no row; the next one begins on the next line."""
    if isinstance(error, _TooLongError):
        message = f"the case is longer than {MAX_CASE} characters"
        return Item(line, faults=(CaseFault("too_long", "", message, _ALLOWED),))
    return Item(line, faults=(CaseFault("wrong_columns", "", f"no row: {error}", _ALLOWED),))


def _cell(fact: Fact | None, text: str) -> object:
    if fact is not None and fact.type == "bool":
        return _WORDS.get(text, text)
    if fact is not None and fact.type in ("integer", "decimal"):
        try:
            return _NUMBER.read(text)
        except ValueError:
            return text
    return text
