"""Reads cases from CSV: a header of columns, a case a row, cells read by the type of their fact."""

from __future__ import annotations

import csv
import io
import zlib
from collections import Counter
from typing import IO, TYPE_CHECKING

from engine.batch.mapping import Form
from engine.batch.reader import Item, shown
from engine.errors import CaseFault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.vocabulary import Fact

_ENDINGS = (".csv", ".csv.gz")
_WORDS = {"true": True, "false": False}
_NUMBER = Form("number")


def is_csv(name: str) -> bool:
    """Whether an input is CSV: its name says so."""
    return name.lower().endswith(_ENDINGS)


def csv_items(stream: IO[bytes], name: str, facts: Mapping[str, Fact]) -> Iterator[Item]:
    """The cases of one input in order; an empty cell is a fact not asked for.

    A cell below the id of a fact that is a number or a truth is read as one, and left as text
    where it is none; every other cell is text. Raises InputError when the input has no header of
    distinct columns or breaks off; what was read before has been yielded.
    """
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    rows = csv.reader(text, strict=True)
    line = 0
    try:
        header = _header(next(rows, []), shown(name))
        line = rows.line_num
        for row in rows:
            if row:
                yield _item(line + 1, header, row, facts)
            line = rows.line_num
    except UnicodeDecodeError as error:
        raise InputError(f"{shown(name)} is not UTF-8 behind line {line}: save it so") from error
    except (csv.Error, OSError, EOFError, zlib.error) as error:
        raise InputError(f"{shown(name)} breaks off after line {line}: {error}") from error
    finally:
        text.detach()


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
    fault = CaseFault("wrong_columns", "", message, "a cell for each column")
    identity = data.get("id")
    return Item(line, faults=(fault,), id=identity if isinstance(identity, str) else None)


def _cell(fact: Fact | None, text: str) -> object:
    if fact is not None and fact.type == "bool":
        return _WORDS.get(text, text)
    if fact is not None and fact.type in ("integer", "decimal"):
        try:
            return _NUMBER.read(text)
        except ValueError:
            return text
    return text
