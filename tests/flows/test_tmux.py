"""The real program in a real terminal: start, quit, signals, guards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "support" / "demo.py"
TMUX = shutil.which("tmux")
PATIENCE = 20.0

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(
        TMUX is None, reason="tmux is not installed: the real terminal is not tried"
    ),
]


class Terminal:
    """A detached tmux session running the program, then saying its exit code."""

    def __init__(
        self, folder: Path, width: int, height: int, *, program: str = f"{PROGRAM} zh", **env: str
    ) -> None:
        self.socket = folder / "tmux"
        given = {"TERM": "tmux-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)} | env
        words = " ".join(f"{name}={value}" for name, value in given.items())
        command = f"env -u NO_COLOR {words} {sys.executable} {program}; echo CODE=$?; exec sleep 60"
        self.tmux("new-session", "-d", "-x", str(width), "-y", str(height), command)

    def tmux(self, *words: str) -> str:
        assert TMUX is not None
        done = subprocess.run(
            [TMUX, "-S", str(self.socket), "-f", "/dev/null", *words],
            check=True, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        return done.stdout

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def keys(self, *names: str) -> None:
        self.tmux("send-keys", *names)

    def wait_for(self, text: str) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            shown = self.screen()
            if text in shown:
                return shown
            time.sleep(0.05)
        pytest.fail(f"{text!r} never came; the screen was:\n{self.screen()}")

    def modes(self) -> str:
        """Alternate screen, any mouse mode, hidden cursor: all 0 0 1 on a restored terminal."""
        return self.tmux(
            "display-message", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}"
        ).strip()

    def program(self) -> int:
        """The process id of the program."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        return int(children[0])


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.tmux("kill-server")


def _open(terminals: list[Terminal], tmp_path: Path, size: tuple[int, int], **env: str) -> Terminal:
    width, height = size
    terminals.append(Terminal(tmp_path, width, height, **env))
    return terminals[-1]


def test_start_answer_and_quit(terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = _open(terminals, tmp_path, (80, 24))
    terminal.wait_for("❯ 1  开始")
    terminal.keys("Enter")
    terminal.wait_for("想查哪一件事")
    terminal.keys("1", "Enter")
    terminal.wait_for("孩子在哪个城市参保")
    terminal.keys("F2")
    terminal.wait_for("In which city")
    terminal.keys("C-q")
    terminal.wait_for("CODE=0")
    assert terminal.modes() == "0 0 1"


@pytest.mark.parametrize("received", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_restores_the_terminal(
    terminals: list[Terminal], tmp_path: Path, received: signal.Signals
) -> None:
    terminal = _open(terminals, tmp_path, (80, 24))
    terminal.wait_for("❯ 1  开始")
    assert terminal.modes() != "0 0 1"
    os.kill(terminal.program(), received)
    terminal.wait_for("CODE=143")
    assert terminal.modes() == "0 0 1"


def test_ctrl_c_twice_quits(terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = _open(terminals, tmp_path, (80, 24))
    terminal.wait_for("❯ 1  开始")
    terminal.keys("C-c")
    terminal.wait_for("再按一次")
    terminal.keys("C-c")
    terminal.wait_for("CODE=130")


def test_a_small_window_is_refused(terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = _open(terminals, tmp_path, (60, 10))
    terminal.wait_for("窗口太小（60x10）")
    terminal.wait_for("CODE=2")


def test_a_shrunk_window_says_so(terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = _open(terminals, tmp_path, (80, 24))
    terminal.wait_for("❯ 1  开始")
    terminal.tmux("resize-window", "-x", "30", "-y", "10")
    assert terminal.wait_for("请放大窗口").split() == ["请放大窗口"]
    terminal.tmux("resize-window", "-x", "40", "-y", "16")
    terminal.wait_for("孩子的医保")


def test_a_dumb_terminal_is_refused(terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = _open(terminals, tmp_path, (80, 24), TERM="dumb")
    terminal.wait_for("TERM=dumb")
    terminal.wait_for("--plain")
    terminal.wait_for("CODE=2")


def test_an_encoding_without_chinese_is_refused(terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = _open(terminals, tmp_path, (80, 24), PYTHONIOENCODING="gbk")
    terminal.wait_for("does not use UTF-8")
    terminal.wait_for("CODE=2")


def test_no_terminal_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "zh"],
        check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == b""
    assert "tongbao check" in done.stderr.decode()
    assert b"\x1b" not in done.stderr


def test_keys_typed_ahead_reach_the_pages_they_were_meant_for(
    terminals: list[Terminal], tmp_path: Path
) -> None:
    terminal = _open(terminals, tmp_path, (80, 24))
    terminal.wait_for("❯ 1  开始")
    terminal.keys("Enter")
    terminal.wait_for("想查哪一件事")
    terminal.keys("1", "Enter")
    terminal.wait_for("孩子在哪个城市参保")
    terminal.keys("Down")
    terminal.wait_for("❯")
    # The first answer makes the engine load rules; these keys come in while it does.
    terminal.keys("Enter")
    time.sleep(0.02)
    terminal.keys("2012-03-02")
    terminal.wait_for("满 13 周岁")


def test_scrolling_leaves_nothing_behind(terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = _open(terminals, tmp_path, (80, 24))
    terminal.wait_for("❯ 1  开始")
    for keys, then in (
        (("Enter",), "想查哪一件事"),
        (("1", "Enter"), "孩子在哪个城市参保"),
        (("Down", "Enter"), "孩子是哪天出生的"),
        (("2012-03-02", "Enter"), "想绑定哪一类机构"),
        (("1", "Enter"), "这次是急诊吗"),
        (("1", "Enter"), "这次一共花了多少钱"),
        (("1200", "Enter"), "看结果"),
        (("Enter",), "可以绑定这家社康中心"),
        (("NPage", "End"), "这次的费用"),
    ):
        terminal.keys(*keys)
        terminal.wait_for(then)
    time.sleep(0.3)
    scrolled = terminal.screen()
    terminal.tmux("resize-window", "-x", "90", "-y", "24")
    time.sleep(0.5)
    terminal.tmux("resize-window", "-x", "80", "-y", "24")
    time.sleep(0.5)
    assert terminal.screen() == scrolled
