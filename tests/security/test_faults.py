"""What the world does to a run: streams closed or full, no home, no memory, no clock to trust.

Kills, cut inputs and full disks of the batch check are in tests/flows/test_check_surroundings.py.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support.compiled import compiled
from tests.support.folders import RULESETS, project_over

CASE = (
    b'{"id": "c", "region": "440300", "institution_kind": "centre", "birth_date": "2018-01-20"}\n'
)
DAY = ("--as-of", "2026-03-01", "--lang", "en")
TIMEOUT = 60
MEMORY = 2 << 30
STREAMS = ("stdin", "stdout", "stderr")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiled()
    folder = project_over(RULESETS, tmp_path_factory.mktemp("project"))
    (folder / "cases.jsonl").write_bytes(CASE * 3)
    return folder


def tongbao(
    project: Path, *args: str | Path, closed: int | None = None, **how: Any
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a run; `closed` is a stream that it starts without."""
    command = [sys.executable, "-m", "tui", *map(str, args)]
    if closed is not None:
        command = ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *command]
    # HOME is one in which nothing can be made; nothing says in what language or encoding.
    env = {"PATH": os.environ["PATH"], "HOME": "/proc"}
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    if "input" in how:
        del given["stdin"]
    done: Any = subprocess.run(
        command, cwd=project, env=env, timeout=TIMEOUT, check=False,
        **given | how,
    )  # fmt: skip
    said = (done.stderr or b"").decode()
    assert "Traceback" not in said, said
    assert "internal error" not in said, said
    return done.returncode, (done.stdout or b"").decode(), said


@pytest.mark.parametrize(
    ("args", "closed", "code", "words"),
    [
        (("check", "cases.jsonl", "--outcomes", *DAY), 1, 2, "standard output is closed"),
        (("check", "-", *DAY), 0, 2, "standard input is closed"),
        (("explain", "nothing", *DAY), 2, 2, ""),
        (("schema", "ruleset"), 1, 2, "standard output is closed"),
        (DAY, 0, 2, "--plain"),
        (("--plain", *DAY), 0, 130, ""),
    ],
)
def test_a_closed_stream_has_its_exit_code(
    project: Path, args: tuple[str, ...], closed: int, code: int, words: str
) -> None:
    found, _, said = tongbao(project, *args, closed=closed)
    assert (found, words in said) == (code, True), said


@pytest.mark.parametrize("args", [("schema", "ruleset"), ("--help",)])
def test_a_full_device_and_a_reader_who_left_are_no_crash(
    project: Path, args: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("wb") as full:
        code, _, said = tongbao(project, *args, stdout=full)
    assert (code, "cannot write standard output" in said) == (2, True)
    out, in_ = os.pipe()
    os.close(out)
    code, _, said = tongbao(project, *args, stdout=in_)
    os.close(in_)
    assert (code, said) == (2, "")


@pytest.mark.parametrize("args", [("check", "--jobs", "2"), ("explain",)])
def test_two_gigabytes_are_enough(project: Path, args: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    # The line in the middle is far longer than a case may be.
    with path.open("wb") as stream:
        stream.writelines([CASE, *[b"x" * (1 << 20)] * 48, b"\n", CASE])

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    code, out, _ = tongbao(project, *args, path, *DAY, preexec_fn=limit)
    assert code == 1
    assert "longer than" in out


def test_too_little_memory_is_said(project: Path) -> None:
    limited = (
        "from tui import cli\ndef short(**_): raise MemoryError\ncli.cli.main = short; cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited], cwd=project, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        70, b"tongbao: out of memory: fewer --jobs take less\n",
    )  # fmt: skip


def test_a_producer_that_dies_costs_only_its_last_case(project: Path) -> None:
    for way in ((), ("--outcomes",)):
        code, out, _ = tongbao(project, "check", "-", *way, *DAY, input=CASE * 2 + CASE[:40])
        assert (code, out.count("\n"), out.count('"not_json"')) == (1, 3, 1)


def test_a_pipe_by_name_is_read_once(project: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "cases"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(CASE * 4,))
    writer.start()
    code, out, _ = tongbao(project, "check", pipe, "--outcomes", *DAY)
    writer.join()
    assert (code, out.count("\n")) == (0, 4)
    # One that nobody writes to is waited for, and the wait can be ended.
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "check", str(pipe), *DAY],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        held = _held_open(pipe)
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 143
        os.close(held)


def _held_open(pipe: Path) -> int:
    """A pipe opened for writing as soon as somebody reads from it."""
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        with suppress(OSError):
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.01)
    raise AssertionError("nobody reads")


def test_what_is_no_file_is_named(project: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    link = tmp_path / "link.jsonl"
    link.symlink_to(project / "cases.jsonl")
    code, out, said = tongbao(project, "check", loop, tmp_path, link, "--outcomes", *DAY)
    assert (code, out.count("\n")) == (2, 3)
    assert "Too many levels of symbolic links" in said
    assert "Is a directory" in said


def test_without_a_home_or_a_language_it_asks_all_the_same(project: Path) -> None:
    code, out, said = tongbao(project, "--plain", "--as-of", "2026-03-01", input=b"1\nq\n")
    assert code == 0, said
    assert "2026-03-01" in out


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_of_two_runs_on_one_output_none_mixes(project: Path, tmp_path: Path, name: str) -> None:
    """Lines are refused to the second run; of two tables the last whole one stays."""
    path, folder = tmp_path / "cases.jsonl", tmp_path / "out"
    path.write_bytes(CASE * 6_000)
    folder.mkdir()
    out = folder / name
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "check", str(path), "-o", str(out), *DAY],
        cwd=project, stderr=subprocess.DEVNULL,
    ) as first:  # fmt: skip
        while not any(folder.iterdir()):
            assert first.poll() is None
            time.sleep(0.002)
        first.send_signal(signal.SIGSTOP)
        code, _, said = tongbao(project, "check", "cases.jsonl", "-o", out, *DAY)
        first.send_signal(signal.SIGCONT)
        if name == "out.jsonl":
            assert (code, "another run is writing to" in said) == (2, True)
        else:
            assert (code, len(out.read_bytes().splitlines())) == (0, 4)
        assert first.wait(TIMEOUT) == 0
    assert len(out.read_bytes().splitlines()) == 6_000 + (name == "out.csv")
    assert [one.name for one in folder.iterdir()] == [name]


def test_a_clock_that_goes_backwards_changes_no_answer(project: Path, tmp_path: Path) -> None:
    """A run counts from one day, and one that is resumed from the day it began with."""
    path, out = tmp_path / "cases.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(CASE * 3)
    ahead = 4_000_000_000
    os.utime(path, (ahead, ahead))
    code, _, said = tongbao(project, "check", path, "-o", out, *DAY)
    assert (code, "changed" in said) == (0, False)
    assert out.read_bytes().count(b'"as_of": "2026-03-01"') == 3
