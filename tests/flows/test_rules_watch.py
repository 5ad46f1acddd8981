"""`rules watch` as a process of its own: a save is told of, and it ends as it should."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import run
from tests.support.folders import ROOT
from tui import exit_codes

GOOD = ROOT / "tests" / "rulesets" / "good"
CITY = "clinic/440300-shenzhen.yaml"
COMMAND = [sys.executable, "-m", "tui", "rules", "--rulesets"]


@pytest.fixture
def rulesets(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "rulesets"))


def edit(rulesets: Path, before: str, after: str) -> None:
    """Save as editors do: another file is put in its place."""
    text = (rulesets / CITY).read_text("utf-8")
    assert before in text
    beside = rulesets / "saved"
    beside.write_text(text.replace(before, after, 1), "utf-8")
    beside.replace(rulesets / CITY)


def started(rulesets: Path, *words: str, out: int = subprocess.PIPE) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, str(rulesets), "watch", *words], cwd=ROOT, stdout=out, stderr=subprocess.PIPE,
        text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture
def watching(rulesets: Path) -> Iterator[subprocess.Popen[str]]:
    edit(rulesets, "emergency: false}", "emergency: false, bill_yuan: 20.50}")
    process = started(rulesets, "clinic", "--json")
    with process:
        yield process
        process.kill()


def told(process: subprocess.Popen[str], after: int = 0, *, done: bool = False) -> dict[str, Any]:
    """The next look after one of that number; with `done` once nothing of it is pending."""
    assert process.stdout is not None
    while True:
        found: dict[str, Any] = json.loads(process.stdout.readline())
        if found["number"] > after and not (done and found["pending"]):
            return found


def test_each_save_is_told_of(rulesets: Path, watching: subprocess.Popen[str]) -> None:
    first = told(watching, done=True)
    assert (first["number"], first["well"], first["changed"]) == (1, True, [])
    edit(rulesets, "needed: [card]", "needed: [card, invoice]")
    wrong = told(watching)
    assert (wrong["number"], wrong["changed"], wrong["well"]) == (2, [CITY], False)
    (failing,) = wrong["failing"]
    assert (failing["example"], failing["got"]) == ("sz_no_filing", ["card"])
    assert failing["case"]["bill_yuan"] == 20.5
    edit(rulesets, "in_force", "in_froce")
    broken = told(watching, after=wrong["number"])
    assert {(one["file"], one["message"]) for one in broken["faults"]} >= {
        (CITY, "unknown key `in_froce`")
    }
    shutil.copy2(GOOD / CITY, rulesets / CITY)
    mended = told(watching, after=broken["number"], done=True)
    assert (mended["well"], mended["faults"], mended["failing"]) == (True, [], [])
    watching.send_signal(signal.SIGTERM)
    assert (watching.wait(), watching.stderr and watching.stderr.read()) == (
        exit_codes.TERMINATED, "",
    )  # fmt: skip


def test_it_ends_when_nobody_reads_any_more(watching: subprocess.Popen[str]) -> None:
    told(watching, done=True)
    assert watching.stdout is not None
    watching.stdout.close()
    assert watching.wait() == exit_codes.USAGE
    assert (watching.stderr.read() if watching.stderr else "") == ""


def once(rulesets: Path, *words: str) -> tuple[int, str, str]:
    found = run(["rules", "--rulesets", str(rulesets), "watch", "--once", *words], "")
    return found["code"], found["stdout"], found["stderr"]


def test_one_look_ends_as_a_verification_does(rulesets: Path) -> None:
    code, out, err = once(rulesets, "--lang", "en")
    assert (code, err) == (exit_codes.DONE, "")
    assert "All is well. Nothing is left to work out." in out
    edit(rulesets, "needed: [card]", "needed: [card, invoice]")
    code, out, _ = once(rulesets, "--lang", "en")
    assert code == exit_codes.BROKEN_RULESET
    assert f"{CITY}:40: sz_no_filing, papers.needed" in out
    assert "decided by: cn_card" in out
    edit(rulesets, "value: 16", "value: \u202e16\x1b[2J")
    code, out, _ = once(rulesets, "clinic")
    assert (code, "\x1b" in out, "\u202e" in out) == (exit_codes.BROKEN_RULESET, False, False)


def test_a_topic_that_is_not_there_is_told(rulesets: Path) -> None:
    code, out, err = once(rulesets, "clinik", "--lang", "en")
    assert (code, out) == (exit_codes.USAGE, "")
    assert "clinik" in err


def test_a_terminal_shows_the_board_in_place_of_the_one_before(rulesets: Path) -> None:
    ours, theirs = pty.openpty()
    with started(rulesets, "clinic", "--lang", "en", out=theirs) as process:
        os.close(theirs)
        seen = b""
        while b"Nothing is left" not in seen:
            seen += os.read(ours, 4096)
        assert seen.startswith(b"\x1b[H\x1b[2J\x1b[3J")
        assert b"may_visit" in seen
        process.send_signal(signal.SIGINT)
        assert process.wait() == exit_codes.INTERRUPTED
        assert "Traceback" not in (process.stderr.read() if process.stderr else "")
    os.close(ours)
