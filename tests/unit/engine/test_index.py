"""The index of an output: the same from the run as from the lines, and trusted only if whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import engine.batch.index as index_module
from engine.batch.index import Answer, Index, IndexWriter, StaleError, index_of
from engine.batch.indexing import NotResultsError, write_index
from tests.support.hostile import HOSTILE
from tests.support.results import BRIEF, FULL, decided, output
from tests.support.screen import checker

IDS = (*(one[:300] for one in HOSTILE), 'a", "b', 'x\\", "may_bind": "y', '"', "\\", "甲")


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "BLOCK", 7)


def read(path: Path) -> Index:
    write_index(path, index_of(path), checker().library.decisions)
    return Index(index_of(path), path)


def said(index: Index, row: int) -> tuple[str, dict[str, Answer]]:
    """The error of a row, and its answers."""
    code = int(index.error_codes()[row])
    answers = {name: known[int(index.codes(name)[row]) - 1]
               for name, known in index.decisions.items() if index.codes(name)[row]}  # fmt: skip
    return index.errors[code - 1] if code else "", answers


@pytest.mark.parametrize("form", [FULL, BRIEF])
def test_every_row_is_its_line(form: str, tmp_path: Path) -> None:
    path = output(tmp_path, 60, form, ids=IDS)
    index, data = read(path), path.read_bytes()
    lines = data.splitlines(keepends=True)
    assert index.lines == len(lines) == 60
    for row, line in enumerate(lines):
        start, end = index.span(row)
        assert data[start:end] == line
        result = json.loads(line)
        error, answers = said(index, row)
        assert error == result.get("error", {}).get("code", "")
        if form == BRIEF:
            expected = {} if error else {name: one for name, one in result.items() if name != "id"}
            assert {name: one.brief for name, one in answers.items()} == expected
        else:
            told = result.get("decisions", {})
            assert answers.keys() == told.keys()
            for name, one in answers.items():
                first = [(told[name].get(key) or [""])[0] for key in ("rules", "missing")]
                expected_ = (told[name]["verdict"], told[name]["outcome"] or "", *first, "")
                assert one == expected_


def test_the_run_writes_what_the_lines_say(tmp_path: Path) -> None:
    path = output(tmp_path, 60)
    with IndexWriter(tmp_path / "streamed") as writer:
        for text, result in decided(60, 1, FULL, (), tmp_path):
            writer.add_result(len(text.encode()) + 1, result)
        writer.finish(path, ["cases.jsonl"])
    streamed, built = Index(tmp_path / "streamed", path), read(path)
    rows = range(60)
    assert [said(streamed, row) for row in rows] == [said(built, row) for row in rows]
    assert [streamed.span(row) for row in rows] == [built.span(row) for row in rows]
    assert streamed.cases == (str(Path("cases.jsonl").resolve()),)


def test_an_index_with_any_byte_changed_is_not_opened(tmp_path: Path) -> None:
    path = output(tmp_path, 20)
    read(path)
    whole = index_of(path).read_bytes()
    for at in (*range(0, len(whole), 97), *range(len(whole) - 30, len(whole))):
        broken = bytearray(whole)
        broken[at] ^= 0x10
        index_of(path).write_bytes(broken)
        with pytest.raises(StaleError):
            Index(index_of(path), path)
    for size in (0, 5, len(whole) // 2, len(whole) - 1):
        index_of(path).write_bytes(whole[:size])
        with pytest.raises(StaleError):
            Index(index_of(path), path)


def test_an_index_of_another_state_is_not_opened(tmp_path: Path) -> None:
    path = output(tmp_path, 20)
    read(path)
    with path.open("ab") as stream:
        stream.write(b"\n")
    with pytest.raises(StaleError):
        Index(index_of(path), path)


def test_what_was_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.add(5, "key", ())
    assert list(tmp_path.iterdir()) == []


def test_of_a_part_the_whole_lines_count(tmp_path: Path) -> None:
    path = output(tmp_path, 20, name="out.jsonl.part")
    path.write_bytes(path.read_bytes()[:-10])
    assert read(path).lines == 19


def test_many_answers_take_wider_codes(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"12345\n" * 700)
    with IndexWriter(tmp_path / "index") as writer:
        for number in range(700):
            answers = (("one", Answer("stated", f"o{number}")),)
            writer.add(6, answers, answers)
        writer.finish(path)
    index = Index(tmp_path / "index", path)
    assert [said(index, row)[1]["one"].outcome for row in (0, 299, 699)] == ["o0", "o299", "o699"]


@pytest.mark.parametrize(
    ("text", "why", "line", "column"),
    [
        (b'{"id": "a", "may_bind": "x"}\n{"id": "b", "may_bind": }\n', "not_json", 2, 25),
        (b"\x1f\x8b\x08", "gzip", 0, 0),
        (b"[1]\n", "not_object", 1, 1),
        (b'{"id": "a"}\n', "no_result", 1, 1),
        (b'{"id": "a", "region": "440300"}\n', "unknown", 1, 13),
        (b'{"id": "a", "decisions": {"x": 1}}\n', "no_result", 1, 1),
        (b'{"id": 5, "decisions": {}}\n', "no_result", 1, 1),
        (b'{"id": "\xff"}\n', "not_json", 1, 1),
        (b"[" * 100_000, "not_json", 1, 1),
    ],
)
def test_what_is_no_output_is_said(
    text: bytes, why: str, line: int, column: int, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(text)
    with pytest.raises(NotResultsError) as caught:
        read(path)
    found = caught.value
    assert (found.why, found.line, found.column) == (why, line, column)
    assert not index_of(path).exists()
