"""One decision of a program as the scanner needs it: cells, classes, and what each comes to.

The cells of each axis are merged where neither the decision and what it builds on nor any
constraint tells them apart; a class is what all decisions of the chain look up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.adjudication import Resolution
from engine.axis import NumberAxis
from engine.batch import scanner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.axis import Axis
    from engine.program import Program, Selection

MAX_COMBINATIONS = 1_500_000
MAX_SIDES = 200_000
Cells = np.ndarray[tuple[int], np.dtype[np.int64]]
Classes = np.ndarray[tuple[int, ...], np.dtype[np.int32]]


@dataclass(frozen=True)
class Tabulated:
    """The table over merged cells, for one decision and one selection."""

    decision: str
    selection: Selection
    axes: tuple[Axis, ...]
    merged: tuple[Cells, ...]
    """For each axis the merged cell of each of its cells."""
    class_of: Classes
    """The class of each combination of merged cells, -1 where a constraint rules it out."""
    found: tuple[Resolution | None, ...]
    """What each class comes to; None is a fault of the ruleset."""
    alive: tuple[int, ...]
    """For each axis the merged cells that are possible with some of the others, as bits."""
    inputs: dict[str, list[Cells]]
    """For each decision of the chain the cell of each of its inputs, class by class."""

    def cells(self, number: int) -> dict[str, tuple[int, ...]]:
        """The cells of the inputs of each decision of the chain in one class."""
        return {name: tuple(int(one[number]) for one in index)
                for name, index in self.inputs.items()}  # fmt: skip

    def mask(self, axis: int, cells: Iterable[int]) -> int:
        """Open cells of an axis as a set of bits over the merged ones that are alive."""
        merged = self.merged[axis]
        return sum(1 << one for one in {int(merged[cell]) for cell in cells}) & self.alive[axis]


def tabulate(program: Program, decision: str) -> Tabulated | None:
    """The table of a decision; None where it is larger than the scanner holds."""
    deciding = program.deciding(decision)
    axes = [*deciding, *(axis for group in program.tied(decision) for axis in group)]
    merged = [_merged(program, decision, axis) for axis in axes]
    sizes = [int(one.max(initial=0)) + 1 for one in merged]
    if (
        len(axes) > scanner.MAX_AXES
        or max(sizes, default=1) > scanner.MAX_CELLS
        or np.prod(sizes, dtype=float) > MAX_COMBINATIONS
        or any(not _fits(program.axes[axis]) for axis in axes)
    ):
        return None
    first = {axis: np.unique(one, return_index=True)[1]
             for axis, one in zip(axes, merged, strict=True)}  # fmt: skip
    numbers, found, inputs = _classes(program, decision, deciding, first)
    possible = np.ones(sizes, dtype=bool)
    for limit in program.limits:
        never = limit.never[np.ix_(*(first[axis] for axis in limit.axes))]
        order = sorted(range(len(limit.axes)), key=lambda i: axes.index(limit.axes[i]))
        shape = [size if axis in limit.axes else 1 for axis, size in zip(axes, sizes, strict=True)]
        possible &= ~never.transpose(order).reshape(shape)
    spread = numbers.reshape(numbers.shape + (1,) * (len(axes) - len(deciding)))
    class_of = np.array(np.where(possible, spread, -1), dtype=np.int32, order="C")
    return Tabulated(
        decision, program.selection, tuple(program.axes[axis] for axis in axes), tuple(merged),
        class_of, found, tuple(_alive(class_of, axis) for axis in range(len(axes))), inputs,
    )  # fmt: skip


def _alive(class_of: Classes, axis: int) -> int:
    others = tuple(one for one in range(class_of.ndim) if one != axis)
    possible = (class_of >= 0).any(axis=others)
    return sum(1 << one for one in np.flatnonzero(possible).tolist())


def _fits(axis: Axis) -> bool:
    if len(axis.facts) > scanner.MAX_FACTS:
        return False
    if not isinstance(axis, NumberAxis):
        return True
    return bool(np.prod([len(cuts) + 1.0 for cuts in axis.cuts.values()]) <= MAX_SIDES)


def _merged(program: Program, decision: str, axis: int) -> Cells:
    """Numbers for the cells of an axis, the same for those that nothing here tells apart."""
    size = program.axes[axis].size
    columns: list[np.ndarray[tuple[int, int], np.dtype[Any]]] = [np.zeros((size, 1), dtype=bool)]
    for name in program.chain(decision):
        compiled = program.compiled[name]
        columns += [cells.reshape(size, 1)
                    for one, cells in zip(compiled.coded.inputs, compiled.maps, strict=True)
                    if one.source == axis and cells is not None]  # fmt: skip
    columns += [np.moveaxis(limit.never, limit.axes.index(axis), 0).reshape(size, -1)
                for limit in program.limits if axis in limit.axes]  # fmt: skip
    return np.unique(np.hstack(columns), axis=0, return_inverse=True)[1].ravel()


def _classes(
    program: Program, decision: str, deciding: list[int], first: dict[int, Cells]
) -> tuple[Classes, tuple[Resolution | None, ...], dict[str, list[Cells]]]:
    """The class of each combination over the deciding axes, and what is known of each class."""
    shape = [len(first[axis]) for axis in deciding]
    chain = program.chain(decision)
    codes: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]] = {}
    inputs: dict[str, list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]] = {}
    numbers = np.zeros(shape, dtype=np.int64)
    for name in chain:
        compiled, index = program.compiled[name], []
        for one, cells in zip(compiled.coded.inputs, compiled.maps, strict=True):
            if isinstance(one.source, str):
                index.append(program.compiled[one.source].state_of[codes[one.source]])
            elif cells is not None:
                along = [1] * len(deciding)
                along[deciding.index(one.source)] = -1
                index.append(cells[first[one.source]].reshape(along))
        inputs[name] = index
        table = compiled.table.codes
        codes[name] = table[tuple(index)] if index else np.asarray(table).reshape([1] * len(shape))
        flat = (
            np.ravel_multi_index(np.broadcast_arrays(*index), table.shape, mode="wrap")
            if index else np.zeros([1] * len(shape), dtype=np.int64)
        )  # fmt: skip
        numbers = np.unique(numbers * table.size + flat, return_inverse=True)[1].reshape(shape)
    where = np.unique(numbers, return_index=True)[1]
    results = program.compiled[decision].table.found
    own = np.broadcast_to(codes[decision], shape).ravel()[where]
    found = tuple(one if isinstance(one, Resolution) else None
                  for one in (results[int(code)] for code in own))  # fmt: skip
    picked = {name: [np.broadcast_to(one, shape).ravel()[where] for one in index]
              for name, index in inputs.items()}  # fmt: skip
    return numbers.astype(np.int32), found, picked
