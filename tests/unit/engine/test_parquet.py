"""Parquet in: columns become the lines of JSON that a person would have written."""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch import parquet
from engine.batch.arrow_lines import joined, lines
from engine.batch.reader import Item, open_input, read_items
from engine.errors import InputError

MOMENT = datetime.fromisoformat("2012-03-02T00:00")
LATER = MOMENT + timedelta(hours=1, microseconds=5)


def texts(array: pa.Array) -> list[bytes]:
    written: list[bytes] = lines(pa.record_batch({"a": array})).cast(pa.large_binary()).to_pylist()
    return [one.removeprefix(b'{"a": ').removesuffix(b"}\n") for one in written]


def items(path: Path) -> list[Item]:
    with open_input(str(path)) as stream:
        return list(read_items(stream, path.name))


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([True, False, None]), ["true", "false", "null"]),
        (pa.array([-1, 2**63 - 1, None]), ["-1", "9223372036854775807", "null"]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([1.5, 13.0, -0.0, 1e-7, None]), ["1.5", "13", "-0", "1e-7", "null"]),
        (pa.array([float("nan"), float("inf"), -float("inf")]), ["NaN", "Infinity", "-Infinity"]),
        (pa.array([Decimal("1.50"), None]), ["1.50", "null"]),
        (pa.array([date(2012, 3, 2), None]), ['"2012-03-02"', "null"]),
        (pa.array([date(1, 1, 1)]), ['"0001-01-01"']),
        (pa.array([date(2012, 3, 2)], pa.date64()), ['"2012-03-02"']),
        (pa.array([MOMENT], pa.timestamp("s")), ['"2012-03-02"']),
        (pa.array([MOMENT, None], pa.timestamp("ns")), ['"2012-03-02"', "null"]),
        (pa.array([LATER]), ['"2012-03-02 01:00:00.000005"']),
        (pa.array([MOMENT], pa.timestamp("s", "Asia/Shanghai")), ['"2012-03-02 08:00:00+0800"']),
        (pa.array(["x", None, "x"]).dictionary_encode(), ['"x"', "null", '"x"']),
        (pa.array(["x", None], pa.large_string()), ['"x"', "null"]),
        (pa.array(["x", None], pa.string_view()), ['"x"', "null"]),
        (pa.array([["a", None], [], None]), ['["a", null]', "[]", "null"]),
        (pa.array([{"k": 1}, None]), ['{"k": 1}', "null"]),
        (pa.nulls(2), ["null", "null"]),
    ],
)  # fmt: skip
def test_how_values_are_written(array: pa.Array, expected: list[str]) -> None:
    assert texts(array) == [one.encode() for one in expected]
    assert texts(array[1:]) == [one.encode() for one in expected[1:]]


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    for kind in (pa.binary(), pa.large_binary(), pa.binary_view()):
        assert texts(pa.array([b"\xff", b'"\xfe', None], kind)) == [
            b'"\xff"',
            b'"\\"\xfe"',
            b"null",
        ]
    found = list(read_items(io.BytesIO(b'{"id": "\xff"}\n'), "x"))
    assert [fault.code for one in found for fault in one.faults] == ["not_utf8"]


def test_rows_without_a_column_are_cases() -> None:
    batch = pa.RecordBatch.from_struct_array(pa.array([{}, {}], pa.struct([])))
    assert bytes(joined(lines(batch))) == b"{}\n{}\n"


rows = st.lists(
    st.fixed_dictionaries({
        "id": st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
        'a "key"\n': st.none() | st.text('"\\\n\x00 孩a', max_size=4),
        "n": st.none() | st.integers(-(2**63), 2**63 - 1),
        "b": st.none() | st.booleans(),
    }), max_size=20,
)  # fmt: skip


@given(rows)
def test_what_is_written_reads_back(found: list[dict[str, Any]]) -> None:
    schema = pa.schema(
        {"id": pa.string(), 'a "key"\n': pa.string(), "n": pa.int64(), "b": pa.bool_()}
    )
    text = bytes(joined(lines(pa.RecordBatch.from_pylist(found, schema))))
    assert [json.loads(line) for line in text.split(b"\n")[:-1]] == found


def test_a_file_comes_as_numbered_cases_whatever_its_groups(tmp_path: Path) -> None:
    path = tmp_path / "cases.parquet"
    table = pa.table({"id": [f"c{n}" for n in range(25_000)], "level": list(range(25_000))})
    pq.write_table(table, path, row_group_size=9_999)
    found = items(path)
    assert [(one.line, one.data) for one in found] == [
        (n + 1, {"id": f"c{n}", "level": n}) for n in range(25_000)
    ]
    assert items(path.rename(tmp_path / "named_otherwise")) == found


def test_going_to_a_place_reads_on_from_there(tmp_path: Path) -> None:
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"id": [f"c{n}" for n in range(20_000)]}), path)
    with open_input(str(path)) as stream:
        whole = stream.read()
        for place in (700, 5, 250_000, 0, len(whole), len(whole) + 9):
            assert stream.seek(place) == min(place, len(whole))
            assert stream.read(30) == whole[place : place + 30]


@pytest.mark.parametrize("text", [b"", b'{"id": "a"}\n', b"PAR1 and no more", b"PAR1" * 50])
def test_what_is_no_parquet_is_said(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "cases.parquet"
    path.write_bytes(text)
    with pytest.raises(InputError, match="no Parquet file that can be read"):
        items(path)


def test_a_damaged_file_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "cases.parquet"
    ids = [f"case {n * 7919 % 100_003}" for n in range(50_000)]
    pq.write_table(pa.table({"id": ids}), path, row_group_size=10_000, use_dictionary=False)
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 4000] = b"\xff" * 4000
    path.write_bytes(raw)
    with pytest.raises(InputError, match="breaks off after line"):
        items(path)


def test_without_pyarrow_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"id": ["a"]}), path)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InputError, match=r"pip install 'tongbao\[parquet\]'"):
        items(path)
    with pytest.raises(InputError, match=r"pip install 'tongbao\[parquet\]'"):
        parquet.ParquetSink(io.BytesIO(), ["id"])
