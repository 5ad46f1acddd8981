"""Makes lines the scanner reads of cases that do not stand one a line, or are to be mapped."""

from __future__ import annotations

import json
import os
import select
import stat
import zlib
from collections import deque
from typing import IO, TYPE_CHECKING

from engine.batch.chunks import CHUNK, Buffer, Chunk
from engine.batch.encoding import encode
from engine.batch.inputs import START, Place
from engine.batch.scanner import SLACK
from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.batch.reader import Item

# No case: the scanner hands it back, and the item is looked up.
_HANDED_BACK = b"!\n"
_FEW = 500
"""So many cases make a chunk where no line is made of them."""
_JSON = json.JSONEncoder(ensure_ascii=False)


class _Plain(dict[str, object]):
    def to_json(self) -> dict[str, object]:
        """As it is."""
        return self


class Prepared:
    """Chunks of one line a case, of about `size` bytes; without `lines` of cases alone.

    `before` maps a case. A chunk ends early where its input keeps the reader waiting.
    """

    def __init__(  # noqa: PLR0913 - what lines are made of
        self, items: Iterable[Item], stream: IO[bytes], before: Callable[[Item], Item],
        *, lines: bool, size: int = CHUNK, place: Place = START,
    ) -> None:  # fmt: skip
        self._items, self._stream, self._before = items, stream, before
        self._lines, self.size, self._place = lines, size, place
        self._free: deque[Buffer] = deque()
        self._waits = not _is_file(stream)

    def give_back(self, chunk: Chunk) -> None:
        """Let the buffer of a chunk be filled again."""
        self._free.append(chunk.buffer)

    def __iter__(self) -> Iterator[Chunk]:
        """The chunks in order.

        Raises InputError when the input breaks off; the cases before have been given.
        """
        kept: list[tuple[Item, Item]] = []
        lines: list[bytes] = []
        size, broken = 0, None
        try:
            for item in self._items:
                kept.append((item, self._before(item)))
                if self._lines:
                    lines.append(_line(kept[-1][1]))
                    size += len(lines[-1])
                enough = size >= self.size if self._lines else len(kept) >= _FEW
                if enough or (self._waits and not _ready(self._stream)):
                    yield self._chunk(kept, lines)
                    kept, lines, size = [], [], 0
        except InputError as error:
            broken = error
        if kept:
            yield self._chunk(kept, lines)
        if broken is not None:
            raise broken

    def _chunk(self, items: list[tuple[Item, Item]], lines: list[bytes]) -> Chunk:
        text = b"".join(lines)
        buffer = self._buffer(len(text) + SLACK)
        buffer.data[: len(text) + SLACK] = text + bytes(SLACK)
        cases = self._place.cases + len(items)
        # To tell the form of an input, its reader may have gone past the first case.
        offset = self._offset() if cases > 1 else 0
        self._place = Place(offset, items[-1][0].line, cases)
        return Chunk(buffer, len(text), 0, len(lines), self._place, items)

    def _offset(self) -> int:
        try:
            return 0 if self._waits else self._stream.tell()
        except (OSError, ValueError, zlib.error):
            return 0

    def _buffer(self, needed: int) -> Buffer:
        while self._free:
            buffer = self._free.popleft()
            if len(buffer.data) >= needed:
                return buffer
        return Buffer(needed + needed // 2)


def _line(item: Item) -> bytes:
    if item.faults:
        return _HANDED_BACK
    try:
        return _JSON.encode(item.data).encode() + b"\n"
    except TypeError:  # an exact number, which json does not write
        if isinstance(item.data, dict):
            return encode(_Plain(item.data)).encode() + b"\n"
    except UnicodeEncodeError:
        pass
    return _HANDED_BACK


def _is_file(stream: IO[bytes]) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def _ready(stream: IO[bytes]) -> bool:
    """Whether reading on gives something at once, or the end."""
    return bool(select.select([stream], [], [], 0)[0])
