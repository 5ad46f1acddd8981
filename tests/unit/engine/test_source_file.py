"""YAML text to plain data: what is read as what, where it stands, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine import source_file
from engine.source_file import MAX_BYTES, MAX_DEPTH, SourceFile


def parse(text: str | bytes) -> SourceFile:
    return source_file.parse("a.yaml", text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("no", "no"),
        ("True", "True"),
        ("5", 5),
        ("-5", -5),
        ("010", "010"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("22:22", "22:22"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("nan", "nan"),
        ("440300", 440300),
        ('"440300"', "440300"),
        ("'true'", "true"),
        ("2023-10-01", "2023-10-01"),
        ("9" * 30, "9" * 30),
        ("[1, a]", [1, "a"]),
        ("{a: {}}", {"a": {}}),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_plain_words_are_typed_and_nothing_else_is(written: str, read: object) -> None:
    found = parse(f"key: {written}")
    assert found.faults == []
    assert found.data == {"key": read}
    assert type(found.data["key"]) is type(read)


def test_decimals_are_exact() -> None:
    value = parse("key: 1200.50").data["key"]
    assert isinstance(value, Decimal)
    assert str(value) == "1200.50"


def test_every_value_keeps_its_place() -> None:
    found = parse("# 说明\nrules:\n  - id: a\n    in: [x, 户口簿, {z: 1}]\n")
    places = {path: (place.line, place.column) for path, place in found.places.items()}
    assert places == {
        (): (2, 1),
        ("rules",): (2, 1),
        ("rules", 0): (3, 5),
        ("rules", 0, "id"): (3, 5),
        ("rules", 0, "in"): (4, 5),
        ("rules", 0, "in", 0): (4, 10),
        ("rules", 0, "in", 1): (4, 13),
        ("rules", 0, "in", 2): (4, 18),
        ("rules", 0, "in", 2, "z"): (4, 19),
    }


def test_parts_that_are_not_in_the_file_are_skipped() -> None:
    found = parse("a:\n  b: 1\n")
    assert found.place(("a", "fact", "b")) == found.places["a", "b"]
    assert found.place(("x",)) == found.places[()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_counted_as_yaml_counts_them(end: str) -> None:
    (fault,) = parse(f"a: 1{end}b: 2{end}a: 3").faults
    assert (fault.place.line, fault.source_line) == (3, "a: 3")


def test_a_byte_order_mark_moves_no_column() -> None:
    (fault,) = parse("\ufeffa: 1\na: 2").faults
    assert (fault.place.line, fault.place.column) == (2, 1)
    (fault,) = parse(b"\xef\xbb\xbfa: \xff").faults
    assert (fault.place.line, fault.place.column) == (1, 4)


def test_every_fault_of_syntax_is_told_at_once() -> None:
    found = parse("a: &x 1\nb: *x\nc: !!str 2\na: 3\n<<: {d: 4}\n? [e]\n: 5\nf: 6\n")
    assert [fault.place.line for fault in found.faults] == [1, 2, 3, 4, 5, 6]
    assert found.data["f"] == 6


def test_files_too_large_are_not_parsed() -> None:
    (fault,) = parse(b"#" * (MAX_BYTES + 1)).faults
    assert str(MAX_BYTES) in fault.help
    assert parse(b"#" * MAX_BYTES).faults == []


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
@pytest.mark.parametrize("levels", [MAX_DEPTH + 2, 100_000])
def test_deep_nesting_stops_the_reading_not_the_program(opening: str, levels: int) -> None:
    found = parse(opening * levels)
    assert found.data is None
    assert [fault.message for fault in found.faults] == ["nested too deeply"]


def test_a_file_with_no_value_is_empty() -> None:
    assert parse("# nothing\n").data is None
    assert parse("").faults == []
