"""Measures the check on Apache Spark beside the batch check: `python -m tests.benchmarks.spark`.

Both decide the same file, each time in a new process, one after the other and then all again. CPU
seconds are those of the JVM and of all Python workers. A run over one case tells what starting
costs, and what is left is divided by the cases. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks.batch import spec

COUNTED = ("check", "local[1]", "local[2]")
_SUBREAPER = 36


@dataclass(frozen=True)
class Run:
    """One process with those it started: what it took."""

    wall: float
    cpu: float


@dataclass
class Measured:
    """All runs of one way of checking, in one mode, beside those over a single case."""

    way: str
    outcomes: bool
    runs: list[Run] = field(default_factory=list)
    starts: list[Run] = field(default_factory=list)

    def command(self, cases: Path, out: Path, day: str) -> list[str]:
        mode = ["--outcomes"] if self.outcomes else []
        options = ["--decisions", ",".join(spec.DECISIONS), "--as-of", day, *mode]
        if self.way == "check":
            return [sys.executable, "-m", "tui", "check", str(cases), "-o", str(out), "--quiet",
                    *options]  # fmt: skip
        submit = Path(sys.executable).with_name("spark-submit")
        from engine.distributed import submit as job

        return [str(submit), "--master", self.way, "--conf", "spark.ui.enabled=false",
                job.__file__, str(cases), "-o", str(out), *options]  # fmt: skip

    def measure(self, cases: Path, out: Path, day: str) -> Run:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.perf_counter()
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable,
                       "SPARK_LOCAL_IP": "127.0.0.1"}  # fmt: skip
        done = subprocess.run(self.command(cases, out, day), env=environment, check=False,
                              capture_output=True, text=True)  # fmt: skip
        if done.returncode not in {0, 1}:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
        wall = time.perf_counter() - begun
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def same(one: Path, other: Path) -> int:
    """How many cases have the same answers in the outputs of `check` and of Spark."""

    def answers(lines: Iterator[str]) -> dict[str, object]:
        found = {}
        for line in lines:
            result = json.loads(line)
            result.pop("line", None)
            found[result["id"]] = result
        return found

    with one.open(encoding="utf-8") as stream:
        mine = answers(stream)
    theirs: dict[str, object] = {}
    for part in other.glob("part-*"):
        with part.open(encoding="utf-8") as stream:
            theirs |= answers(stream)
    assert mine.keys() == theirs.keys()
    return sum(theirs[key] == value for key, value in mine.items())


def table(every: Sequence[Measured], cases: int) -> Iterator[str]:
    """The measurements as Markdown."""
    yield ("| way | results | cases | wall s | of it to start | CPU s | of it to start "
           "| CPU µs a case after the start | cases/s of wall after the start |")  # fmt: skip
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for one in every:
        pairs = [*zip(one.runs, one.starts, strict=True)]
        cpu = median(run.cpu - start.cpu for run, start in pairs) / cases * 1e6
        wall = median(run.wall - start.wall for run, start in pairs)
        yield " | ".join([
            f"| {one.way}", "brief" if one.outcomes else "whole", f"{cases:,}",
            f"{median(run.wall for run in one.runs):.1f}",
            f"{median(run.wall for run in one.starts):.1f}",
            f"{median(run.cpu for run in one.runs):.1f}",
            f"{median(run.cpu for run in one.starts):.1f}", f"{cpu:.2f}",
            f"{cases / wall:,.0f} |" if wall > 0 else "– |",
        ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="in brief mode")
    parser.add_argument("--whole", type=int, default=100_000, help="cases in whole mode")
    parser.add_argument("--seed", type=int, default=20_240_611)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--as-of", default=spec.DAY)
    told = parser.parse_args()
    # Spark's workers outlive who started them: they become ours, and their seconds are counted.
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for outcomes, count in ((True, told.cases), (False, told.whole)):
            cases, single = folder / "cases.jsonl", folder / "single.jsonl"
            generate = [sys.executable, "-m", "tests.benchmarks.batch.generate", "-o", str(cases)]
            generate += ["--cases", str(count), "--seed", str(told.seed)]
            subprocess.run(generate, check=True)
            with cases.open("rb") as stream:
                single.write_bytes(stream.readline())
            every = [Measured(way, outcomes) for way in COUNTED]
            out = {}
            for number in range(told.rounds):
                for one in every:
                    for kind, path, runs in (("1", single, one.starts), ("n", cases, one.runs)):
                        place = folder / f"{kind}-{number}-{one.way}-{outcomes}"
                        runs.append(one.measure(path, place, told.as_of))
                        out[one.way] = place
                    _say(f"round {number + 1}: {one.way}: {one.runs[-1]}, start {one.starts[-1]}")
            written = sum(part.stat().st_size for part in out["local[2]"].glob("part-*"))
            for way in COUNTED[1:]:
                _say(f"{way}: the same as check in {same(out['check'], out[way]):,} of {count:,}")
            _say(f"{cases.stat().st_size / count:,.0f} bytes a case in, {written / count:,.0f} out")
            sys.stdout.write("\n".join(table(every, count)) + "\n\n")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
