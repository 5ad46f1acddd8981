"""One thing wrong with a library, with the simplest class that shows it, and how it is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, TypedDict

import numpy as np

from engine.analysis.boxes import Box, box_of, simplest
from engine.analysis.witness import witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.errors import TooLargeError
    from engine.open_classes import Mask, OpenClasses
    from engine.program import Program

Kind = Literal[
    "no_rule", "tie", "never_matches", "only_impossible", "always_beaten", "unreached_outcome",
    "gap_in_time", "disagreement", "never_broken", "monotone_broken", "settled_broken",
    "too_large",
]  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What a fact or an answer is before and after."""

    before: str
    after: str


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a library, with the simplest class that shows it where there is one."""

    kind: Kind
    decision: str
    rules: tuple[str, ...] = ()
    outcome: str | None = None
    place: str | None = None
    period: tuple[date, date] | None = None
    witness: Box = ()
    case: Mapping[str, object] = field(default_factory=dict)
    """A case that lies in the class that shows it, as a person would write it."""
    invariant: str | None = None
    fact: str | None = None
    moved: Change | None = None
    """For a monotone law: the values of the fact. For a settled one: see `answers`."""
    answers: Change | None = None
    """The answers before and after the change: of verdicts, or of outcomes."""
    constraints: tuple[str, ...] = ()
    """What rules out the classes in which a rule matches."""
    message: str = ""
    also: int = 0
    """Under how many more sets of rules in force the same is found."""


def too_large(error: TooLargeError, decision: str, invariant: str | None = None) -> Finding:
    """The finding that a decision cannot be enumerated, and what to split off."""
    message = "; ".join(f"{one.message}; {one.help}" for one in error.faults)
    return Finding("too_large", decision, invariant=invariant, message=message)


class Where(TypedDict):
    """The place and the period whose rules a finding is about."""

    place: str
    period: tuple[date, date]


def where(program: Program, decision: str) -> Where:
    """The place and period that select the rules of a decision in a program."""
    authored = program.library.decisions[decision]
    first, last = program.selection.period(authored.date)
    return {
        "place": program.selection.place(authored.region),
        "period": (date.fromordinal(first), date.fromordinal(last)),
    }


def shown_by(reading: OpenClasses, mask: Mask, *, possible: bool = True) -> Box:
    """The simplest box of the open classes marked; one class where they do not come apart.

    With `possible` the box may reach over classes that constraints rule out.
    """
    program, axes = reading.program, reading.axes
    shape = tuple(program.axes[axis].size for axis in axes)
    # Not every cell of an axis is open: some hold no values at all.
    where_open = np.ix_(*reading.cells)
    marked, free = np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool)
    marked[where_open] = mask
    free[where_open] = ~reading.possible if possible else False
    try:
        return simplest(program, axes, marked, free)
    except OverflowError:
        return box_of(program, axes, cells_of(reading, np.argwhere(mask)[0]))


def cells_of(reading: OpenClasses, at: Iterable[int]) -> list[int]:
    """The cells on the program's axes of a class, given by its place among those left open."""
    return [int(cells[int(one)]) for cells, one in zip(reading.cells, at, strict=True)]


def case_of(reading: OpenClasses, mask: Mask) -> dict[str, object]:
    """A case in the first class marked; empty where the search finds none."""
    cells = cells_of(reading, np.argwhere(mask)[0])
    return witness(reading.program, reading.axes, cells) or {}
