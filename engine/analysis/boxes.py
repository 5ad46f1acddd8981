"""Sets of classes as a few readable boxes: "age below 14, level 1 to 2", not a list of cells.

An axis that holds several facts is split into a dimension a subject; combinations of sides that
no cell has may be covered or not. What does not matter is dropped before anything is grown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.analysis import cover as covering
from engine.axis import NumberAxis, PlaceAxis
from engine.coding import MONTHS_A_YEAR, Gap, Lying, Raw, Span, subject_of
from engine.condition import FactTest, leaves
from engine.places import RELATIONS
from engine.vocabulary import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.analysis.cover import Bools, Mask, Picks
    from engine.coded import Codes
    from engine.coding import Subject
    from engine.open_classes import OpenClasses
    from engine.program import Program

MAX_SPACE = 50_000_000
# The gap runs from the amount to what it is compared with: below means a gap above 0.
_COMPARED = dict(zip(COMPARISONS, (Span(1, None), Span(0, 1), Span(None, 0)), strict=True))


@dataclass(frozen=True)
class Part:
    """What a box asks of one fact."""

    fact: str
    """The id of a raw or derived fact, as authors write it."""
    values: tuple[str, ...] = ()
    """For a bool, enum, relation or comparison: the ids allowed, in declared order."""
    spans: tuple[Span, ...] = ()
    """For numbers, dates and counts: spans in the fact's own unit; None is an open end.

    Dates are ordinals, decimals their smallest unit, counts years, months or days.
    """


Box = tuple[Part, ...]
"""A conjunction of parts; the empty one holds every class."""


class Cover(NamedTuple):
    """Boxes, the largest first, and how many classes of the mask (0: none) they leave out."""

    boxes: list[Box]
    rest: int


def boxes(
    program: Program, axes: Sequence[int], mask: Mask, *, impossible: Mask | None = None,
    most: int = 50,
) -> Cover:  # fmt: skip
    """At most `most` boxes that cover the classes of `mask`, and no other possible class.

    `mask` has a dimension for each of `axes` (numbers of the program's axes), over all its cells
    (`over_cells` makes one from the open cells of a reading); classes of `impossible` may be
    covered too. Where `most` do not suffice, `rest` counts what they leave out. Raises
    OverflowError where the facts do not come apart within memory.
    """
    split = _Split(program, axes, mask, impossible)
    found, rest = covering.cover(split.space, most)
    if not mask.any():
        return Cover([], 0)
    return Cover([split.named(picks) for picks in found], rest)


def simplest(
    program: Program, axes: Sequence[int], mask: Mask, impossible: Mask | None = None,
    *, seeds: int = 40,
) -> Box:  # fmt: skip
    """The box inside `mask` that asks of the fewest facts, then the largest.

    It is grown from `seeds` classes at most. Raises ValueError when the mask holds no possible
    class.
    """
    split = _Split(program, axes, mask, impossible)
    if not split.space.wanted.any():
        raise ValueError("no possible class is marked")
    return split.named(covering.simplest(split.space, seeds))


def over_cells(reading: OpenClasses, inside: Mask) -> Mask:
    """A mask over the open cells of a reading as one over every cell of the reading's axes."""
    whole = np.zeros([reading.program.axes[axis].size for axis in reading.axes], dtype=bool)
    whole[np.ix_(*reading.cells)] = inside
    return whole


def box_of(program: Program, axes: Sequence[int], cells: Sequence[int]) -> Box:
    """The box of one class, given by its cell on each of `axes`; a part for every subject."""
    parts = []
    for number, cell in zip(axes, cells, strict=True):
        for dimension, side in zip(_dimensions(program, number),
                                   _columns(program, number)[cell], strict=True):  # fmt: skip
            picked = np.arange(dimension.size) == side
            if dimension.size > 1:
                parts.append(_part(program, dimension, picked))
    return tuple(parts)


@dataclass(frozen=True)
class _Dimension:
    """One subject of an axis: its sides, or its relations."""

    subject: Subject
    size: int
    ordered: bool
    cuts: tuple[int, ...] = ()
    relations: tuple[str, ...] = ()


def _dimensions(program: Program, number: int) -> list[_Dimension]:
    axis = program.axes[number]
    if isinstance(axis, NumberAxis):
        return [_Dimension(one, len(cuts) + 1, not _codes(program, one), tuple(cuts))
                for one, cuts in axis.cuts.items()]  # fmt: skip
    found = []
    for position, subject in enumerate(axis.subjects):
        seen = {cell[position] for cell in axis.cells}
        relations = tuple(one for one in RELATIONS if one in seen)
        found.append(_Dimension(subject, len(relations), ordered=False, relations=relations))
    return found


def _columns(program: Program, number: int) -> Codes:
    """For each cell of an axis its value on each of the axis's dimensions."""
    axis = program.axes[number]
    rows: list[tuple[int, ...]] = []
    if isinstance(axis, NumberAxis):
        rows = axis.cells
    elif isinstance(axis, PlaceAxis):
        known = [one.relations for one in _dimensions(program, number)]
        rows = [tuple(names.index(one) for names, one in zip(known, cell, strict=True))
                for cell in axis.cells]  # fmt: skip
    return np.array(rows, dtype=np.int64).reshape(axis.size, -1)


def _codes(program: Program, subject: Subject) -> tuple[str, ...]:
    """The ids of the values of an enum or bool; none for anything else."""
    if not isinstance(subject, Raw) or subject.fact not in program.library.vocabulary.facts:
        return ()
    fact = program.library.vocabulary.facts[subject.fact]
    return fact.codes if fact.type in ("bool", "enum") else ()


class _Split:
    """A mask over axes as a space over the subjects that matter to it."""

    def __init__(
        self, program: Program, axes: Sequence[int], mask: Mask, impossible: Mask | None
    ) -> None:
        self.program = program
        self.dimensions: list[_Dimension] = []
        never = np.zeros_like(mask) if impossible is None else impossible
        wanted, refused = np.asarray(mask & ~never), np.asarray(~mask & ~never)
        # The first axis stands first all the time; what is split off goes to the end.
        for number in axes:
            wanted, refused = self._axis(number, np.moveaxis(wanted, 0, -1),
                                         np.moveaxis(refused, 0, -1))  # fmt: skip
        self.space = covering.Space(wanted, refused, tuple(one.ordered for one in self.dimensions))
        self._drop()

    def _axis(self, number: int, wanted: Mask, refused: Mask) -> tuple[Mask, Mask]:
        """The last dimension of the masks, over cells, as one dimension for each subject."""
        dimensions, columns = _dimensions(self.program, number), _columns(self.program, number)
        tested = self._tested
        order = sorted(range(len(dimensions)),
                       key=lambda one: (dimensions[one].subject in tested, -one))  # fmt: skip
        kept = list(range(len(dimensions)))
        for one in order:
            rest = [other for other in kept if other != one]
            keys, group = _grouped(columns[:, rest])
            merged = _merged(wanted, group), _merged(refused, group)
            if not bool((merged[0] & merged[1]).any()):
                kept = rest
                (wanted, refused) = merged
                columns = np.zeros((len(keys), len(dimensions)), dtype=np.int64)
                columns[:, rest] = keys
        sizes = [dimensions[one].size for one in kept]
        shape = (*wanted.shape[:-1], *sizes)
        if np.prod([float(size) for size in shape]) > MAX_SPACE:
            raise OverflowError(f"the facts do not come apart: {shape}")
        flat = np.ravel_multi_index(tuple(columns[:, one] for one in kept), sizes) if kept else 0
        self.dimensions += [dimensions[one] for one in kept]
        spread = []
        for cells in (wanted, refused):
            wide = np.zeros((*cells.shape[:-1], int(np.prod(sizes))), dtype=bool)
            wide[..., flat] = cells if kept else cells[..., 0]
            spread.append(wide.reshape(shape))
        return spread[0], spread[1]

    @property
    def _tested(self) -> set[Subject]:
        return {subject for one in self.program.compiled.values() for subject in one.subjects}

    def _drop(self) -> None:
        """Leave out the dimensions that do not matter once the others are apart."""
        wanted, refused, _ = self.space
        for one in reversed(range(len(self.dimensions))):
            merged = wanted.any(axis=one), refused.any(axis=one)
            if not bool((merged[0] & merged[1]).any()):
                wanted, refused = np.asarray(merged[0]), np.asarray(merged[1])
                del self.dimensions[one]
        ordered = tuple(one.ordered for one in self.dimensions)
        self.space = covering.Space(wanted, refused, ordered)

    def named(self, picks: Picks) -> Box:
        """The parts of a box: a restriction of a fact each."""
        return tuple(_part(self.program, dimension, picked)
                     for dimension, picked in zip(self.dimensions, picks, strict=True)
                     if not picked.all())  # fmt: skip


def _grouped(columns: Codes) -> tuple[Codes, Codes]:
    """The distinct rows, and for each row which of them it is."""
    if not columns.shape[1]:
        return columns[:1], np.zeros(len(columns), dtype=np.int64)
    keys, group = np.unique(columns, axis=0, return_inverse=True)
    return keys, group.ravel()


def _merged(cells: Mask, group: Codes) -> Mask:
    """The last dimension with the cells of a group as one: marked where any of them is."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    return np.asarray(np.logical_or.reduceat(cells[..., order], starts, axis=-1))


# -- parts ---------------------------------------------------------------------------------------


def _part(program: Program, dimension: _Dimension, picked: Bools) -> Part:
    """The picked sides of a subject as what they ask of a fact."""
    sides, subject = np.flatnonzero(picked).tolist(), dimension.subject
    if isinstance(subject, Lying):
        names = tuple(dimension.relations[side] for side in sides)
        return Part(_derived(program, subject)[0], names)
    spans = [_span(dimension.cuts, low, high) for low, high in _runs(sides)]
    if isinstance(subject, Gap):
        return _gap(program, subject, spans)
    codes = _codes(program, subject)
    if not codes:
        return Part(subject.fact, spans=tuple(spans))
    return Part(subject.fact, tuple(
        code for index, code in enumerate(codes) if any(span.holds(index) for span in spans)
    ))  # fmt: skip


def _gap(program: Program, subject: Gap, spans: list[Span]) -> Part:
    derived = program.library.vocabulary.derived
    names = _derived(program, subject)
    first = derived[names[0]]
    if first.compare:
        values = tuple(name for name, one in _COMPARED.items()
                       if any(_overlap(one, span) for span in spans))  # fmt: skip
        return Part(names[0], values)
    ends = [end for span in spans for end in (span.low, span.high) if end is not None]
    whole = all(end % MONTHS_A_YEAR == 0 for end in ends)
    fitting = [name for name in names if whole or not derived[name].years_between]
    if not fitting:
        raise LookupError(f"no fact counts months between {subject.first} and {subject.second}")
    name = fitting[0]
    if derived[name].years_between:
        spans = [Span(*(None if end is None else end // MONTHS_A_YEAR
                        for end in (span.low, span.high))) for span in spans]  # fmt: skip
    return Part(name, spans=tuple(spans))


def _derived(program: Program, subject: Subject) -> list[str]:
    """The derived facts with this subject: those that rules test first, years before months."""
    library = program.library
    names = [name for name, one in library.vocabulary.derived.items()
             if subject_of(name, one) == subject]  # fmt: skip
    if len(names) == 1:
        return names
    tested = {leaf.fact for rules in program.rules.values() for rule in rules
              for _, leaf in leaves(rule.when) if isinstance(leaf, FactTest)}  # fmt: skip
    derived = library.vocabulary.derived
    return sorted(names, key=lambda name: (name not in tested, not derived[name].years_between))


def _span(cuts: Sequence[int], low: int, high: int) -> Span:
    """The integers from the lowest to the highest of some neighbouring sides."""
    return Span(cuts[low - 1] if low else None, cuts[high] if high < len(cuts) else None)


def _runs(sides: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for side in sides:
        if runs and runs[-1][1] == side - 1:
            runs[-1] = runs[-1][0], side
        else:
            runs.append((side, side))
    return runs


def _overlap(one: Span, other: Span) -> bool:
    low = max((end for end in (one.low, other.low) if end is not None), default=None)
    high = min((end for end in (one.high, other.high) if end is not None), default=None)
    return low is None or high is None or low < high
