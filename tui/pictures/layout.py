"""Places the boxes of a graph in layers: each to the right of all that lead to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.pictures.model import Edge, GraphPicture

_SWEEPS = 6


@dataclass(frozen=True)
class Layout:
    """Boxes in layers, and the lanes beside them by which long arrows pass."""

    rows: list[list[str]]
    """The ids of the boxes and of the lanes, a list a layer, in their order."""
    lanes: dict[Edge, list[str]]
    """For each arrow the lanes it passes by, one in each layer between its boxes."""


def layers(picture: GraphPicture) -> list[list[str]]:
    """The ids of the boxes, a list a layer, in an order that lets few arrows cross."""
    boxes = {node.id for node in picture.nodes}
    return [[one for one in row if one in boxes] for row in laid_out(picture).rows]


@lru_cache(8)
def laid_out(picture: GraphPicture) -> Layout:
    """The boxes of a graph in layers, with lanes where an arrow passes a layer.

    Arrows without a word that lead to the same box share their lanes.
    """
    before: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    after: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    for edge in picture.edges:
        before[edge.second].append(edge.first)
        after[edge.first].append(edge.second)
    depth = _depths(before, after)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in picture.nodes:
        rows[depth[node.id]].append(node.id)
    steps: list[tuple[str, str]] = []
    lanes: dict[Edge, list[str]] = {}
    for number, edge in enumerate(picture.edges):
        bundle = f"\0{number}" if edge.text else f"\0{edge.second}"
        mine = [f"{bundle}\0{layer}" for layer in range(depth[edge.first] + 1, depth[edge.second])]
        for layer, lane in enumerate(mine, depth[edge.first] + 1):
            if lane not in rows[layer]:
                rows[layer].append(lane)
        lanes[edge] = mine
        steps += pairwise((edge.first, *mine, edge.second))
    return Layout(_ordered_rows(rows, dict.fromkeys(steps)), lanes)


def _ordered_rows(rows: list[list[str]], steps: Iterable[tuple[str, str]]) -> list[list[str]]:
    before: dict[str, list[str]] = {one: [] for row in rows for one in row}
    after: dict[str, list[str]] = {one: [] for row in rows for one in row}
    for first, second in steps:
        before[second].append(first)
        after[first].append(second)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        near = before if forward else after
        for number in range(len(rows)) if forward else reversed(range(len(rows))):
            rows[number] = _ordered(rows, number, near)
    return rows


def _depths(
    before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """The length of the longest way to each box; those that lead on stand beside what they lead to.

    Raises ValueError where arrows go round in a circle.
    """
    depth: dict[str, int] = {}
    waiting = {name: len(some) for name, some in before.items()}
    ready = [name for name, count in waiting.items() if not count]
    for name in ready:
        depth[name] = max((depth[one] + 1 for one in before[name]), default=0)
        for one in after[name]:
            waiting[one] -= 1
            if not waiting[one]:
                ready.append(one)
    if len(depth) < len(before):
        raise ValueError("the arrows of a picture go round in a circle")
    for name in reversed(ready):
        # What starts a way stands right before what it leads to, not at the far left.
        if after[name] and not before[name]:
            depth[name] = min(depth[one] for one in after[name]) - 1
    return depth


def _ordered(rows: list[list[str]], number: int, near: Mapping[str, Sequence[str]]) -> list[str]:
    place = {name: at / max(1, len(row) - 1) for row in rows for at, name in enumerate(row)}

    def middle(name: str) -> float:
        others = near[name]
        return sum(place[one] for one in others) / len(others) if others else place[name]

    return sorted(rows[number], key=middle)
