"""Decides cases briefly at full speed: chunks through the scanner, unusual lines the exact way."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING

from engine.batch import scanner
from engine.batch.attended import Attended
from engine.batch.chunks import CHUNK, MAX_KEPT, Chunk, Chunks
from engine.batch.columns import is_csv
from engine.batch.contradictions import Contradictions
from engine.batch.encoding import Brief, encode
from engine.batch.gathering import Gathering
from engine.batch.inputs import items_of, sought
from engine.batch.outcomes import Decider
from engine.batch.output import Exact, Output
from engine.batch.prepared import Prepared
from engine.batch.reader import MAX_CASE, STDIN, Item, open_input, read_item, read_items, shown
from engine.batch.registry import FullError, Registry
from engine.batch.summary import Summary
from engine.batch.tally import EXAMPLES
from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from ctypes import CDLL
    from datetime import date

    from engine.batch.contradictions import Refused
    from engine.batch.gathering import Write
    from engine.batch.inputs import Place
    from engine.checker import Checker

_ROOM = 1 << 16
_SPACE = b" \t\r\n"


def run_brief(  # noqa: PLR0913, PLR0917 - as `run`, and how fast
    checker: Checker, files: Sequence[str], write: Write, as_of: date,
    topics: Sequence[str] | None = None, decisions: Sequence[str] | None = None,
    attended: Attended | None = None, *, jobs: int = 1, chunk: int = CHUNK, compiled: bool = True,
) -> Summary:  # fmt: skip
    """Decide the cases of `files` briefly, one line each, in order; as `run` does otherwise.

    `jobs` chunks of `chunk` bytes are decided at once. Without `compiled`, or where the scanner
    could not be compiled, every case goes the exact way, and the bytes written are the same.
    """
    if list(files).count(STDIN) > 1:
        raise InputError("standard input can be read only once")
    attended, decider = attended or Attended(checker.library), Decider(
        checker, as_of, topics, decisions)  # fmt: skip
    summary = attended.earlier
    found = scanner.library() if compiled and len(decider.names) <= scanner.MAX_DECISIONS else None
    with _pool(found, decider, attended, jobs) as pool:
        gathering = Gathering(decider, attended, summary, write, pool.lock)
        for number, name in enumerate(files):
            if attended.passed(number):
                continue
            try:
                with open_input(name) as stream:
                    place = attended.begin(number, shown(name))
                    chunks = _chunks(found, attended, stream, name, place, chunk)
                    pool.decide(chunks, gathering, stream)
            except InputError as error:
                summary.broken.append(str(error))
    summary.order(decider.names)
    summary.compared = checker.compared
    summary.check()
    return summary


def _chunks(  # noqa: PLR0913, PLR0917 - what an input is and where it goes on
    found: CDLL | None, attended: Attended, stream: IO[bytes], name: str, place: Place, size: int
) -> Chunks | Prepared:
    """The lines of an input as they stand; where that cannot be, lines made of its cases."""
    facts = attended.library.vocabulary.facts
    if found is None or attended.mapping is not None or is_csv(name):
        items = items_of(stream, name, facts, place)
    else:
        on = sought(stream, name, place)
        if place.cases and not on:
            items = items_of(stream, name, facts, place)
        else:
            chunks = Chunks(stream, name, found.tb_lines, size, place)
            replayed = chunks.replay()
            if replayed is None:
                return chunks
            items = read_items(replayed, name)
    return Prepared(items, stream, attended.mapped, lines=found is not None, size=size, place=place)


@dataclass
class _Pool:
    """The workers, each used by one thread at a time."""

    workers: list[Exactly]
    threads: ThreadPoolExecutor | None
    lock: threading.Lock

    def decide(self, chunks: Chunks | Prepared, gathering: Gathering, stream: IO[bytes]) -> None:
        """Decide chunks, and gather what they come to in their order."""
        if self.threads is None:
            output = Output()
            for chunk in chunks:
                gathering.take(chunk, self.workers[0].decide(chunk, output), stream)
                chunks.give_back(chunk)
            return
        idle: SimpleQueue[Exactly] = SimpleQueue()
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
            gathering.take(chunk, output, stream)
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
def _pool(found: CDLL | None, decider: Decider, attended: Attended, jobs: int) -> Iterator[_Pool]:
    lock = threading.Lock()
    workers: list[Exactly] = [Exactly(decider, lock, attended)] if found is None else [
        Worker(found, decider, lock, attended) for _ in range(jobs)]  # fmt: skip
    threads = ThreadPoolExecutor(jobs) if len(workers) > 1 else None
    try:
        yield _Pool(workers, threads, lock)
    finally:
        if threads is not None:
            threads.shutdown(cancel_futures=True)
        for worker in workers:
            worker.close()


class Exactly:
    """Decides chunks case by case; what Python does goes under a lock."""

    def __init__(
        self, decider: Decider, lock: threading.Lock, attended: Attended | None = None
    ) -> None:
        self.decider, self.lock, self.attended = decider, lock, attended
        identities = attended.identities if attended is not None else None
        self.hasher = identities.hasher if identities is not None else None

    def decide(self, chunk: Chunk, output: Output | None = None) -> Output:
        """The results of the lines of a chunk."""
        output = output or Output()
        self._decide(chunk, output)
        if self.hasher is not None:
            output.index(self.hasher)
        return output

    def close(self) -> None:
        """Free what is held."""

    def _decide(self, chunk: Chunk, output: Output) -> None:
        with self.lock:
            for item, mapped in chunk.items or ():
                self.put(output, item, mapped)

    def put(self, output: Output, item: Item, mapped: Item) -> None:
        """Decide a case."""
        result = self.decider.result(mapped)
        if self.attended is not None:
            result = self.attended.mended(item, mapped, result)
        output.exact.append(Exact(output.used, item, mapped, result))
        output.summary.cases += 1
        output.summary.results += 1
        for name, one in result.decisions.items():
            output.answered(name, one.verdict, one.outcome, 1)
        if result.faults:
            output.failed(result)
        output.put((encode(Brief(result)) + "\n").encode())


class Worker(Exactly):
    """Decides chunks with a context of the scanner; what that hands back goes the exact way."""

    kind = Registry

    def __init__(
        self, found: CDLL, decider: Decider, lock: threading.Lock,
        attended: Attended | None = None,
    ) -> None:  # fmt: skip
        super().__init__(decider, lock, attended)
        self._found = found
        self._registry = self.kind(found, decider, decider.as_of)
        self._contradictions = Contradictions(found, decider)

    def _decide(self, chunk: Chunk, output: Output) -> None:
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
            with self.lock:
                text = bytes(memoryview(data)[start : min(end, start + MAX_KEPT)])
                if self._provided(status, text, output):
                    continue
                number += data.count(b"\n", counted, start)
                counted, at = start, end
                if text.strip(_SPACE) and self._handed_back(chunk, number, text, output):
                    at = start
        with self.lock:
            self._registry.compare()
            self._take_counts(output)

    def _provided(self, status: int, text: bytes, output: Output) -> bool:
        """Whether the line can go on being scanned."""
        if status == scanner.LINE:
            return False
        try:
            return self._registry.provide(status, text)
        except FullError:
            self._renew(output)
            return True

    def _handed_back(self, chunk: Chunk, number: int, text: bytes, output: Output) -> bool:
        """Decide a line; True where it is to be scanned again instead: its places are known now."""
        item = mapped = None
        line = number
        if chunk.items is not None:
            item, mapped = chunk.items[number]
            line = item.line
        if self.attended is None or self.attended.mapping is None:
            refused = self._contradictions.refused(line, text)
            if refused is not None:
                _put_refused(output, refused, line)
                return False
        if item is None or mapped is None:
            item = mapped = read_item(line, text)
        if isinstance(mapped.data, dict):
            self._contradictions.learn_places(mapped.data)
            try:
                if self._registry.learn_places(mapped.data):
                    return True
            except FullError:
                self._renew(output)
        self.put(output, item, mapped)
        return False

    def _renew(self, output: Output) -> None:
        """Start with an empty context; what the old one counted is kept."""
        self._registry.compare()
        self._take_counts(output)
        self._registry.close()
        self._registry = self.kind(self._found, self.decider, self.decider.as_of)

    def _take_counts(self, output: Output) -> None:
        """Add what the scanner has answered since this was last done."""
        # Every case gets one answer to each decision.
        cases, first = 0, self.decider.names[:1]
        for name, answer, count in self._registry.given():
            output.answered(name, answer.verdict, answer.outcome, count)
            cases += count if name in first else 0
        output.summary.cases += cases
        output.summary.results += cases

    def close(self) -> None:
        """Free the contexts."""
        self._registry.close()
        self._contradictions.close()


def _put_refused(output: Output, refused: Refused, line: int) -> None:
    """Write the error of a case that contradicts itself, and count it."""
    output.summary.refused(refused.code)
    known = len(output.tally.examples.get(refused.code, ())) >= EXAMPLES
    identity = None if known else read_item(0, refused.line).data["id"]
    output.tally.error(refused.code, identity, line)
    output.put(refused.line)
