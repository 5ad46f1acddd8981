"""Boxes cover a set of classes exactly, say it in facts, and a witness really lies in its class."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.analysis.boxes import Box, Part, box_of, boxes, over_cells, simplest
from engine.analysis.cover import Space, cover
from engine.analysis.selections import programs
from engine.analysis.verification import NOTHING_KNOWN
from engine.analysis.witness import witness
from engine.axis import NumberAxis, PlaceAxis
from engine.case import read_case
from engine.coding import MONTHS_A_YEAR, Lying, Span, subject_of
from engine.library import Library
from engine.open_classes import OpenClasses
from engine.program import Program
from engine.vocabulary import COMPARISONS
from tests.support import loaded
from tests.support.folders import ROOT
from tests.support.random_rulesets import load, rulesets

TODAY = date(2026, 2, 28)
COMPARED = dict(zip(COMPARISONS, (Span(1, None), Span(0, 1), Span(None, 0)), strict=True))
SHIPPED = loaded.library()


def some_program(library: Library) -> Program:
    decision = list(library.decisions)[-1]
    return next(one for one in programs(library, decision) if one.covered(decision))


def inside(program: Program, axes: list[int], cells: tuple[int, ...], box: Box) -> bool:
    return all(allows(program, axes, cells, part) for part in box)


def allows(program: Program, axes: list[int], cells: tuple[int, ...], part: Part) -> bool:
    """Whether the cells of a class lie in a part, told from any integer of the cell's span."""
    vocabulary = program.library.vocabulary
    definition = vocabulary.derived.get(part.fact) or vocabulary.facts[part.fact]
    subject = subject_of(part.fact, definition)
    for number, cell in zip(axes, cells, strict=True):
        axis = program.axes[number]
        if isinstance(axis, PlaceAxis) and isinstance(subject, Lying) and subject in axis.subjects:
            return axis.cells[cell][axis.subjects.index(subject)] in part.values
        if isinstance(axis, NumberAxis) and subject in axis.subjects:
            span = axis.span(axis.cells[cell], subject)
            value = span.low if span.low is not None else (span.high or 1) - 1
            if part.fact in vocabulary.derived and vocabulary.derived[part.fact].compare:
                return any(COMPARED[one].holds(value) for one in part.values)
            if part.values:
                return vocabulary.facts[part.fact].codes[max(0, value)] in part.values
            if part.fact in vocabulary.derived and vocabulary.derived[part.fact].years_between:
                value //= MONTHS_A_YEAR
            return any(one.holds(value) for one in part.spans)
    raise AssertionError(part)


@settings(max_examples=40, deadline=None)
@given(rulesets(), st.integers(0, 2**32 - 1), st.floats(0.1, 0.9))
def test_a_cover_is_exact(files: dict[str, object], seed: int, share: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = some_program(load(files, Path(folder)))
    axes = program.deciding(program.order[-1])
    shape = tuple(program.axes[axis].size for axis in axes)
    assume(np.prod(shape) <= 3000)
    chance = np.random.default_rng(seed)
    mask, impossible = chance.random(shape) < share, chance.random(shape) < 0.2
    found = boxes(program, axes, mask, impossible=impossible, most=10**6)
    assert found.rest == 0
    for cells in np.ndindex(*shape):
        if not impossible[cells]:
            assert mask[cells] == any(inside(program, axes, cells, box) for box in found.boxes)
    few = boxes(program, axes, mask, impossible=impossible, most=1)
    left = [cells for cells in np.ndindex(*shape) if mask[cells] and not impossible[cells]
            and not any(inside(program, axes, cells, box) for box in few.boxes)]  # fmt: skip
    assert bool(left) == bool(few.rest)
    if (mask & ~impossible).any():
        box = simplest(program, axes, mask, impossible)
        assert len(box) == min(len(one) for one in [box, *found.boxes])
        for cells in np.ndindex(*shape):
            assert not inside(program, axes, cells, box) or mask[cells] or impossible[cells]


@settings(max_examples=30, deadline=None)
@given(rulesets(), st.integers(0, 2**32 - 1))
def test_a_class_has_a_box_of_its_own(files: dict[str, object], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = some_program(load(files, Path(folder)))
    axes = program.deciding(program.order[-1])
    shape = tuple(program.axes[axis].size for axis in axes)
    chance = np.random.default_rng(seed)
    one, other = (tuple(int(chance.integers(size)) for size in shape) for _ in range(2))
    assert inside(program, axes, one, box_of(program, axes, one))
    assert inside(program, axes, other, box_of(program, axes, one)) == (one == other)


@settings(max_examples=40, deadline=None)
@given(rulesets(), st.integers(0, 2**32 - 1))
def test_a_witness_lies_in_its_class(files: dict[str, object], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    program = some_program(library)
    decision = program.order[-1]
    axes = program.deciding(decision)
    chance = np.random.default_rng(seed)
    for _ in range(5):
        cells = tuple(int(chance.integers(program.axes[axis].size)) for axis in axes)
        case = witness(program, axes, cells)
        if case is not None:
            reading = OpenClasses(program, decision, read_case(case, library, TODAY))
            assert [one.tolist() for one in reading.cells] == [[cell] for cell in cells], case


def test_every_class_of_a_shipped_decision_has_a_witness() -> None:
    """In the rules as shipped the search finds a case for classes taken at random."""
    chance = np.random.default_rng(7)
    topics = ("hospital_binding", "enrolment", "on_behalf")
    for decision in (name for topic in topics for name in SHIPPED.topics[topic].decisions):
        program = some_program_of(decision)
        reading = OpenClasses(program, decision, NOTHING_KNOWN)
        possible = np.argwhere(over_cells(reading, reading.possible))
        for row in chance.choice(possible, size=min(6, len(possible)), replace=False):
            cells = tuple(row.tolist())
            found = witness(program, reading.axes, cells, TODAY)
            assert found is not None, (decision, box_of(program, reading.axes, cells))
            again = OpenClasses(program, decision, read_case(found, SHIPPED, TODAY))
            assert [one.tolist() for one in again.cells] == [[cell] for cell in cells], found


def some_program_of(decision: str) -> Program:
    return next(one for one in programs(SHIPPED, decision) if one.covered(decision))


def test_a_box_reads_as_facts() -> None:
    """Ages come in years where a year is the cut; what does not matter is not mentioned."""
    library = loaded.library(ROOT / "tests" / "rulesets" / "good")
    for decision in library.decisions:
        for program in programs(library, decision):
            axes = program.deciding(decision)
            shape = tuple(program.axes[axis].size for axis in axes)
            assert boxes(program, axes, np.ones(shape, dtype=bool)) == ([()], 0)
            assert boxes(program, axes, np.zeros(shape, dtype=bool)) == ([], 0)
            for number, axis in enumerate(axes):
                mask = np.zeros(shape, dtype=bool)
                mask[tuple(0 if one == number else slice(None) for one in range(len(axes)))] = True
                (box,) = boxes(program, axes, mask).boxes
                facts = set(program.axes[axis].facts)
                vocabulary = library.vocabulary
                assert all(facts >= {*vocabulary.raw_facts(part.fact)} for part in box)


def test_nothing_marked_has_no_simplest_box() -> None:
    program = some_program_of("may_bind")
    axes = program.deciding("may_bind")
    with pytest.raises(ValueError, match="no possible class"):
        simplest(program, axes, np.zeros([program.axes[one].size for one in axes], dtype=bool))


def test_a_run_of_neighbours_is_one_box() -> None:
    wanted = np.zeros((6, 3), dtype=bool)
    wanted[1:4, :2] = True
    found, rest = cover(Space(wanted, ~wanted, (True, False)), 10)
    assert rest == 0
    assert [[one.tolist() for one in picks] for picks in found] == [
        [[False, True, True, True, False, False], [True, True, False]]
    ]
    wanted[5, :2] = True
    apart = cover(Space(wanted, ~wanted, (True, False)), 10)
    together = cover(Space(wanted, ~wanted, (False, False)), 10)
    assert (len(apart[0]), len(together[0])) == (2, 1)
