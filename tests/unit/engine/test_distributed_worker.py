"""What a worker of Spark does with its batches, without Spark: pyarrow is all it needs."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest

from engine.batch.encoding import Brief, encode
from engine.batch.outcomes import Decider
from engine.batch.reader import read_items
from engine.checker import Checker
from engine.distributed import worker
from engine.distributed.worker import Job, decided
from engine.receipt import library_hash
from engine.result import CaseResult
from tests.support import loaded
from tests.support.compiled import compiled
from tests.support.folders import RULESETS
from tests.support.hostile_lines import Lines, right, wrong

LIBRARY = loaded.library(RULESETS)
DAY = date(2026, 3, 1)
FILES = {path.relative_to(RULESETS).as_posix(): path.read_bytes()
         for path in RULESETS.rglob("*.yaml")}  # fmt: skip
JOB = Job(FILES, library_hash(LIBRARY), DAY, None, None, outcomes=False, compare=True)
TEXT = b'{"id": "first"}\n' + b"\n".join([*right(LIBRARY), *wrong(LIBRARY)]) + b"\n" + Lines(
    LIBRARY, 3).text(1500, 0.05)  # fmt: skip


@dataclass
class Shipped:
    """A broadcast variable that counts how often it was fetched."""

    job: Job
    fetched: int = 0

    @property
    def value(self) -> Job:
        self.fetched += 1
        return self.job


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    while worker._kept:
        worker._kept.popitem()[1].close()


def batches(size: int) -> Iterator[pa.RecordBatch]:
    lines = pa.array(TEXT.split(b"\n"), pa.binary()).cast(pa.string(), safe=False)
    table = pa.table({"value": lines})
    yield from table.to_batches(max_chunksize=size)


def rows(job: Job, size: int) -> list[tuple[str | None, str, str | None]]:
    found = pa.Table.from_batches(
        decided("key", text=True, job=Shipped(job), batches=batches(size))
    )
    return [tuple(row.values()) for row in found.to_pylist()]


def expected(*, outcomes: bool) -> list[str]:
    checker = Checker(LIBRARY)
    decider = Decider(checker, DAY)
    out = []
    for item in read_items(BytesIO(TEXT), "x"):
        if outcomes:
            out.append(encode(Brief(replace(decider.result(item), line=None))))
        elif item.faults:
            out.append(encode(CaseResult(item.id, None, faults=item.faults)))
        else:
            out.append(encode(checker.check(item.data, DAY)))
    return out


@pytest.mark.parametrize("size", [100_000, 97])
@pytest.mark.parametrize("outcomes", [False, True], ids=["whole", "brief"])
def test_the_same_results_in_the_same_order(*, outcomes: bool, size: int) -> None:
    compiled()
    found = rows(replace(JOB, outcomes=outcomes), size)
    assert [result for _, result, _ in found] == expected(outcomes=outcomes)
    assert Counter(error is None for _, _, error in found)[False] > 500


def test_without_the_scanner_too(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled()
    job = replace(JOB, outcomes=True)
    fast = rows(job, 500)
    worker._kept.popitem()[1].close()
    monkeypatch.setattr("engine.batch.scanner.library", lambda: None)
    assert rows(job, 500) == fast


def test_rules_are_read_once_a_process_and_job() -> None:
    shipped = Shipped(JOB)
    for key, fetched in (("one", 1), ("one", 1), ("other", 2), ("one", 3)):
        list(decided(key, text=True, job=shipped, batches=batches(1000)))
        assert shipped.fetched == fetched
        assert len(worker._kept) == 1


def test_other_rules_than_the_drivers_are_refused() -> None:
    with pytest.raises(worker.VersionError, match="different versions"):
        rows(replace(JOB, rules="0" * 16), 1000)


def test_without_spark_it_says_what_to_install() -> None:
    code = ("import runpy, sys; sys.modules['pyspark'] = None; sys.argv[1:] = ['x', '-o', 'y']; "
            "runpy.run_module('engine.distributed.submit', run_name='__main__')")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    said = "tongbao: Spark is not installed: pip install 'tongbao[spark]'\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_an_empty_batch_is_no_case() -> None:
    empty = pa.record_batch({"value": pa.array([None, "", " "], pa.string())})
    for outcomes in (False, True):
        job = Shipped(replace(JOB, outcomes=outcomes))
        (found,) = decided(str(outcomes), text=True, job=job, batches=iter([empty]))
        assert found.num_rows == 0
        assert found.schema.names == ["id", "result", "error"]


def test_the_folder_of_the_module_hides_nothing() -> None:
    """`spark-submit` puts it before the standard library."""
    names = {path.stem for path in Path(worker.__file__).parent.glob("*.py")}
    assert not names & set(sys.stdlib_module_names)
