"""The classes a case leaves open for a decision, and what they have in common.

A complete case leaves one class open, a case with missing facts several: those that its facts and
the constraints of the vocabulary allow, over the raw facts of the whole chain of decisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import Found, Resolution, Unresolved

if TYPE_CHECKING:
    from engine.axis import Indexes
    from engine.case import Case
    from engine.coded import Codes
    from engine.program import Program

MAX_OPEN = 20_000_000
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class OpenClasses:
    """The open classes of one decision in one program."""

    def __init__(self, program: Program, decision: str, case: Case) -> None:
        self.program, self.decision, self.case = program, decision, case
        self.axes = program.axes_of(decision)
        self.cells: list[Indexes] = [program.axes[axis].open(case) for axis in self.axes]
        self.shape = tuple(len(cells) for cells in self.cells)
        if np.prod([float(size) for size in self.shape]) > MAX_OPEN:
            raise OverflowError(f"`{decision}` leaves more than {MAX_OPEN} classes open")
        self.codes: dict[str, Codes] = {}
        self.possible = self._possible()
        if self.possible.any():
            for name in program.chain(decision):
                self.codes[name] = self._codes(name)

    @property
    def empty(self) -> bool:
        """Whether the facts and constraints leave no class at all: a contradiction."""
        return not self.possible.any()

    def numbers(self) -> list[int]:
        """The distinct numbers (into the decision's table) of what the open classes come to."""
        codes = np.broadcast_to(self.codes[self.decision], self.shape)[self.possible]
        return [int(code) for code in np.unique(codes)]

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
        if self.empty:
            return None
        out = {}
        for name in self.program.chain(self.decision):
            index = self._index(name)
            cells = []
            for one in index:
                values = np.unique(np.broadcast_to(one, self.shape)[self.possible])
                if len(values) > 1:
                    return None
                cells.append(int(values[0]))
            out[name] = tuple(cells)
        return out

    def _along(self, axis: int, values: Codes) -> Codes:
        shape = [1] * len(self.axes)
        shape[self.axes.index(axis)] = -1
        return values.reshape(shape)

    def _possible(self) -> Mask:
        mask = np.ones(self.shape, dtype=bool)
        for limit in self.program.limits:
            if limit.axes and set(limit.axes) <= set(self.axes):
                cells = np.ix_(*(self.cells[self.axes.index(axis)] for axis in limit.axes))
                shape = [1] * len(self.axes)
                for axis in limit.axes:
                    shape[self.axes.index(axis)] = self.shape[self.axes.index(axis)]
                mask &= ~limit.never[cells].reshape(shape)
        return mask

    def _index(self, name: str) -> list[Codes]:
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
        index = self._index(name)
        table = self.program.compiled[name].table.codes
        found = table[tuple(index)] if index else np.asarray(table)
        return found.reshape((1,) * (len(self.axes) - found.ndim) + found.shape)
