"""Writes columns of Arrow as lines of JSON, a case a row, so that they are read as any others.

A null is written as null, which is a fact that is not known. Whole columns are written at once;
values are taken one by one only where they are lists, or hold characters that JSON escapes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

_NULL = "null"
_ESCAPED = r'["\\\x00-\x1f]'
# What is no number is none in JSON either, and is told as such.
_NO_NUMBERS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def lines(batch: pa.RecordBatch) -> pa.Array:
    """The rows as lines, each a JSON object with the columns as its keys, in their order."""
    if not batch.num_columns:
        return pa.array(["{}\n"] * batch.num_rows, pa.large_string())
    members = [
        pc.binary_join_element_wise(_text(json.dumps(name) + ": "), _value(column), _text(""))
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    inside = pc.binary_join_element_wise(*members, _text(", "))
    return pc.binary_join_element_wise(_text("{"), inside, _text("}\n"), _text(""))


def joined(texts: pa.Array) -> memoryview:
    """All texts one after another; there must be no null among them."""
    texts = texts.cast(pa.large_binary())
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(data).cast("B")[int(ends[0]) : int(ends[-1])]


def _text(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _value(column: pa.Array) -> pa.Array:
    """The values of a column as they stand in JSON."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    written = next((write for holds, write in _WRITERS if holds(column.type)), _one_by_one)
    return pc.fill_null(written(column), _text(_NULL))


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(pa.string()).cast(pa.large_string())


def _float(column: pa.Array) -> pa.Array:
    texts = _plain(column)
    for found, said in _NO_NUMBERS.items():
        texts = pc.if_else(pc.equal(texts, _text(found)), _text(said), texts)
    return texts


def _day(column: pa.Array) -> pa.Array:
    return _quoted(_plain(column))


def _moment(column: pa.Array) -> pa.Array:
    """A moment in no time zone that begins a day is that day; any other is no date."""
    texts = _plain(column)
    if column.type.tz is None:
        begun = pc.floor_temporal(column, unit="day")
        texts = pc.if_else(pc.equal(column, begun), _plain(begun.cast(pa.date32())), texts)
    return _quoted(texts)


def _string(column: pa.Array) -> pa.Array:
    # Bytes that are no UTF-8 stay as they are: whoever reads the line tells of them.
    texts = column.cast(pa.large_binary()).cast(pa.large_string(), safe=False)
    odd = pc.fill_null(pc.match_substring_regex(texts, _ESCAPED), pa.scalar(value=False))
    if not pc.any(odd).as_py():
        return _quoted(texts)
    escaped = [_escaped(one) for one in texts.filter(odd).cast(pa.large_binary()).to_pylist()]
    found = pa.array(escaped, pa.large_binary()).cast(pa.large_string(), safe=False)
    return pc.replace_with_mask(_quoted(texts), odd, found)


def _escaped(text: bytes) -> bytes:
    shown = json.dumps(text.decode("utf-8", "surrogateescape"), ensure_ascii=False)
    return shown.encode("utf-8", "surrogateescape")


def _quoted(texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(_text('"'), texts, _text('"'), _text(""))


def _one_by_one(column: pa.Array) -> pa.Array:
    texts = [None if one is None else json.dumps(one, ensure_ascii=False, default=str)
             for one in column.to_pylist()]  # fmt: skip
    return pa.array(texts, pa.large_string())


_WRITERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]], ...] = (
    (pa.types.is_boolean, _plain),
    (pa.types.is_integer, _plain),
    (pa.types.is_decimal, _plain),
    (pa.types.is_floating, _float),
    (pa.types.is_date, _day),
    (pa.types.is_timestamp, _moment),
    (lambda one: pa.types.is_string(one) or pa.types.is_large_string(one), _string),
    (lambda one: pa.types.is_binary(one) or pa.types.is_large_binary(one), _string),
    (lambda one: pa.types.is_string_view(one) or pa.types.is_binary_view(one), _string),
)
