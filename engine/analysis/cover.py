"""Few boxes that cover a set of cells exactly: greedy, deterministic, and some that may be either.

A box picks values of every dimension: a run of neighbours where the dimension is ordered, any
values where it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Picks = tuple[Bools, ...]

SEEDS = 5
MAX_TURNS = 6


class Space(NamedTuple):
    """Cells that must be covered, cells that must not, and which dimensions are ordered."""

    wanted: Mask
    refused: Mask
    ordered: tuple[bool, ...]

    def box(self, seed: tuple[int, ...], turn: Sequence[int]) -> Picks:
        """The box grown from one cell: the dimensions are widened in the order of `turn`."""
        picks = [np.arange(size) == at for size, at in zip(self.wanted.shape, seed, strict=True)]
        for whole in (True, False):
            for dimension in turn:
                allowed = ~self._meets(self.refused, picks, dimension)
                if allowed.all():
                    picks[dimension] = allowed
                elif not whole:
                    picks[dimension] = self._grown(allowed, seed[dimension], dimension)
        for dimension in turn:
            if not self.ordered[dimension] and not picks[dimension].all():
                picks[dimension] &= self._meets(self.wanted, picks, dimension)
        return tuple(picks)

    def _meets(self, cells: Mask, picks: Sequence[Bools], dimension: int) -> Bools:
        """For each value of a dimension, whether the box widened to it holds any of the cells."""
        free = [np.ones_like(one) if number == dimension else one
                for number, one in enumerate(picks)]  # fmt: skip
        others = tuple(number for number in range(len(picks)) if number != dimension)
        return np.asarray(cells[np.ix_(*free)].any(axis=others))

    def _grown(self, allowed: Bools, at: int, dimension: int) -> Bools:
        if not self.ordered[dimension]:
            return allowed
        stops = np.flatnonzero(~allowed)
        low = stops[stops < at].max(initial=-1)
        high = stops[stops > at].min(initial=len(allowed))
        place = np.arange(len(allowed))
        return np.asarray((place > low) & (place < high))


def cover(space: Space, most: int) -> tuple[list[Picks], int]:
    """At most `most` boxes over every wanted cell and no refused one, the largest first.

    Also the number of wanted cells left out, 0 where the boxes suffice.
    """
    left = space.wanted.copy()
    found: list[Picks] = []
    while len(found) < most and left.any():
        best = max(candidates(space, left, SEEDS),
                   key=lambda picks: (_count(left, picks), -_parts(picks)))  # fmt: skip
        found.append(best)
        left[np.ix_(*best)] = False
    found = _needed(space.wanted, found)
    found.sort(key=lambda picks: (-_count(space.wanted, picks), _parts(picks)))
    return found, int(left.sum())


def simplest(space: Space, seeds: int = 40) -> Picks:
    """The box with the fewest restricted dimensions, then the largest, inside the wanted cells."""
    return min(candidates(space, space.wanted, seeds),
               key=lambda picks: (_parts(picks), -_count(space.wanted, picks)))  # fmt: skip


def candidates(space: Space, left: Mask, seeds: int) -> Iterator[Picks]:
    """Boxes grown from some of the cells `left`, in several orders of the dimensions."""
    places = np.flatnonzero(left)
    chosen = np.unique(np.linspace(0, len(places) - 1, seeds).astype(np.int64))
    dimensions = list(range(left.ndim))
    # Widening the longest dimensions first leaves the fewest restrictions most often.
    by_size = sorted(dimensions, key=lambda one: -left.shape[one])
    step = max(1, left.ndim // MAX_TURNS)
    turns = [by_size[start:] + by_size[:start] for start in range(0, left.ndim, step)]
    turns = [*turns, by_size[::-1]] if dimensions else [[]]
    seen = set()
    for place in places[chosen].tolist():
        seed = tuple(int(at) for at in np.unravel_index(place, left.shape))
        for turn in turns:
            picks = space.box(seed, turn)
            key = tuple(one.tobytes() for one in picks)
            if key not in seen:
                seen.add(key)
                yield picks


def _needed(wanted: Mask, found: list[Picks]) -> list[Picks]:
    """The boxes without those that the others cover between them."""
    times = np.zeros(wanted.shape, dtype=np.int16)
    for picks in found:
        times[np.ix_(*picks)] += 1
    kept = []
    for picks in found:
        where = np.ix_(*picks)
        if bool((times[where][wanted[where]] > 1).all()):
            times[where] -= 1
        else:
            kept.append(picks)
    return kept


def _count(cells: Mask, picks: Picks) -> int:
    return int(cells[np.ix_(*picks)].sum())


def _parts(picks: Picks) -> int:
    return sum(not one.all() for one in picks)
