"""What a picture shows, in words of one language: a grid, a graph or a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

NEUTRAL = ""
"""The tone of what is no verdict."""


@dataclass(frozen=True)
class Square:
    """One answer of a grid: its verdict as tone and in words, and the number of its note."""

    tone: str
    word: str
    note: int | None = None


@dataclass(frozen=True)
class Line:
    """One row of a grid: what it is for, and an answer for each column; None where none can be."""

    heading: tuple[str, ...]
    squares: tuple[Square | None, ...]


@dataclass(frozen=True)
class GridPicture:
    """Answers by the facts of lines and columns."""

    title: str
    about: str
    across: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    """Numbered from 1: what the answers say."""
    below: tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """A box of a graph."""

    id: str
    text: str
    kind: str
    tone: str = NEUTRAL


@dataclass(frozen=True)
class Edge:
    """An arrow of a graph, with a word beside it or none."""

    first: str
    second: str
    text: str = ""


@dataclass(frozen=True)
class GraphPicture:
    """Boxes and arrows without a circle; read from the ends back, or from the start on."""

    title: str
    about: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    from_ends: bool
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bar:
    """One period in a timeline; None is an open end."""

    text: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Lane:
    """The periods under one heading, and days that stand for themselves."""

    heading: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class TimelinePicture:
    """What was in force when."""

    title: str
    about: str
    first: date
    last: date
    lanes: tuple[Lane, ...]
    below: tuple[str, ...] = ()


Picture = GridPicture | GraphPicture | TimelinePicture
