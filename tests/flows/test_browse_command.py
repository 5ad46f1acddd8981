"""`tongbao browse`, and a batch beside the interface: printed, stopped, gone on with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.batch.index import Index, index_of
from engine.batch.resume import stored
from tests.support.demo import AS_OF
from tests.support.folders import RULESETS, project_over
from tests.support.results import cases, written
from tests.support.screen import checker
from tui.browse.browser import command
from tui.browse.session import DONE, FAILED, PAUSED, RUNNING, STOPPED, Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMEOUT = 100


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def out(project: Path) -> Path:
    """Results of the real command, with their index."""
    source = written(project / "cases.jsonl", cases(40))
    done = tongbao(project, "check", source, "-o", project / "out.jsonl", "--index",
                   "--as-of", AS_OF.isoformat(), "--progress-json", "--json-summary")  # fmt: skip
    assert done.returncode == 1
    assert json.loads(done.stderr.splitlines()[-1])["cases"] == 40
    return project / "out.jsonl"


def tongbao(project: Path, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "tui", *map(str, words)], cwd=project, check=False,
        capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT,
        env=kept | {"PYTHONPATH": str(project), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_without_a_terminal_it_prints_a_summary(project: Path, out: Path) -> None:
    made = index_of(out).stat().st_mtime_ns
    done = tongbao(project, "browse", out, "--lang", "en")
    assert done.returncode == 0
    assert done.stderr == b""
    said = done.stdout.decode()
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    wrong = sum("error" in one for one in rows)
    assert f"out.jsonl: 40 cases, {wrong} with errors" in said
    decided = [one["decisions"]["may_bind"]["verdict"] for one in rows if "decisions" in one]
    assert f"No: {decided.count('not_eligible')} (" in said or "not_eligible" not in decided
    assert index_of(out).stat().st_mtime_ns == made
    assert Index(index_of(out), out).cases == (str((project / "cases.jsonl").resolve()),)


def test_a_filter_prints_what_it_keeps(project: Path, out: Path) -> None:
    lines = out.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if b'"error"' in line]
    raw = tongbao(project, "browse", out, "--filter", "error", "--json")
    assert raw.returncode == 0
    assert raw.stdout == b"".join(kept)
    told = tongbao(project, "browse", out, "--filter", "错误", "--lang", "zh").stdout.decode()
    assert f"符合筛选：{len(kept)} 例" in told
    assert len(told.splitlines()) == len(kept) + 1
    bad = tongbao(project, "browse", out, "--filter", "colour=red", "--lang", "en")
    assert bad.returncode == 2
    assert b"colour=red" in bad.stderr


def test_what_is_no_output_is_refused(project: Path, out: Path) -> None:
    done = tongbao(project, "browse", project / "cases.jsonl", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"line 1" in done.stderr
    assert tongbao(project, "browse", project / "nowhere", "--lang", "en").returncode == 2
    assert tongbao(project, "check", project / "cases.jsonl", "--index").returncode == 2


@pytest.fixture
def batch(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Batch]:
    monkeypatch.setenv("PYTHONPATH", str(project))
    monkeypatch.chdir(project)
    made = Batch(checker().library, AS_OF)
    yield made
    made.close()


def until(there: Callable[[], object]) -> None:
    end = time.monotonic() + TIMEOUT
    while not there():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_run_is_paused_stopped_shown_and_gone_on_with(batch: Batch, tmp_path: Path) -> None:
    source, target = written(tmp_path / "cases.jsonl", cases(300) * 80), tmp_path / "out.jsonl"
    batch.start(source, target, topics=("clinic",))
    run = batch.run
    assert run is not None
    assert "--topics clinic" in command(run)
    part = target.with_name("out.jsonl.part")

    def begun() -> bool:
        run.poll()
        assert run.state == RUNNING
        kept = stored(target)
        return bool(run.progress) and kept is not None and kept.output > 0

    until(begun)
    assert run.progress["cases"] > 0
    assert 0 < run.progress["share"] < 1
    run.pause(paused=True)
    assert run.state == PAUSED
    time.sleep(0.2)
    size = part.stat().st_size
    time.sleep(0.3)
    assert part.stat().st_size == size
    run.pause(paused=False)
    assert run.state == RUNNING
    run.pause(paused=True)
    run.stop()
    assert (run.state, run.shown) == (STOPPED, part)
    opened = batch.opened(str(part))
    until(lambda: opened.poll(batch.library) or opened.store is not None)
    until(lambda: opened.poll(batch.library) or opened.building is None)
    assert opened.store is not None
    whole = part.read_bytes().count(b"\n")
    assert len(opened.store) == whole > 0
    assert not index_of(part).exists()
    batch.start(source, target, resume=True)
    again = batch.run
    assert again is not None

    def ended() -> bool:
        again.poll()
        return again.state != RUNNING

    until(ended)
    again.poll()
    assert (again.state, again.shown) == (DONE, target)
    assert again.summary["cases"] == 24_000
    assert Index(index_of(target), target).lines == 24_000


def test_a_run_that_fails_says_why(batch: Batch, tmp_path: Path) -> None:
    source = tmp_path / "cases.jsonl"
    source.write_bytes(b"\xff\xfe{}")
    batch.start(source, tmp_path / "out.jsonl")
    run = batch.run
    assert run is not None
    until(lambda: run.state != RUNNING)
    run.poll()
    assert (run.state, run.shown) == (FAILED, None)
    assert "UTF-16" in " ".join(run.said) + json.dumps(run.summary)
