"""Decides cases briefly at full speed: chunks through the scanner, unusual lines the exact way."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING

from engine.batch import scanner
from engine.batch.chunks import CHUNK, MAX_KEPT, Buffer, Chunk, Chunks
from engine.batch.contradictions import Contradictions
from engine.batch.encoding import Brief, encode
from engine.batch.outcomes import Decider
from engine.batch.reader import MAX_CASE, STDIN, open_input, read_item, read_items
from engine.batch.registry import FullError, Registry
from engine.batch.summary import Summary
from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from ctypes import CDLL
    from datetime import date

    from engine.checker import Checker

    Write = Callable[[memoryview], object]

_ROOM = 1 << 16
_SPACE = b" \t\r\n"


def run_brief(  # noqa: PLR0913, PLR0917 - as `run`, and how fast
    checker: Checker, files: Sequence[str], write: Write, as_of: date,
    topics: Sequence[str] | None = None, decisions: Sequence[str] | None = None, *,
    jobs: int = 1, chunk: int = CHUNK, compiled: bool = True,
) -> Summary:  # fmt: skip
    """Decide the cases of `files` briefly, one line each, in order; as `run` does otherwise.

    `jobs` chunks of `chunk` bytes are decided at once. Without `compiled`, or where the scanner
    could not be compiled, every case goes the exact way, and the bytes written are the same.
    """
    if list(files).count(STDIN) > 1:
        raise InputError("standard input can be read only once")
    summary, decider = Summary(), Decider(checker, as_of, topics, decisions)
    found = scanner.library() if compiled and len(decider.names) <= scanner.MAX_DECISIONS else None
    with _workers(found, decider, jobs) as pool:
        for name in files:
            try:
                with open_input(name) as stream:
                    if found is None:
                        _exactly(decider, read_items(stream, name), write, summary)
                        continue
                    chunks = Chunks(stream, name, found.tb_lines, chunk)
                    replayed = chunks.replay()
                    if replayed is None:
                        pool.decide(chunks, write)
                    else:
                        _exactly(decider, read_items(replayed, name), write, summary)
            except InputError as error:
                summary.broken.append(str(error))
        for worker in pool.workers:
            worker.add_to(summary)
    summary.compared = checker.compared
    summary.check()
    return summary


def _exactly(decider: Decider, items: Iterable[object], write: Write, summary: Summary) -> None:
    for item in items:
        summary.cases += 1
        result = decider.result(item)  # type: ignore[arg-type]  # the reader gives items
        summary.add(result)
        write(memoryview((encode(Brief(result)) + "\n").encode()))


@dataclass
class _Pool:
    """The workers, each used by one thread at a time."""

    workers: list[Worker] = field(default_factory=list)
    threads: ThreadPoolExecutor | None = None

    def decide(self, chunks: Chunks, write: Write) -> None:
        """Decide chunks, and write what they come to in their order."""
        if self.threads is None:
            for chunk in chunks:
                write(self.workers[0].decide(chunk).taken())
                chunks.give_back(chunk)
            return
        idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self.workers:
            idle.put(worker)
        waiting: deque[tuple[Chunk, Future[Output]]] = deque()
        spare: deque[Output] = deque()

        def decide(chunk: Chunk, output: Output) -> Output:
            worker = idle.get()
            try:
                return worker.decide(chunk, output)
            finally:
                idle.put(worker)

        def take() -> None:
            chunk, future = waiting.popleft()
            output = future.result()
            write(output.taken())
            chunks.give_back(chunk)
            spare.append(output)

        try:
            for chunk in chunks:
                output = spare.pop() if spare else Output()
                waiting.append((chunk, self.threads.submit(decide, chunk, output)))
                if len(waiting) > len(self.workers):
                    take()
        finally:
            # What came before an input that breaks off is written too.
            while waiting:
                take()


@contextmanager
def _workers(found: CDLL | None, decider: Decider, jobs: int) -> Iterator[_Pool]:
    if found is None:
        yield _Pool()
        return
    lock = threading.Lock()
    workers = [Worker(found, decider, lock) for _ in range(jobs)]
    threads = ThreadPoolExecutor(jobs) if jobs > 1 else None
    try:
        yield _Pool(workers, threads)
    finally:
        if threads is not None:
            threads.shutdown(cancel_futures=True)
        for worker in workers:
            worker.close()


class Output:
    """What is to be written of a chunk."""

    def __init__(self, size: int = CHUNK) -> None:
        self.buffer, self.used = Buffer(size), 0

    @property
    def room(self) -> int:
        """How much it holds."""
        return len(self.buffer.data)

    def taken(self) -> memoryview:
        """What was put in; it is empty then."""
        used, self.used = self.used, 0
        return memoryview(self.buffer.data)[:used]

    def grow(self, size: int) -> None:
        """Have room for `size` bytes more, and some."""
        wider = Buffer(2 * (self.room + size))
        wider.data[: self.used] = memoryview(self.buffer.data)[: self.used]
        self.buffer = wider

    def put(self, text: bytes) -> None:
        """Add a line."""
        if self.room - self.used < len(text):
            self.grow(len(text))
        self.buffer.data[self.used : self.used + len(text)] = text
        self.used += len(text)


class Worker:
    """Decides chunks with a context of its own; what Python does goes under a lock."""

    def __init__(self, found: CDLL, decider: Decider, lock: threading.Lock) -> None:
        self._found, self._decider, self._lock = found, decider, lock
        self._summary = Summary()
        self._registry = Registry(found, decider, decider.as_of)
        self._contradictions = Contradictions(found, decider)
        self._output = Output()

    def decide(self, chunk: Chunk, output: Output | None = None) -> Output:
        """The results of the lines of a chunk."""
        output = output or self._output
        at, counted, number = 0, 0, chunk.line
        data = chunk.buffer.data
        while True:
            context = self._registry.context
            status, at, output.used = context.scan(
                (chunk.buffer.address, at, chunk.length),
                (output.buffer.address, output.used, output.room), MAX_CASE,
            )  # fmt: skip
            if status == scanner.DONE:
                break
            start, end = context.line
            if status == scanner.ROOM:
                output.grow(2 * (end - start) + _ROOM)
                continue
            with self._lock:
                text = bytes(memoryview(data)[start : min(end, start + MAX_KEPT)])
                if self._provided(status, text):
                    continue
                number += data.count(b"\n", counted, start)
                counted, at = start, end
                if text.strip(_SPACE):
                    output.put(self._exactly(number, text))
        with self._lock:
            self._registry.compare()
        return output

    def _provided(self, status: int, text: bytes) -> bool:
        """Whether the line can go on being scanned."""
        if status == scanner.LINE:
            return False
        try:
            return self._registry.provide(status, text)
        except FullError:
            self._renew()
            return True

    def _exactly(self, number: int, text: bytes) -> bytes:
        refused = self._contradictions.refused(number, text)
        if refused is not None:
            self._summary.refused(refused.code)
            return refused.line
        item = read_item(number, text)
        if isinstance(item.data, dict):
            self._contradictions.learn_places(item.data)
            try:
                self._registry.learn_places(item.data)
            except FullError:
                self._renew()
        result = self._decider.result(item)
        self._summary.cases += 1
        self._summary.add(result)
        return (encode(Brief(result)) + "\n").encode()

    def _renew(self) -> None:
        """Start with an empty context; what the old one counted is kept."""
        self._take_counts()
        self._registry.close()
        self._registry = Registry(self._found, self._decider, self._decider.as_of)

    def _take_counts(self) -> None:
        self._registry.compare()
        cases = 0
        for name, answers in zip(self._decider.names, self._registry.counts(), strict=True):
            cases = sum(answers.values())
            for answer, count in answers.items():
                self._summary.answered(name, answer.verdict, answer.outcome, count)
        self._summary.cases += cases
        self._summary.results += cases

    def add_to(self, summary: Summary) -> None:
        """Add what this worker counted."""
        self._take_counts()
        self._registry.close()
        summary.merge(self._summary)

    def close(self) -> None:
        """Free the contexts."""
        self._registry.close()
        self._contradictions.close()
