"""A process that works beside the interface and tells in JSON Lines how far it is."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATIENCE = 5.0
_PIECE = 1 << 16
_KEPT = 20


class Child:
    """One process; `poll` never waits. It is stopped, so that it keeps what is done, at the end.

    It has a session of its own, so that no key pressed in the terminal reaches it.
    """

    def __init__(
        self, command: Sequence[str], given: bytes = b"", tells: Literal["out", "err"] = "out"
    ) -> None:
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=pipe, start_new_session=True,
            stdout=pipe if tells == "out" else nothing, stderr=pipe if tells == "err" else nothing,
        )  # fmt: skip
        stream = self._process.stdout if tells == "out" else self._process.stderr
        if stream is None or self._process.stdin is None:
            raise OSError("no pipe to the process")
        self._stream, self._rest = stream, b""
        os.set_blocking(stream.fileno(), False)
        self.said: list[str] = []
        """The last of the lines that were no JSON."""
        self.paused = False
        atexit.register(self.stop)
        with suppress(BrokenPipeError), self._process.stdin as stdin:
            stdin.write(given)

    @property
    def code(self) -> int | None:
        """Its exit code; None while it works."""
        return self._process.poll()

    def poll(self) -> list[dict[str, Any]]:
        """What it told since it was asked last."""
        told: list[dict[str, Any]] = []
        with suppress(BlockingIOError):
            while not self._stream.closed and (piece := os.read(self._stream.fileno(), _PIECE)):
                *lines, self._rest = (self._rest + piece).split(b"\n")
                for line in lines:
                    self._hear(line, told)
        return told

    def _hear(self, line: bytes, told: list[dict[str, Any]]) -> None:
        try:
            data = json.loads(line)
        except ValueError:
            data = None
        if isinstance(data, dict):
            told.append(data)
        elif line.strip():
            self.said = [*self.said, line.decode("utf-8", "replace")][-_KEPT:]

    def pause(self, *, paused: bool) -> None:
        """Let it stand still, or go on."""
        if self.code is None and paused != self.paused:
            self._process.send_signal(signal.SIGSTOP if paused else signal.SIGCONT)
            self.paused = paused

    def stop(self) -> None:
        """End it as Ctrl+C would, and wait until it has kept what is done."""
        atexit.unregister(self.stop)
        if self.code is None:
            self._process.send_signal(signal.SIGINT)
            self.pause(paused=False)
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self.poll()
        self._stream.close()
