"""The index beside an output: where each line ends and what it answers, for whoever browses it.

It is written in blocks of lines as a run goes on, with what the codes mean at its end. It belongs
to one output: one that was changed, or an index that was, is not opened but written anew.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import stat
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from engine.batch.resume import private

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from engine.result import CaseResult

Codes = npt.NDArray[np.integer[Any]]
BLOCK = 1 << 16
"""Lines of a block."""
NOTHING = 0
"""The code of a decision a line does not answer, and of a line without an error."""
_MAGIC = b"TBINDEX1"
_END = struct.Struct("<QI8s")
_HEAD = 1 << 16
_PIECE = 1 << 20
_MOST_PATTERNS = 1 << 16
_ALIGNED = 8


class Answer(NamedTuple):
    """What a line says of a decision; a brief one has an outcome, or a verdict, and no more."""

    verdict: str
    outcome: str
    rule: str = ""
    """The first of the rules that decided it."""
    missing: str = ""
    """The first of the facts it lacks."""
    brief: str = ""
    """The outcome or the verdict of a brief line, in place of the others."""


Answers = tuple[tuple[str, Answer], ...]
"""What a line answers: decisions in the order they stand in."""


class StaleError(Exception):
    """There is no index of an output as it is now; it must be written anew."""


def index_of(output: Path) -> Path:
    """Where the index of an output stands."""
    return output.with_name(output.name + ".index")


def identity(output: Path) -> dict[str, Any]:
    """What tells this state of an output from others: size, time of change, hash of its ends."""
    with output.open("rb") as stream:
        found = os.fstat(stream.fileno())
        digest = hashlib.blake2b(stream.read(_HEAD), digest_size=16)
        stream.seek(max(0, found.st_size - _HEAD))
        digest.update(stream.read(_HEAD))
    return {"bytes": found.st_size, "changed": found.st_mtime_ns, "ends": digest.hexdigest()}


def answers_of(result: CaseResult) -> Answers:
    """What the index keeps of a result."""
    return tuple([
        (name, Answer(one.verdict, one.outcome or "", one.rules[0] if one.rules else "",
                      one.missing[0] if one.missing else ""))
        for name, one in result.decisions.items()
    ])  # fmt: skip


class _Dictionary:
    """Gives each value a code, from 1 on, in the order they come."""

    def __init__(self) -> None:
        self.codes: dict[Hashable, int] = {}

    def code(self, value: Hashable) -> int:
        return self.codes.setdefault(value, len(self.codes) + 1)


@dataclass
class _Waiting:
    """The lines of the block that is not written yet."""

    sizes: list[int] = field(default_factory=list)
    patterns: list[int] = field(default_factory=list)


class IndexWriter:
    """Writes the index of an output line by line; nothing stands there before `finish`.

    Use as a context manager: what was not finished is removed.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_name(path.name + ".part")
        # Its owner's alone until it is known who may read the output.
        self._stream: IO[bytes] = os.fdopen(private(self._part), "wb")
        self._crc = self._at = self._read = self.lines = 0
        self._columns: dict[str, _Dictionary] = {}
        self._errors = _Dictionary()
        self._patterns: dict[Hashable, int] = {}
        self._meanings: list[tuple[int, dict[str, int]]] = []
        self._waiting = _Waiting()
        self._blocks: list[dict[str, Any]] = []
        self._put(_MAGIC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stream.close()
        self._part.unlink(missing_ok=True)

    def add_result(self, size: int, result: CaseResult) -> None:
        """Take a result whose line, its end included, is of `size` bytes."""
        if result.faults:
            self.add(size, result.faults[0].code, (), result.faults[0].code)
        else:
            # Cheaper than the answers themselves, which are made once for each pattern.
            key = tuple([(name, one.verdict, one.outcome, one.rules[:1], one.missing[:1])
                         for name, one in result.decisions.items()])  # fmt: skip
            pattern = self._patterns.get(key)
            self.put(size, self.learn(key, answers_of(result)) if pattern is None else pattern)

    def add(self, size: int, key: Hashable, answers: Answers, error: str = "") -> None:
        """Take a line; lines of one key answer the same."""
        pattern = self._patterns.get(key)
        self.put(size, self.learn(key, answers, error) if pattern is None else pattern)

    def pattern(self, key: Hashable) -> int | None:
        """What lines of a key are known by."""
        return self._patterns.get(key)

    def learn(self, key: Hashable, answers: Answers, error: str = "") -> int:
        """Know lines of a key from now on; what they are known by."""
        codes = {name: self._column(name).code(answer) for name, answer in answers}
        self._meanings.append((self._errors.code(error) if error else NOTHING, codes))
        self._patterns[key] = len(self._meanings) - 1
        return self._patterns[key]

    def put(self, size: int, pattern: int) -> None:
        """Take a line that is known."""
        waiting = self._waiting
        waiting.sizes.append(size)
        waiting.patterns.append(pattern)
        if len(waiting.sizes) == BLOCK:
            self._flush()

    def finish(self, output: Path, cases: Sequence[str] = ()) -> None:
        """Let the index of `output`, as it is now, appear; `cases` are the inputs it answers."""
        self._flush()
        names = [[name, [list(one) for one in column.codes]]  # type: ignore[call-overload]
                 for name, column in self._columns.items()]  # fmt: skip
        about = {"output": identity(output), "lines": self.lines, "blocks": self._blocks,
                 "decisions": names, "errors": [*self._errors.codes],
                 "cases": [str(Path(one).resolve()) for one in cases]}  # fmt: skip
        text = json.dumps(about).encode()
        self._put(text)
        self._stream.write(_END.pack(len(text), self._crc, _MAGIC))
        if self._path.parent == output.parent:
            os.fchmod(self._stream.fileno(), stat.S_IMODE(output.stat().st_mode))
        self._stream.close()
        self._part.replace(self._path)

    def _column(self, name: str) -> _Dictionary:
        return self._columns.setdefault(name, _Dictionary())

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, _Waiting()
        if not waiting.sizes:
            return
        used, codes = np.unique(np.array(waiting.patterns, np.int64), return_inverse=True)
        meanings = [self._meanings[one] for one in used.tolist()]
        ends = np.cumsum(np.array(waiting.sizes, np.uint64))
        columns = {}
        for name in self._columns:
            of_patterns = np.array([found.get(name, NOTHING) for _, found in meanings])
            if of_patterns.any():
                columns[name] = self._array(of_patterns[codes])
        errors = np.array([error for error, _ in meanings])
        self._blocks.append({
            "lines": len(waiting.sizes), "start": self._read, "ends": self._array(ends),
            "columns": columns, "errors": self._array(errors[codes]),
        })  # fmt: skip
        self._read += int(ends[-1])
        self.lines += len(waiting.sizes)
        if len(self._meanings) > _MOST_PATTERNS:
            self._patterns, self._meanings = {}, []

    def _array(self, values: Codes) -> list[object]:
        """Write an array as small as its values allow; where, and of which type."""
        narrow = values.astype(np.min_scalar_type(int(values.max())).newbyteorder("<"))
        self._put(b"\0" * (-self._at % _ALIGNED))
        at = self._at
        self._put(narrow.tobytes())
        return [at, narrow.dtype.str]

    def _put(self, data: bytes) -> None:
        self._stream.write(data)
        self._crc = zlib.crc32(data, self._crc)
        self._at += len(data)


class Index:
    """The index of an output, read where it lies.

    `errors` and each of `decisions` name what the codes mean, from 1 on.
    """

    def __init__(self, path: Path, output: Path) -> None:
        """Raises StaleError when there is none, or it is not of the output as it is now."""
        about = _checked(path, output)
        self.path = path
        self.lines: int = about["lines"]
        self.bytes: int = about["output"]["bytes"]
        self.cases: tuple[str, ...] = tuple(about["cases"])
        self.errors: tuple[str, ...] = tuple(about["errors"])
        self.decisions: dict[str, tuple[Answer, ...]] = {
            name: tuple(Answer(*one) for one in answers) for name, answers in about["decisions"]
        }
        self._blocks: list[dict[str, Any]] = about["blocks"]
        with path.open("rb") as stream:
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._ends = [self._view(one["ends"], one["lines"]) for one in self._blocks]

    def span(self, row: int) -> tuple[int, int]:
        """Where a line begins, and where it ends, its line break included."""
        at, inner = divmod(row, BLOCK)
        start, ends = self._blocks[at]["start"], self._ends[at]
        return start + (int(ends[inner - 1]) if inner else 0), start + int(ends[inner])

    def rows_at(self, offsets: Codes) -> Codes:
        """The lines that hold bytes of the output; the offsets come in their order."""
        starts = np.array([one["start"] for one in self._blocks], np.int64)
        cuts = np.searchsorted(offsets, starts)
        found = [
            at * BLOCK + np.searchsorted(self._ends[at], part - starts[at], side="right")
            for at, part in enumerate(np.split(offsets, cuts[1:]))
        ]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def codes(self, decision: str) -> Codes:
        """The code of every line's answer to a decision."""
        return self._joined([one["columns"].get(decision) for one in self._blocks])

    def error_codes(self) -> Codes:
        """The code of every line's first error."""
        return self._joined([one["errors"] for one in self._blocks])

    def _joined(self, places: Iterable[list[Any] | None]) -> Codes:
        parts = [
            np.zeros(block["lines"], np.uint8) if place is None
            else self._view(place, block["lines"])
            for place, block in zip(places, self._blocks, strict=True)
        ]  # fmt: skip
        return np.concatenate(parts) if parts else np.zeros(0, np.uint8)

    def _view(self, place: list[Any], count: int) -> Codes:
        at, kind = place
        return np.frombuffer(self._map, np.dtype(kind), count, at)


def _checked(path: Path, output: Path) -> Mapping[str, Any]:
    """What stands at the end of an index, once all of it is known to be as it was written."""
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if size < len(_MAGIC) + _END.size:
                raise StaleError("cut short")
            stream.seek(size - _END.size)
            length, crc, magic = _END.unpack(stream.read(_END.size))
            stream.seek(0)
            if magic != _MAGIC or _crc(stream, size - _END.size) != crc:
                raise StaleError("not as it was written")
            stream.seek(size - _END.size - length)
            about: dict[str, Any] = json.loads(stream.read(length))
        if about["output"] != identity(output):
            raise StaleError("of another state of the output")
    except (OSError, ValueError, KeyError) as error:
        raise StaleError(str(error)) from error
    return about


def _crc(stream: IO[bytes], size: int) -> int:
    crc, read = 0, stream.read
    piece: Callable[[int], bytes] = read
    while size > 0 and (data := piece(min(size, _PIECE))):
        crc = zlib.crc32(data, crc)
        size -= len(data)
    return crc
