"""Kills runs at random moments and resumes them: python -m tests.fuzz.kills [KILLS] [SEED].

Each chain of runs is killed again and again until one ends; its output and report must be those of
a run that nobody killed, byte for byte. Says where in a run the kills came.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.compiled import compiled
from tests.support.folders import RULESETS, project_over

FULL, BRIEF = "full", "--outcomes"
CASES = {FULL: 4_000, BRIEF: 1_000_000}
DAY = ["--as-of", "2026-03-01"]
BEFORE, FIRST, BETWEEN, ENDING, LATE = (
    "before the journal", "before the first checkpoint", "between checkpoints",
    "while it ended", "too late",
)  # fmt: skip
ENOUGH = 0.9
"""Of the kills this share waits for the output to grow; the others come at any time at all."""


class DifferError(Exception):
    """A run that was killed came to other bytes."""


def write_cases(path: Path, mode: str, cases: int) -> None:
    """Cases of which some have the id of another, and some an error."""
    draw = random.Random(cases)
    with path.open("w") as stream:
        for at in range(cases):
            number = at if at % 500 else at // 3
            wrong = ', "nothing": 1' if at % 400 == 3 else ""
            day = f"20{draw.randrange(10, 25)}-01-{draw.randrange(10, 29)}"
            born = day if mode == FULL else "2015-01-20"
            stream.write(
                f'{{"id": "c{number}", "region": "440300", "birth_date": "{born}"{wrong}}}\n'
            )


@dataclass
class Chain:
    """Runs of one kind over one input, each but the last killed."""

    project: Path
    folder: Path
    mode: str
    cases: int
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.input = self.folder / f"cases-{self.mode.strip('-')}.jsonl"
        write_cases(self.input, self.mode, self.cases)
        self.out = self.folder / "out.jsonl"
        start = time.monotonic()
        self._run("whole", *DAY)
        self.seconds = time.monotonic() - start

    def command(self, name: str, *more: str) -> list[str]:
        """What is run; the second engine is left out, for its count is of one run alone."""
        mode = [] if self.mode == FULL else [self.mode]
        report = ["--report", str(self.folder / f"{name}.html")]
        return [
            sys.executable, "-m", "tui", "check", str(self.input), "-o",
            str(self.folder / f"{name}.jsonl"), *mode, *report, "--decisions", "may_bind",
            "--unique-ids", "--no-compare", "--lang", "en", *more,
        ]  # fmt: skip

    def kill_until_done(self, draw: random.Random, most: int) -> int:
        """Kill at most so many runs, each going on with the one before; how many were."""
        done, more = 0, DAY
        while done < most and not self.out.exists():
            moment = self._killed(draw, more)
            self.kills[moment] += 1
            done += moment != LATE
            # Only a run that has begun a journal has a day that the next one keeps.
            more = ["--resume"] if self._journal.exists() else DAY
        if not self.out.exists():
            self._run("out", *more)
        self._compare()
        return done

    def _killed(self, draw: random.Random, more: Sequence[str]) -> str:
        before, size = self._stood(), self._size()
        left = max(1, self.folder.joinpath("whole.jsonl").stat().st_size - size)
        wanted = size + draw.randrange(1, 2 + left // 6) if draw.random() < ENOUGH else 0
        until = time.monotonic() + draw.uniform(0, self.seconds)
        with subprocess.Popen(
            self.command("out", *more), cwd=self.project, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            while process.poll() is None and not self.out.exists():
                if self._size() > wanted if wanted else time.monotonic() > until:
                    break
                time.sleep(0.001)
            part = self._part.exists()
            process.send_signal(signal.SIGKILL)
        if process.returncode != -signal.SIGKILL:
            return LATE
        if self.out.exists():
            return ENDING
        if not part:
            return BEFORE
        return BETWEEN if self._stood() > 0 or before > 0 else FIRST

    def _compare(self) -> None:
        for ending in ("jsonl", "html"):
            whole, mine = (self.folder / f"{name}.{ending}" for name in ("whole", "out"))
            if not mine.exists() and ending == "html":
                raise DifferError("there is no report")
            expected = whole.read_bytes()
            if mine.read_bytes() != expected:
                raise DifferError(f"{mine} is not {whole}")
            mine.unlink()
        for name in ("part", "journal", "ids"):
            self.folder.joinpath(f"out.jsonl.{name}").unlink(missing_ok=True)

    def _run(self, name: str, *more: str) -> None:
        done = subprocess.run(
            self.command(name, *more), cwd=self.project, env=environment(), check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        said = done.stderr.decode()
        if done.returncode != 1 or f"{self.cases} cases in, {self.cases} results out" not in said:
            raise DifferError(said)

    @property
    def _part(self) -> Path:
        return self.folder / "out.jsonl.part"

    @property
    def _journal(self) -> Path:
        return self.folder / "out.jsonl.journal"

    def _size(self) -> int:
        try:
            return self._part.stat().st_size
        except FileNotFoundError:  # not there yet, or put in place just now
            return 0

    def _stood(self) -> int:
        """How many cases the journal says are answered."""
        try:
            return int(json.loads(self._journal.read_text())["progress"]["cases"])
        except FileNotFoundError:
            return 0


def environment() -> dict[str, str]:
    """Of the surroundings no more than is needed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8"}


def chains(folder: Path, cases: dict[str, int]) -> Iterator[Chain]:
    """A chain of each kind over the small rulesets."""
    compiled()
    project = project_over(RULESETS, folder / "project")
    for mode, count in cases.items():
        own = folder / mode.strip("-")
        own.mkdir()
        yield Chain(project, own, mode, count)


def main(kills: int, seed: int) -> int:
    """Half of the kills on each path; 1 where a byte differs."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for chain in chains(Path(folder), CASES):
            done = runs = 0
            while done < kills // 2:
                try:
                    done += chain.kill_until_done(draw, min(20, kills // 2 - done))
                except DifferError as error:
                    sys.stderr.write(f"{chain.mode}, seed {seed}, run {runs}: {error}\n")
                    return 1
                runs += 1
                sys.stderr.write(f"{chain.mode}: {done} kills, {dict(chain.kills)}\n")
            told = ", ".join(f"{moment} {count}" for moment, count in chain.kills.items())
            sys.stdout.write(f"{chain.mode}: {done} kills in {runs} chains of runs: {told}\n")
    return 0


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    sys.exit(main(*[*numbers, *(200, int(time.time()))[len(numbers) :]]))
