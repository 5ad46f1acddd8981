"""Why not another outcome: every smallest set of the case's facts that alone rules it out.

A set K rules an outcome out when no values of the other facts let it come out while K stays as
the case has it, and no part of K does so alone: the prime implicants of "not this outcome" that
the case satisfies. The outcome needs every one of these sets to be broken somewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.analysis.boxes import boxes
from engine.explanation.space import at, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.analysis.boxes import Box, Part
    from engine.explanation.space import Space

MAX_SETS = 12
MAX_BOXES = 4


@dataclass(frozen=True)
class Blame:
    """A deciding fact, and the values of it the outcome needs while the set's others stay."""

    fact: str
    needs: tuple[Box, ...]
    """One of these; none where they cannot be told apart in few words."""

    def to_json(self) -> dict[str, object]:
        """Fact and needed values."""
        return {"fact": self.fact, "needs": [[part_json(part) for part in box]
                                             for box in self.needs]}  # fmt: skip


@dataclass(frozen=True)
class WhyNot:
    """Why an outcome does not come out: all the sets of facts of which each rules it out alone."""

    outcome: str
    sets: tuple[tuple[Blame, ...], ...] = ()
    more: int = 0
    """How many further sets there are."""
    never: bool = False
    """No case of this place and these dates comes to it, whatever else is so."""
    kept: tuple[str, ...] = ()
    """Facts taken as given because the space would have grown too large."""

    def to_json(self) -> dict[str, object]:
        """The sets, each a list of facts; what is empty is left out."""
        out: dict[str, object] = {"outcome": self.outcome}
        if self.never:
            return {**out, "never": True}
        out["sets"] = [[blame.to_json() for blame in one] for one in self.sets]
        if self.more:
            out["more"] = self.more
        return {**out, "kept": list(self.kept)} if self.kept else out


def part_json(part: Part) -> dict[str, object]:
    """A part of a box: ids of values, or spans `[from, up to but not including]`, null open."""
    if part.values:
        return {"fact": part.fact, "values": list(part.values)}
    return {"fact": part.fact, "spans": [[one.low, one.high] for one in part.spans]}


def why_not(spaces: Sequence[Space]) -> list[WhyNot]:
    """Every outcome the case cannot come to, in the order of the decision, with its sets."""
    facts, reach = joined(spaces)
    kept = tuple(dict.fromkeys(fact for one in spaces for fact in one.kept))
    out = []
    for outcome in spaces[0].aspects.names:
        shut = (reach & np.uint64(spaces[0].aspects.bit(outcome))) == 0
        if not shut[at(facts, ())]:
            continue
        if shut[at(facts, facts)]:
            out.append(WhyNot(outcome, never=True, kept=kept))
            continue
        found = minimal(shut)
        sets = sorted(([facts[i] for i in one] for one in found), key=lambda one: (len(one), one))
        blamed = [_blamed(spaces, outcome, one) for one in sets[:MAX_SETS]]
        out.append(WhyNot(outcome, tuple(blamed), max(0, len(sets) - MAX_SETS), kept=kept))
    return out


def minimal(shut: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[list[int]]:
    """The smallest sets of fixed dimensions (index 0) with which `shut` holds."""
    least = shut.copy()
    for position in range(shut.ndim):
        fixed = np.moveaxis(least, position, 0)[0]
        fixed &= ~np.moveaxis(shut, position, 0)[1]
    return [[int(i) for i in np.flatnonzero(one == 0)] for one in np.argwhere(least)]


def _blamed(spaces: Sequence[Space], outcome: str, facts: Sequence[str]) -> tuple[Blame, ...]:
    return tuple(Blame(fact, _needs(spaces, outcome, fact, facts)) for fact in facts)


def _needs(
    spaces: Sequence[Space], outcome: str, fact: str, facts: Sequence[str]
) -> tuple[Box, ...]:
    """The boxes of a fact with which the outcome is possible while the others of the set stay."""
    each = [_needs_in(one, outcome, fact, facts) for one in spaces if fact in one.facts]
    return tuple(dict.fromkeys(box for found in each for box in found))


def _needs_in(space: Space, outcome: str, fact: str, facts: Sequence[str]) -> tuple[Box, ...]:
    axis = space.axis_of[fact]
    freed = [one for one in space.facts if one == fact or one not in facts]
    bits = space.block(freed, [axis])
    cells = space.reading.cells[space.axes.index(axis)]
    size = space.program.axes[axis].size
    mask, open_ = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    mask[cells] = (bits & np.uint64(space.aspects.bit(outcome))) != 0
    open_[cells] = bits != 0
    if not mask.any():
        return ()
    found = boxes(space.program, [axis], mask, impossible=~open_, most=MAX_BOXES)
    return () if found.rest else tuple(found.boxes)
