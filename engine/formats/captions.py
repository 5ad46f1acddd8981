"""What is written beside tables for people: names of columns, questions, reasons, sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.formats.table import Column, Row, Table


def _name(column: Column) -> str:
    return column.name


def _decision(table: Table) -> str:
    return table.decision


NOTES = ("rules", "because", "sources", "says_zh", "says_en")
"""What is noted of a row: its rules, why, on whose word, and what it says in both languages."""
Notes = tuple[str, str, str, str, str]


def _rules(_table: Table, row: Row) -> Notes:
    return ", ".join(row.rules), "", "", "", ""


def _nothing(_table: Table, _row: Row) -> None:
    return None


@dataclass(frozen=True)
class Amount:
    """A number that goes with an answer: what it is, such as a rate, and how much."""

    kind: str
    value: Decimal


@dataclass(frozen=True)
class Captions:
    """Names for people; without any, the ids."""

    label: Callable[[Column], str] = _name
    question: Callable[[Table], str] = _decision
    notes: Callable[[Table, Row], Notes] = _rules
    about: str = ""
    amount: Callable[[Table, Row], Amount | None] = _nothing
    """The number that goes with the answer of a row, where one does."""
    unit: Callable[[str], str] = str
    """What a kind of amount is called, with its unit."""

    def kinds(self, table: Table) -> list[str]:
        """The kinds of amounts that the rows of a table have, each a column of its own."""
        found = (self.amount(table, row) for row in table.rows)
        return list(dict.fromkeys(one.kind for one in found if one is not None))

    def amounts(self, table: Table, row: Row, kinds: Sequence[str]) -> list[str]:
        """The cells of a row in the columns of some kinds: a number, or no text."""
        mine = self.amount(table, row)
        return [f"{mine.value:f}" if mine is not None and mine.kind == kind else ""
                for kind in kinds]  # fmt: skip


PLAIN = Captions()
