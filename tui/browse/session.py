"""What the pages of a batch work on: the run that goes on, the outputs that are open."""

from __future__ import annotations

import atexit
import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from engine.batch.index import Index, StaleError, index_of
from engine.batch.indexing import PART, NotResultsError
from engine.batch.resume import journal_of, part_of, stored
from tui.browse.child import Child
from tui.browse.filter import Filter
from tui.browse.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy.typing as npt

    from engine.library import Library
    from tui.browse.store import Selected

Rows: TypeAlias = "range | npt.NDArray[np.uint32]"
RUNNING, PAUSED, DONE, STOPPED, FAILED = "running", "paused", "done", "stopped", "failed"
_DONE_CODES = (0, 1)


class Run:
    """A batch that goes on in a process of its own."""

    def __init__(
        self, source: Path, output: Path, as_of: date, *, resume: bool, topics: Sequence[str] = ()
    ) -> None:  # fmt: skip
        self.source, self.output, self.as_of = source, output, as_of
        self.topics = tuple(topics)
        self.progress: dict[str, Any] = {}
        self.summary: dict[str, Any] = {}
        day = () if resume else ("--as-of", as_of.isoformat())
        wanted = ("--topics", ",".join(topics)) if topics else ()
        self._child = Child(
            (sys.executable, "-m", "tui", "check", str(source), "-o", str(output), *day, *wanted,
             *(("--resume",) if resume else ()), "--index", "--progress-json", "--json-summary"),
            tells="err",
        )  # fmt: skip
        self._stopped = False

    @property
    def state(self) -> str:
        """How it stands."""
        code = self._child.code
        if code is None:
            return PAUSED if self._child.paused else RUNNING
        if code in _DONE_CODES:
            return DONE
        return STOPPED if self._stopped else FAILED

    @property
    def said(self) -> list[str]:
        """What it said that is no count: why it failed, for one."""
        return self._child.said

    @property
    def shown(self) -> Path | None:
        """The results there are: the output, or what is done of it."""
        if self.state == DONE:
            return self.output
        part = part_of(self.output)
        return part if self.state == STOPPED and part.exists() else None

    def poll(self) -> None:
        """Hear how far it is."""
        for told in self._child.poll():
            if "progress" in told:
                self.progress = told["progress"]
            elif "cases" in told:
                self.summary = told

    def pause(self, *, paused: bool) -> None:
        """Let it stand still, or go on."""
        self._child.pause(paused=paused)

    def stop(self) -> None:
        """End it; what is done is kept."""
        self._stopped = self._child.code is None
        self._child.stop()
        self.poll()


@dataclass
class Opened:
    """An output on the screen: its lines, or why there are none; the filter and the cursor."""

    path: Path
    store: Store | None = None
    failure: NotResultsError | None = None
    building: Child | None = None
    done: float = 0.0
    """The share of it whose index is built."""
    text: str = ""
    wanted: Filter = field(default_factory=Filter)
    rows: Rows = range(0)
    cursor: int = 0
    grouped: bool = False
    source: Path | None = None
    """The cases it answers, where that is known."""
    _scratch: Path | None = None

    def keep(self, text: str, wanted: Filter, kept: Selected | None) -> None:
        """Show what a filter keeps."""
        count = len(self.store) if self.store is not None else 0
        self.text, self.wanted, self.cursor = text, wanted, 0
        self.rows = range(count) if kept is None else np.flatnonzero(kept).astype(np.uint32)

    def close(self) -> None:
        """Give everything back."""
        if self.building is not None:
            self.building.stop()
        if self.store is not None:
            self.store.close()
        if self._scratch is not None:
            self._scratch.unlink(missing_ok=True)
        self.building = self.store = self._scratch = None

    def begin(self, library: Library) -> None:
        """Open it; an index that is missing or stale is built beside the interface."""
        self.failure = None
        if not self._open(index_of(self.path), library):
            at = self._scratch = scratch(self.path)
            names = json.dumps([*library.decisions]).encode()
            command = (sys.executable, "-m", "engine.batch.indexing", str(self.path), str(at))
            self.building = Child(command, names)

    def poll(self, library: Library) -> bool:
        """Whether something is new."""
        child = self.building
        if child is None or self._scratch is None:
            return False
        code, told = child.code, child.poll()
        for one in told:
            if "failed" in one:
                parts = (one[name] for name in ("failed", "line", "column", "text", "about"))
                self.failure = NotResultsError(*parts)
            else:
                self.done = one["done"] / max(1, one["size"])
        if code is None:
            return bool(told)
        child.stop()
        self.building = None
        settle(self._scratch, self.path)
        built = index_of(self.path) if not self._scratch.exists() else self._scratch
        if self.failure is None and not self._open(built, library):
            self.failure = NotResultsError("unreadable", about="\n".join(child.said))
        self._scratch.unlink(missing_ok=True)
        self._scratch = None
        return True

    def _open(self, index: Path, library: Library) -> bool:
        try:
            found = Index(index, self.path)
            self.store = Store(self.path, found, library)
        except (StaleError, OSError):
            return False
        if self.source is None and len(found.cases) == 1:
            self.source = Path(found.cases[0])
        self.keep("", Filter(), None)
        return True


def scratch(output: Path) -> Path:
    """Where an index is built: beside the output, or where the system keeps what is temporary."""
    beside = os.access(output.parent, os.W_OK)
    handle, name = tempfile.mkstemp(".index", ".tongbao-", output.parent if beside else None)
    os.close(handle)
    return Path(name)


def settle(built: Path, output: Path) -> None:
    """Let an index stand beside its output for the next time; that of a part is of no use then."""
    if built.parent == output.parent and not output.name.endswith(PART) and built.stat().st_size:
        built.replace(index_of(output))


class Batch:
    """The run and the outputs of one sitting."""

    def __init__(self, library: Library, as_of: date) -> None:
        self.library, self.as_of = library, as_of
        self.run: Run | None = None
        self._opened: dict[str, Opened] = {}
        # However the program ends, no process goes on unseen and nothing is left half-built.
        atexit.register(self.close)

    def start(
        self, source: Path, output: Path, *, resume: bool = False, topics: Sequence[str] = ()
    ) -> None:  # fmt: skip
        """Begin a run; one that goes on is ended first. A resumed one has the topics it had."""
        before = stored(output) if resume else None
        if before is not None:
            topics = before.run.get("options", {}).get("topics") or ()
        if self.run is not None:
            self.run.stop()
        self.forget(output)
        self.run = Run(source, output, self.as_of, resume=resume, topics=topics)

    def opened(self, path: str, source: Path | None = None) -> Opened:
        """An output, opened once and kept as it stands on the screen."""
        if path not in self._opened:
            run = self.run
            known = run.source if run is not None and run.shown == Path(path) else None
            self._opened[path] = one = Opened(Path(path), source=source or known)
            one.begin(self.library)
        return self._opened[path]

    def reopen(self, path: str) -> Opened:
        """Open an output anew, because it has changed."""
        before = self._opened.pop(path)
        before.close()
        return self.opened(path, before.source)

    def forget(self, output: Path) -> None:
        """Close an output, and what is done of it."""
        for path in (str(output), str(part_of(output))):
            one = self._opened.pop(path, None)
            if one is not None:
                one.close()

    def close(self) -> None:
        """End what goes on and close everything."""
        atexit.unregister(self.close)
        if self.run is not None:
            self.run.stop()
        for path in [*self._opened]:
            self._opened.pop(path).close()


def unfinished(output: Path) -> bool:
    """Whether a run to an output was stopped and can be gone on with."""
    return journal_of(output).exists() and part_of(output).exists()
