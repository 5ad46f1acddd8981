"""Rulesets from a stranger can at worst be refused: with a place, in little time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.folders import ROOT
from tests.support.hostile_rulesets import ATTACKS, HARMLESS, MEMORY, SECONDS, good

# One process tries all, for starting one takes longer than most attacks do.
_TRIED: dict[str, dict[str, Any]] = {}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of each folder; of one that ended the process, that it was begun."""
    if not _TRIED:
        waiting = [*ATTACKS, *HARMLESS]
        while waiting:
            folder = tmp_path_factory.mktemp("hostile")
            alone = [sys.executable, "tests/support/memory.py", str(folder / "most")]
            command = [*alone, sys.executable, "-m", "tests.support.hostile_rulesets", str(folder)]
            out = subprocess.run(
                [*command, *waiting], cwd=ROOT, capture_output=True, text=True, check=False,
                stdin=subprocess.DEVNULL, timeout=100,
            ).stdout  # fmt: skip
            _TRIED.update({one["name"]: one for one in map(json.loads, out.splitlines())})
            waiting = [name for name in waiting if name not in _TRIED]
    return _TRIED


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_ruleset_is_refused(name: str, tried: dict[str, dict[str, Any]]) -> None:
    """Told where, and what is allowed; nothing in what is told acts on a terminal."""
    found = tried[name]
    assert "message" in found, "it took too much, and ended the process"
    message = found["message"]
    assert found["refused"], message
    assert 1 <= found["faults"] <= 100
    assert ATTACKS[name][1] in (message if found["faults"] < 100 else message + found["end"])
    place = message.split(": ")[0].rsplit(":", 2)
    assert place[0].endswith((".yaml", "sub", "again")) or set(place[0]) <= {"d", "/"}
    assert all(int(number) > 0 for number in place[1:])
    assert all(char.isprintable() or char == "\n" for char in message)
    assert found["seconds"] < SECONDS
    assert found["peak"] <= MEMORY >> 20


@pytest.mark.parametrize("name", HARMLESS)
def test_an_odd_ruleset_within_the_limits_is_answered(
    name: str, tried: dict[str, dict[str, Any]]
) -> None:
    assert "stated" in tried[name]["message"]


def test_what_a_link_leads_to_is_not_told(tried: dict[str, dict[str, Any]]) -> None:
    assert "secret_word" not in tried["link_to_a_file"]["message"]
    assert "secret_word" not in tried["link_to_a_folder"]["message"]


@pytest.mark.parametrize("name", ["billion_classes", "pipe"])
def test_a_command_refuses_it_with_its_exit_code(name: str, tmp_path: Path) -> None:
    """The real command: exit 3, the place on stderr, nothing on stdout."""
    (tmp_path / "rulesets").mkdir()
    ATTACKS[name][0](tmp_path / "rulesets")
    command = [sys.executable, "-m", "tui", "check", "--rulesets", str(tmp_path / "rulesets"), "-"]
    done = subprocess.run(
        command, cwd=ROOT, input='{"region": "440300"}\n', capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert ATTACKS[name][1] in done.stderr


def test_the_ruleset_they_are_laid_on_is_good(tmp_path: Path) -> None:
    from engine.library import Library

    good(tmp_path)
    assert Library.load(tmp_path).rules
