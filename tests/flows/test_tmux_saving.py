"""A closed window, a killed program, Ctrl+Z in a real terminal: nothing of a session is lost."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.flows.test_tmux import PATIENCE, TMUX, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(
        TMUX is None, reason="tmux is not installed: the real terminal is not tried"
    ),
]


class _Sessions:
    """Terminals one after another over one folder of state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Terminal] = []

    def open(self) -> Terminal:
        folder = self.folder / str(len(self.opened))
        folder.mkdir()
        state = str(self.folder / "state")
        self.opened.append(Terminal(folder, 80, 24, XDG_STATE_HOME=state))
        return self.opened[-1]

    def kept(self) -> dict[str, object]:
        file = self.folder / "state" / "tongbao" / "session.json"
        found: dict[str, object] = json.loads(file.read_text("utf-8"))
        return found


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[_Sessions]:
    found = _Sessions(tmp_path)
    yield found
    for terminal in found.opened:
        if terminal.socket.exists():
            terminal.tmux("kill-server")


def _two_answers(terminal: Terminal) -> None:
    terminal.wait_for("❯ 1  开始")
    terminal.keys("Enter")
    terminal.wait_for("想查哪一件事")
    terminal.keys("1", "Enter")
    terminal.wait_for("孩子在哪个城市参保")
    terminal.keys("Down", "Enter")
    terminal.wait_for("孩子是哪天出生的")
    terminal.keys("2012-03-02", "Enter")
    terminal.wait_for("想绑定哪一类机构")


def _gone(process: int) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            # One that has ended and that nobody has asked after yet is gone too.
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_a_killed_program_and_then_a_closed_window(sessions: _Sessions) -> None:
    first = sessions.open()
    _two_answers(first)
    os.kill(first.program(), signal.SIGKILL)
    first.wait_for("CODE=137")
    assert sessions.kept()["trail"] == ["region", "birth_date"]

    second = sessions.open()
    second.wait_for("2  继续上次：绑定就诊机构，已答 2 题")
    second.keys("2")
    second.wait_for("想绑定哪一类机构")
    second.keys("1", "Enter")
    second.wait_for("已答 3 题")
    program = second.program()
    # The terminal itself goes away, as when a window is closed or a line breaks.
    second.tmux("kill-server")
    second.socket.unlink(missing_ok=True)
    assert _gone(program)

    third = sessions.open()
    third.wait_for("2  继续上次：绑定就诊机构，已答 3 题")
    third.keys("F10")
    third.wait_for("❯ 2  不清除")
    third.keys("Up", "Enter")
    third.wait_for("❯ 1  开始")
    third.keys("C-q")
    third.wait_for("CODE=0")
    assert not (sessions.folder / "state" / "tongbao" / "session.json").exists()


def test_ctrl_z_does_nothing(sessions: _Sessions) -> None:
    terminal = sessions.open()
    _two_answers(terminal)
    before = terminal.screen()
    terminal.keys("C-z")
    terminal.keys("1")
    shown = terminal.wait_for("◉ 1")
    assert shown.replace("◉", "○").replace("❯", " ") == before.replace("❯", " ")
    terminal.keys("C-q")
    terminal.wait_for("CODE=0")
