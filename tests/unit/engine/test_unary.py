"""Cells of foreign tables: what is read of them, what is written, and what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formats.table import NO_END, Column, spans
from engine.formats.unary import UnsupportedCellError, allowed_by, parsed, written
from engine.words import Words

LABEL = Words(zh="字", en="word")
TEXT = Column("t", LABEL, "text", ("a", 'q"\\\n', "c"))
NUMBER = Column("n", LABEL, "number", bounds=(-500, 501), decimals=1)
DAY = Column("d", LABEL, "date", bounds=(700_000, 760_001))
TRUTH = Column("b", LABEL, "boolean", ("false", "true"))


@pytest.mark.parametrize(
    ("cell", "ranges"),
    [
        ("5", [(50, 51)]),
        ("< 5", [(-500, 50)]),
        ("<=5.0", [(-500, 51)]),
        ("> -1", [(-9, 501)]),
        (">= 4.9", [(49, 501)]),
        ("= 5", [(50, 51)]),
        ("!= 5", [(-500, 50), (51, 501)]),
        ("[1..5]", [(10, 51)]),
        ("(1..5)", [(11, 50)]),
        ("]1..5[", [(11, 50)]),
        ("[1..5)", [(10, 50)]),
        ("1, 2, > 40", [(10, 11), (20, 21), (401, 501)]),
        ("> 1 and <= 4", [(11, 41)]),
        ("< 1 or > 4", [(-500, 10), (41, 501)]),
        ("not(< 5)", [(50, 501)]),
        ("not([1..2], 4)", [(-500, 10), (21, 40), (41, 501)]),
        ("in [1, 2]", [(10, 11), (20, 21)]),
        ("[1_0..2_0]", [(100, 201)]),
    ],
)
def test_a_number(cell: str, ranges: list[tuple[int, int]]) -> None:
    said = parsed(cell)
    assert said is not None
    assert allowed_by(said, NUMBER) == spans(ranges)


@pytest.mark.parametrize("cell", ["", "-", "  - ", "\n"])
def test_what_everything_passes(cell: str) -> None:
    assert parsed(cell) is None


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ('"a"', {"a"}),
        ("'a', 'c'", {"a", "c"}),
        ('not("a")', {'q"\\\n', "c"}),
        ('!= "a"', {'q"\\\n', "c"}),
        ('not in ["a", "c"]', {'q"\\\n'}),
        ('"elsewhere"', set()),
    ],
)
def test_a_text(cell: str, codes: set[str]) -> None:
    said = parsed(cell)
    assert said is not None
    assert allowed_by(said, TEXT) == frozenset(codes)


@pytest.mark.parametrize(
    "cell",
    ["contains($, 'a')", "$ > 5", "null", "a", '"a', "[1..", "1 2", "[1..2", "date(5)",
     'date("2026-02-30")', "not 5", "< ", '["a".."b"]', "count(x) > 5", "1,,2", "£5"],
)  # fmt: skip
def test_what_is_not_read(cell: str) -> None:
    with pytest.raises(UnsupportedCellError):
        parsed(cell)


@pytest.mark.parametrize(("cell", "column"), [('"a"', NUMBER), ("5", TEXT), ('< "a"', TEXT),
                                              ("true", TEXT), ("> true", TRUTH)])  # fmt: skip
def test_what_does_not_fit_its_column(cell: str, column: Column) -> None:
    said = parsed(cell)
    assert said is not None
    with pytest.raises(UnsupportedCellError):
        allowed_by(said, column)


@given(st.data(), st.sampled_from([TEXT, NUMBER, DAY, TRUTH]), st.sampled_from(["feel", "zen"]))
def test_what_is_written_is_read(data: st.DataObject, column: Column, dialect: str) -> None:
    test: Any
    if column.kind in ("text", "boolean"):
        test = data.draw(st.frozensets(st.sampled_from(column.values), min_size=1))
    else:
        low, high = column.bounds
        ends = data.draw(st.lists(st.integers(low, high), min_size=2, max_size=6, unique=True))
        pairs = sorted(ends)[: len(ends) // 2 * 2]
        test = spans(zip(pairs[::2], pairs[1::2], strict=True))
        assert all(-NO_END < first < last < NO_END for first, last in test)
    assert dialect in ("feel", "zen")
    said = parsed(written(test, column, "feel" if dialect == "feel" else "zen"))
    # A range from bound to bound is everything.
    assert (column.whole if said is None else allowed_by(said, column)) == test
