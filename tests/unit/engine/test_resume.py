"""A run that is killed goes on where it stood, and never with another input or other rules."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.batch.resume import (
    Entry,
    Journal,
    Progress,
    identity,
    journal_of,
    part_of,
    stored,
)
from engine.errors import InputError
from tests.support.folders import ROOT

RUN: dict[str, Any] = {"as_of": "2026-03-01", "rules": "abc", "options": {"topics": None}}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def names(target: Path) -> list[str]:
    return sorted(one.name for one in target.parent.iterdir())


def test_a_run_that_ends_well_leaves_its_output_only(target: Path) -> None:
    with Journal(target, RUN, resume=False, every=4) as journal:
        journal.write(b"one\n")
        assert journal.due()
        assert not target.exists()
        journal.checkpoint(Progress(cases=1))
        assert not journal.due()
        journal.wait()
        assert names(target) == ["out.jsonl.ids", "out.jsonl.journal", "out.jsonl.part"]
        journal.write(b"two\n")
        assert journal.changed() == []
        journal.finish()
    assert target.read_bytes() == b"one\ntwo\n"
    assert names(target) == ["out.jsonl"]
    umask = os.umask(0)
    os.umask(umask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~umask


def test_an_output_that_was_there_keeps_its_permissions_and_stays_until_the_end(
    target: Path,
) -> None:
    target.write_text("before")
    target.chmod(0o640)
    with Journal(target, RUN, resume=False) as journal:
        journal.write(b"after\n")
        assert target.read_text() == "before"
        assert part_of(target).stat().st_mode & 0o077 == 0
        journal.finish()
    assert target.read_text() == "after\n"
    assert target.stat().st_mode & 0o777 == 0o640


def interrupted(target: Path, run: dict[str, Any] = RUN) -> None:
    """A run that was stopped after its first checkpoint."""
    with contextlib.suppress(KeyboardInterrupt), Journal(target, run, resume=False) as journal:
        journal.write(b"one\n")
        journal.checkpoint(Progress(0, 10, 1, 1, {"seen": 1}))
        journal.write(b"two\nthr")
        raise KeyboardInterrupt


def test_a_run_goes_on_behind_its_last_checkpoint(target: Path) -> None:
    interrupted(target)
    assert part_of(target).read_bytes() == b"one\n"
    assert not target.exists()
    entry = stored(target)
    assert entry is not None
    assert (entry.run, entry.output) == (RUN, 4)
    with Journal(target, RUN, resume=True) as journal:
        assert journal.resumed
        assert journal.progress == Progress(0, 10, 1, 1, {"seen": 1})
        journal.write(b"2\n")
        journal.finish()
    assert target.read_bytes() == b"one\n2\n"
    assert names(target) == ["out.jsonl"]


def test_without_resume_a_run_starts_afresh(target: Path) -> None:
    interrupted(target)
    with Journal(target, RUN, resume=False) as journal:
        assert (journal.resumed, journal.progress) == (False, Progress())
        journal.write(b"x\n")
        journal.finish()
    assert target.read_bytes() == b"x\n"


def test_with_nothing_to_resume_a_run_starts_afresh(target: Path) -> None:
    assert stored(target) is None
    with Journal(target, RUN, resume=True) as journal:
        assert not journal.resumed
        journal.write(b"x\n")
        journal.finish()
    assert target.read_bytes() == b"x\n"


def test_what_stopped_before_a_checkpoint_leaves_nothing(target: Path) -> None:
    with contextlib.suppress(OSError), Journal(target, RUN, resume=False) as journal:
        journal.write(b"x\n")
        raise OSError("full")
    assert names(target) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"as_of": "2026-03-02"}, "as_of was 2026-03-01 and is 2026-03-02"),
        ({"rules": "abd"}, "rules was abc and is abd"),
        ({"options": {"topics": ["filing"]}}, "options differ"),
        ({"inputs": []}, "the input is another"),
    ],
)
def test_another_run_is_refused_and_nothing_is_lost(
    target: Path, other: dict[str, Any], told: str
) -> None:
    interrupted(target)
    with pytest.raises(InputError, match=told):
        Journal(target, RUN | other, resume=True)
    with pytest.raises(InputError, match="cannot resume"):
        Journal(target, {}, resume=True)
    assert part_of(target).read_bytes() == b"one\n"
    with Journal(target, RUN, resume=True) as journal:
        assert journal.resumed


@pytest.mark.parametrize("text", ["", "{", "[]", '{"form": 1}', '{"form": 2}', "null"])
def test_a_journal_that_is_none_is_refused(target: Path, text: str) -> None:
    interrupted(target)
    journal_of(target).write_text(text)
    with pytest.raises(InputError, match="--resume"):
        Journal(target, RUN, resume=True)


def test_a_part_that_is_too_short_is_refused(target: Path) -> None:
    interrupted(target)
    part_of(target).write_bytes(b"on")
    with pytest.raises(InputError, match="shorter"):
        Journal(target, RUN, resume=True)


def test_a_kill_between_the_last_two_steps_is_told(target: Path) -> None:
    interrupted(target)
    part_of(target).replace(target)
    with pytest.raises(InputError, match="nothing to resume"):
        Journal(target, RUN, resume=True)
    assert target.read_bytes() == b"one\n"


def test_two_runs_never_write_to_one_output(target: Path) -> None:
    with Journal(target, RUN, resume=False) as journal:
        journal.write(b"one\n")
        for resume in (False, True):
            with pytest.raises(InputError, match="another run"):
                Journal(target, RUN, resume=resume)
        journal.finish()
    assert target.read_bytes() == b"one\n"


def test_inputs_are_told_from_others(tmp_path: Path, target: Path) -> None:
    one = tmp_path / "cases.jsonl"
    one.write_text("{}\n")
    before = identity([str(one)])
    assert before == identity([str(one)])
    with Journal(target, {**RUN, "inputs": before}, resume=False) as journal:
        one.write_text("{}\n{}\n")
        (told,) = journal.changed()
        assert "has changed while it was read" in told
    assert identity([str(one)]) != before
    one.write_text("[]\n")
    os.utime(one, ns=(0, before[0]["changed"]))
    assert identity([str(one)]) != before
    for name in ("/dev/null", "/nonexistent", str(tmp_path)):
        with pytest.raises(InputError):
            identity([name])


WRITER = """
import sys
from pathlib import Path
from engine.batch.resume import Journal, Progress
with Journal(Path(sys.argv[1]), {"n": 1}, resume=True, every=20_000) as journal:
    print("started", flush=True)
    for case in range(journal.progress.cases, 40_000):
        journal.write(b"%d %s\\n" % (case, b"x" * (case % 13)))
        if journal.due():
            journal.checkpoint(Progress(cases=case + 1))
    journal.finish()
"""


def test_kills_at_any_moment_change_no_byte(target: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(target)]
    kills, draw = 0, random.Random(8)
    for _ in range(60):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(draw.uniform(0, 0.08))
            process.send_signal(signal.SIGKILL)
            process.wait()
        if target.exists():
            break
        kills += 1
        entry = stored(target)
        assert entry is None or isinstance(entry, Entry)
    else:
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert kills
    subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    expected = b"".join(b"%d %s\n" % (case, b"x" * (case % 13)) for case in range(40_000))
    assert target.read_bytes() == expected
