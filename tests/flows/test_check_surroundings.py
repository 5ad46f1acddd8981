"""The batch command where the world fails it: killed, disk full, inputs that grow or break off."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.kills import BRIEF, FULL, LATE, chains, environment, write_cases
from tests.support.compiled import compiled
from tests.support.folders import RULESETS, project_over

pytestmark = pytest.mark.slow
CASE = {"region": "440300", "institution_kind": "centre", "birth_date": "2018-01-20"}
WAYS: tuple[list[str], ...] = ([], ["--outcomes"])
DAY = ["--as-of", "2026-03-01"]
TIMEOUT = 100
KILLS = 20


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiled()
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "tui", "check", *map(str, args), *DAY, "--lang", "en"]


def check(project: Path, *args: str | Path, **how: Any) -> tuple[int, list[Any], str]:
    done = subprocess.run(
        # Python would keep modules cut off where files may not be long.
        command(*args), cwd=project, env={**environment(), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, timeout=TIMEOUT, check=False, **how,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert "internal error" not in said, said
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], said


def lines(count: int, first: int = 0) -> bytes:
    return b"".join(
        json.dumps({"id": f"c{at}", **CASE}).encode() + b"\n" for at in range(first, first + count)
    )


@pytest.mark.parametrize(("mode", "cases"), [(FULL, 6_000), (BRIEF, 500_000)])
def test_kills_at_any_moment_change_no_byte(tmp_path: Path, mode: str, cases: int) -> None:
    (chain,) = chains(tmp_path, {mode: cases})
    draw, kills = random.Random(5), 0
    while kills < KILLS // 2:
        kills += chain.kill_until_done(draw, KILLS // 2 - kills)
    interrupted = {moment: n for moment, n in chain.kills.items() if moment != LATE}
    assert sum(interrupted.values()) == kills == KILLS // 2


@pytest.mark.parametrize("how", WAYS)
def test_a_full_disk_is_told_and_leaves_nothing_half(
    project: Path, tmp_path: Path, how: list[str]
) -> None:
    path, folder = tmp_path / "cases.jsonl", tmp_path / "out"
    path.write_bytes(lines(800))
    folder.mkdir()
    there = folder / "there"
    there.write_text("before")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    code, _, said = check(project, path, "-o", there, *how, preexec_fn=limit)
    assert code == 2
    assert f"tongbao: cannot write {there}: File too large" in said
    assert there.read_text() == "before"
    left = {one.name for one in folder.iterdir()}
    assert left in ({"there"}, {"there", "there.part", "there.journal", "there.ids"})
    # With room again it is all there.
    code, _, said = check(project, path, "-o", there, *how, "--resume")
    assert (code, len(there.read_bytes().splitlines())) == (0, 800)
    assert [one.name for one in folder.iterdir()] == ["there"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(path, *how), cwd=project, env=environment(), stdout=full,
            stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert b"cannot write standard output: No space left on device" in done.stderr


@pytest.mark.parametrize("how", WAYS)
def test_an_output_that_cannot_be(project: Path, tmp_path: Path, how: list[str]) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(lines(1))
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    # Whoever may write anywhere may not below /proc.
    for target in (tmp_path, path / "out", locked / "out" if os.geteuid() else Path("/proc/out")):
        code, results, said = check(project, path, *how, "-o", target)
        assert (code, results) == (2, []), target
        assert said.strip()


@pytest.mark.parametrize("how", WAYS)
def test_an_input_that_breaks_off_is_answered_up_to_there(
    project: Path, tmp_path: Path, how: list[str]
) -> None:
    packed, plain, out = tmp_path / "packed", tmp_path / "plain", tmp_path / "out"
    packed.write_bytes(gzip.compress(lines(400))[:-9])
    plain.write_bytes(lines(20) + b'{"id": "half')
    code, _, said = check(project, packed, plain, *how, "-o", out)
    results = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert code == 2
    assert said.count(f"{packed} breaks off after line") == 1
    assert len(results) > 300
    ids = [one["id"] for one in results]
    for first, last in ((0, len(ids) - 21), (len(ids) - 21, len(ids) - 1)):
        assert ids[first:last] == [f"c{at}" for at in range(last - first)]
    assert [one["error"]["code"] for one in results if "error" in one] == ["not_json"]
    piped = check(project, plain, "-", *how, input=packed.read_bytes())
    assert piped[0] == 2
    assert "standard input breaks off after line" in piped[2]
    assert piped[1] == [*results[-21:], *results[:-21]]


@pytest.mark.parametrize("how", WAYS)
def test_an_input_that_grows_while_it_is_read(
    project: Path, tmp_path: Path, how: list[str]
) -> None:
    path, out = tmp_path / "cases", tmp_path / "out"
    path.write_bytes(lines(500))
    ended = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as stream:
            while not out.with_name("out.part").exists() and not ended.wait(0.001):
                pass
            for at in range(500, 800):
                if ended.is_set():
                    return
                text = lines(1, at)
                stream.write(text[:25])
                time.sleep(0.0005)
                stream.write(text[25:])

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        code, _, said = check(project, path, *how, "-o", out)
    finally:
        ended.set()
        writer.join()
    results = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert len(results) >= 500
    assert f"{len(results)} cases in, {len(results)} results out" in said
    # Only the last line may have been read before it was whole.
    wrong = [at for at, one in enumerate(results) if "error" in one]
    assert wrong in ([], [len(results) - 1])
    whole = results[: len(results) - len(wrong)]
    assert [one["id"] for one in whole] == [f"c{at}" for at in range(len(whole))]
    assert ("has changed while it was read" in said) == (code == 2)
    assert code == 2 or len(results) == 500


def test_a_resumed_run_reads_no_case_again(project: Path, tmp_path: Path) -> None:
    path, journal = tmp_path / "cases.jsonl", tmp_path / "out.jsonl.journal"
    count = 2_000
    while not _killed_between(project, path, journal, count):
        count *= 4  # it was done before it was killed
    answered = json.loads(journal.read_text())["progress"]
    assert 0 < answered["cases"] < count
    text = path.read_bytes()
    assert text[: answered["offset"]].count(b"\n") == answered["line"] == answered["cases"]
    assert text[answered["offset"] - 1 : answered["offset"]] == b"\n"


def _killed_between(project: Path, path: Path, journal: Path, count: int) -> bool:
    """Whether a run over so many cases could be killed after a checkpoint and before its end."""
    write_cases(path, FULL, count)
    out = journal.with_suffix("")
    out.unlink(missing_ok=True)
    with subprocess.Popen(
        command(path, "-o", out, "--decisions", "may_bind"), cwd=project, env=environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        while process.poll() is None and not (journal.exists() and _cases(journal)):
            time.sleep(0.002)
        process.kill()
    return not out.exists()


def _cases(journal: Path) -> int:
    return int(json.loads(journal.read_text())["progress"]["cases"])
