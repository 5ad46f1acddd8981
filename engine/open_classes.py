"""The classes a case leaves open for a decision, and what they have in common.

A complete case leaves one class open, a case with missing facts several: those that its facts and
the constraints of the vocabulary allow, over the raw facts of the whole chain of decisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import Found, Resolution, Unresolved

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engine.axis import Indexes
    from engine.case import Case
    from engine.coded import Codes
    from engine.program import Limit, Program

    Kept = tuple["Mask", dict[str, Codes], list[int], dict[str, tuple[int, ...]] | None]

MAX_OPEN = 12_000_000
MAX_KEPT, MAX_KEPT_CLASSES = 256, 64
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class OpenClasses:
    """The open classes of one decision in one program; with `joint`, those of others with it.

    Axes of `beside`, which constraints tie to the deciding ones, are laid out like those.
    """

    def __init__(
        self, program: Program, decision: str, case: Case, joint: Sequence[str] = (),
        *, beside: Collection[int] = (),
    ) -> None:  # fmt: skip
        self.program, self.decision, self.case = program, decision, case
        self.decisions = (decision, *joint)
        self.axes = sorted({*program.deciding(*self.decisions), *beside})
        self.groups = [one for one in program.tied(*self.decisions) if not {*one} & {*beside}]
        every = {*self.axes, *(axis for group in self.groups for axis in group)}
        self.open: dict[int, Indexes] = {axis: program.axes[axis].open(case) for axis in every}
        self.cells: list[Indexes] = [self.open[axis] for axis in self.axes]
        self.shape = tuple(len(cells) for cells in self.cells)
        self._refuse_too_many(self.axes)
        key = self.decisions, *self.axes, *(cells.tobytes() for cells in self.open.values())
        kept: Kept | None = program.kept.get(key)
        if kept is None:
            kept = self._work_out()
            if np.prod(self.shape) <= MAX_KEPT_CLASSES and len(program.kept) < MAX_KEPT:
                program.kept[key] = kept
        self.possible: Mask = kept[0]
        self.codes: dict[str, Codes] = kept[1]
        self._numbers, self._single = kept[2:]

    def _refuse_too_many(self, axes: Sequence[int]) -> None:
        sizes: dict[int | str, int] = {axis: len(self.open[axis]) for axis in axes}
        if np.prod([float(size) for size in sizes.values()]) > MAX_OPEN:
            names = " and ".join(f"`{name}`" for name in self.decisions)
            message = f"{names}: more than {MAX_OPEN:,} classes are open"
            raise self.program.too_large(self.decision, message, sizes)

    def _work_out(self) -> Kept:
        """What depends on the open cells alone, whatever the case they come from."""
        self.codes = {}
        self.possible = self._possible()
        if not self.possible.any():
            return self.possible, self.codes, [], None
        for decision in self.decisions:
            for name in self.program.chain(decision):
                if name not in self.codes:
                    self.codes[name] = self._codes(name)
        codes = np.broadcast_to(self.codes[self.decision], self.shape)[self.possible]
        numbers = np.flatnonzero(np.bincount(codes)).tolist()
        return self.possible, self.codes, numbers, self._single_class()

    @property
    def empty(self) -> bool:
        """Whether the facts and constraints leave no class at all: a contradiction."""
        return not self.possible.any()

    def numbers(self) -> list[int]:
        """The distinct numbers (into the decision's table) of what the open classes come to."""
        return self._numbers

    def found(self) -> list[Resolution]:
        """What the open classes come to. Raises RulesetError where a rule is lacking or ties."""
        table = self.program.compiled[self.decision].table
        return [self._resolved(table.found[number]) for number in self.numbers()]

    def _resolved(self, found: Found) -> Resolution:
        if isinstance(found, Unresolved):
            rules = self.program.rules[self.decision]
            named = found.rules or (rules[0].id,)
            message, help_ = f"`{self.decision}`: no rule answers this case", "write one that does"
            if found.reason == "tie":
                message = f"`{self.decision}`: undeclared tie of {' and '.join(found.rules)}"
                help_ = "let one override the other, or declare a dispute"
            raise self.program.library.rule_fault(named[0], message, help_)
        return found

    def single(self) -> dict[str, tuple[int, ...]] | None:
        """For a complete case, the cells of the inputs of each decision of the chain.

        An upstream input's cell is its state. None when more than one class of the decision's
        own is open.
        """
        return self._single

    def _single_class(self) -> dict[str, tuple[int, ...]] | None:
        out = {}
        for name in self.program.chain(self.decision):
            index = self.inputs(name)
            cells = []
            for one in index:
                values = np.broadcast_to(one, self.shape)[self.possible]
                if values.min() != values.max():
                    return None
                cells.append(int(values[0]))
            out[name] = tuple(cells)
        return out

    def classes_of(self, name: str) -> Codes:
        """Which classes of a decision of the chain are open: their flat numbers in its table."""
        if self.empty:
            return np.empty(0, dtype=np.int64)
        index = self.inputs(name)
        if not index:
            return np.zeros(1, dtype=np.int64)
        shape = self.program.compiled[name].table.codes.shape
        flat = np.ravel_multi_index(np.broadcast_arrays(*index), shape, mode="wrap")
        return np.unique(np.broadcast_to(flat, self.shape)[self.possible])

    def _along(self, axis: int, values: Codes) -> Codes:
        shape = [1] * len(self.axes)
        shape[self.axes.index(axis)] = -1
        return values.reshape(shape)

    def _possible(self) -> Mask:
        """The open classes no constraint rules out, whatever the axes tied to them may be."""
        mask = np.ones(self.shape, dtype=bool)
        limits = self.program.limits
        for limit in limits:
            if limit.axes and set(limit.axes) <= set(self.axes):
                mask &= self._spread(~self._never(limit, limit.axes), limit.axes)
        for group in self.groups:
            mine = [limit for limit in limits if set(limit.axes) & set(group)]
            near = sorted({axis for limit in mine for axis in limit.axes} - set(group))
            axes = (*near, *group)
            self._refuse_too_many(axes)
            allowed = np.ones([len(self.open[axis]) for axis in axes], dtype=bool)
            for limit in mine:
                allowed &= ~self._never(limit, axes)
            over = tuple(range(len(near), len(axes)))
            mask &= self._spread(np.asarray(allowed.any(axis=over)), near)
        return mask

    def _never(self, limit: Limit, axes: Sequence[int]) -> Mask:
        """What a constraint rules out among the open cells, with a dimension for each of `axes`."""
        inside = limit.never[np.ix_(*(self.open[axis] for axis in limit.axes))]
        order = sorted(range(len(limit.axes)), key=lambda i: list(axes).index(limit.axes[i]))
        shape = [len(self.open[axis]) if axis in limit.axes else 1 for axis in axes]
        return inside.transpose(order).reshape(shape)

    def _spread(self, mask: Mask, axes: Sequence[int]) -> Mask:
        """A mask over some of the deciding axes, in their order, as one over all of them."""
        sizes = zip(self.axes, self.shape, strict=True)
        return mask.reshape([size if axis in axes else 1 for axis, size in sizes])

    def inputs(self, name: str) -> list[Codes]:
        """For each input of a decision of the chain its cell, or its state, in the open classes.

        A state below 0 stands for an upstream fault of the ruleset.
        """
        compiled = self.program.compiled[name]
        index: list[Codes] = []
        for one, cells in zip(compiled.coded.inputs, compiled.maps, strict=True):
            if isinstance(one.source, str):
                index.append(self.program.compiled[one.source].state_of[self.codes[one.source]])
            else:
                assert cells is not None  # noqa: S101 - an axis has a map
                open_cells = self.cells[self.axes.index(one.source)]
                index.append(self._along(one.source, cells[open_cells]))
        return index

    def _codes(self, name: str) -> Codes:
        index = self.inputs(name)
        table = self.program.compiled[name].table.codes
        found = table[tuple(index)] if index else np.asarray(table)
        return found.reshape((1,) * (len(self.axes) - found.ndim) + found.shape)
