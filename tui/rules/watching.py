"""Watches a folder of rulesets: a board at the start and after each save, until it is ended."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from engine.errors import InputError
from engine.workbench.workbench import Workbench
from tui import exit_codes, terminal
from tui.locale import Locale
from tui.rules import watching_data
from tui.rules.watching_words import fitting

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from engine.workbench.board import Board

PAUSE = 0.25
"""Seconds between two looks for a save, while there is nothing else to do."""
SETTLE = 0.05
"""Seconds given to an editor to write what it has begun to."""
_LONGEST = 10_000
_CLEARED = "\x1b[H\x1b[2J\x1b[3J"


class _TerminatedError(BaseException):
    """SIGTERM arrived; raised so that it ends wherever it is."""


def watch(  # noqa: PLR0913 - one parameter an option
    folder: Path, topic: str | None, day: date, lang: str, *, once: bool, as_json: bool
) -> int:  # fmt: skip
    """`rules watch`: the exit code."""
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        watching = _Watching(folder, topic, day, Locale(lang), as_json=as_json)
        return watching.once() if once else watching.go_on()
    except InputError as error:
        return terminal.failed(error)
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED
    except _TerminatedError:
        return exit_codes.TERMINATED
    except BrokenPipeError:
        return _left()
    except OSError as error:
        terminal.say(f"tongbao: cannot write standard output: {error.strerror}")
        return exit_codes.USAGE
    finally:
        signal.signal(signal.SIGTERM, before)


class _Watching:
    """A folder that is looked at again and again."""

    def __init__(
        self, folder: Path, topic: str | None, day: date, locale: Locale, *, as_json: bool
    ) -> None:  # fmt: skip
        if sys.stdout is None:
            raise InputError("standard output is closed")
        self.bench = Workbench(folder, as_of=day, topic=topic)
        self.t, self.as_json = locale, as_json
        self._unseen = topic
        """The topic asked for, until it is known that there is one."""
        self.drawn = sys.stdout.isatty() and not as_json
        self._begun = False

    def once(self) -> int:
        """One look, with all that takes long: 3 where something is wrong."""
        board = self._look()
        while board.pending:
            board = self.bench.deepen()
        self._tell(board)
        return exit_codes.DONE if board.well else exit_codes.BROKEN_RULESET

    def go_on(self) -> NoReturn:
        """Look after each save; what takes long is told of when it is done."""
        board = self._look()
        self._tell(board)
        while True:
            _stop_where_nobody_reads()
            if self.bench.stale():
                time.sleep(SETTLE)
                board = self._look()
                if board.changed:  # an editor may put the very same in its place
                    self._tell(board)
            elif board.pending:
                pending = board.pending
                board = self.bench.deepen()
                if not board.pending or (self.drawn and board.pending != pending):
                    self._tell(board)
            else:
                time.sleep(PAUSE)

    def _look(self) -> Board:
        board = self.bench.look(datetime.now(UTC).astimezone())
        library, topic = self.bench.library, self._unseen
        if library is None or topic is None:
            return board
        if topic not in library.topics:
            there = self.t("result.listed").join(library.topics)
            raise InputError(self.t("rules.unknown_topic", topic=topic, topics=there))
        self._unseen = None
        return board

    def _tell(self, board: Board) -> None:
        """On a terminal the board in place of the one before; else a block or a line more."""
        if self.as_json:
            text = watching_data.line(board) + "\n"
        else:
            size = shutil.get_terminal_size()
            height, width = (size.lines - 1, size.columns) if self.drawn else (_LONGEST, 80)
            lines = fitting(board, self.bench, self.t, width, height)
            before = _CLEARED if self.drawn else "\n" if self._begun else ""
            text = before + "\n".join(lines) + "\n"
        self._begun = True
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()


def _terminate(*_: object) -> NoReturn:
    raise _TerminatedError


def _stop_where_nobody_reads() -> None:
    """Whoever read a pipe may go while there is nothing to write, and nobody would notice."""
    if not hasattr(select, "poll"):
        return
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)
    if any(event & select.POLLERR for _, event in asked.poll(0)):
        raise BrokenPipeError


def _left() -> int:
    """Whoever read it has gone; there is nobody to tell."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exit_codes.USAGE
