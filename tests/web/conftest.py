"""The real server and a real browser."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.folders import ROOT
from tests.web.browser import Browser

PATIENCE = 15.0


@dataclass
class Served:
    """A running `tongbao web`."""

    process: subprocess.Popen[str]
    url: str

    def programs(self) -> set[int]:
        """The processes of its visitors: its children, and all of their groups."""
        return {pid for pid, group in _groups() if group in self.groups()}

    def groups(self) -> set[int]:
        """The groups of its visitors so far."""
        self._known |= {group for pid, group in _groups()
                        if _parent(pid) == self.process.pid and group == pid}  # fmt: skip
        return self._known

    def __post_init__(self) -> None:
        self._known: set[int] = set()

    async def empties(self, wait: float = PATIENCE) -> None:
        """Wait until no process of a visitor is left."""
        await self.has(0, wait)

    async def has(self, number: int, wait: float = PATIENCE) -> None:
        """Wait until this many visitors have a process."""
        end = asyncio.get_running_loop().time() + wait
        while len(self.programs()) != number:
            assert asyncio.get_running_loop().time() < end, self.programs()
            await asyncio.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def _groups() -> Iterator[tuple[int, int]]:
    """Every running process and its group."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                state, _parent_id, group = _stat(int(folder.name))
                if state != "Z":
                    yield int(folder.name), group


def _parent(pid: int) -> int:
    with suppress(OSError):
        return _stat(pid)[1]
    return 0


def _stat(pid: int) -> tuple[str, int, int]:
    text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    state, parent, group, *_ = text.rpartition(")")[2].split()
    return state, int(parent), int(group)


Serve = Callable[..., Served]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the person who starts the server keeps sessions."""
    return tmp_path / "state"


@pytest.fixture
def serve(state: Path) -> Iterator[Serve]:
    """Starts a server with the options given."""
    running: list[Served] = []

    def start(*options: str) -> Served:
        command = [sys.executable, "-m", "tui", "web", "--port", "0", "--as-of", "2026-03-01"]
        process = subprocess.Popen(
            [*command, "--lang", "zh", *options], cwd=ROOT, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "XDG_STATE_HOME": str(state)},
        )  # fmt: skip
        assert process.stderr is not None
        first = process.stderr.readline()
        found = re.search(r"https?://[a-z0-9.:]+", first)
        assert found, first
        served = Served(process, found[0])
        running.append(served)
        return served

    yield start
    for served in running:
        served.end()
        assert served.process.stderr is not None
        served.process.stderr.close()


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with Browser() as started:
        yield started


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[Path]:
    """Where pictures go; TONGBAO_PICTURES names a folder that keeps them."""
    yield tmp_path
    kept = os.environ.get("TONGBAO_PICTURES")
    if kept:
        for picture in tmp_path.glob("*.png"):
            shutil.copy(picture, kept)
