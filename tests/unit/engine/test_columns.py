"""CSV in: the same answers as of the same cases in JSON, and every row accounted for."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch.columns import csv_items, is_csv
from engine.batch.run import run
from engine.checker import Checker
from engine.errors import InputError
from tests.support import loaded
from tests.support.folders import RULESETS

LIBRARY = loaded.library(RULESETS)
FACTS = LIBRARY.vocabulary.facts
DAY = date(2026, 3, 1)


def items(text: str | bytes) -> list[tuple[int, object, tuple[str, ...]]]:
    raw = text.encode() if isinstance(text, str) else text
    return [(one.line, one.data, tuple(fault.code for fault in one.faults))
            for one in csv_items(io.BytesIO(raw), "x.csv", FACTS)]  # fmt: skip


def test_cells_are_read_by_the_type_of_their_fact() -> None:
    text = ("\ufeffid,institution_level,emergency,bill_yuan,birth_date,x_note\r\n"
            '007,3,true,1.50,2012-03-02,"a ""b"", c"\r\n,3rd,TRUE,,2012,5\r\n')  # fmt: skip
    assert items(text) == [
        (2, {"id": "007", "institution_level": 3, "emergency": True, "bill_yuan": Decimal("1.50"),
             "birth_date": "2012-03-02", "x_note": 'a "b", c'}, ()),
        (3, {"institution_level": "3rd", "emergency": "TRUE", "birth_date": "2012",
             "x_note": "5"}, ()),
    ]  # fmt: skip


def test_lines_are_those_a_row_begins_on() -> None:
    found = items('id,x_a\n1,"two\nlines"\n\n2,b\n3\n4,b,c\n')
    assert [(line, codes) for line, _, codes in found] == [
        (2, ()), (5, ()), (6, ("wrong_columns",)), (7, ("wrong_columns",)),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n", "a,a\n1,2\n", "a,,b\n", 'id\n"x\ny', b"id\n\xff\n"])
def test_what_is_no_csv(text: str | bytes) -> None:
    with pytest.raises(InputError, match=r"x\.csv"):
        items(text)


def test_what_came_before_the_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv.gz"
    whole = gzip.compress(b"id\n" + b"".join(b"%d\n" % at for at in range(3000)))
    path.write_bytes(whole[:-200])
    lines: list[str] = []
    summary = run(Checker(LIBRARY, compare=False), [str(path)],
                  lambda text, _result: lines.append(text), DAY)  # fmt: skip
    assert 0 < summary.cases == len(lines) < 3000
    assert "breaks off after line" in summary.broken[0]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(min_size=1, max_size=5).filter(lambda one: "\0" not in one),
                         min_size=2, max_size=2), max_size=8))  # fmt: skip
def test_whatever_is_written_is_read_back(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["id", "x_a"], *rows])
    try:
        raw = stream.getvalue().encode()
    except UnicodeEncodeError:
        return
    assert [data for _, data, _ in items(raw)] == [{"id": a, "x_a": b} for a, b in rows]


def test_a_run_over_csv_answers_as_over_json(tmp_path: Path) -> None:
    path, other = tmp_path / "cases.CSV", tmp_path / "cases.jsonl"
    path.write_text("id,region,institution_kind,institution_level\n1,440300,hospital,3\n2,x,,\n")
    other.write_text(
        '\n{"id": "1", "region": "440300", "institution_kind": "hospital", '
        '"institution_level": 3}\n{"id": "2", "region": "x"}\n'
    )
    said: dict[Path, list[str]] = {path: [], other: []}
    for one, lines in said.items():
        summary = run(Checker(LIBRARY, compare=False), [str(one)],
                      lambda text, _result, lines=lines: lines.append(text), DAY)  # type: ignore[misc]  # fmt: skip
        assert (summary.cases, summary.errors) == (2, 1)
    assert said[path] == said[other]
    assert is_csv("a.csv.gz")
    assert not is_csv("a.csv.jsonl")
