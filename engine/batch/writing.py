"""Writes results as a flat table instead of JSON: CSV, or Parquet; a row a case, in their order.

The table holds what a spreadsheet asks for. The rest of a result (rules, dissent, what is missing,
what was carried through) stands in JSON, which Parquet has in a column of its own.
"""

from __future__ import annotations

import csv
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol, TextIO, TypeGuard

from engine.batch.parquet import ENDING as PARQUET
from engine.batch.parquet import ParquetSink
from engine.errors import TongbaoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.library import Library
    from engine.result import CaseResult

Cell = str | int | None
CSV = ".csv"
WHOLE = "result"
CARRIED = "x_"
_ERROR = ("code", "field", "message")
PARTS = ("verdict", "outcome", "evidence")
# What a spreadsheet may take for the start of a formula; where Chinese is typed, wide forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class NoColumnError(TongbaoError):
    """A case answers what a table has no column for: it is not silently lost."""


class Sink(Protocol):
    """Where rows go."""

    def put(self, row: Sequence[Cell]) -> None:
        """Write a row."""

    def close(self) -> None:
        """Write what is left; the stream stays open."""


def is_table(name: str | None) -> TypeGuard[str]:
    """Whether an output is a table: its name says so."""
    return name is not None and PurePath(name).suffix.lower() in {CSV, PARQUET}


def asked(
    library: Library, topics: Iterable[str] | None, decisions: Iterable[str] | None
) -> tuple[str, ...]:
    """The decisions a run was asked for; those a table has columns for."""
    if decisions is not None:
        return tuple(dict.fromkeys(decisions))
    wanted = library.topics if topics is None else topics
    return tuple(dict.fromkeys(one for name in wanted for one in library.topics[name].decisions))


class Table:
    """Results as rows: id, line, the first error, and three columns a decision.

    `write` raises NoColumnError for a case that names topics of its own beyond these columns.
    """

    def __init__(self, name: str, stream: TextIO, decisions: Sequence[str]) -> None:
        self._decisions = tuple(decisions)
        columns = [f"{decision}_{part}" for decision in self._decisions for part in PARTS]
        self._sink, self._whole = _sink(name, stream, ["id", "line", *_errors(), *columns])

    def write(self, text: str, result: CaseResult) -> None:
        """Write a result."""
        _refuse_others(result.id, result.decisions, self._decisions)
        row: list[Cell] = [storable(result.id), result.line]
        if result.faults:
            fault = result.faults[0]
            row += [fault.code, storable(fault.field), storable(fault.message)]
        else:
            row += [None] * len(_ERROR)
        for name in self._decisions:
            one = result.decisions.get(name)
            row += [None] * len(PARTS) if one is None else [one.verdict, one.outcome, one.evidence]
        self._sink.put([*row, text] if self._whole else row)

    def close(self) -> None:
        """Write what is left; the stream stays open."""
        self._sink.close()


class BriefTable:
    """Brief results as rows: id, the error, and a column a decision."""

    def __init__(self, name: str, stream: TextIO, decisions: Sequence[str]) -> None:
        self._decisions = tuple(decisions)
        columns = ["id", *_errors(), *self._decisions]
        self._sink, self._whole = _sink(name, stream, columns)

    def write(self, lines: memoryview | bytes) -> None:
        """Write results that stand in lines of JSON."""
        for line in str(lines, "utf-8").split("\n")[:-1]:
            data = json.loads(line)
            error = data.get("error", {})
            answers = {} if error else {key: one for key, one in data.items() if _answers(key)}
            _refuse_others(data["id"], answers, self._decisions)
            row = [data["id"], *(error.get(part) for part in _ERROR)]
            row = [*map(storable, row), *(answers.get(name) for name in self._decisions)]
            self._sink.put([*row, line] if self._whole else row)

    def close(self) -> None:
        """Write what is left; the stream stays open."""
        self._sink.close()


class CsvSink:
    """Writes rows as CSV; a spreadsheet takes no cell of them for a formula."""

    def __init__(self, stream: TextIO, columns: Sequence[str]) -> None:
        self._writer = csv.writer(stream)
        self._writer.writerow(columns)

    def put(self, row: Sequence[Cell]) -> None:
        """Write a row."""
        self._writer.writerow([defused(one) if isinstance(one, str) else one for one in row])

    def close(self) -> None:
        """Nothing is left."""


def defused(cell: str) -> str:
    """A cell as text: one that a spreadsheet would work out gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _answers(key: str) -> bool:
    """Whether a key of a brief result is a decision."""
    return key != "id" and not key.startswith(CARRIED)


def _refuse_others(identity: str | None, found: Mapping[str, object], known: Sequence[str]) -> None:
    """Raises NoColumnError for an answer that has no column."""
    other = next((one for one in found if one not in known), None)
    if other is not None:
        raise NoColumnError(
            f"the case `{identity}` names topics of its own, and the table has no column for "
            f"`{other}`: leave out --topics, or write JSON Lines"
        )


def _errors() -> list[str]:
    return [f"error_{part}" for part in _ERROR]


def _sink(name: str, stream: TextIO, columns: list[str]) -> tuple[Sink, bool]:
    """Where the rows go, and whether they have the whole result as their last cell."""
    if PurePath(name).suffix.lower() == CSV:
        return CsvSink(stream, columns), False
    return ParquetSink(stream.buffer, [*columns, WHOLE]), True


def storable(text: str | None) -> str | None:
    """Text as it can be written: what is no Unicode is shown by its number."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()
