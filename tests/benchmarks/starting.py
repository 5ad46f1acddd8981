"""Measures how long it takes to start, and what it takes: `python -m tests.benchmarks.starting`.

Each start is a process of its own, beside peers of the same round; medians of seven rounds. CPU is
user and system time together. A first round is not counted: it warms the disk.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tui.locale import Locale

ROUNDS = 7
ROOT = Path(__file__).parents[2]
TUI = (sys.executable, "-m", "tui")
SIZE = 30, 100
PLACES = [
    "440300", "110000", "310000", "120000", "320500",
    "370200", "320200", "440100", "441900", "330100",
]  # fmt: skip
DECISIONS = "may_bind,available,filing_required"
SETTLING = 0.5
_WAIT = 60.0


class Cost(NamedTuple):
    """What a start took: seconds on the wall, seconds of CPU, MB at its largest, MB at rest."""

    wall: float
    cpu: float
    peak: float
    rest: float | None = None


def finished(command: tuple[str, ...]) -> Cost:
    """What a command takes from start to end."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    wall = time.perf_counter() - start
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def painted(command: tuple[str, ...]) -> Cost:
    """What the terminal UI takes until its first page is there, and what it holds when idle."""
    wanted = Locale("en")("app.title").encode()
    start = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", COLUMNS="", LINES="")
        os.execv(command[0], (*command, "--lang", "en"))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    try:
        _drain(terminal, lambda seen: wanted in seen, _WAIT)
        wall, cpu = time.perf_counter() - start, _cpu(child)
        _drain(terminal, lambda _: False, SETTLING)
        rest = _resident(child)
    finally:
        os.kill(child, signal.SIGTERM)
        _drain(terminal, lambda _: False, SETTLING)
        _, _, used = os.wait4(child, 0)
        os.close(terminal)
    return Cost(wall, cpu, used.ru_maxrss / 1024, rest)


def _drain(terminal: int, done: Callable[[bytes], bool], seconds: float) -> None:
    """Read what is drawn until `done` with it, or for so many seconds."""
    seen, until = b"", time.monotonic() + seconds
    while not done(seen) and (left := until - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                read = os.read(terminal, 1 << 16)
            except OSError:  # the other side has closed
                return
            seen += read


def _cpu(process: int) -> float:
    """User and system time of a process that runs."""
    after_name = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> float:
    """MB of a process that runs."""
    pages = int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measures(folder: Path) -> dict[str, Callable[[], Cost]]:
    """What is measured, by the words of its line."""
    one, ten = folder / "one.jsonl", folder / "ten.jsonl"
    case = (ROOT / "docs" / "cases.jsonl").read_text("utf-8").partition("\n")[0]
    one.write_text(case + "\n", "utf-8")
    cases = ({**json.loads(case), "id": code, "region": code, "payer_region": code,
              "care_region": PLACES[0]} for code in PLACES)  # fmt: skip
    ten.write_text("".join(json.dumps(each) + "\n" for each in cases), "utf-8")

    def ends(*command: str) -> Callable[[], Cost]:
        return lambda: finished(command)

    return {
        "python -c pass": ends(sys.executable, "-c", "pass"),
        "tongbao --version": ends(*TUI, "--version"),
        "tongbao --help": ends(*TUI, "--help"),
        "python -c 'import numpy, pydantic'": ends(
            sys.executable, "-c", "import numpy, pydantic.main"
        ),
        "tongbao check: one case, one topic": ends(*TUI, "check", str(one)),
        "tongbao check --outcomes: the same": ends(
            *TUI, "check", "--outcomes", "--topics", "hospital_binding", str(one)
        ),
        "three decisions in ten places": ends(
            *TUI, "check", "--outcomes", "--decisions", DECISIONS, str(ten)
        ),
        "python -c 'import textual.app'": ends(sys.executable, "-c", "import textual.app"),
        "tongbao: first paint": lambda: painted(TUI),
    }


def main() -> None:
    """Measure, and print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = measures(Path(folder))
        found: dict[str, list[Cost]] = {name: [] for name in wanted}
        for number in range(ROUNDS + 1):
            for name, measure in wanted.items():
                cost = measure()
                if number:
                    found[name].append(cost)
    say(f"{'':<38}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'idle MB':>9}")
    for name, costs in found.items():
        wall, cpu = median(one.wall for one in costs), median(one.cpu for one in costs)
        peak = median(one.peak for one in costs)
        rests = [one.rest for one in costs if one.rest is not None]
        rest = f"{median(rests):>9.0f}" if rests else ""
        say(f"{name:<38}{wall:>8.2f}{cpu:>8.2f}{peak:>9.0f}{rest}")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
