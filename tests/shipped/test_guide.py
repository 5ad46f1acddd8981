"""The author's guide: each of its commands is run, in its order, and prints what it shows."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import run
from tests.support.folders import ROOT

GUIDE = (ROOT / "docs" / "authoring.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# file: (\S+?)(, added at the end)?\n")
COMMAND = re.compile(r"\$ (.+?)(?:  # exits with (\d+))?\n")
LEFT_OUT = "..."


def shown(block: str) -> Iterator[tuple[str, int, list[str]]]:
    """Each command of a block, the code it exits with, and the lines shown below it."""
    parts = COMMAND.split(block)
    assert not parts[0], f"output without a command: {parts[0]}"
    for command, code, lines in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        yield command, int(code or 0), lines.splitlines()


def ran(command: str) -> tuple[int, list[str]]:
    """What a command of the guide comes to in the present folder: its exit code and lines."""
    program, *args = command.split()
    if program == "tongbao":
        done = run(args, "")
        return done["code"] or 0, f"{done['stdout']}{done['stderr']}".splitlines()
    assert program in {"mkdir", "cp", "sed", "echo", "rm"}, command
    # Written in this project, and of the few programs above.
    other = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    return other.returncode, f"{other.stdout}{other.stderr}".splitlines()


def fits(wanted: list[str], found: list[str]) -> bool:
    """Whether the lines are those shown, where `...` stands for lines, or for the end of one."""
    pattern = ""
    for line in wanted:
        begun, left_out, _ = line.rstrip().rpartition(LEFT_OUT)
        if line.strip() == LEFT_OUT:
            pattern += r"(?:.*\n)*?"
        elif left_out and line.rstrip().endswith(LEFT_OUT):
            pattern += re.escape(begun) + r".*\n"
        else:
            pattern += re.escape(line.rstrip()) + r" *\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in found)) is not None


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder beside the rulesets, in English; what the program sets in the process is undone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setattr(sys, "argv", sys.argv)
    (tmp_path / "rulesets").symlink_to(ROOT / "rulesets")
    thresholds = gc.get_threshold()
    yield tmp_path
    gc.set_threshold(*thresholds)


def test_the_guide_does_what_it_says(shell: Path) -> None:
    count = 0
    for kind, text in BLOCK.findall(GUIDE):
        if kind == "yaml":
            named = FILE.match(text)
            assert named, f"no `# file: ...` in {text}"
            with (shell / named[1]).open("a" if named[2] else "w", encoding="utf-8") as file:
                file.write(text[named.end() :])
        else:
            assert kind == "console", f"nobody runs a block of {kind}"
            for command, code, lines in shown(text):
                came = ran(command)
                told = "\n".join([f"$ {command}", *came[1], "not:", *lines])
                assert came[0] == code, told
                assert fits(lines, came[1]), told
                count += 1
    assert count
    assert {path.name for path in shell.iterdir()} == {"rulesets"}


def test_lines_left_out_and_no_others() -> None:
    assert fits(["a", "...", "d"], ["a", "b", "c", "d"])
    assert fits(["a"], ["a "])
    assert fits(["a: b..."], ["a: b, c"])
    assert not fits(["a", "..."], ["b", "a"])
    assert not fits(["a"], ["a", "b"])
    assert not fits([], ["a"])
