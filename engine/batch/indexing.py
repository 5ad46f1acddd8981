"""Writes the index of an output that has none, from its lines; also as a process of its own.

`python -m engine.batch.indexing OUTPUT INDEX` reads the names of the decisions there are, as a JSON
list, from its standard input and tells on standard output how far it is, in JSON Lines.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pydantic_core import from_json

from engine.batch.index import Answer, Answers, IndexWriter
from engine.errors import TongbaoError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

_PIECE = 1 << 20
_PAUSE = 0.1
_QUOTED = 200
"""So much of a line that is none is kept to be shown."""
_GZIP = b"\x1f\x8b"
_ID = b'{"id": "'
_SPLIT = b'", "'
_FRAME = ("id", "line", "as_of", "receipt")
PART = ".part"


@dataclass
class NotResultsError(TongbaoError):
    """A file that does not hold results, one a line: where, why, and what stands there."""

    why: str
    """`gzip`, `not_json`, `not_object`, `no_result`, `unknown`, `unreadable`."""
    line: int = 0
    column: int = 0
    text: str = ""
    about: str = ""

    def __str__(self) -> str:
        return f"{self.why} at line {self.line}, column {self.column}: {self.about}"

    def to_json(self) -> dict[str, object]:
        """As the process tells it."""
        return {"failed": self.why, "line": self.line, "column": self.column, "text": self.text,
                "about": self.about}  # fmt: skip


def write_index(
    output: Path, path: Path, decisions: Container[str],
    tell: Callable[[int, int], object] = lambda _done, _all: None, cases: Sequence[str] = (),
) -> None:  # fmt: skip
    """Read an output and write its index to `path`; `tell` hears the bytes read, and all of them.

    `cases` are the inputs that it answers, where they are known.
    Of an output that is still being written the whole lines count. Raises NotResultsError for a
    file that does not hold results one a line.
    """
    try:
        with output.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if stream.read(len(_GZIP)) == _GZIP:
                raise NotResultsError("gzip")
            stream.seek(0)
            with IndexWriter(path) as writer:
                lines = _Lines(writer, decisions, open_ended=output.name.endswith(PART))
                for done in lines.read(stream):
                    tell(done, size)
                writer.finish(output, cases)
    except OSError as error:
        raise NotResultsError("unreadable", about=str(error.strerror)) from error


def parsed(line: bytes) -> object:
    """What a line of JSON says. Raises ValueError where it is none."""
    try:
        return from_json(line, cache_strings="all")
    except ValueError:
        # The fast reader takes no text with half a surrogate pair, which a case may hold.
        try:
            return json.loads(line)
        except RecursionError as error:
            raise ValueError(str(error)) from error


class _Lines:
    def __init__(self, writer: IndexWriter, decisions: Container[str], *, open_ended: bool) -> None:
        self._writer, self._decisions, self._open_ended = writer, decisions, open_ended
        self._number = 0

    def read(self, stream: IO[bytes]) -> Iterator[int]:
        """Take every line; yields the bytes taken, now and then."""
        rest, done = b"", 0
        while piece := stream.read(_PIECE):
            done += len(piece)
            *whole, rest = (rest + piece).split(b"\n")
            self._take(whole)
            yield done
        if rest and not self._open_ended:
            self._line(rest, len(rest))

    def _take(self, lines: list[bytes]) -> None:
        """Take lines; what follows the id of a brief one is looked up as it stands."""
        put, pattern = self._writer.put, self._writer.pattern
        for line in lines:
            head, split, tail = line.partition(_SPLIT)
            known = pattern(tail) if split and head.startswith(_ID) else None
            if known is None:
                self._line(line, len(line) + 1)
            else:
                self._number += 1
                put(len(line) + 1, known)

    def _line(self, line: bytes, size: int) -> None:
        self._number += 1
        data = self._object(line)
        error = data.get("error")
        if isinstance(error, dict) and isinstance(error.get("code"), str):
            self._writer.add(size, error["code"], (), error["code"])
        elif isinstance(found := data.get("decisions"), dict):
            answers = tuple((name, self._full(line, one)) for name, one in found.items())
            self._writer.add(size, answers, answers)
        else:
            answers = self._brief(line, data)
            head, split, tail = line.partition(_SPLIT)
            plain = split and head.startswith(_ID)
            self._writer.add(size, tail if plain else answers, answers)

    def _object(self, line: bytes) -> dict[str, Any]:
        try:
            data = parsed(line)
        except ValueError:
            raise self._broken(line) from None
        if not isinstance(data, dict):
            raise self._refused(line, "not_object")
        if not isinstance(data.get("id", 0), str | None):
            raise self._refused(line, "no_result")
        return data

    def _full(self, line: bytes, one: object) -> Answer:
        if not isinstance(one, dict) or not isinstance(one.get("verdict"), str):
            raise self._refused(line, "no_result")
        outcome, rules, missing = one.get("outcome"), one.get("rules"), one.get("missing")
        named = outcome if isinstance(outcome, str) else ""
        return Answer(one["verdict"], named, _first(rules), _first(missing))

    def _brief(self, line: bytes, data: dict[str, Any]) -> Answers:
        answers = []
        for name, value in data.items():
            if name in _FRAME or name.startswith("x_"):
                continue
            if name not in self._decisions or not isinstance(value, str):
                raise self._refused(line, "unknown", name)
            answers.append((name, Answer("", "", brief=value)))
        if not answers:
            raise self._refused(line, "no_result")
        return tuple(answers)

    def _refused(self, line: bytes, why: str, about: str = "") -> NotResultsError:
        text = line.decode("utf-8", "replace")
        column = text.find(json.dumps(about)) + 1 if about else 1
        return NotResultsError(why, self._number, max(1, column), _quoted(text, column), about)

    def _broken(self, line: bytes) -> NotResultsError:
        """Where a line stops being JSON, as Python's own reader tells it."""
        text = line.decode("utf-8", "replace")
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            shown = _quoted(text, error.colno)
            return NotResultsError("not_json", self._number, error.colno, shown, error.msg)
        except (ValueError, RecursionError) as error:
            return NotResultsError("not_json", self._number, 1, _quoted(text, 1), str(error))
        return NotResultsError("not_json", self._number, 1, _quoted(text, 1), "not UTF-8")


def _first(texts: object) -> str:
    return texts[0] if isinstance(texts, list) and texts and isinstance(texts[0], str) else ""


def _quoted(text: str, column: int) -> str:
    """The part of a line around a column."""
    start = max(0, column - _QUOTED // 2)
    return text[start : start + _QUOTED]


def main() -> None:
    """Write the index of the output named first to the file named second."""
    output, path = map(Path, sys.argv[1:3])
    told = 0.0

    def tell(done: int, size: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _PAUSE:
            told = now
            _say({"done": done, "size": size})

    try:
        write_index(output, path, frozenset(json.load(sys.stdin)), tell)
    except NotResultsError as error:
        _say(error.to_json())
        sys.exit(2)


def _say(data: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
