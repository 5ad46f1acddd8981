"""Reads an input in chunks of whole lines, into buffers that are used again."""

from __future__ import annotations

import ctypes
import zlib
from collections import deque
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from engine.batch.inputs import HEAD, START, Place
from engine.batch.reader import BOM, MAX_CASE, one_a_line, shown
from engine.batch.scanner import SLACK
from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from engine.batch.reader import Item

CHUNK = 2 * HEAD
# Of a longer line just enough is kept to tell that it is one.
MAX_KEPT = MAX_CASE + 2


class Buffer:
    """Bytes at an address that stays."""

    def __init__(self, size: int) -> None:
        self.data = bytearray(size)
        self._held = ctypes.c_char.from_buffer(self.data)
        self.address = ctypes.addressof(self._held)


@dataclass(frozen=True)
class Chunk:
    """Whole lines, each ended by a newline, and the number of the first of them."""

    buffer: Buffer
    length: int
    line: int
    lines: int = 0
    place: Place = START
    """Where the input goes on behind it; the cases are not counted here."""
    items: Sequence[tuple[Item, Item]] | None = None
    """Where the lines were made of cases: each as it came in, and as it is to be decided."""


class Chunks:
    """The chunks of one input, of about `size` bytes each.

    `count` tells how many lines end between an address and so many bytes on. A chunk's buffer is
    filled anew once it is given back.
    """

    def __init__(
        self, stream: IO[bytes], name: str, count: Callable[[int, int], int], size: int = CHUNK,
        place: Place = START,
    ) -> None:  # fmt: skip
        self.stream, self.name, self._count, self.size = stream, shown(name), count, size
        self._free: deque[Buffer] = deque()
        self._broken: Exception | None = None
        self._place, self._read = place, place.offset
        self._ahead = memoryview(b"")
        """What was read to tell the form of the input."""
        if not place.offset:
            self._ahead = memoryview(self._head())

    def replay(self) -> IO[bytes] | None:
        """The input from its start, for `read_items`; None where it holds one case a line."""
        if self._place.offset:
            return None
        head = bytes(self._ahead).removeprefix(BOM)
        if one_a_line(head):
            self._read = len(self._ahead) - len(head)
            self._ahead = memoryview(head)
            return None
        return cast("IO[bytes]", _Replay(bytes(self._ahead), self.stream, self._broken))

    def give_back(self, chunk: Chunk) -> None:
        """Let the buffer of a chunk be filled again."""
        self._free.append(chunk.buffer)

    def __iter__(self) -> Iterator[Chunk]:
        """The chunks in order.

        Raises InputError when the input breaks off; the whole lines before have been given.
        """
        rest, line, dropping, ended = b"", self._place.line + 1, False, False
        while not ended:
            buffer, used = self._buffer(len(rest)), len(rest)
            data = buffer.data
            data[:used] = rest
            got = self._next(memoryview(data)[used : used + self.size])
            self._read += got
            end, ended = used + got, not got
            if dropping:
                # What goes on of a long line is dropped up to its end.
                stop = data.find(b"\n", used, end)
                if stop < 0 and not ended:
                    self._free.append(buffer)
                    continue
                if stop >= 0:
                    memoryview(data)[used : used + end - stop] = bytes(memoryview(data)[stop:end])
                    end, dropping = used + end - stop, False
            if ended and self._broken is None and end and data[end - 1] != ord("\n"):
                data[end] = ord("\n")
                end += 1
            last = data.rfind(b"\n", 0, end) + 1
            rest = bytes(memoryview(data)[last : min(end, last + MAX_KEPT)])
            dropping = dropping or end - last > MAX_KEPT
            if last:
                data[last : last + SLACK] = bytes(SLACK)
                count = self._count(buffer.address, last)
                place = Place(self._read - max(0, end - last), line + count - 1)
                yield Chunk(buffer, last, line, count, place)
                line += count
            else:
                self._free.append(buffer)
        if self._broken is not None:
            message = f"{self.name} breaks off after line {line - 1}: {self._broken}"
            raise InputError(message) from self._broken

    def _buffer(self, rest: int) -> Buffer:
        """A buffer with room for the rest, a chunk, a newline and the slack."""
        needed = max(rest, MAX_KEPT) + self.size + 1 + SLACK
        while self._free:
            buffer = self._free.popleft()
            if len(buffer.data) >= needed:
                return buffer
        return Buffer(needed)

    def _head(self) -> bytes:
        """The first lines, as many as come at once."""
        head = bytearray(CHUNK)
        used = got = self._fill(memoryview(head))
        while got and used < CHUNK and b"\n" not in head[:used].strip(b" \t\r\n" + BOM):
            got = self._fill(memoryview(head)[used:])
            used += got
        return bytes(head[:used])

    def _next(self, view: memoryview) -> int:
        """The same as `_fill`, with what was read ahead first."""
        if not self._ahead:
            return self._fill(view)
        got = min(len(view), len(self._ahead))
        view[:got], self._ahead = self._ahead[:got], self._ahead[got:]
        return got

    def _fill(self, view: memoryview) -> int:
        """How many bytes were read: as many as there is room for, or as come with a whole line."""
        used = 0
        while used < len(view) and self._broken is None:
            try:
                got = self.stream.readinto1(view[used:])  # type: ignore[attr-defined]  # buffered
            except (OSError, EOFError, zlib.error) as error:
                self._broken = error
                break
            if not got:
                break
            used += got
            if got < HEAD >> 4 and b"\n" in view[used - got : used].tobytes():
                # A pipe gives what there is; whoever writes to it may wait for the answer.
                break
        return used


@dataclass
class _Replay:
    """An input of which the head was read already."""

    head: bytes
    stream: IO[bytes]
    broken: Exception | None
    at: int = 0

    def readline(self, size: int) -> bytes:
        """As of a binary stream."""
        stop = self.head.find(b"\n", self.at, self.at + size) + 1
        piece = self.head[self.at : stop or self.at + size]
        self.at += len(piece)
        if stop or len(piece) == size:
            return piece
        if self.broken is not None:
            raise self.broken
        return piece + self.stream.readline(size - len(piece))
