"""One visitor's program: a process group of its own, fed with keys, that never outlives its tab."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

GRACE = 3.0
"""Seconds a program has between being asked to end and being ended."""
HELD = 1 << 20
"""Bytes that may wait for a program that reads nothing; it is not read from then on either."""
_READY = b"__GANGLION__\n"
_DATA, _META = b"D", b"M"
_ROOT = Path(__file__).parents[2]
_WIDTHS, _HEIGHTS = (20, 400), (5, 200)

Meta = dict[str, object]


class UnreadError(Exception):
    """The program takes no more: it hangs."""


def command(lang: str, as_of: str | None) -> list[str]:
    """How a visitor's program is started: nothing is imported from the present folder."""
    day = [as_of] if as_of else []
    return [sys.executable, "-P", "-m", "tui.web.visit", lang, *day]


def environment(around: Mapping[str, str], width: int, height: int) -> dict[str, str]:
    """What the program finds about itself: that a browser shows it, and how large its window is."""
    path = os.pathsep.join(filter(None, (str(_ROOT), around.get("PYTHONPATH", ""))))
    width, height = within(width, height)
    return {
        **around, "PYTHONPATH": path, "TONGBAO_WEB": "1", "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "COLUMNS": str(width), "ROWS": str(height),
    }  # fmt: skip


def within(width: int, height: int) -> tuple[int, int]:
    """A size that can be drawn, whatever a client says that its window has."""
    low, high = _WIDTHS
    least, most = _HEIGHTS
    return max(low, min(width, high)), max(least, min(height, most))


class Session:
    """The program, spoken to in the packets of Textual's driver for browsers."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None  # noqa: S101 - both were asked for
        assert process.stdout is not None  # noqa: S101 - likewise
        self._process, self._keys, self._shown = process, process.stdin, process.stdout

    @classmethod
    async def start(cls, command: list[str], environment: dict[str, str]) -> Session:
        """Start the program; what it says on standard error goes to ours."""
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        return cls(process)

    async def pass_on(
        self, show: Callable[[bytes], Awaitable[object]], tell: Callable[[Meta], Awaitable[object]]
    ) -> None:
        """Pass on what the program shows and tells, until it ends or says that it will."""
        with suppress(asyncio.IncompleteReadError):
            await self._shown.readuntil(_READY)
            while True:
                kind = await self._shown.readexactly(1)
                size = int.from_bytes(await self._shown.readexactly(4), "big")
                payload = await self._shown.readexactly(size)
                if kind == _DATA:
                    await show(payload)
                elif kind == _META:
                    meta: Meta = json.loads(payload)
                    if meta["type"] == "exit":
                        return
                    await tell(meta)

    def type(self, text: str) -> None:
        """Give the program what was typed; raises UnreadError."""
        self._give(_DATA, text.encode("utf-8", "replace"))

    def resize(self, width: int, height: int) -> None:
        """Tell the program how large its window is now; raises UnreadError."""
        width, height = within(width, height)
        meta = {"type": "resize", "width": width, "height": height}
        self._give(_META, json.dumps(meta).encode())

    def _give(self, kind: bytes, payload: bytes) -> None:
        # Never waited for: whoever waits does not see that the tab was closed.
        if self._keys.transport.get_write_buffer_size() > HELD:
            raise UnreadError
        self._keys.write(kind + len(payload).to_bytes(4, "big") + payload)

    async def code(self) -> int | None:
        """The exit code of a program that said it will end; None where it does not."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._process.wait(), GRACE)
        return None

    async def stop(self) -> None:
        """End the program and all it started: asked first, and after a moment by force."""
        draining = asyncio.create_task(self._drain())
        self._signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), GRACE)
        self.kill()
        await self._process.wait()
        await draining
        self._keys.close()

    def kill(self) -> None:
        """End all of them by force."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    async def _drain(self) -> None:
        """Read what is still shown: a process whose output nobody reads cannot end."""
        while await self._shown.read(HELD):
            pass
