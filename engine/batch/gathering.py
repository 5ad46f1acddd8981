"""Takes what was decided of each chunk, in order: what came twice, the counts, what is written."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import numpy as np

from engine.batch.chunks import MAX_KEPT, Chunk
from engine.batch.encoding import Brief, encode
from engine.batch.inputs import Place
from engine.batch.reader import Item, read_item

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Lock

    from engine.batch.attended import Attended
    from engine.batch.identities import Words
    from engine.batch.outcomes import Decider
    from engine.batch.output import Output, Places
    from engine.batch.privacy import Privacy
    from engine.batch.summary import Summary

    Write = Callable[[memoryview | bytes], object]

GLANCED = 100
"""Cases of each input at which a glance looks."""
_SPACE = b" \t\r\n"
_GLANCED_BYTES = 1 << 17


class Gathering:
    """What a run came to so far; `take` gets the chunks of one input after another.

    A case whose id came before is decided again, as an error, where ids are to be unique.
    """

    def __init__(
        self, decider: Decider, attended: Attended, summary: Summary, write: Write, lock: Lock
    ) -> None:
        self.decider, self.attended, self.summary = decider, attended, summary
        self._write, self._lock = write, lock

    def take(self, chunk: Chunk, output: Output, stream: IO[bytes]) -> None:
        """Count a chunk and write it."""
        attended = self.attended
        if attended.privacy is not None:
            self._look(chunk, output)
        elif attended.glance is not None and attended.cases < GLANCED:
            _glance(attended.glance, chunk, GLANCED - attended.cases)
        cases, numbers = output.summary.cases, None
        again: Mapping[int, int] = {}
        if attended.identities is not None and cases:
            numbers, named = _numbers(chunk, output), output.lines.named
            ids = attended.take(output.lines.hashes, numbers[named], cases, int(numbers[-1]))
            if attended.unique_ids:
                again = {int(named[one.index]): one.first_line for one in ids}
        else:
            attended.take(output.lines.hashes, np.empty(0, np.uint64), cases, chunk.place.line)
        written: memoryview | bytes = output.written
        if again and numbers is not None:
            written = self._without(chunk, output, again, numbers)
        self.summary.merge(output.summary)
        if attended.tally is not None:
            attended.tally.merge(output.tally)
        self._write(written)
        output.clear()
        place = Place(chunk.place.offset, chunk.place.line, attended.cases)
        attended.reached(self.summary, stream, lambda: place)

    def _look(self, chunk: Chunk, output: Output) -> None:
        """Count the columns that say who somebody is."""
        privacy = self.attended.privacy
        assert privacy is not None  # noqa: S101 - asked for by the caller
        if chunk.items is not None:
            for item, _ in chunk.items:
                privacy.look(item.data)
            return
        for one in output.exact:
            privacy.look(one.item.data)
        privacy.look_at_ids(output.lines.numbers)
        for (column, text), count in output.columns().items():
            privacy.look({column: text or ""}, count)

    def _without(
        self, chunk: Chunk, output: Output, again: Mapping[int, int], numbers: Words
    ) -> bytes:
        """The output with an error for each case whose id came before, the counts with it."""
        exact = {one.at: one for one in output.exact}
        ends = _ends(chunk) if chunk.items is None else None
        pieces, at = [], 0
        for index, first in again.items():
            start = int(output.lines.starts[index])
            pieces.append(bytes(output.written[at:start]))
            at = output.buffer.data.index(b"\n", start) + 1
            if start in exact:
                item, result = exact[start].item, exact[start].result
            else:
                item, mapped = self._item(chunk, index, int(numbers[index]), ends)
                with self._lock:
                    result = self.decider.result(mapped)
            if not result.faults:
                for name, one in result.decisions.items():
                    output.answered(name, one.verdict, one.outcome, -1)
            failed = self.attended.repeated(item, result, first)
            if not result.faults:
                output.failed(failed)
            pieces.append((encode(Brief(failed)) + "\n").encode())
        return b"".join([*pieces, bytes(output.written[at:])])

    def _item(
        self, chunk: Chunk, index: int, number: int, ends: Places | None
    ) -> tuple[Item, Item]:
        if chunk.items is not None:
            return chunk.items[index]
        assert ends is not None  # noqa: S101 - of a chunk that holds the input's own lines
        line = number - chunk.line
        start, end = (int(ends[line - 1]) + 1 if line else 0), int(ends[line])
        text = memoryview(chunk.buffer.data)[start : min(end, start + MAX_KEPT)]
        item = read_item(number, bytes(text))
        return item, item


def _glance(privacy: Privacy, chunk: Chunk, cases: int) -> None:
    """Look for columns that say who somebody is in the first cases of a chunk."""
    if chunk.items is not None:
        for item, _ in chunk.items[:cases]:
            privacy.look(item.data)
        return
    head = memoryview(chunk.buffer.data)[: min(chunk.length, _GLANCED_BYTES)]
    for text in bytes(head).split(b"\n")[:cases]:
        privacy.look(read_item(0, text).data)


def _ends(chunk: Chunk) -> Places:
    """Where the lines of a chunk end."""
    return np.flatnonzero(np.frombuffer(chunk.buffer.data, np.uint8, chunk.length) == ord("\n"))


def _numbers(chunk: Chunk, output: Output) -> Words:
    """The line in the input of each line of the output."""
    if chunk.items is not None:
        return np.fromiter((item.line for item, _ in chunk.items), np.uint64, len(chunk.items))
    if len(output.lines.starts) == chunk.lines:
        return np.arange(chunk.line, chunk.line + chunk.lines, dtype=np.uint64)
    lines = bytes(memoryview(chunk.buffer.data)[: chunk.length]).split(b"\n")[:-1]
    full = [chunk.line + at for at, one in enumerate(lines) if one.strip(_SPACE)]
    return np.array(full, np.uint64)
