"""An outline as data: statements with what stands below each, and how each is numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OPEN_LEVELS = 2
"""So many levels are open at first."""


@dataclass(frozen=True)
class Node:
    """A statement; its mark says whether a test holds, or the verdict of an answer."""

    text: str
    mark: str = ""
    """`holds`, `fails`, `open`, `idle` (not needed any more), or a verdict."""
    note: str = ""
    nodes: tuple[Node, ...] = ()
    is_open: bool | None = None
    """Whether it is open at first; by its level, and open where it fails, if not said."""


@dataclass(frozen=True)
class Place:
    """A statement of an outline and where it stands, counted from nought: `0.2.1`."""

    id: str
    depth: int
    node: Node


def places(nodes: Sequence[Node], depth: int = 0, above: str = "") -> Iterator[Place]:
    """Every statement, those below one right after it."""
    for number, node in enumerate(nodes):
        one = Place(f"{above}{number}", depth, node)
        yield one
        yield from places(node.nodes, depth + 1, f"{one.id}.")


def open_at_first(nodes: Sequence[Node]) -> set[str]:
    """The statements that show what stands below them before anybody touched them."""
    return {
        one.id
        for one in places(nodes)
        if one.node.nodes
        and (
            one.node.is_open
            if one.node.is_open is not None
            else one.depth < OPEN_LEVELS or one.node.mark == "fails"
        )
    }


def in_sight(nodes: Sequence[Node], opened: set[str]) -> list[Place]:
    """The statements of which everything above is open."""
    return [
        one
        for one in places(nodes)
        if all(one.id[:at] in opened for at, char in enumerate(one.id) if char == ".")
    ]
