"""Circles and long chains in what builds on what; in graphs as large as a ruleset can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SHOWN = 6


def circles(graph: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Circles, each from its first key in the order of `graph`; none shares a key with another."""
    order = {key: number for number, key in enumerate(graph)}
    done: set[str] = set()
    told: set[str] = set()
    for start in graph:
        trail: list[str] = []
        on_trail: dict[str, int] = {}
        waiting = [(start, False)]
        while waiting:
            key, left = waiting.pop()
            if left:
                done.add(trail.pop())
                del on_trail[key]
            elif key in on_trail:
                circle = trail[on_trail[key] :]
                if not told & {*circle}:
                    told |= {*circle}
                    first = min(range(len(circle)), key=lambda at: order[circle[at]])
                    yield (*circle[first:], *circle[:first])
            elif key not in done:
                on_trail[key] = len(trail)
                trail.append(key)
                waiting.append((key, True))
                waiting += [(one, False) for one in [*graph[key]][::-1] if one in graph]


def lengths(graph: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """For each key how many stand one below another from it on; `graph` has no circle."""
    found: dict[str, int] = {}
    waiting = [*graph]
    while waiting:
        key = waiting[-1]
        below = [one for one in graph[key] if one in graph]
        open_ = [one for one in below if one not in found]
        if key not in found and open_:
            waiting += open_
            continue
        found[waiting.pop()] = 1 + max((found[one] for one in below), default=0)
    return found


def shown(circle: Iterable[str]) -> str:
    """A circle as a message shows it: a long one without its middle."""
    names = [*circle]
    if len(names) > SHOWN:
        names = [*names[: SHOWN // 2], "...", *names[-SHOWN // 2 :]]
    return " -> ".join([*names, names[0]])
