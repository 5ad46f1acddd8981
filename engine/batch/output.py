"""What was decided of one chunk: the lines to write, and what stands in them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.batch.chunks import CHUNK, Buffer
from engine.batch.identities import LONGEST
from engine.batch.summary import Summary
from engine.batch.tally import Tally

if TYPE_CHECKING:
    from engine.batch.identities import Hasher, Words
    from engine.batch.reader import Item
    from engine.result import CaseResult

    Places = npt.NDArray[np.int64]

START = b'{"id": '
_NEWLINE, _QUOTE = 10, 34
_SHORT = 24
# How a carried column stands in a line the scanner wrote: no text there holds an escape.
_CARRIED = re.compile(rb', "(x_[^"]*)": (?:"([^"]*)"|(null))?')
_MARK = b', "x_'


@dataclass(frozen=True)
class Exact:
    """A case that was decided the exact way, and where its line begins in the output."""

    at: int
    item: Item
    mapped: Item
    result: CaseResult


class Output:
    """The lines to be written of a chunk, and the counts they come to."""

    def __init__(self, size: int = CHUNK) -> None:
        self.buffer, self.used = Buffer(size), 0
        self.clear()

    def clear(self) -> None:
        """Be empty."""
        self.used = 0
        self.summary, self.tally = Summary(), Tally()
        self.exact: list[Exact] = []
        self.lines = Lines.none()

    @property
    def room(self) -> int:
        """How much it holds."""
        return len(self.buffer.data)

    @property
    def written(self) -> memoryview:
        """What was put in."""
        return memoryview(self.buffer.data)[: self.used]

    def taken(self) -> memoryview:
        """What was put in; it is empty then."""
        written = self.written
        self.clear()
        return written

    def grow(self, size: int) -> None:
        """Have room for `size` bytes more, and some."""
        wider = Buffer(2 * (self.room + size))
        wider.data[: self.used] = self.written
        self.buffer = wider

    def put(self, text: bytes) -> None:
        """Add a line."""
        if self.room - self.used < len(text):
            self.grow(len(text))
        self.buffer.data[self.used : self.used + len(text)] = text
        self.used += len(text)

    def answered(self, decision: str, verdict: str, outcome: str | None, count: int) -> None:
        """Count answers to a decision."""
        self.summary.answered(decision, verdict, outcome, count)
        self.tally.answered(decision, verdict, outcome, count)

    def failed(self, result: CaseResult) -> None:
        """Count the error of a case that is counted already."""
        self.summary.failed(result.faults[0].code)
        self.tally.error(result.faults[0].code, result.id, result.line)

    def index(self, hasher: Hasher) -> None:
        """Find the lines and the ids in them."""
        ids = {one.at: one.result.id for one in self.exact}
        self.lines = Lines.of(self.buffer.data, self.used, ids, hasher)

    def columns(self) -> Counter[tuple[str, str | None]]:
        """The columns carried that are not empty, with their texts of the length of a number."""
        found: Counter[tuple[str, str | None]] = Counter()
        for piece in self._scanned():
            if _MARK in piece:
                for name, text, null in _CARRIED.findall(piece):
                    if not null:
                        long = text.decode() if len(text) == Lines.NUMBER else None
                        found[name.decode(), long] += 1
        return found

    def _scanned(self) -> list[bytes]:
        """The output without the lines that were decided the exact way."""
        pieces, at = [], 0
        for one in self.exact:
            pieces.append(bytes(self.written[at : one.at]))
            at = self.buffer.data.index(b"\n", one.at) + 1
        return [*pieces, bytes(self.written[at:])]


@dataclass(frozen=True)
class Lines:
    """Where the lines of an output begin, and the ids in them."""

    NUMBER = 18
    starts: Places
    hashes: Words
    """Of the ids, in the order of the lines that have one."""
    named: Places
    """The indices of these lines."""
    numbers: tuple[str, ...]
    """The ids of the length of an identity number, of cases that no one has looked at."""

    @staticmethod
    def none() -> Lines:
        """Of an output in which none has been looked for."""
        nothing = np.empty(0, np.int64)
        return Lines(nothing, np.empty((0, 2), np.uint64), nothing, ())

    @staticmethod
    def of(data: bytearray, used: int, exact: dict[int, str | None], hasher: Hasher) -> Lines:
        """Of an output of so many bytes; `exact` are the ids of lines that may hold escapes."""
        if not used:
            return Lines.none()
        view = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(view[:used] == _NEWLINE)
        starts = np.concatenate(([0], ends[:-1] + 1))
        first = starts + len(START)
        at = np.searchsorted(starts, np.fromiter(exact, np.int64, len(exact)))
        own = np.ones(len(starts), bool)
        own[at] = False
        own &= view[first] == _QUOTE
        named = np.flatnonzero(own)
        hashes, lengths = _hashed(data, view, first[named] + 1, hasher)
        numbers = tuple(data[place : place + Lines.NUMBER].decode("utf-8", "replace") for place in (
            first[named[lengths == Lines.NUMBER]] + 1).tolist())  # fmt: skip
        told = [
            (int(index), one.encode("utf-8", "surrogatepass"))
            for index, one in zip(at, exact.values(), strict=True)
            if one is not None
        ]
        if told:
            named = np.concatenate((named, [index for index, _ in told]))
            hashes = np.concatenate((hashes, hasher([one for _, one in told])))
            order = np.argsort(named)
            named, hashes = named[order], hashes[order]
        return Lines(starts, hashes, named, numbers)


def _hashed(
    data: bytearray, view: npt.NDArray[np.uint8], first: Places, hasher: Hasher
) -> tuple[Words, Places]:
    """The hashes of the texts that begin at these places, each up to a quote; their lengths."""
    for width in (_SHORT, LONGEST + 8):
        inside = np.minimum(first, len(view) - width)
        window = np.lib.stride_tricks.sliding_window_view(view, width)[inside]
        quotes = window == _QUOTE
        lengths = quotes.argmax(axis=1)
        if quotes[np.arange(len(first)), lengths].all() and (inside == first).all():
            window = np.where(np.arange(width) < lengths[:, None], window, 0).astype(np.uint8)
            words: Any = np.ascontiguousarray(window).view(np.uint64)
            if int(lengths.max(initial=0)) <= LONGEST:
                return hasher.columns(words, lengths.astype(np.uint64)), lengths
    ids = [bytes(data[place : data.index(b'"', place)]) for place in first.tolist()]
    return hasher(ids), np.array([*map(len, ids)], np.int64)
