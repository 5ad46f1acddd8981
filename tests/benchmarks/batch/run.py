"""Measures the batch check beside its peers: `python -m tests.benchmarks.batch.run`.

Every engine decides the same three decisions from file to file and writes the same bytes, each time
in a new process, one engine after the other and then all again. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path
from statistics import median

from tests.benchmarks.batch import spec

PEERS = "tests.benchmarks.batch.peers."
TONGBAO, REFERENCE = "tongbao check", "one_by_one"
SLOW = 5_000
"""Cases a second, start-up taken off, below which a whole file is not waited for."""
CERTAIN = 0.2
"""CPU seconds beside the start-up that a run must take for the rest to be a measurement."""


@dataclass(frozen=True)
class Contender:
    """An engine to measure; a `module` of None is the command `tongbao check`."""

    label: str
    needs: str
    module: str | None = None
    threads: int = 1
    whole: bool = False
    """Whether it decides the whole file; others stop after some seconds."""

    def command(self, files: Files, cases: Path, out: Path, seconds: float) -> list[str]:
        start = [sys.executable, "-m"]
        if self.module is None:
            jobs = ["--jobs", str(self.threads)] if "--jobs" in files.help else []
            wanted = ["--outcomes", "--decisions", ",".join(spec.DECISIONS), "--as-of", files.day]
            return [*start, "tui", "check", str(cases), "-o", str(out), "--quiet", *wanted, *jobs]
        limit = [] if self.whole else ["--seconds", str(seconds)]
        return [*start, PEERS + self.module, str(cases), str(out), str(files.rules),
                "--day", files.day, "--threads", str(self.threads), *limit]  # fmt: skip


CONTENDERS = (
    Contender(TONGBAO, "engine", whole=True),
    Contender("DuckDB, SQL by hand", "duckdb", "duckdb_sql", whole=True),
    Contender(f"{TONGBAO}, 2 jobs", "engine", threads=2, whole=True),
    Contender("DuckDB, SQL by hand, 2 threads", "duckdb", "duckdb_sql", threads=2, whole=True),
    Contender("msgspec, ifs in Python", "msgspec", "msgspec_loop", whole=True),
    Contender("OpenFisca-Core, columns", "openfisca_core", "openfisca_columns"),
    Contender("CEL, C++", "cel_expr_python", "cel_expressions"),
    Contender("zen-engine, by key, bytes", "zen", "zen_tables"),
    Contender("durable-rules, its host", "durable", "durable_raw"),
    Contender("CLIPS, clipspy", "clips", "clips_rules"),
    Contender("tongbao, one by one in Python", "engine", REFERENCE),
)


@dataclass(frozen=True)
class Files:
    """What a run reads and writes."""

    folder: Path
    day: str
    help: str

    @property
    def cases(self) -> Path:
        return self.folder / "cases.jsonl"

    @property
    def rules(self) -> Path:
        return self.folder / "rules.json"

    @property
    def sample(self) -> Path:
        return self.folder / "sample.jsonl"

    @property
    def single(self) -> Path:
        return self.folder / "single.jsonl"

    def out(self, name: str) -> Path:
        return self.folder / f"{name}.out"


@dataclass(frozen=True)
class Run:
    """One process: how many cases it decided, and what that took."""

    cases: int
    wall: float
    cpu: float
    megabytes: float


@dataclass
class Measured:
    """All runs of one contender, beside those on a single case."""

    contender: Contender
    runs: list[Run] = field(default_factory=list)
    starts: list[Run] = field(default_factory=list)
    differing: int | None = None
    short: bool = False
    """Whether it is too slow for the whole file and gets the sample only."""

    def rates(self) -> list[float]:
        """Cases a CPU second in each round, start-up included."""
        return [one.cases / one.cpu for one in self.runs]

    def steady(self) -> list[float]:
        """The same with the start-up of that round taken off; nothing where little is left."""
        left = [run.cpu - one.cpu for run, one in zip(self.runs, self.starts, strict=True)]
        if min(left) < CERTAIN:
            return []
        return [run.cases / one for run, one in zip(self.runs, left, strict=True)]


def process(command: Sequence[str], said: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of a process and those it waited for."""
    with said.open("wb") as out, said.with_suffix(".err").open("wb") as err:
        # Modules are compiled once, as they are after set-up, and not at every start.
        env = {key: one for key, one in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        begun = time.perf_counter()
        started = subprocess.Popen(command, stdout=out, stderr=err, env=env)
        _, status, used = os.wait4(started.pid, 0)
        wall = time.perf_counter() - begun
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        message = said.with_suffix(".err").read_text("utf-8")[-2000:]
        raise RuntimeError(f"{' '.join(command)}: exit {started.returncode}\n{message}")
    unit = 1 << (20 if sys.platform == "darwin" else 10)
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit


def measure(files: Files, one: Contender, cases: Path, out: Path, seconds: float) -> Run:
    """Let a contender decide a file."""
    out.unlink(missing_ok=True)
    said = files.folder / "said"
    wall, cpu, megabytes = process(one.command(files, cases, out, seconds), said)
    with out.open("rb") as stream:
        count = sum(1 for _ in stream)
    if one.module is not None:
        told = json.loads(said.read_text("utf-8"))["cases"]
        assert told == count, f"{one.label}: {told} told, {count} written"
    return Run(count, wall, cpu, megabytes)


def differing(first: Path, second: Path) -> int:
    """How many lines of two files differ."""
    with first.open("rb") as one, second.open("rb") as other:
        return sum(mine != theirs for mine, theirs in zip_longest(one, other))


def prepare(files: Files, cases: int, seed: int, sample: int) -> None:
    """Write the cases and the rules; by other processes, so that this one stays small.

    A process passes its own peak memory on to those that it starts.
    """
    module = [sys.executable, "-m", "tests.benchmarks.batch."]
    generate = [*module[:2], module[2] + "generate", "--cases", str(cases), "--seed", str(seed)]
    subprocess.run([*generate, "-o", str(files.cases)], check=True)
    command = [*module[:2], module[2] + "classes", str(files.rules), "--day", files.day]
    subprocess.run(command, check=True)
    for path, count in ((files.sample, sample), (files.single, 1)):
        with files.cases.open("rb") as whole, path.open("wb") as part:
            part.writelines(islice(whole, count))


def entered(files: Files, only: Sequence[str]) -> Iterator[Measured]:
    """The contenders that can run here; says which cannot."""
    for one in CONTENDERS:
        lacking = importlib.util.find_spec(one.needs) is None
        old = one.module is None and "--outcomes" not in files.help
        if lacking or old:
            _say(f"left out: {one.label} ({'not installed' if lacking else 'no --outcomes yet'})")
        elif not only or any(name in one.label for name in only):
            yield Measured(one)


def compare(files: Files, every: Sequence[Measured]) -> None:
    """Count the lines of the sample on which each contender differs from tongbao."""
    reference = files.out("reference")
    first = next(one for one in CONTENDERS if one.module == REFERENCE)
    measure(files, first, files.sample, reference, 1e9)
    for one in every:
        out = files.out("sample")
        run = measure(files, one.contender, files.sample, out, 1e9)
        one.differing = differing(reference, out)
        start = measure(files, one.contender, files.single, files.out("run"), 1e9)
        one.short = one.contender.whole and run.cpu - start.cpu > run.cases / SLOW
        if one.short:
            _say(f"{one.contender.label}: slow here, decides the sample only")


def table(every: Sequence[Measured]) -> Iterator[str]:
    """The measurements as Markdown."""
    yield ("| engine | cases | wall s | cases/s | cases per CPU second | start-up, CPU s "
           "| per CPU second after start-up | tongbao : engine | after start-up | peak MB "
           "| differing |")  # fmt: skip
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    ours = next((one for one in every if one.contender.label == TONGBAO), None)
    for one in every:
        whole, after = "–", "–"
        if ours is not None and one is not ours:
            whole, after = _times(ours.rates(), one.rates()), _times(ours.steady(), one.steady())
        runs = one.runs
        yield " | ".join([
            f"| {one.contender.label}", f"{median(run.cases for run in runs):,.0f}",
            f"{median(run.wall for run in runs):.2f}",
            f"{median(run.cases / run.wall for run in runs):,.0f}", f"{median(one.rates()):,.0f}",
            f"{median(run.cpu for run in one.starts):.2f}", _rate(one.steady()), whole, after,
            f"{median(run.megabytes for run in runs):,.0f}", f"{one.differing:,} |",
        ])  # fmt: skip


def _rate(rates: Sequence[float]) -> str:
    return f"{median(rates):,.0f}" if rates else "–"


def _times(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """The median ratio of a round; a dash where a side has no measurement."""
    if not ours or not theirs:
        return "–"
    return f"{median(one / other for one, other in zip(ours, theirs, strict=True)):,.2f} ×"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20_240_611)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0, help="after which slow ones stop")
    parser.add_argument("--as-of", default=spec.DAY)
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of engines")
    told = parser.parse_args()
    shown = subprocess.run([sys.executable, "-m", "tui", "check", "--help"],
                           capture_output=True, text=True, check=True).stdout  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        files = Files(Path(folder), told.as_of, shown)
        prepare(files, told.cases, told.seed, told.sample)
        every = list(entered(files, told.only))
        compare(files, every)
        for number in range(told.rounds):
            for one in every:
                start = measure(files, one.contender, files.single, files.out("run"), told.seconds)
                cases = files.sample if one.short else files.cases
                run = measure(files, one.contender, cases, files.out("run"), told.seconds)
                one.starts.append(start)
                one.runs.append(run)
                _say(f"round {number + 1}: {one.contender.label}: {run.cases:,} cases, "
                     f"{run.wall:.2f} s, {run.cpu:.2f} CPU s")  # fmt: skip
        size = files.cases.stat().st_size / 1e6
        _say(f"{told.cases:,} cases, {size:,.0f} MB, seed {told.seed}, medians of {told.rounds} "
             f"runs, {told.sample:,} cases compared")  # fmt: skip
        sys.stdout.write("\n".join(table(every)) + "\n")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
