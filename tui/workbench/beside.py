"""A workbench in a process of its own, so that no key waits for it; and that process.

A thread of the interface that looks at the rules would make every key wait for its share of the
interpreter; a process does not. It ends with the interface, however that ends.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import date
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.errors import InputError, whence
from tui.locale import LANGUAGES
from tui.workbench.shapes import ENDED, Trouble

if TYPE_CHECKING:
    from tui.text.glyphs import Glyphs
    from tui.workbench.bench import Here
    from tui.workbench.shapes import ListView, View

Request = tuple[Literal["page", "again", "rest", "go_on"], int, tuple[str, str, str]]
Said = tuple[Literal["board", "page", "failed"], int, object]
NOTHING = ("", "", "")
_PATIENCE = 2.0
_EVERY = 0.1
"""Seconds between two glances at the folder."""
_SELDOM = 0.5
"""Seconds between two boards while work goes on: each of them is drawn."""
_NICE = 5


class Beside:
    """A workbench that looks at a folder in another process."""

    def __init__(self, folder: Path, topic: str | None, as_of: date, glyphs: Glyphs) -> None:
        self.folder, self.topic, self.as_of, self.glyphs = folder, topic, as_of, glyphs
        self.failure = ""
        self.changes = 0
        self._boards: dict[str, ListView] = {}
        self._asked: dict[int, tuple[threading.Event, list[object]]] = {}
        self._number = 0
        self._lock = threading.Lock()
        self._resting = False
        self._start()
        atexit.register(self.close)

    def _start(self) -> None:
        mine, its = Pipe()
        self._line = mine
        signs = "ascii" if self.glyphs.enter.isascii() else ""
        command = (
            sys.executable, "-m", "tui.workbench.beside", str(its.fileno()), str(self.folder),
            self.topic or "", self.as_of.isoformat(), signs,
        )  # fmt: skip
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            command, pass_fds=(its.fileno(),), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        its.close()
        # It only waits: what takes long is done in the other process.
        self._listener = threading.Thread(target=self._listen, args=(mine,), daemon=True)
        self._listener.start()

    def _listen(self, line: Connection) -> None:
        """Hear what the process says, until it ends."""
        try:
            while True:
                said: Said = line.recv()
                self._hear(said)
        except (EOFError, OSError):
            if line is self._line:
                self.failure = self.failure or ENDED
                self.changes += 1
            with self._lock:
                waiting, self._asked = self._asked, {}
            for ready, _ in waiting.values():
                ready.set()

    def _hear(self, said: Said) -> None:
        kind, number, what = said
        if kind == "board" and isinstance(what, dict):
            self._boards = what
        elif kind == "failed":
            self.failure = str(what)
        else:
            with self._lock:
                ready, found = self._asked.pop(number)
            found.append(what)
            ready.set()
            return
        self.changes += 1

    def _tell(self, request: Request) -> None:
        with suppress(OSError), self._lock:
            self._line.send(request)

    def board(self, lang: str) -> ListView | None:
        return self._boards.get(lang)

    def ask(self, page: str, about: str, lang: str) -> View | None:
        ready, found = threading.Event(), list[object]()
        with self._lock:
            self._number += 1
            number = self._number
            self._asked[number] = ready, found
        if self._process.poll() is None:
            self._tell(("page", number, (page, about, lang)))
            ready.wait()
        return found[0] if found else None  # type: ignore[return-value] # what was asked for

    def poll(self) -> None:
        """Nothing: the process tells by itself."""

    def again(self) -> None:
        """Look again; where the process has ended, begin anew."""
        if self._process.poll() is None:
            self._tell(("again", 0, NOTHING))
        else:
            self.failure = ""
            self._start()

    def rest(self, *, resting: bool) -> None:
        if resting != self._resting:
            self._resting = resting
            self._tell(("rest" if resting else "go_on", 0, NOTHING))

    def close(self) -> None:
        """End the process; it keeps nothing that could be lost."""
        atexit.unregister(self.close)
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # It has heard that nothing comes any more.
        self._listener.join(_PATIENCE)
        self._line.close()


class _Telling:
    """Tells what is on the board: a look at once, what is worked out after it now and then."""

    def __init__(self, line: Connection, bench: Here) -> None:
        self.line, self.bench = line, bench
        self._told: dict[str, ListView | None] = {}
        self._at = 0.0

    def tell(self, *, looked: bool) -> None:
        """Say what is new."""
        now = time.monotonic()
        if looked or not self.bench.busy or now - self._at >= _SELDOM:
            views = {lang: self.bench.board(lang) for lang in LANGUAGES}
            if looked or views != self._told:
                self._at, self._told = now, views
                self.line.send(("board", 0, views))


def serve(line: Connection, folder: Path, topic: str | None, as_of: date, glyphs: Glyphs) -> None:
    """Look at a folder whenever it changes and answer, until nobody listens any more."""
    from engine.workbench.workbench import Workbench
    from tui.workbench.bench import Here

    try:
        bench = Here(Workbench(folder, as_of=as_of, topic=topic), folder, as_of, glyphs)
        telling, resting = _Telling(line, bench), False
        while True:
            looks = bench.looked
            if not resting and bench.step():
                telling.tell(looked=bench.looked != looks)
            # Whoever asks comes first; nobody is waited for while something is left to do.
            while line.poll(None if resting else 0 if bench.busy else _EVERY):
                request: Request = line.recv()
                kind, number, asked = request
                if kind == "page":
                    line.send(("page", number, _asked(bench, asked)))
                elif kind == "again":
                    bench.again()
                    telling.tell(looked=True)
                else:
                    resting = kind == "rest"
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except InputError as error:
        line.send(("failed", 0, str(error)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the page says so and can try again
        line.send(("failed", 0, whence(error)))


def _asked(bench: Here, asked: tuple[str, str, str]) -> View | None:
    try:
        return bench.ask(*asked)
    except Exception as error:  # noqa: BLE001 - one page that fails must not end the others
        return Trouble(whence(error))


def main() -> None:
    """Serve the interface that started this process."""
    from tui.text.glyphs import ASCII, UNICODE

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with suppress(OSError):
        os.nice(_NICE)
    handle, folder, topic, day, signs = sys.argv[1:]
    line = Connection(int(handle))
    glyphs = ASCII if signs else UNICODE
    serve(line, Path(folder), topic or None, date.fromisoformat(day), glyphs)


if __name__ == "__main__":
    main()
