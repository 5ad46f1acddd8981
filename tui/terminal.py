"""Whether the interface can be drawn here, how wide the terminal takes doubtful signs to be.

Textual draws on standard error and reads standard input; where one of them is no terminal it
would hang and write escape codes for ever, so this is asked first. Needs no Textual.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import sys
import threading
import time
from typing import TYPE_CHECKING

from tui import exit_codes
from tui.text.glyphs import ASCII, UNICODE
from tui.text.safe import inert

if TYPE_CHECKING:
    from engine.errors import InputError, RulesetError
    from tui.locale import Locale
    from tui.text.glyphs import Glyphs

LEAST_WIDTH, LEAST_HEIGHT = 40, 16
_PROBE = "\u25cb"
_REPORT = re.compile(rb"\x1b\[\d+;(\d+)R")
_WIDE_COLUMN = 3
_LEAVING = 3.0
"""Seconds that restoring a terminal may take."""


def size() -> tuple[int, int]:
    """Columns and lines of the terminal drawn on."""
    try:
        found = os.get_terminal_size(sys.stderr.fileno())
    except (OSError, ValueError):
        found = shutil.get_terminal_size()
    return found.columns, found.lines


def refusal(locale: Locale) -> str | None:
    """Why the interface cannot be drawn here and what to use instead; None when it can."""
    if not all(one is not None and one.isatty() for one in (sys.stdin, sys.stderr)):
        return locale("terminal.not_a_terminal")
    term = os.environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        return locale("terminal.dumb", term=term)
    if (sys.stderr.encoding or "").lower().replace("-", "").replace("_", "") != "utf8":
        return locale("terminal.encoding")
    width, height = size()
    if 0 < width < LEAST_WIDTH or 0 < height < LEAST_HEIGHT:
        return locale("terminal.too_small", width=width, height=height)
    return None


def forget_fixed_size() -> None:
    """Drop a size the environment fixes: with it, no change of the window is ever seen."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


def end_in_time(code: int) -> None:
    """End the program soon, come what may.

    Once a terminal is gone, as when its window was closed, Textual 8.2 waits for ever for what it
    wants to write there: its writing thread has died of the error.
    """
    end = threading.Timer(_LEAVING, os._exit, (code,))
    end.daemon = True
    end.start()


def say(sentence: str) -> None:
    """Print a sentence on standard error, whatever its encoding can show; it may be closed."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "ascii"
        sys.stderr.write(inert(sentence).encode(encoding, "replace").decode(encoding) + "\n")


def failed(error: RulesetError | InputError) -> int:
    """Say what is wrong with the rules or the input; the exit code."""
    from engine.errors import RulesetError

    broken = isinstance(error, RulesetError)
    say(str(error) if broken else f"tongbao: {error}")
    return exit_codes.BROKEN_RULESET if broken else exit_codes.USAGE


def glyphs(timeout: float = 0.25) -> Glyphs:
    """The signs to draw with: ASCII where the terminal takes ambiguous ones to be two cells wide.

    It prints such a sign and asks where the cursor is; no answer counts as one cell.
    """
    try:
        import termios
        import tty
    except ImportError:  # no such terminals outside POSIX
        return UNICODE
    source = sys.stdin.fileno()
    before = termios.tcgetattr(source)
    answer = b""
    try:
        tty.setcbreak(source)
        os.write(sys.stderr.fileno(), b"\r\x1b[K" + _PROBE.encode() + b"\x1b[6n")
        end = time.monotonic() + timeout
        while not _REPORT.search(answer) and (left := end - time.monotonic()) > 0:
            if select.select([source], [], [], left)[0]:
                answer += os.read(source, 64)
    finally:
        os.write(sys.stderr.fileno(), b"\r\x1b[K")
        termios.tcsetattr(source, termios.TCSADRAIN, before)
    report = _REPORT.search(answer)
    return ASCII if report and int(report[1]) >= _WIDE_COLUMN else UNICODE
