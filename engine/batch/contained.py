"""Lets the inference engine look at classes in a process of its own: it cannot harm a run.

Its library is C code. Here a crash or a hang in it ends a process that does nothing else, and
becomes a failure that names the class; every case keeps the answer of its table. Where it comes to
another answer than the table, the run stops. The process is
forked when so many classes wait, or the run ends, so it has the compiled programs at hand and costs
a run some milliseconds; it works beside the run, and limits the time of each class itself, so that
it ends even where the run is gone. What one person asks, on screen and in `explain`, the
engine does where the answer is worked out: its trace is the answer.
"""

from __future__ import annotations

import faulthandler
import json
import mmap
import os
import re
import select
import signal
import time
import warnings
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from engine.agreement import compare_class, worlds
from engine.analysis.witness import witness
from engine.errors import DisagreementError, RulesetError, TongbaoError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.program import Program

BLOCK = 4_096
SECONDS = 5.0
"""Of CPU time for one class: it takes some hundred microseconds, the first of a program more."""
_STILL = 20
"""So many times as long nothing may happen by the clock, where other programs are busy."""
MAX_BROKEN = 5
"""After so many processes that broke, the rest is not compared, and that is told."""
MAX_TOLD = 20
"""So many classes are told; of more only how many they are."""
_NUMBER = 8
_AT = re.compile(r'File "(?:.*/)?([^"/]+)", line (\d+) in (\S+)')
_FATAL = re.compile(r"(?:Fatal Python error: )(.*)")
_TOLD = re.compile(r"([=!?])(\d+) (.*)")
_FRAMES = 3
_FIRST = 3
"""Of the files open: those before are the standard ones."""
_DIFFERS, _BEYOND, _FAILED = "=", "!", "?"
"""What a line begins with that tells of a class: of a difference, of rules the engine cannot hold,
of any other error."""


@dataclass(frozen=True)
class Asked:
    """A class of a decision in a program."""

    program: Program
    decision: str
    cells: tuple[int, ...]

    def __str__(self) -> str:
        """The class in words: the decision, the rules in force, and a case that lies in it."""
        selection = self.program.selection
        chosen = [f"{fact} {code}" for fact, code in selection.places]
        for fact, (first, last) in selection.periods:
            chosen.append(f"{fact} {date.fromordinal(first)} to {date.fromordinal(last)}")
        return f"`{self.decision}` ({'; '.join(chosen)}), the class of {self._shown()}"

    def _shown(self) -> str:
        compiled = self.program.compiled[self.decision]
        axes, cells, handed = [], [], {}
        for one, own, cell in zip(compiled.coded.inputs, compiled.maps, self.cells, strict=True):
            if isinstance(one.source, str):
                handed[one.source] = " or ".join(one.states[cell].outcomes)
            elif own is not None:
                axes.append(one.source)
                cells.append(int(np.flatnonzero(own == cell)[0]))
        case = witness(self.program, axes, cells)
        return json.dumps({**({"cells": self.cells} if case is None else case), **handed})


class Contained:
    """Compares classes with the inference engine in processes of their own, in blocks."""

    def __init__(self, *, block: int = BLOCK, seconds: float | None = None) -> None:
        self.failures: list[str] = []
        """What went wrong, each with the class it went wrong on."""
        self._block, self._seconds = block, SECONDS if seconds is None else seconds
        self._waiting: list[Asked] = []
        self._process: _Process | None = None
        self._broken, self._lost, self._more = 0, 0, 0

    def compare(self, program: Program, decision: str, cells: tuple[int, ...]) -> int:
        """Have one class of a decision compared, later; in how many runs of the engine.

        Raises DisagreementError for a class that was to be compared before.
        """
        self._waiting.append(Asked(program, decision, cells))
        if len(self._waiting) >= self._block:
            self._gather()
            self._start()
        return len(worlds(program, decision, cells))

    def finish(self) -> list[str]:
        """Compare what still waits; all that went wrong. Raises DisagreementError."""
        self._gather()
        while self._waiting:
            self._start()
            self._gather()
        many = [f"{self._more} classes more"] * (self._more > 0)
        lost = f"{self._lost} classes were not decided by the inference engine"
        self.failures += [*many, *[lost] * (self._lost > 0)]
        self._lost = self._more = 0
        return self.failures

    def _start(self) -> None:
        if self._broken >= MAX_BROKEN:
            self._lost += len(self._waiting)
        else:
            self._process = _Process(self._waiting, self._seconds)
        self._waiting = []

    def _gather(self) -> None:
        """Take what the process that is under way has to say; what it broke off waits again."""
        if self._process is None:
            return
        ended, self._process = self._process, None
        told, broken = ended.outcome()
        for mark, number, what in told:
            if mark == _BEYOND:
                # Limits are counted before the library sees a rule: this raises, and is safe.
                _ = ended.block[number].program.engine
            if mark == _DIFFERS:
                raise DisagreementError(f"{ended.block[number]}: {what}")
            self._tell(ended.block[number], what)
        if broken is not None:
            self._broken += 1
            number, what = broken
            self._tell(ended.block[number], f"the inference engine {what}")
            self._waiting = [*ended.block[number + 1 :], *self._waiting]

    def _tell(self, one: Asked, what: str) -> None:
        if len(self.failures) < MAX_TOLD:
            self.failures.append(f"{one}: {what}")
        else:
            self._more += 1


class _Process:
    """A fork of this process that compares some classes and ends."""

    def __init__(self, block: Sequence[Asked], seconds: float) -> None:
        self.block, self._seconds = block, seconds
        self._at = mmap.mmap(-1, _NUMBER)
        self._said, said = os.pipe()
        with warnings.catch_warnings():
            # The fork goes on with this thread alone, and takes no lock that another may hold.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if self._pid == 0:
            _look(block, self._at, said, seconds)
        os.close(said)

    def outcome(self) -> tuple[list[tuple[str, int, str]], tuple[int, str] | None]:
        """Wait for its end: what it told of which class, by its number, and where it broke off."""
        text, still = self._read()
        _, status = os.waitpid(self._pid, 0)
        number = int.from_bytes(self._at[:_NUMBER], "little")
        self._at.close()
        lines = text.decode("utf-8", "replace").splitlines()
        told = [_TOLD.fullmatch(line) for line in lines]
        found = [(one[1], int(one[2]), one[3]) for one in told if one]
        if status == 0:
            return found, None
        rest = [line for line, one in zip(lines, told, strict=True) if not one]
        return found, (number, _ended(status, still=still) + _traced(rest))

    def _read(self) -> tuple[bytes, bool]:
        """All it says, and whether it was ended for doing nothing."""
        text, at, since, still = b"", b"", time.monotonic(), False
        while True:
            if select.select([self._said], [], [], 1)[0]:
                more = os.read(self._said, 1 << 16)
                if not more:
                    os.close(self._said)
                    return text, still
                text += more
            now = time.monotonic()
            if self._at[:_NUMBER] != at:
                at, since = self._at[:_NUMBER], now
            elif now - since > _STILL * self._seconds and not still:
                still = True
                os.kill(self._pid, signal.SIGKILL)


def _look(block: Sequence[Asked], at: mmap.mmap, said: int, seconds: float) -> NoReturn:
    """Compare classes, and end the process."""
    code = 1
    try:
        # The run is told of an interrupt too, and waits for this in its own way.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # A lock on the output is held as long as anyone has it open, even where the run is gone.
        os.closerange(_FIRST, said)
        os.closerange(said + 1, os.sysconf("SC_OPEN_MAX"))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        faulthandler.enable(said, all_threads=False)
        faulthandler.register(signal.SIGPROF, said, all_threads=False, chain=True)
        for number, one in enumerate(block):
            at[:_NUMBER] = number.to_bytes(_NUMBER, "little")
            signal.setitimer(signal.ITIMER_PROF, seconds)
            try:
                compare_class(one.program, one.decision, one.cells)
            except Exception as error:  # noqa: BLE001 - the run tells it, whatever it is
                _write(said, _line(number, error))
        code = 0
    finally:
        # Nothing of the run is flushed, closed or told from here.
        os._exit(code)


def _line(number: int, error: Exception) -> bytes:
    mark, kind = _FAILED, ""
    if isinstance(error, RulesetError):
        mark = _BEYOND
    elif isinstance(error, DisagreementError):
        mark = _DIFFERS
    elif not isinstance(error, TongbaoError):
        kind = f"{type(error).__name__}: "
    return f"{mark}{number} {kind}{' '.join(str(error).split())}\n".encode()


def _write(said: int, text: bytes) -> None:
    while text:
        text = text[os.write(said, text) :]


def _ended(status: int, *, still: bool) -> str:
    if still:
        return "did nothing any more"
    if not os.WIFSIGNALED(status):
        return f"ended with code {os.waitstatus_to_exitcode(status)}"
    number = os.WTERMSIG(status)
    if number == signal.SIGPROF:
        return "did not come to an end"
    return f"crashed ({signal.Signals(number).name})"


def _traced(lines: Sequence[str]) -> str:
    """What `faulthandler` wrote, on one line: the fault and the innermost calls."""
    text = "\n".join(lines)
    calls = [f"{file}:{line} {call}" for file, line, call in _AT.findall(text)[:_FRAMES]]
    fault = [found[1] for found in [_FATAL.search(text)] if found]
    told = [*fault, *([f"in {' < '.join(calls)}"] if calls else [])]
    return f": {' '.join(told)}" if told else ""
