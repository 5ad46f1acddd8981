"""The command `tongbao --plain` over pipes and a terminal: streams, signals, encodings, goldens."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.checker import Checker
from tests.support import loaded
from tests.support.folders import ROOT, RULESETS, project_over
from tests.support.hostile import HOSTILE
from tests.support.plain import answered, begun, told

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.slow
GOLDEN = ROOT / "tests" / "golden" / "plain"
TIMEOUT = 60
DAY = ("--as-of", "2026-03-01")
TO_RESULT = ("1", "1", "1", "2012-03-02", "2", "3", "1", "1200", "")
# A menu, a date, a number: the last line may lack its end.
UNENDED = (1, 4, 8)
# What somebody knows, for one walk a topic; what they do not know is answered so.
WALKS: dict[str, dict[str, object]] = {
    "hospital_binding": {
        "region": "440300", "scheme": "resident", "birth_date": "2012-03-20", "in_city": True,
        "institution_kind": "general_hospital", "institution_level": 2, "bound_community": 0,
        "bound_hospital": 0, "changes_this_year": 0, "visit_kind": "ordinary_outpatient",
    },
    "family_mutual_aid": {
        "payer_region": "110000", "region": "440300", "relation": "grandparent",
        "payer_has_account": True, "authorised": False, "patient_enrolled": True,
        "payer_balance_yuan": "800", "bill_yuan": "120.50", "wallet_open": True,
        "expense_kind": "hospital_self_pay",
    },
    "filing": {
        "region": "440300", "care_region": "310000", "stay_kind": "temporary", "emergency": False,
        "referral": False, "filed": "not_filed", "care_kind": "inpatient", "discharged": True,
        "visit_date": "2026-02-10", "discharge_date": "2026-02-16", "used_own_card": False,
        "receipt_date": "2026-02-16", "third_party_injury": "no_injury", "item_listing": "in_list",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program over the small rulesets: it starts fast, and may be broken."""
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


def environment(**extra: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "TERM": "dumb", "PYTHONDEVMODE": "1", **extra}


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "tui", "--plain", "--no-save", *DAY, *args]


def plain(
    folder: Path, typed: Sequence[str] | bytes, *args: str, env: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """The exit code and what was said on stdout and stderr."""
    given = typed if isinstance(typed, bytes) else "".join(f"{one}\n" for one in typed).encode()
    done = subprocess.run(
        command(*args), cwd=folder, input=given, env=env or environment(), capture_output=True,
        timeout=TIMEOUT, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", done.stdout)
    assert done.stdout.endswith(b"\n")
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@cache
def checker() -> Checker:
    return loaded.checker()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("topic", WALKS)
def test_golden(topic: str, lang: str) -> None:
    """The transcript equals its golden; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    library = checker().library
    first, *rest = told(checker(), topic, date.fromisoformat(DAY[1]), WALKS[topic])
    typed = [*begun(library, topic), "w", "?", answered(library, *first)]
    typed += [answered(library, *one) for one in rest]
    code, said, err = plain(ROOT, [*typed, "", "q"], "--lang", lang)
    assert (code, err) == (0, "")
    path = GOLDEN / f"{topic}.{lang}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_goldens_are_there() -> None:
    assert set(WALKS) <= set(checker().library.topics)
    expected = {f"{topic}.{lang}.txt" for topic in WALKS for lang in ("zh", "en")}
    assert {path.name for path in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize("count", range(len(TO_RESULT) + 2))
def test_no_more_input_ends_it_at_every_prompt(project: Path, count: int) -> None:
    typed = (*TO_RESULT, "n")[:count]
    code, said, err = plain(project, typed)
    assert (code, err) == (130, "")
    assert said.endswith("退出：\n")
    if count in UNENDED:
        # A last line that nobody ended counts as a line.
        assert plain(project, "\n".join(typed).encode()) == (130, said, "")


def test_it_says_nothing_before_and_quits_with_nought(project: Path) -> None:
    code, said, err = plain(project, [*TO_RESULT, "q"])
    assert (code, err) == (0, "")
    assert said.startswith("童保")
    assert "1.1 不可以，依据：官方\n" in said


def test_hostile_lines_are_harmless(project: Path) -> None:
    hostile = [one.replace("\n", " ").encode("utf-8", "surrogatepass") for one in HOSTILE]
    raw = [b"\xff\xfe", b"\x00", b"\x1b[2J", b"\xed\xa0\x80", b"x" * 100_000, *hostile]
    for way in (TO_RESULT[:2], TO_RESULT[:3], TO_RESULT[:7], TO_RESULT[:8], TO_RESULT):
        lines = [one.encode() for one in way]
        code, said, err = plain(project, b"\n".join([*lines, *raw, b"q", b""]))
        assert (code, err) == (0, ""), said[-500:]
        assert not re.search("[\x7f-\x9f\u202e\u2066\u200b\u200d\ufeff]", said)


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "", "LANG": "C"},
        {"TERM": ""},
    ],
)
def test_a_poor_environment_still_speaks_chinese(project: Path, env: dict[str, str]) -> None:
    code, said, err = plain(project, ["1", "1", "南京市", "q"], env=environment(**env))
    assert (code, err) == (0, "")
    assert "参保地：南京市\n" in said


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_without_utf8_it_says_so_and_speaks_english(project: Path, encoding: str) -> None:
    given = environment(PYTHONIOENCODING=encoding)
    done = subprocess.run(
        command("--lang", "zh"), cwd=project, input=b"1\n1\nl\nl\nq\n", env=given,
        capture_output=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode(encoding)
    assert said.startswith("This terminal or pipe does not use UTF-8")
    assert "Question 1. In which city" in said


def test_language_and_day_are_taken(project: Path) -> None:
    _, said, _ = plain(project, ["q"], "--lang", "en", "--as-of", "2025-01-02")
    assert "as of 2025-01-02" in said
    _, said, _ = plain(project, ["q"], env=environment(LC_ALL="en_US.UTF-8"))
    assert said.startswith("tongbao:")


def test_it_stands_alone(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "--plain", "check", "-"], cwd=project, env=environment(),
        capture_output=True, timeout=TIMEOUT, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--plain stands alone" in done.stderr


@pytest.mark.parametrize(
    ("received", "expected"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)],
)
def test_signals_have_their_exit_codes(
    project: Path, received: signal.Signals, expected: int
) -> None:
    process = subprocess.Popen(
        command(), cwd=project, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    said = b""
    while "退出：\n".encode() not in said:
        said += process.stdout.readline()
    process.send_signal(received)
    rest, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, rest, err) == (expected, b"", b"")


def test_a_reader_who_leaves_is_no_error_to_tell(project: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command(), cwd=project, env=environment(), input=b"1\n1\n", stdout=writing,
        stderr=subprocess.PIPE, timeout=TIMEOUT, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")


def test_a_full_disk_is_said(project: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(), cwd=project, env=environment(), input=b"1\n", stdout=full,
            stderr=subprocess.PIPE, timeout=TIMEOUT, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == b"tongbao: No space left on device\n"


def test_a_broken_ruleset_is_said(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(project, folder)
    (folder / "rulesets" / "clinic" / "topic.yaml").write_text("topic: [")
    done = subprocess.run(
        command(), cwd=folder, env=environment(), input=b"", capture_output=True, timeout=TIMEOUT,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"topic.yaml" in done.stderr


@pytest.mark.parametrize(("typed", "expected"), [(b"\x04", 130), (b"\x03", 130), (b"q\n", 0)])
def test_at_a_terminal_nothing_is_drawn(project: Path, typed: bytes, expected: int) -> None:
    """Keys at a real terminal: Ctrl+D, Ctrl+C, q; what it sends back are lines alone."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(), cwd=project, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True, preexec_fn=_take_terminal,  # noqa: PLW1509 - no threads in here
    )  # fmt: skip
    os.close(theirs)
    said = _until(ours, "退出： $")
    os.write(ours, "１\n".encode())
    said += _until(ours, "想查哪一件事[^$]*退出： $")
    os.write(ours, typed)
    said += _until(ours, None)
    assert process.wait(TIMEOUT) == expected
    os.close(ours)
    assert "\x1b" not in said
    assert said.endswith("\r\n")


def _take_terminal() -> None:
    """Make the terminal on stdin the controlling one, so that Ctrl+C there interrupts."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _until(terminal: int, pattern: str | None) -> str:
    """What the terminal shows until it fits `pattern`, or until the program has gone."""
    said = b""
    end = time.monotonic() + TIMEOUT
    while pattern is None or not re.search(pattern, said.decode(errors="replace")):
        left = end - time.monotonic()
        assert left > 0, said.decode()
        if not select.select([terminal], [], [], left)[0]:
            continue
        try:
            read = os.read(terminal, 4096)
        except OSError:
            read = b""
        if not read:
            break
        said += read
    return said.decode()
