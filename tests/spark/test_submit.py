"""The job as it is started: `spark-submit`, and Python alone, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from engine.distributed import submit
from engine.library import Library
from tests.support.folders import ROOT, RULESETS, project_over
from tests.support.hostile_lines import Lines
from tests.support.without_line import checked, counted

LIBRARY = Library.load(RULESETS)
OPTIONS: list[str | Path] = ["--rules", RULESETS, "--as-of", "2026-03-01"]
TIMEOUT = 500
SPARK_SUBMIT = Path(sys.executable).with_name("spark-submit")


def run(start: list[str | Path], *arguments: str | Path, **more: str) -> tuple[int, str]:
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    # spark-submit passes what Python says on stderr on to its own stdout.
    done = subprocess.run(
        [*start, *arguments], cwd=ROOT, env=environment | more, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def submitted(*arguments: str | Path) -> tuple[int, str]:
    """Started by spark-submit, over two workers."""
    return run([SPARK_SUBMIT, "--master", "local[2]", submit.__file__], *arguments)


def alone(*arguments: str | Path, **more: str) -> tuple[int, str]:
    """Started by Python."""
    return run([sys.executable, "-m", "engine.distributed.submit"], *arguments, **more)


def test_spark_submit_writes_lines_as_check_does(tmp_path: Path) -> None:
    project = project_over(RULESETS, tmp_path / "project")
    folder, whole = tmp_path / "cases", tmp_path / "whole.jsonl"
    folder.mkdir()
    parts = [b'{"id": "first"}\n' + Lines(LIBRARY, seed).text(400, 0.05) for seed in range(3)]
    whole.write_bytes(b"".join(parts))
    for number, part in enumerate(parts):
        (folder / f"{number}.jsonl").write_bytes(part)
    code, said = submitted(folder, "-o", tmp_path / "out", "--outcomes", *OPTIONS)
    assert code == submit.CASE_ERRORS, said
    written = [line for path in (tmp_path / "out").glob("part-*.txt")
               for line in path.read_text("utf-8").split("\n") if line]  # fmt: skip
    answers = checked(project, whole, "--outcomes", "--as-of", "2026-03-01")
    assert counted(written) == answers
    assert f"{answers.total()} results out" in said


def test_parquet_in_and_out(tmp_path: Path) -> None:
    import pyarrow as pa

    cases, out = tmp_path / "cases.parquet", tmp_path / "out.parquet"
    table = pa.table({"id": ["a", "b"], "region": ["440300", None], "topics": [["clinic"], None]})
    pq.write_table(table, cases)
    code, said = submitted(cases, "-o", out, "--columns", "--decisions", "may_bind", *OPTIONS)
    assert code == submit.DONE, said
    rows = {row["id"]: row for row in pq.read_table(out).to_pylist()}
    assert rows["a"]["may_bind_verdict"] == "undecided"
    assert json.loads(rows["b"]["result"])["decisions"]["may_bind"]["missing"] == ["region"]
    assert rows["a"]["error"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["-o", "OUT", "--topics", "sports"], submit.USAGE, "no topic sports; there are"),
        (["-o", "THERE"], submit.USAGE, "already exists"),
        (["-o", "OUT", "--rules", "BROKEN"], submit.BROKEN_RULESET, "broken.yaml"),
    ],
)
def test_what_goes_wrong_is_a_sentence(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "a"}\n', "utf-8")
    places = {"OUT": tmp_path / "out", "THERE": tmp_path, "BROKEN": tmp_path / "rules"}
    places["BROKEN"].mkdir()
    (places["BROKEN"] / "broken.yaml").write_text("rules: [", "utf-8")
    found, said = alone(cases, *OPTIONS, *(places.get(one, one) for one in arguments))
    assert (found, "Traceback" in said) == (code, False), said
    assert words in said


def test_without_java_it_says_so(tmp_path: Path) -> None:
    code, said = alone(tmp_path, "-o", tmp_path / "out", JAVA_HOME="/nowhere")
    assert code == submit.USAGE
    assert said.startswith("tongbao: Spark needs Java 17 or later, and JAVA_HOME names /nowhere")
    assert said.count("\n") == 1
