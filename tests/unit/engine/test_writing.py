"""Tables of results: what their columns are, and which cells a spreadsheet must not work out."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch.writing import BriefTable, CsvSink, NoColumnError, Table, asked, is_table
from engine.checker import Checker
from tests.support import loaded
from tests.support.folders import RULESETS

LIBRARY = loaded.library(RULESETS)
DAY = date(2026, 3, 1)


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "a.b.parquet", "/x/y.Parquet"])
def test_a_table_is_told_by_its_name(name: str) -> None:
    assert is_table(name)


@pytest.mark.parametrize("name", [None, "a", "csv", "a.jsonl", "a.csv.gz", "a.parquet/b", "-"])
def test_anything_else_is_lines(name: str | None) -> None:
    assert not is_table(name)


def test_the_columns_are_the_decisions_asked() -> None:
    (topic,) = LIBRARY.topics.values()
    assert asked(LIBRARY, None, None) == asked(LIBRARY, [topic.id], None) == (*topic.decisions,)
    assert asked(LIBRARY, None, ["papers", "may_bind", "papers"]) == ("papers", "may_bind")


@given(st.lists(st.lists(
    st.text("=+-@\t\r\n,\"' a孩\x00", max_size=4), min_size=2, max_size=2), max_size=5,
))  # fmt: skip
def test_csv_reads_back_and_holds_no_formula(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    sink = CsvSink(stream, ["one", "other"])
    for row in rows:
        sink.put(row)
    header, *found = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert header == ["one", "other"]
    for row, kept in zip(rows, found, strict=True):
        for cell, shown in zip(row, kept, strict=True):
            assert shown in {cell, f"'{cell}"}
            assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_answer_without_a_column_is_refused(tmp_path: Path) -> None:
    checker = Checker(LIBRARY)
    result = checker.check({"id": "a", "region": "440300"}, DAY)
    with (tmp_path / "x.csv").open("w") as stream:
        with pytest.raises(NoColumnError, match="the case `a` names topics of its own"):
            Table("x.csv", stream, ["may_bind"]).write("", result)
        with pytest.raises(NoColumnError, match="no column for `papers`"):
            BriefTable("x.csv", stream, ["may_bind"]).write(b'{"id": "a", "papers": "listed"}\n')


def test_what_is_carried_and_looks_like_an_error_is_none(tmp_path: Path) -> None:
    with (tmp_path / "x.csv").open("w+") as stream:
        table = BriefTable("x.csv", stream, ["may_bind"])
        table.write(b'{"id": "a", "x_a": {"error": {"code": "b"}}, "may_bind": "yes"}\n')
        table.write(b'{"id": null, "error": {"code": "c", "field": "/f", "message": "m"}}\n')
        stream.seek(0)
        assert [*csv.reader(stream)][1:] == [["a", "", "", "", "yes"], ["", "c", "/f", "m", ""]]
