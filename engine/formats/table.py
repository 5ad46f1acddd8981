"""First-hit decision tables as the open formats have them: columns, rows and tests of cells.

A test is what a cell of a row allows: some of the values of a column, or ranges of its numbers
or days in whole units. A box holds a test for each column that matters to a row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from engine.errors import TongbaoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.words import Words

Kind = Literal["text", "boolean", "number", "date"]
Policy = Literal["unique", "first", "any", "collect"]
Codes = frozenset[str]
Spans = tuple[tuple[int, int], ...]
"""Ranges of whole units, each up to but not including its end, in order and apart."""
Test = Codes | Spans
Box = dict[str, Test]
NO_END = 10**18
"""Beyond every number and day: a range that begins below it or ends with it has no end there."""
TRUTHS = ("false", "true")
MAX_BOXES = 20_000
_DISPUTED = "disputed: "
_SIDES = " | "


class TooManyRowsError(TongbaoError):
    """A condition comes to more rows than a table of any use has."""


@dataclass(frozen=True)
class Column:
    """What a table looks at: a fact, or the outcome of a decision it builds on."""

    name: str
    label: Words
    kind: Kind
    values: tuple[str, ...] = ()
    """Of a text or a boolean: every value there is."""
    bounds: tuple[int, int] = (-NO_END, NO_END)
    """Of a number or a date: the units from the first up to but not including the second."""
    decimals: int = 0
    decision: str | None = None
    titles: Mapping[str, Words] = field(default_factory=dict, compare=False)
    """What values are called, where they are called anything."""

    @property
    def whole(self) -> Test:
        """The test that everything passes."""
        return frozenset(self.values) if self.kind in ("text", "boolean") else (self.bounds,)


@dataclass(frozen=True)
class Row:
    """A rule of a table: when it holds, what it gives, and the authored rules it stands for."""

    box: Box
    outcome: str
    verdict: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A decision as a table; of the rows that match the first gives its outcome, or all do."""

    decision: str
    label: Words
    policy: Policy
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What the rows give, in the order first met."""
        return tuple(dict.fromkeys(row.outcome for row in self.rows))

    def matching(self, values: Mapping[str, str | int]) -> Iterator[Row]:
        """The rows that match values, numbers and days being given in units."""
        return (row for row in self.rows
                if all(holds(test, values[name]) for name, test in row.box.items()))  # fmt: skip


def holds(test: Test, value: str | int) -> bool:
    """Whether a value passes a test."""
    if isinstance(test, frozenset):
        return value in test
    return any(low <= int(value) < high for low, high in test)


def disputed(sides: Sequence[str], safer: str) -> str:
    """A disputed answer as one value: its sides, the safer one first."""
    return _DISPUTED + _SIDES.join([safer, *sorted({*sides} - {safer})])


def sides_of(value: str) -> tuple[str, ...]:
    """The sides of a disputed answer, the safer one first; a certain answer is its only side."""
    return tuple(value.removeprefix(_DISPUTED).split(_SIDES))


def both(one: Test, other: Test) -> Test:
    """What passes two tests of one column."""
    if isinstance(one, frozenset):
        assert isinstance(other, frozenset)  # noqa: S101 - of the same column
        return one & other
    assert not isinstance(other, frozenset)  # noqa: S101 - of the same column
    meets = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return spans((low, high) for low, high in meets if low < high)


def either(one: Test, other: Test) -> Test:
    """What passes one of two tests of one column."""
    if isinstance(one, frozenset):
        assert isinstance(other, frozenset)  # noqa: S101 - of the same column
        return one | other
    assert not isinstance(other, frozenset)  # noqa: S101 - of the same column
    return spans([*one, *other])


def without(one: Test, other: Test) -> Test:
    """What passes the first of two tests of one column and not the second."""
    if isinstance(one, frozenset):
        assert isinstance(other, frozenset)  # noqa: S101 - of the same column
        return one - other
    assert not isinstance(other, frozenset)  # noqa: S101 - of the same column
    ends = [(-NO_END, -NO_END), *other, (NO_END, NO_END)]
    gaps = tuple((before[1], after[0]) for before, after in pairwise(ends) if before[1] < after[0])
    return both(one, gaps)


def spans(ranges: Iterable[tuple[int, int]]) -> Spans:
    """Ranges in order, those that touch joined."""
    out: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], high)
        else:
            out.append((low, high))
    return tuple(out)


def meet(one: Box, other: Box) -> Box | None:
    """Where both boxes hold; None where that is nowhere."""
    out = dict(one)
    for name, test in other.items():
        out[name] = both(out[name], test) if name in out else test
        if not out[name]:
            return None
    return out


def meets(some: Iterable[Box], others: Sequence[Box]) -> list[Box]:
    """Where a box of each holds."""
    found = [box for one in some for other in others if (box := meet(one, other)) is not None]
    return merged(found)


def touch(some: Sequence[Box], others: Sequence[Box]) -> bool:
    """Whether a box of each holds somewhere."""
    return any(meet(one, other) is not None for one in some for other in others)


def inside(one: Box, other: Box) -> bool:
    """Whether a box holds only where the other does."""
    return all(name in one and not without(one[name], test) for name, test in other.items())


def subtract(box: Box, others: Iterable[Box], columns: Mapping[str, Column]) -> list[Box]:
    """Boxes that hold where one does and none of the others."""
    left = [box]
    for other in others:
        left = [part for one in left for part in _minus(one, other, columns)]
        _limit(left)
    return merged(left)


def _minus(box: Box, other: Box, columns: Mapping[str, Column]) -> Iterator[Box]:
    if meet(box, other) is None:
        yield box
        return
    kept = dict(box)
    for name, test in other.items():
        mine = kept.get(name, columns[name].whole)
        outside = without(mine, test)
        if outside:
            yield {**kept, name: outside}
        kept[name] = both(mine, test)


def merged(boxes: Iterable[Box]) -> list[Box]:
    """Fewer boxes that hold in the same places: none within another, and neighbours joined."""
    left = list(boxes)
    _limit(left)
    changed = True
    while changed:
        changed = False
        kept: list[Box] = []
        for box in left:
            if any(inside(box, other) for other in kept):
                changed = True
                continue
            kept = [other for other in kept if not inside(other, box)]
            joined = next(((i, new) for i, other in enumerate(kept)
                           if (new := _joined(other, box)) is not None), None)  # fmt: skip
            if joined is None:
                kept.append(box)
            else:
                kept[joined[0]] = joined[1]
                changed = True
        left = kept
    return left


def _joined(one: Box, other: Box) -> Box | None:
    """Two boxes that differ in one column only, as one."""
    if one.keys() != other.keys():
        return None
    apart = [name for name, test in one.items() if test != other[name]]
    if len(apart) != 1:
        return None
    return {**one, apart[0]: either(one[apart[0]], other[apart[0]])}


def plain(box: Box, columns: Mapping[str, Column]) -> Box:
    """A box without the tests that everything passes."""
    return {name: test for name, test in box.items() if without(columns[name].whole, test)}


def _limit(boxes: Sequence[Box]) -> None:
    if len(boxes) > MAX_BOXES:
        raise TooManyRowsError(f"it comes to more than {MAX_BOXES:,} rows")
