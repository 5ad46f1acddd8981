"""Decides the cases of a partition inside a Python worker of Spark, a batch of Arrow at a time.

A worker process reads the rules once and keeps its checker for all batches and tasks of the job.
"""

from __future__ import annotations

import json
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.batch import scanner
from engine.batch.arrow_lines import joined, lines
from engine.batch.chunks import Buffer, Chunk
from engine.batch.encoding import Brief, encode
from engine.batch.outcomes import Decider
from engine.batch.output import Output
from engine.batch.pipeline import Worker
from engine.batch.reader import read_item
from engine.batch.summary import CountError
from engine.batch.writing import storable
from engine.checker import Checker
from engine.errors import CaseFault, TongbaoError
from engine.receipt import library_hash
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

COLUMNS = ("id", "result", "error")
TEXT = "value"
_SPACE = " \t\r\n"
_NEWLINE = 10
# How the id begins a result, and what of an error tells its line: here a line is no place.
_IDENTITY = r'^\{"id": (?:null|"(?P<id>(?:[^"\\]|\\.)*)")'
_NOBODY = '{"id": null'
_LINE = r'^(\{"id": (?:null|"(?:[^"\\]|\\.)*")), "line": [0-9]+'


@dataclass(frozen=True)
class Job:
    """What is asked, fixed by the driver: all workers count from the same day by the same rules."""

    files: Mapping[str, bytes]
    """The files of the rules by their path."""
    rules: str
    """The hash of the rules as the driver read them, and of the version of the engine."""
    as_of: date
    topics: tuple[str, ...] | None
    decisions: tuple[str, ...] | None
    outcomes: bool
    compare: bool


class Shipped(Protocol):
    """A broadcast variable."""

    @property
    def value(self) -> Job:
        """What was broadcast; the first time it is asked for, it is fetched."""


class VersionError(TongbaoError):
    """A worker runs another version of the engine than the driver."""


def decided(
    key: str, text: bool, job: Shipped, batches: Iterator[pa.RecordBatch]  # noqa: FBT001 - bound by name
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """The results of the cases in some batches.

    With `text` a batch has one column of lines of JSON, else columns of facts. `key` names the job.
    """
    deciding = _deciding(key, job)
    for batch in batches:
        found = deciding.decide(_asked(batch) if text else lines(batch))
        yield pa.RecordBatch.from_arrays([one.cast(pa.string()) for one in found], [*COLUMNS])


class Deciding:
    """Decides texts, each a case in JSON; blank ones are none."""

    def __init__(self, checker: Checker, job: Job) -> None:
        self._job, self._checker = job, checker
        self._decider = Decider(checker, job.as_of, job.topics, job.decisions)
        self._worker: Worker | None = None
        self._output = Output()
        library = scanner.library()
        fits = len(self._decider.names) <= scanner.MAX_DECISIONS
        if job.outcomes and fits and library is not None:
            self._worker = Worker(library, self._decider, threading.Lock())

    def decide(self, texts: pa.Array) -> list[pa.Array]:
        """Ids, results and errors. Raises CountError where these are not as many as the texts."""
        worker = self._worker
        found = self._one_by_one(texts) if worker is None else self._scanned(worker, texts)
        if any(len(one) != len(texts) for one in found):
            raise CountError(f"{len(texts)} cases came in, {len(found[0])} results went out")
        return found

    def close(self) -> None:
        """Free what the engine holds."""
        if self._worker is not None:
            self._worker.close()
        self._checker.close()

    def _one_by_one(self, texts: pa.Array) -> list[pa.Array]:
        rows = [self._row(text) for text in texts.cast(pa.large_binary()).to_pylist()]
        columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
        return [pa.array(one, pa.large_string()) for one in columns]

    def _row(self, text: bytes) -> tuple[str | None, str, str | None]:
        item, job = read_item(0, text), self._job
        if job.outcomes:
            result = replace(self._decider.result(item), line=None)
        elif item.faults:
            result = CaseResult(item.id, None, faults=item.faults)
        else:
            result = self._checker.check(item.data, job.as_of, job.topics, job.decisions)
        written = encode(Brief(result) if job.outcomes else result)
        error = encode(result.faults[0]) if result.faults else None
        return storable(result.id), written, error

    def _scanned(self, worker: Worker, texts: pa.Array) -> list[pa.Array]:
        """The same for a whole batch; value by value go errors and escapes alone."""
        data = joined(texts)
        buffer = Buffer(len(data) + scanner.SLACK)
        buffer.data[: len(data)] = data
        self._output.clear()
        results = _lines_of(worker.decide(Chunk(buffer, len(data), 1), self._output).written)
        wrong = pc.match_substring(results, '"error": {')
        if pc.any(wrong).as_py():
            placed = pc.replace_substring_regex(results.filter(wrong), _LINE, r"\1")
            results = pc.replace_with_mask(results, wrong, placed)
        errors = _changed(pa.nulls(len(results), pa.large_string()), wrong, results, _error)
        return [_identities(results), results, errors]


_kept: dict[str, Deciding] = {}


def _deciding(key: str, shipped: Shipped) -> Deciding:
    """What decides in this process, kept for one job at a time."""
    if key not in _kept:
        while _kept:
            _kept.popitem()[1].close()
        job = shipped.value
        checker = _checker(job)
        _kept[key] = Deciding(checker, job)
    return _kept[key]


def _checker(job: Job) -> Checker:
    """Raises VersionError where the rules read here are not those the driver read."""
    with tempfile.TemporaryDirectory(prefix="tongbao-") as folder:
        for name, raw in job.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        checker = Checker.load(Path(folder), compare=job.compare)
    if library_hash(checker.library) != job.rules:
        raise VersionError("driver and worker have different versions of tongbao installed")
    return checker


def _asked(batch: pa.RecordBatch) -> pa.Array:
    """The texts of a batch that are not blank, each ended by a newline and with no other in it."""
    texts = batch.column(0).cast(pa.large_binary()).cast(pa.large_string(), safe=False)
    texts = pc.ascii_rtrim(texts, _SPACE)
    texts = texts.filter(pc.greater(pc.binary_length(texts), 0))
    # Between the tokens of JSON a newline is a space, and within a text it is as wrong as a tab.
    texts = pc.replace_substring(texts, "\n", "\t")
    newline, nothing = (pa.scalar(one, pa.large_string()) for one in ("\n", ""))
    return pc.binary_join_element_wise(texts, newline, nothing)


def _lines_of(written: memoryview) -> pa.Array:
    """The lines of a text without their ends."""
    whole = np.frombuffer(written, np.uint8)
    ends = np.flatnonzero(whole == _NEWLINE)
    offsets = np.concatenate(([0], ends - np.arange(len(ends)))).astype(np.int64)
    text = pa.py_buffer(whole[whole != _NEWLINE])
    return pa.Array.from_buffers(pa.large_string(), len(ends), [None, pa.py_buffer(offsets), text])


def _identities(results: pa.Array) -> pa.Array:
    """The ids with which the results begin."""
    raw = pc.struct_field(pc.extract_regex(results, _IDENTITY), "id")
    nobody = pc.starts_with(results, _NOBODY)
    raw = pc.if_else(nobody, pa.scalar(None, pa.large_string()), raw)
    return _changed(raw, pc.match_substring(raw, "\\"), raw, _unescaped)


def _unescaped(raw: str) -> str | None:
    return storable(json.loads(f'"{raw}"'))


def _error(result: str) -> str | None:
    """The error of a result; the text that hints at one may stand in what is carried."""
    error = json.loads(result).get("error")
    return None if error is None else encode(CaseFault(**error))


def _changed(
    texts: pa.Array, mask: pa.Array, values: pa.Array, change: Callable[[str], str | None]
) -> pa.Array:
    """The texts, but where the mask says so what some values are changed to."""
    mask = pc.fill_null(mask, pa.scalar(value=False))
    if not pc.any(mask).as_py():
        return texts
    found = [change(one) for one in values.filter(mask).to_pylist()]
    return pc.replace_with_mask(texts, mask, pa.array(found, pa.large_string()))
