"""What is written beside tables for people: names of columns, questions, reasons, sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.formats.table import Column, Row, Table


def _name(column: Column) -> str:
    return column.name


def _decision(table: Table) -> str:
    return table.decision


def _rules(row: Row) -> tuple[str, str, str]:
    return ", ".join(row.rules), "", ""


@dataclass(frozen=True)
class Captions:
    """Names for people; without any, the ids."""

    label: Callable[[Column], str] = _name
    question: Callable[[Table], str] = _decision
    notes: Callable[[Row], tuple[str, str, str]] = _rules
    """Of a row: the rules it stands for, why, and on whose word."""
    about: str = ""


PLAIN = Captions()
