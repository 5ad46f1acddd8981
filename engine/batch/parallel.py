"""Decides the cases of some inputs in full, in several processes; in order, as `run` does.

Each process loads the rules itself and ends when its input does, so none is left behind whatever
becomes of the run. Only so many parts are under way that memory stays bounded.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import subprocess
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Self

from engine.batch.chunks import Chunks
from engine.batch.columns import is_csv
from engine.batch.inputs import Place, items_of, sought
from engine.batch.part import Part, PartDecider, Work
from engine.batch.reader import STDIN, open_input, read_items, shown
from engine.errors import InputError, TongbaoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from engine.batch.attended import Attended
    from engine.batch.part import Task
    from engine.batch.reader import Item
    from engine.batch.summary import Summary
    from engine.checker import Checker
    from engine.result import CaseResult

    Ahead = tuple[Work, Place]

SIZE = 1 << 17
"""About so many bytes of lines are decided by a process at a time."""
ITEMS = 256
"""The same in cases, where an input has not one a line."""
_WAIT = 5.0


class WorkerError(TongbaoError):
    """A process that decided a part of the run has ended before its time."""


def run_parallel(  # noqa: PLR0913 - as `run`, and by how many
    checker: Checker, files: Sequence[str], write: Callable[[bytes], object], task: Task,
    attended: Attended, *, jobs: int, size: int = SIZE,
) -> Summary:  # fmt: skip
    """Decide the cases of `files` by `jobs` processes, as `run` does with `task` and `attended`.

    `write` gets whole lines of results. Raises as `run` does, and WorkerError when a process dies.
    """
    if list(files).count(STDIN) > 1:
        raise InputError("standard input can be read only once")
    summary = attended.earlier
    gathering = _Gathering(PartDecider(checker, task), attended, summary, write)
    with _Pool(task, jobs) as pool:
        for number, name in enumerate(files):
            if attended.passed(number):
                continue
            try:
                with open_input(name) as stream:
                    place = attended.begin(number, shown(name))
                    gathering.stream = stream
                    pool.decide(_work(checker, stream, name, place, size), gathering.take)
            except InputError as error:
                summary.broken.append(str(error))
    summary.compared = checker.compared
    summary.check()
    return summary


def _work(
    checker: Checker, stream: IO[bytes], name: str, place: Place, size: int
) -> Iterator[Ahead]:
    """An input in parts, each with where the input goes on behind it."""
    facts = checker.library.vocabulary.facts
    if is_csv(name) or (place.cases and not sought(stream, name, place)):
        return _read(items_of(stream, name, facts, place))
    chunks = Chunks(stream, name, _lines, size, place)
    replayed = chunks.replay()
    return _lined(chunks) if replayed is None else _read(read_items(replayed, name))


def _lines(address: int, length: int) -> int:
    return ctypes.string_at(address, length).count(b"\n")


def _lined(chunks: Chunks) -> Iterator[Ahead]:
    for chunk in chunks:
        text = bytes(memoryview(chunk.buffer.data)[: chunk.length])
        place = chunk.place
        line = chunk.line
        chunks.give_back(chunk)
        yield Work(line, text), place


def _read(items: Iterable[Item]) -> Iterator[Ahead]:
    some: list[Item] = []
    try:
        for item in items:
            some.append(item)
            if len(some) == ITEMS:
                yield _several(some)
                some = []
    except InputError:
        if some:
            yield _several(some)
        raise
    if some:
        yield _several(some)


def _several(items: Sequence[Item]) -> Ahead:
    return Work(items[0].line, items=items), Place(0, items[-1].line)


class _Gathering:
    """What a run came to so far; `take` gets its parts in order."""

    stream: IO[bytes]

    def __init__(
        self, decider: PartDecider, attended: Attended, summary: Summary,
        write: Callable[[bytes], object],
    ) -> None:  # fmt: skip
        self._decider, self._attended, self._summary = decider, attended, summary
        self._write = write

    def take(self, work: Work, place: Place, part: Part | None) -> None:
        """Count a part and write it; one that a process had an error in is decided here."""
        attended = self._attended
        if part is None:
            part = self._decider.decide(work)
        cases = part.summary.cases
        twice = attended.take(part.hashes, part.lines, cases, part.last or place.line)
        if twice and attended.unique_ids:
            again = {int(part.lines[one.index]): partial(_repeated, attended, one.first_line)
                     for one in twice}  # fmt: skip
            part = self._decider.decide(work, again)
        self._decider.checker.agreed.update(part.agreed)
        self._decider.checker.comparing.failures.extend(part.failures)
        self._summary.merge(part.summary)
        if attended.tally is not None and part.tally is not None:
            attended.tally.merge(part.tally)
        if attended.privacy is not None:
            attended.privacy.merge(part.private)
        self._write(part.results)
        here = Place(place.offset, place.line, attended.cases)
        attended.reached(self._summary, self.stream, lambda: here)


def _repeated(attended: Attended, first: int, item: Item, result: CaseResult) -> CaseResult:
    return attended.repeated(item, result, first)


class _Worker:
    """A process that decides one part at a time."""

    def __init__(self, task: Task) -> None:
        command = [sys.executable, "-m", "engine.batch.worker"]
        # It finds modules where this process does, from whichever folder that was started.
        found = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(  # noqa: S603 - this Python, our module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=found
        )
        self._send(task)

    def decide(self, work: Work) -> Part | None:
        """What a part comes to; None where the process met an error. Raises WorkerError."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        self._send(work)
        try:
            found: Part | None = pickle.load(self._process.stdout)  # noqa: S301 - our own process
        except (EOFError, pickle.UnpicklingError) as error:
            raise self._dead() from error
        return found

    def close(self) -> None:
        """End the process, whatever it is doing."""
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(_WAIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _send(self, what: Task | Work) -> None:
        assert self._process.stdin is not None  # noqa: S101 - a pipe
        try:
            pickle.dump(what, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._dead() from error

    def _dead(self) -> WorkerError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_WAIT)
        return WorkerError(f"a process that decides cases ended early ({self._process.returncode})")


class _Pool:
    """The processes, each waited for by a thread at a time. Use as a context manager."""

    def __init__(self, task: Task, jobs: int) -> None:
        self._task, self._jobs = task, jobs
        self._idle: SimpleQueue[_Worker] = SimpleQueue()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            # The threads end last: they wait for processes.
            self._threads = ThreadPoolExecutor(self._jobs)
            stack.callback(self._threads.shutdown, cancel_futures=True)
            for _ in range(self._jobs):
                worker = _Worker(self._task)
                stack.callback(worker.close)
                self._idle.put(worker)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def decide(
        self, parts: Iterable[Ahead], take: Callable[[Work, Place, Part | None], None]
    ) -> None:
        """Decide parts, and hand over what they come to in their order."""
        waiting: deque[tuple[Work, Place, Future[Part | None]]] = deque()
        try:
            for work, place in parts:
                waiting.append((work, place, self._threads.submit(self._decide, work)))
                if len(waiting) > 2 * self._jobs:
                    _take(waiting, take)
        except InputError:
            # What came before an input that breaks off is answered too.
            while waiting:
                _take(waiting, take)
            raise
        while waiting:
            _take(waiting, take)

    def _decide(self, work: Work) -> Part | None:
        worker = self._idle.get()
        try:
            return worker.decide(work)
        finally:
            self._idle.put(worker)


def _take(
    waiting: deque[tuple[Work, Place, Future[Part | None]]],
    take: Callable[[Work, Place, Part | None], None],
) -> None:
    work, place, future = waiting.popleft()
    take(work, place, future.result())
