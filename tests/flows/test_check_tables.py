"""`check` with tables: Parquet in, CSV and Parquet out, by the real program."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support import loaded
from tests.support.folders import RULESETS, project_over
from tests.support.hostile_lines import Lines

LIBRARY = loaded.library(RULESETS)
DAY = ["--as-of", "2026-03-01"]
PARTS = ("verdict", "outcome", "evidence")
DECISIONS = [one for topic in LIBRARY.topics.values() for one in topic.decisions]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program over the small rulesets: it starts fast."""
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases of every kind; the last ones have what a spreadsheet would work out."""
    odd = ["=1+1", "+1", "-1", "@x", "\t", "\r", '孩子, "x"\n', "\ud800", "", "'"]
    path = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    tail = "".join(json.dumps({"id": one, "region": "440300"}) + "\n" for one in odd)
    wrong = "".join(json.dumps({"id": one, f"{one}key": 1}) + "\n" for one in ("=a", "b"))
    path.write_bytes(b'{"id": "first"}\n' + Lines(LIBRARY, 5).text(400, 0.05)
                     + (tail + wrong).encode())  # fmt: skip
    return path


def check(project: Path, *args: str | Path) -> tuple[int, str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "check", *map(str, args), *DAY, "--quiet"], cwd=project,
        env={**kept, "LC_ALL": "C.UTF-8"}, capture_output=True, timeout=100, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    return done.returncode, done.stdout.decode(), said


def answers(project: Path, *args: str | Path) -> list[dict[str, Any]]:
    _, out, said = check(project, *args)
    assert not said
    return [json.loads(line) for line in out.splitlines()]


def told(result: dict[str, Any]) -> list[object]:
    """What a table holds of a result before its decisions."""
    error = result.get("error", {})
    texts = [result["id"], *(error.get(part) for part in ("code", "field", "message"))]
    return [None if one is None else one.encode("utf-8", "backslashreplace").decode()
            for one in texts]  # fmt: skip


def row_of(result: dict[str, Any]) -> list[object]:
    identity, *error = told(result)
    found = result.get("decisions", {})
    parts = [found.get(name, {}).get(part) for name in DECISIONS for part in PARTS]
    return [identity, result["line"], *error, *parts]


def brief_row_of(result: dict[str, Any]) -> list[object]:
    return [*told(result), *(result.get(name) for name in DECISIONS)]


def as_text(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text[:1] in {*"=+-@\t\r"} and text else text


@pytest.mark.parametrize("brief", [False, True], ids=["whole", "brief"])
def test_csv_has_a_row_a_case_and_no_formula(
    project: Path, cases: Path, tmp_path: Path, *, brief: bool
) -> None:
    out, mode = tmp_path / "out.csv", ["--outcomes"] if brief else []
    code, _, said = check(project, cases, "-o", out, *mode)
    assert (code, said) == (1, "")
    with out.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    columns = [f"{name}_{part}" for name in DECISIONS for part in PARTS]
    error = ["error_code", "error_field", "error_message"]
    assert header == (["id", *error, *DECISIONS] if brief else ["id", "line", *error, *columns])
    expected = map(brief_row_of if brief else row_of, answers(project, cases, *mode))
    assert rows == [[*map(as_text, one)] for one in expected]
    assert not [cell for row in rows for cell in row if cell[:1] in {*"=+-@\t\r"} and cell]


@pytest.mark.parametrize("brief", [False, True], ids=["whole", "brief"])
def test_parquet_has_the_same_rows_and_the_whole_result(
    project: Path, cases: Path, tmp_path: Path, *, brief: bool
) -> None:
    out, mode = tmp_path / "out.parquet", ["--outcomes"] if brief else []
    code, _, said = check(project, cases, "-o", out, *mode)
    assert (code, said) == (1, "")
    results = answers(project, cases, *mode)
    rows = [[*row.values()] for row in pq.read_table(out).to_pylist()]
    assert [row[:-1] for row in rows] == [*map(brief_row_of if brief else row_of, results)]
    assert [json.loads(row[-1]) for row in rows] == results


@pytest.mark.parametrize("mode", [[], ["--outcomes"], ["--outcomes", "--jobs", "2"]])
def test_parquet_is_read_as_the_same_cases_in_lines(
    project: Path, tmp_path: Path, mode: list[str]
) -> None:
    kinds = LIBRARY.vocabulary.facts["institution_kind"].codes
    rows: list[dict[str, Any]] = [
        {"id": f"c{n}", "region": ("440300", "深圳市", None, "nowhere")[n % 4],
         "birth_date": date(2010, 1, 1 + n % 28) if n % 5 else None,
         "institution_kind": kinds[n % len(kinds)], "institution_level": n % 5,
         "emergency": (True, False, None)[n % 3], "x_n": n}
        for n in range(9000)
    ]  # fmt: skip
    table, lines = tmp_path / "cases.parquet", tmp_path / "cases.jsonl"
    pq.write_table(pa.Table.from_pylist(rows), table, row_group_size=2000)
    lines.write_text("".join(json.dumps(row, default=str) + "\n" for row in rows), "utf-8")
    assert answers(project, table, *mode) == answers(project, lines, *mode)


def test_a_run_over_parquet_is_resumed(project: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "cases.parquet", tmp_path / "out.jsonl"
    pq.write_table(pa.table({"id": [f"c{n}" for n in range(500)]}), table)
    code, _, _ = check(project, table, "-o", out, "--resume")
    assert code == 0
    assert len(out.read_text("utf-8").splitlines()) == 500


def test_a_topic_without_columns_ends_the_run(project: Path, tmp_path: Path) -> None:
    (topic,) = LIBRARY.topics
    path, out = tmp_path / "cases.jsonl", tmp_path / "out.csv"
    path.write_text(json.dumps({"id": "own", "topics": [topic]}) + "\n", "utf-8")
    for mode in ([], ["--outcomes"]):
        code, _, _ = check(project, path, "-o", out, "--decisions", "may_bind", *mode)
        assert code == 0
    assert out.read_text("utf-8").splitlines()[1].startswith("own,")


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_what_does_not_go_together_is_said(project: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a"}\n', "utf-8")
    code, _, said = check(project, path, "-o", tmp_path / name, "--resume")
    assert (code, said) == (2, "tongbao: --resume goes on with JSON Lines, and with no table\n")
    assert not (tmp_path / name).exists()


def test_parquet_from_a_pipe_and_none_at_all_are_said(project: Path, tmp_path: Path) -> None:
    broken = tmp_path / "cases.parquet"
    broken.write_text('{"id": "a"}\n', "utf-8")
    code, out, said = check(project, broken)
    assert (code, out) == (2, "")
    assert "no Parquet file that can be read" in said
