"""Brings two programs together: cut where either cuts, and one's classes in the other's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.axis import NumberAxis
from engine.program import Program

if TYPE_CHECKING:
    from engine.coded import Codes
    from engine.coding import Subject
    from engine.open_classes import OpenClasses


def aligned(programs: list[Program], *, alike: bool) -> list[Program]:
    """The programs cut where either cuts; constraints count only where they are not alike."""
    while True:
        tests = [
            tuple(dict.fromkeys((*one.tests(), *(() if alike else one.limiting()))))
            for one in programs
        ]
        programs = [
            Program(one.library, one.order, one.selection, tests[1 - number], every_day=True)
            for number, one in enumerate(programs)
        ]
        # A fact that one side watches may bring in further constraints, which cut further.
        if _cut(programs[0]) == _cut(programs[1]):
            return programs


def _cut(program: Program) -> set[object]:
    """Where the axes that decide are cut."""
    found: set[object] = set()
    for number in program.deciding(*program.order):
        axis = program.axes[number]
        if isinstance(axis, NumberAxis):
            found |= {(subject, *cuts) for subject, cuts in axis.cuts.items()}
        else:
            found |= {(subject,) for subject in axis.subjects}
    return found


def over(reading: OpenClasses, decision: str) -> Codes:
    """The codes of a decision over all cells of the axes of a reading."""
    whole = np.zeros([reading.program.axes[axis].size for axis in reading.axes], dtype=np.int64)
    if not reading.empty:
        whole[np.ix_(*reading.cells)] = reading.codes[decision]
    return whole


def same_cells(one: Program, number: int, other: Program, second: int) -> Codes:
    """For each cell of an axis the same cell of the other program's axis, -1 where it has none."""
    axis, match = one.axes[number], other.axes[second]
    there: tuple[Subject, ...] = match.subjects
    order = [there.index(subject) for subject in axis.subjects]
    known: dict[tuple[object, ...], int] = {
        tuple(cell[at] for at in order): index for index, cell in enumerate(match.cells)
    }
    return np.array([known.get(tuple(cell), -1) for cell in axis.cells], dtype=np.int64)
