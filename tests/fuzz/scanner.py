"""Feeds the scanner mangled lines under the sanitizers: python -m tests.fuzz.scanner [SECONDS].

Random lines are written right and wrong, then bytes of them are flipped, cut and doubled. The
address and undefined-behaviour sanitizers watch; in most rounds the exact path decides as well and
must write the same bytes. Each round a few random axes are asked for open cells too.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from engine.batch import build, scanner
from engine.batch.pipeline import run_brief
from engine.checker import Checker
from tests.support.axes import open_cells_differ, random_axis
from tests.support.hostile_lines import Lines, days, right, wrong

DAY = date(2026, 1, 5)
NAMES = ("may_bind", "available", "filing_required")
LINES, MANY = 1_500, 20_000
ALONE = 6
"""One round in so many is decided by the scanner alone, and has many lines."""
AXES, CASES = 20, 20


def main(seconds: float) -> int:
    """Compile, then start again with the sanitizers loaded first."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "scanner.so"
        options = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
        failure = build.compile_to(target, *options)
        if failure:
            sys.stderr.write(f"{failure}\n")
            return 2
        command = ["gcc", "-print-file-name=libasan.so"]
        asan = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        return subprocess.run(
            [sys.executable, "-m", "tests.fuzz.scanner", str(seconds), str(target)],
            env={**os.environ, "LD_PRELOAD": asan, "ASAN_OPTIONS": "detect_leaks=0",
                 "PYTHONMALLOC": "malloc"},
            check=False,
        ).returncode  # fmt: skip


def mangled(data: bytes, pick: random.Random) -> bytes:
    """The lines with a few bytes changed."""
    out = bytearray(data)
    for _ in range(max(1, len(out) // 2000)):
        at = pick.randrange(len(out))
        what = pick.randrange(4)
        if what == 0:
            out[at] = pick.randrange(256)
        elif what == 1:
            del out[at : at + pick.randrange(12)]
        elif what == 2:
            out[at:at] = out[at : at + pick.randrange(40)]
        else:
            out[at:at] = pick.choice((b'"', b"\\", b"{", b"\xe7\xab", b"\n", b"9" * 30, b"\x00"))
    return bytes(out)


def fuzz(seconds: float, path: str) -> int:
    """Rounds until the time is up; 1 where the two paths differ."""
    library = scanner.load(path)
    assert library is not None
    scanner.library = lambda: library  # type: ignore[assignment]  # the watched one
    checker = Checker.load(compare=False)
    seed = int(time.time())
    pick, lines = random.Random(seed), Lines(checker.library, seed)
    single = [*right(checker.library), *wrong(checker.library), *days(checker.library)]
    until, rounds, count = time.monotonic() + seconds, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        cases = Path(folder) / "cases.jsonl"
        while time.monotonic() < until:
            alone = rounds % ALONE == ALONE - 1
            data = lines.text(MANY if alone else LINES, pick.choice((0.0, 0.02, 0.2)))
            data += b"\n".join(pick.sample(single, LINES // 3)) + b"\n"
            data = b"{}\n" + (mangled(data, pick) if pick.random() < 0.8 else data)
            cases.write_bytes(data)
            found = []
            for compiled in (True,) if alone else (True, False):
                out = bytearray()
                run_brief(
                    checker, [str(cases)], out.extend, DAY,
                    None, NAMES, compiled=compiled, jobs=pick.choice((1, 1, 2)),
                    chunk=pick.choice((3000, 20_000, 1 << 20)),
                )  # fmt: skip
                found.append(bytes(out))
            if len(set(found)) > 1:
                Path("differs.jsonl").write_bytes(data)
                sys.stderr.write(f"seed {seed}, round {rounds}: see differs.jsonl\n")
                return 1
            axes = [random_axis(pick) for _ in range(AXES)]
            differing = open_cells_differ(checker, axes, pick, CASES)
            if differing:
                sys.stderr.write(f"seed {seed}, round {rounds}: {differing}\n")
                return 1
            rounds, count = rounds + 1, count + found[0].count(b"\n")
    sys.stdout.write(f"{rounds} rounds, {count} lines, seed {seed}: nothing found\n")
    return 0


if __name__ == "__main__":
    span = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    sys.exit(fuzz(span, sys.argv[2]) if len(sys.argv) > 2 else main(span))
