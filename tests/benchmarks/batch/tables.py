"""The rules as the peers get them: axes and a tree for each decision, read from JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.batch import spec

Tree = Any
"""An answer, None where no case comes to, or [axis, [[cells, tree], ...]]."""
Spans = list[tuple[int, int]]
# Rule engines get rows without gaps: what is not known is one more value.
UNKNOWN, UNKNOWN_TEXT = -1, "?"
_END = 1_000_000_000


@dataclass(frozen=True)
class Axis:
    """One thing rules ask about; its last cell is "not known"."""

    name: str
    values: tuple[Any, ...]
    """The value of each cell, or for what is cut into ranges the first value of each."""
    ranges: bool = False

    @property
    def size(self) -> int:
        return len(self.values) + 1

    @property
    def textual(self) -> bool:
        """Whether adapted rows have it as a word; else as a number, truths being 1 and 0."""
        return not self.ranges and isinstance(self.values[0], str)

    def raw(self, cell: int) -> Any:
        return None if cell == len(self.values) else self.values[cell]


@dataclass(frozen=True)
class Decision:
    """One decision as the peers get it."""

    name: str
    axes: dict[str, Axis]
    tree: Tree

    def asked(self, name: str, cells: Sequence[int]) -> tuple[list[str], Spans]:
        """The words that cells of an axis stand for, or the spans of numbers."""
        axis = self.axes[name]
        known, unknown = sorted({*cells} - {axis.size - 1}), axis.size - 1 in cells
        if axis.textual:
            return [
                *(axis.values[cell] for cell in known),
                *([UNKNOWN_TEXT] if unknown else []),
            ], []
        edges = [*(number(value) for value in axis.values), _END]
        spans: Spans = [(UNKNOWN, UNKNOWN + 1)] if unknown else []
        for cell in known:
            low = edges[cell]
            high = edges[cell + 1] if axis.ranges else low + 1
            if axis.ranges and spans and spans[-1][1] == low:
                low = spans.pop()[0]
            spans.append((low, high))
        return [], spans


def number(value: Any) -> int:
    """A number, a truth or a date as the number that adapted rows have for it."""
    return int(value.replace("-", "")) if isinstance(value, str) else int(value)


def rules(node: Tree, path: Mapping[str, Sequence[int]] | None = None) -> Iterator[tuple[Any, str]]:
    """The leaves of a tree: the cells of each axis on the way, and the answer."""
    if isinstance(node, str):
        yield path or {}, node
        return
    axis, branches = node
    for cells, below in branches:
        yield from rules(below, {**(path or {}), axis: cells})


def read(file: Path) -> list[Decision]:
    """The decisions as they were written for the peers."""
    told = json.loads(file.read_text("utf-8"))
    return [
        Decision(name, {key: Axis(key, tuple(one["values"]), one["ranges"])
                        for key, one in told[name]["axes"].items()}, told[name]["tree"])
        for name in spec.DECISIONS
    ]  # fmt: skip
