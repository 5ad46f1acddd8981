"""Families drawn by likelihood: complete cases of which no two facts are at odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.witness import shown_as
from engine.axis import NumberAxis, PlaceAxis
from engine.case import read_case
from engine.lattice import likelihoods
from engine.open_classes import OpenClasses
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from engine.case import Case
    from engine.program import Program

TRIES = 1_000


def families(
    program: Program, decisions: Sequence[str], start: Case, chance: Random
) -> Iterator[dict[str, object]]:
    """Cases without end, each complete for the decisions and agreeing with the start."""
    axes = sorted({axis for name in decisions for axis in program.deciding(name)})
    drawn = 0
    while drawn < TRIES:
        drawn += 1
        facts = _drawn(program, axes, start, chance)
        if facts is None:
            continue
        case = read_case({**start.given, **facts}, program.library, start.as_of)
        if not any(OpenClasses(program, name, case).empty for name in decisions):
            drawn = 0
            yield facts


def _drawn(
    program: Program, axes: Sequence[int], start: Case, chance: Random
) -> dict[str, object] | None:
    """A value of each fact; None where the cells drawn have no values that fit."""
    numbers: dict[str, int] = {}
    codes: dict[str, str] = {}
    ordered = sorted(axes, key=lambda axis: isinstance(program.axes[axis], PlaceAxis))
    for number in ordered:
        axis = program.axes[number]
        cells = axis.open(start)
        weights = likelihoods(program, number, cells)
        cell = chance.choices(cells.tolist(), weights.tolist())[0]
        if isinstance(axis, NumberAxis):
            within = {fact: start.interval(fact) or axis.bounds[fact] for fact in axis.facts}
            values = axis.witness(axis.cells[cell], within)
            if values is None:
                return None
            numbers |= values
        elif isinstance(axis, PlaceAxis):
            place = _place(axis, cell, start, numbers)
            if place is None:
                return None
            codes |= place
    shown = {name: shown_as(program, name, code) for name, code in numbers.items() if name != AS_OF}
    return {**shown, **codes}


def _place(
    axis: PlaceAxis, cell: int, start: Case, numbers: dict[str, int]
) -> dict[str, str] | None:
    """Places that lie to each other as the cell says."""
    first = axis.subjects[0]
    for home in axis.candidates(start.place(first.of), start.place(first.to)):
        for away in axis.candidates(start.place(first.to), home):
            days = {one.on: (numbers[one.on], numbers[one.on])
                    for one in axis.subjects if one.on in numbers}  # fmt: skip
            lying = tuple(axis.places.relations(home, away, one.group, days.get(one.on or ""))
                          for one in axis.subjects)  # fmt: skip
            if all(seen == {wanted} for seen, wanted in zip(lying, axis.cells[cell], strict=True)):
                return {first.of: home, first.to: away}
    return None
