"""What would settle an answer: the unknown facts that can still change it, and what each tells."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import Resolution
from engine.axis import PlaceAxis
from engine.coding import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from engine.coded import Codes
    from engine.open_classes import Mask, OpenClasses

Labels = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
_NONE, _MOST = -1, np.iinfo(np.int32).max


class Settling:
    """The open classes of a decision, told apart by one aspect of their answer.

    `aspect` gives that aspect of a resolution: the whole of it, its outcome, the state of an item.
    Classes are weighted alike.
    """

    def __init__(self, reading: OpenClasses, aspect: Callable[[Resolution], Hashable]) -> None:
        self.reading, self.program = reading, reading.program
        outcome = np.broadcast_to(self._labels(aspect), reading.possible.shape)
        every = np.where(reading.possible, outcome, _NONE)
        self.idle = {axis for axis in range(every.ndim) if _alike(every, axis)}
        """The positions of axes along which nothing changes: one cell of each is looked at."""
        kept = tuple(slice(1) if axis in self.idle else slice(None) for axis in range(every.ndim))
        self.outcome: Labels = np.ascontiguousarray(every[kept])
        self.possible: Mask = self.outcome != _NONE
        self.inside = self.outcome[self.possible]

    def settled(self) -> bool:
        """Whether all open classes show the same."""
        return bool((self.inside == self.inside[0]).all())

    def matters(self) -> dict[str, float]:
        """The unknown facts that can still change the aspect, with the bits each tells about it."""
        if self.settled():
            return {}
        found = {}
        for position, fact in self._unknown():
            if position in self.idle:
                continue
            gain, narrows = self._told(position, fact)
            if narrows or self._varies(position, fact):
                found[fact] = gain
        # Where only several facts together can change the answer, any of them is worth asking.
        return found or {fact: 0.0 for _, fact in self._unknown()}

    def could_matter(self) -> set[str]:
        """The unknown facts that may come to matter, whatever is answered; it never grows."""
        if self.settled():
            return set()
        return {
            fact
            for position, fact in self._unknown()
            if self._tied(position) or (position not in self.idle and self._varies(position, fact))
        }

    def _labels(self, aspect: Callable[[Resolution], Hashable]) -> Labels:
        """For each class the number of what it shows."""
        table = self.program.compiled[self.reading.decision].table
        known: dict[Hashable, int] = {}
        numbers = [
            known.setdefault(aspect(one) if isinstance(one, Resolution) else None, len(known))
            for one in table.found
        ]
        labels = np.array(numbers, dtype=np.int32)
        return np.asarray(labels[self.reading.codes[self.reading.decision]])

    def _unknown(self) -> list[tuple[int, str]]:
        """The facts not pinned down that rules of the chain look at, with their axis's position."""
        reading = self.reading
        used = {fact for subject in self.program.subjects_of(reading.decision)
                for fact in facts_of(subject)}  # fmt: skip
        return [(position, fact) for position, axis in enumerate(reading.axes)
                if reading.shape[position] > 1 for fact in self.program.axes[axis].facts
                if fact in used and not reading.case.pinned(fact)]  # fmt: skip

    def _tied(self, position: int) -> bool:
        """Whether a constraint ties an axis to another open one."""
        reading = self.reading
        open_axes = {axis for axis, cells in reading.open.items() if len(cells) > 1}
        return any(reading.axes[position] in limit.axes and len(open_axes & set(limit.axes)) > 1
                   for limit in self.program.limits)  # fmt: skip

    def _split(self, position: int, fact: str) -> tuple[Codes, Codes]:
        """Numbers for the open cells of an axis: by what does not hang on `fact`, by what does."""
        axis = self.program.axes[self.reading.axes[position]]
        cells = self.reading.cells[position]
        if isinstance(axis, PlaceAxis):
            return np.zeros(len(cells), dtype=np.int64), np.arange(len(cells))
        hanging = [fact in facts_of(subject) for subject in axis.subjects]
        rest = [i for i, mine in enumerate(hanging) if not mine]
        mine = [i for i, mine in enumerate(hanging) if mine]
        sides = [axis.cells[cell] for cell in cells]
        return (
            _numbered([tuple(one[i] for i in rest) for one in sides]),
            _numbered([tuple(one[i] for i in mine) for one in sides]),
        )

    @cached_property
    def _ends(self) -> tuple[Labels, Labels]:
        """What each class shows, impossible ones more than any other and less than any other."""
        return np.where(self.possible, self.outcome, _MOST), self.outcome

    def _varies(self, position: int, fact: str) -> bool:
        """Whether two classes that differ in `fact` alone show something else."""
        groups, _ = self._split(position, fact)
        if not groups.any():
            low, high = self._ends
            return bool((high.max(axis=position) > low.min(axis=position)).any())
        low, high = (np.moveaxis(one, position, 0) for one in self._ends)
        for group in {*groups.tolist()}:
            rows = groups == group
            if bool((high[rows].max(axis=0) > low[rows].min(axis=0)).any()):
                return True
        return False

    def _told(self, position: int, fact: str) -> tuple[float, bool]:
        """The bits that `fact` tells, on average; and whether a value of it excludes an answer."""
        _, answers = self._split(position, fact)
        shape = [1] * self.possible.ndim
        shape[position] = -1
        labels = np.broadcast_to(answers.reshape(shape), self.possible.shape)[self.possible]
        width = int(self.inside.max()) + 1
        flat = np.bincount(labels * width + self.inside, minlength=(int(labels.max()) + 1) * width)
        counts = flat.reshape(-1, width)
        weights = counts.sum(axis=1) / counts.sum()
        after = sum(w * _entropy(row) for w, row in zip(weights, counts, strict=True) if w)
        left = counts[weights > 0] > 0
        narrows = bool((left != (counts.sum(axis=0) > 0)).any())
        return _entropy(counts.sum(axis=0)) - float(after), narrows


def _alike(labels: Labels, axis: int) -> bool:
    """Whether all cells of an axis show the same, whatever the others are."""
    return bool((labels == labels.take([0], axis)).all())


def _numbered(keys: Sequence[tuple[int, ...]]) -> Codes:
    numbers: dict[tuple[int, ...], int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _entropy(counts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log2(share)).sum())
