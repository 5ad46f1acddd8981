"""Reads cases from JSON Lines, a JSON array or objects printed over lines, plain or gzip.

One case is held in memory at a time. One that cannot be read is an item too: it keeps its place
in the order, with its faults. An input that breaks off raises InputError after what came before.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from engine.batch.decoder import Decoder
from engine.batch.parquet import ENDING as PARQUET
from engine.batch.parquet import MAGIC, ParquetLines
from engine.errors import CaseFault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.errors import Code

MAX_CASE = 1 << 20
_ENOUGH = MAX_CASE + 2
STDIN = "-"
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SPACE = b" \t\r\n"
_ALLOWED = "one JSON object a case"
_LONE_RETURN = re.compile(r"\r(?!\n)")
# The id of a case that is no JSON, where it stands first and so cannot be anything nested.
_ID = re.compile(r'\s*\{\s*"id"\s*:\s*("(?:[^"\\\x00-\x1f]|\\.){0,1000}")')

Piece = tuple[int, bytes]
"""A line, or a part of a long one, with the number of the line."""


@dataclass(frozen=True)
class Item:
    """One case as it stands in a file: its line, and its data or what is wrong with it."""

    line: int
    data: Any = None
    faults: tuple[CaseFault, ...] = ()
    id: str | None = None
    """The id of a case with faults, where it can still be read."""


@contextmanager
def open_input(name: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, or of the standard input for `-`; gzip is told by its content.

    A Parquet file is told by its content or its name, and comes as lines of JSON.

    Raises InputError when the file cannot be opened.
    """
    if name == STDIN and sys.stdin is None:
        raise InputError("standard input is closed")
    try:
        raw: IO[bytes] = sys.stdin.buffer if name == STDIN else open(name, "rb")  # noqa: SIM115, PTH123 - closed below; a name may be a device
        head: bytes = raw.peek(len(MAGIC))  # type: ignore[attr-defined]  # both are buffered
    except OSError as error:
        raise InputError(f"cannot read {shown(name)}: {error.strerror}") from error
    try:
        if head.startswith(MAGIC) or name.lower().endswith(PARQUET):
            if name == STDIN:
                raise InputError("Parquet is not read from standard input: name the file")
            yield ParquetLines(raw, name)
        elif head.startswith(_GZIP):
            yield gzip.GzipFile(fileobj=raw)  # type: ignore[misc]  # a binary reader
        else:
            yield raw
    finally:
        if name != STDIN:
            raw.close()


def shown(name: str) -> str:
    """The name of an input as messages give it."""
    return "standard input" if name == STDIN else name


def read_items(stream: IO[bytes], name: str) -> Iterator[Item]:
    """The cases of one input in order: of an array, of objects printed over lines, one a line.

    Raises InputError when the stream breaks off; what was read before has been yielded.
    """
    pieces = _pieces(stream, shown(name))
    head = next((one for one in pieces if one[1].strip(_SPACE)), None)
    if head is None:
        return
    if head[1].startswith(_UTF16):
        raise InputError(f"{shown(name)} is UTF-16: save it as UTF-8")
    start = head[1].lstrip(_SPACE)
    if start.startswith(b"["):
        yield from _array(chain([(head[0], start[1:])], pieces), shown(name))
        return
    lines = _lines(chain([head], pieces))
    first = next(lines)
    others = (one for one in lines if one[1].strip(_SPACE))
    if start.startswith(b"{") and _goes_on(first[1]):
        try:
            second = next(others, (first[0], b""))
        except InputError:
            yield read_item(*first)
            raise
        if first[1].rstrip(_SPACE).endswith(b"[") or not _whole_object(second[1]):
            yield from _objects(chain((first, second), pieces))
            return
        yield read_item(*first)
        first = second
    yield from (read_item(*line) for line in chain((first,), others))


def read_on(stream: IO[bytes], name: str, line: int) -> Iterator[Item]:
    """The cases of an input of one a line that goes on behind so many lines."""
    lines = _lines(_pieces(stream, shown(name), line))
    return (read_item(*one) for one in lines if one[1].strip(_SPACE))


def one_a_line(head: bytes) -> bool:
    """Whether an input that begins with these whole lines holds one case a line.

    False where that is not sure: `read_items` finds out.
    """
    lines = (one for one in BytesIO(head) if one.strip(_SPACE))
    first = next(lines, b"")
    if not first.endswith(b"\n") or first.startswith(_UTF16):
        return False
    start = first.lstrip(_SPACE)
    if start.startswith(b"[") or not start.startswith(b"{"):
        return not start.startswith(b"[")
    if not _goes_on(first):
        return True
    second = next(lines, b"")
    return not first.rstrip(_SPACE).endswith(b"[") and _whole_object(second)


def _pieces(stream: IO[bytes], name: str, number: int = 0) -> Iterator[Piece]:
    """Lines with their numbers, behind so many; a long one comes in several pieces."""
    ended = True
    try:
        while piece := stream.readline(_CHUNK):
            if ended:
                number += 1
            ended = piece.endswith(b"\n")
            yield number, piece.removeprefix(BOM) if number == 1 else piece
    except (OSError, EOFError, zlib.error) as error:
        whole = number if ended else number - 1
        raise InputError(f"{name} breaks off after line {whole}: {error}") from error


def _lines(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Whole lines; of one longer than a case may be, just enough is kept to tell that it is."""
    kept, ended = b"", False
    number = 0
    for number, piece in pieces:
        ended = piece.endswith(b"\n")
        if len(kept) < _ENOUGH:
            kept = (kept + piece if kept else piece)[:_ENOUGH]
        if ended:
            yield number, kept
            kept = b""
    if kept:
        yield number, kept


def _goes_on(first: bytes) -> bool:
    """Whether an object that starts on the first line is right so far and not whole."""
    try:
        json.loads(first.rstrip(_SPACE))
    except json.JSONDecodeError as error:
        return error.pos >= len(error.doc) and len(first) <= MAX_CASE
    except (ValueError, RecursionError):
        return False
    return False


def _whole_object(second: bytes) -> bool:
    """Whether the second line is an object by itself, so that the first was cut off."""
    try:
        return len(second) > MAX_CASE or isinstance(json.loads(second), dict)
    except (ValueError, RecursionError):
        return False


def read_item(number: int, text: bytes) -> Item:
    """The case that stands in one line, or in one element; what is wrong with it is told in it."""
    text = text.rstrip(_SPACE)
    if not text or len(text) > MAX_CASE:
        code: Code = "too_long" if text else "not_json"
        message = "there is no case before or after a comma"
        return _bad(number, code, f"the case is longer than {MAX_CASE} bytes" if text else message,
                    text)  # fmt: skip
    try:
        data, faults = _DECODER.decode(text.decode())
    except UnicodeDecodeError as error:
        return _bad(number, "not_utf8", f"byte {error.start + 1} of the case is not UTF-8", text)
    except json.JSONDecodeError as error:
        where = f"character {error.colno}"
        if error.lineno > 1:
            where = f"line {number + error.lineno - 1}, {where}"
        message = f"{error.msg} at {where}"
        if _LONE_RETURN.search(error.doc, 0, error.pos):
            message += ": a lone carriage return ends no line"
        return _bad(number, "not_json", message, text)
    except RecursionError:
        return _bad(number, "too_deep", "lists and objects are nested too deeply", text)
    if not faults:
        return Item(number, data)
    identity = data.get("id") if isinstance(data, dict) else None
    sure = isinstance(identity, str) and all(fault.field != "/id" for fault in faults)
    return Item(number, faults=faults, id=identity if sure else None)


def _bad(number: int, code: Code, message: str, text: bytes) -> Item:
    found = _ID.match(text[:4096].decode("utf-8", "replace"))
    try:
        identity = json.loads(found[1]) if found and "\ufffd" not in found[1] else None
    except ValueError:
        identity = None
    return Item(number, faults=(CaseFault(code, "", message, _ALLOWED),), id=identity)


_DECODER = Decoder()
_OUTSIDE = re.compile(rb'["{}\[\],]')
_INSIDE = re.compile(rb'"|\\.?', re.DOTALL)


def _array(pieces: Iterable[Piece], name: str) -> Iterator[Item]:
    """The elements of an array; `pieces` start behind its opening bracket."""
    splitter = _Splitter(array=True)
    for number, piece in pieces:
        yield from splitter.feed(number, piece)
        if splitter.finished and splitter.text:
            raise InputError(f"{name} goes on after its JSON array, on line {number}: not read")
    if not splitter.finished:
        yield from splitter.rest()
        raise InputError(f"{name} breaks off inside its JSON array")


def _objects(pieces: Iterable[Piece]) -> Iterator[Item]:
    """Objects one after another, printed over lines."""
    splitter = _Splitter(array=False)
    for number, piece in pieces:
        yield from splitter.feed(number, piece)
    yield from splitter.rest()


class _Splitter:
    """Finds where each element begins and ends, without decoding the whole."""

    def __init__(self, *, array: bool) -> None:
        self.array = array
        self.depth = 0
        self.in_text = self.escaping = False
        self.text = bytearray()
        self.line = 0
        self.after_comma = self.finished = False

    def feed(self, number: int, piece: bytes) -> Iterator[Item]:
        """The elements that end in this piece."""
        start = 0
        for at, mark in self._marks(piece):
            if mark in b"[{":
                self.depth += 1
            elif mark == b",":
                if self.array and self.depth == 0:
                    yield self._element(number, piece[start:at])
                    start, self.after_comma = at + 1, True
            elif self.depth > 0:
                self.depth -= 1
                if self.depth == 0 and not self.array:
                    yield self._element(number, piece[start : at + 1])
                    start = at + 1
            elif self.array and mark == b"]":
                self._keep(number, piece[start:at])
                if self.text or self.after_comma:
                    yield self._element(number, b"")
                start, self.finished = at + 1, True
                break
        self._keep(number, piece[start:])

    def rest(self) -> Iterator[Item]:
        """What has begun and not ended."""
        if self.text:
            yield self._element(self.line, b"")

    def _marks(self, piece: bytes) -> Iterator[tuple[int, bytes]]:
        """Brackets and commas outside texts; a text or an escape may go on in the next piece."""
        position = int(self.escaping)
        self.escaping = False
        while mark := (_INSIDE if self.in_text else _OUTSIDE).search(piece, position):
            position = mark.end()
            if mark[0] == b'"':
                self.in_text = not self.in_text
            elif self.in_text:
                self.escaping = len(mark[0]) == 1
            else:
                yield mark.start(), mark[0]

    def _element(self, number: int, piece: bytes) -> Item:
        self._keep(number, piece)
        text, line = bytes(self.text), self.line or number
        self.text.clear()
        self.line, self.after_comma = 0, False
        return read_item(line, text)

    def _keep(self, number: int, piece: bytes) -> None:
        if not self.text:
            piece = piece.lstrip(_SPACE)
            self.line = number if piece else 0
        self.text += piece[: MAX_CASE + 1 - len(self.text)]
