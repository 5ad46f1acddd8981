"""What tables and bars show: plain data, made by the view models and drawn by the widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Column:
    """A column: its title and its width; the one that grows takes the room that is left."""

    title: str
    width: int
    grows: bool = False
    right: bool = False


@dataclass(frozen=True)
class TableView:
    """Columns, the most important first, and the cells of any row; what is shown is safe."""

    columns: tuple[Column, ...]
    count: int
    cells: Callable[[int], Sequence[str]]


@dataclass(frozen=True)
class Bar:
    """One bar: its sign, its word, its count, and the count that a whole bar stands for."""

    sign: str
    word: str
    count: int
    whole: int

    @property
    def share(self) -> float:
        """Its part of the whole."""
        return self.count / self.whole if self.whole else 0.0
