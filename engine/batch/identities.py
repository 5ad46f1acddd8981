"""Finds ids that come twice among any number of cases: hashes on disk, memory flat, no id kept.

Of each id a hash of 86 bits and the line of its first case are kept, 16 bytes in all: sorted runs
in a temporary file, with a filter in memory before them, so that an id never seen costs no search.
Among 10^8 ids the chance that any two share a hash is below 10^-9.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from engine.errors import CaseFault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Words = npt.NDArray[np.uint64]

LISTED = 1000
"""So many ids are listed with their lines, and of each so many of its later lines."""
LATER = 10
LONGEST = 64
"""Of an id of more bytes the digest is hashed."""
_LINE_BITS = 42
_LINE = np.uint64((1 << _LINE_BITS) - 1)
_HASH = ~_LINE
_FILTER_BITS = 20
_FAN = 8
_RUN = 1 << 18
_WORD = 8
_AT_ONCE = 1 << 16
# The finalizer of MurmurHash3: it lets each bit of a word change half of all bits.
_SHIFT = np.uint64(33)
_FIRST, _SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)


class Hasher:
    """Hashes ids, many at once; what two hashers of one key say of an id is the same."""

    def __init__(self, key: bytes | None = None) -> None:
        self.key = key or os.urandom(16)
        """Drawn at random, so that nobody can write ids that share a hash."""
        digest = hashlib.blake2b(self.key, digest_size=16).digest()
        self._seeds = np.frombuffer(digest, dtype=np.uint64)

    def __call__(self, ids: Sequence[bytes]) -> Words:
        """Two words for each id, as the rows of an array."""
        if not ids:
            return np.empty((0, 2), np.uint64)
        lengths = np.fromiter(map(len, ids), np.uint64, len(ids))
        longest = int(lengths.max())
        if longest > LONGEST:
            ids = [one if len(one) <= LONGEST else hashlib.blake2b(one).digest() for one in ids]
            longest = LONGEST
        width = max(1, -(-longest // _WORD))
        columns = np.array(ids, dtype=f"S{width * _WORD}").view(np.uint64).reshape(-1, width)
        return self.columns(columns, lengths)

    def columns(self, columns: Words, lengths: Words) -> Words:
        """The same for ids of at most LONGEST bytes as rows of words, with zeros behind each."""
        # The length tells an id from the same with zeros behind.
        lanes = [_mixed(lengths ^ seed) for seed in self._seeds]
        shortest, longest = int(lengths.min(initial=0)), int(lengths.max(initial=0))
        for start, column in zip(range(0, longest, _WORD), columns.T, strict=False):
            mixed = [_mixed((lane ^ column) + seed)
                     for lane, seed in zip(lanes, self._seeds, strict=True)]  # fmt: skip
            if shortest > start:
                lanes = mixed
            else:  # An id has the same hash however long those beside it are.
                goes_on = lengths > np.uint64(start)
                lanes = [np.where(goes_on, one, lane)
                         for one, lane in zip(mixed, lanes, strict=True)]  # fmt: skip
        return np.stack(lanes, axis=1)


def _mixed(words: Words) -> Words:
    words = (words ^ (words >> _SHIFT)) * _FIRST
    words = (words ^ (words >> _SHIFT)) * _SECOND
    return words ^ (words >> _SHIFT)


@dataclass(frozen=True)
class Duplicate:
    """A case whose id an earlier one has: its index among those just added, and where that is."""

    index: int
    first_line: int


@dataclass
class _Run:
    """Records sorted by their first word, in memory or from a place in the file on."""

    size: int
    records: Words | None = None
    start: int = 0


class Identities:
    """The ids met so far. Use as a context manager: the temporary file goes at the end."""

    def __init__(self, folder: Path | None = None, key: bytes | None = None) -> None:
        self.hasher = Hasher(key)
        self.ids = self.duplicates = 0
        self.listed: dict[int, list[int]] = {}
        """Later lines by first line, of the first ids that were found twice."""
        self.kept: Callable[[bytes], object] | None = None
        """Gets what `replay` needs of the ids that are added, in order."""
        self._open: set[int] = set()
        # Without a name it goes even if the process is killed.
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._filter = np.zeros(1 << _FILTER_BITS, np.uint64)
        self._tiers: list[list[_Run]] = [[]]
        """In memory: fewer than _FAN runs a tier, those of the next one _FAN times as long."""
        self._kept = 0
        self._stored: list[_Run] = []
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the disk."""
        self._file.close()

    @property
    def on_disk(self) -> int:
        """How many bytes the index takes on disk."""
        return self._end

    def add(self, ids: Sequence[bytes], lines: Sequence[int]) -> list[Duplicate]:
        """Take the ids of some cases, in order; those that came before, here or earlier.

        Thousands at once cost a fraction of what they cost one by one. `lines` ascend over the
        whole run: of a second file, lines are counted on from the first.
        """
        return self.add_hashes(self.hasher(ids), np.asarray(lines, dtype=np.uint64))

    def add_hashes(self, hashes: Words, lines: Words) -> list[Duplicate]:
        """The same for ids that a process with the same key has hashed."""
        if not len(hashes):
            return []
        order = np.argsort(hashes[:, 0], kind="stable")
        records = np.empty((2, len(order)), np.uint64)
        records[0] = hashes[order, 0]
        records[1] = (hashes[order, 1] & _HASH) | (lines[order] & _LINE)
        if self.kept is not None:
            whole = np.empty((len(order), 2), np.uint64)
            whole[order] = records.T
            self.kept(whole.tobytes())
        again = np.zeros(len(order), bool)
        again[1:] = (records[0, 1:] == records[0, :-1]) & (
            (records[1, 1:] ^ records[1, :-1]) <= _LINE
        )
        fresh = np.flatnonzero(~again)
        first = np.zeros(len(order), np.uint64)
        known = self._look_up(records[:, fresh], first, fresh)
        found = self._told(order, records, first, again, fresh[known])
        self._keep(records[:, fresh[~known]])
        self.ids += len(order)
        self.duplicates += len(found)
        return found

    def replay(self, kept: IO[bytes], size: int) -> None:
        """Add the ids again of which `size` bytes were kept; the key must be the same.

        Raises InputError where there are fewer.
        """
        while size:
            block = kept.read(min(size, _AT_ONCE * 2 * _WORD))
            if not block:
                raise InputError("less is kept of the ids than there was: run again")
            words = np.frombuffer(block, np.uint64).reshape(-1, 2)
            self.add_hashes(words, words[:, 1] & _LINE)
            size -= len(block)

    def _look_up(self, records: Words, first: Words, places: npt.NDArray[np.intp]) -> Any:  # noqa: ANN401 - an array of truth
        """Which of these records are known; the line of each known one goes into `first`."""
        words, bits = _filtered(records)
        known = np.zeros(records.shape[1], bool)
        maybe = np.flatnonzero((self._filter[words] & bits) == bits)
        for run in (*chain(*self._tiers), *self._stored) if len(maybe) else ():
            held = self._records(run)
            at = np.searchsorted(held[0], records[0, maybe])
            at[at == run.size] = 0
            wanted = records[:, maybe]
            same = (held[0, at] == wanted[0]) & ((held[1, at] ^ wanted[1]) <= _LINE)
            known[maybe[same]] = True
            first[places[maybe[same]]] = held[1, at[same]] & _LINE
        return known

    def _told(
        self, order: npt.NDArray[np.intp], records: Words, first: Words,
        again: npt.NDArray[np.bool_], known: npt.NDArray[np.intp],
    ) -> list[Duplicate]:  # fmt: skip
        """The duplicates in the order of the cases, listed as well."""
        if not again.any() and not len(known):
            return []
        is_known = np.zeros(len(order), bool)
        is_known[known] = True
        lines = records[1] & _LINE
        # Those with one id stand together; the first of them knows where the id came first.
        leader = np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))
        first = np.where(is_known[leader], first[leader], lines[leader])
        later = np.flatnonzero(again | is_known)
        later = later[np.argsort(order[later])]
        # What can still be listed hangs on the order of the cases alone, on no batch.
        full = len(self.listed) == LISTED
        told = later[np.isin(first[later], [*self._open])] if full else later
        for at in told:
            self._list(int(first[at]), int(lines[at]))
        return [Duplicate(int(order[at]), int(first[at])) for at in later]

    def _list(self, first: int, later: int) -> None:
        lines = self.listed.get(first)
        if lines is None:
            if len(self.listed) == LISTED:
                return
            lines = self.listed[first] = []
            self._open.add(first)
        if len(lines) < LATER:
            lines.append(later)
        if len(lines) == LATER:
            self._open.discard(first)

    def _keep(self, records: Words) -> None:
        if not records.shape[1]:
            return
        words, bits = _filtered(records)
        # Sorted as they are, records of one word of the filter stand together.
        starts = np.flatnonzero(np.diff(words, prepend=words[0] + 1))
        self._filter[words[starts]] |= np.bitwise_or.reduceat(bits, starts)
        self._tiers[0].append(_Run(records.shape[1], records))
        self._kept += records.shape[1]
        if self._kept >= _RUN:
            self._store(self._merge([*chain(*self._tiers)]))
            self._tiers, self._kept = [[]], 0
        for tier, runs in enumerate(self._tiers):
            if len(runs) < _FAN:
                break
            if tier + 1 == len(self._tiers):
                self._tiers.append([])
            self._tiers[tier + 1].append(self._merge(runs))
            self._tiers[tier] = []

    def _merge(self, runs: Sequence[_Run]) -> _Run:
        records = np.concatenate([self._records(run) for run in runs], axis=1)
        return _Run(records.shape[1], records[:, np.argsort(records[0], kind="stable")])

    def _store(self, run: _Run) -> None:
        self._file.seek(self._end)
        self._file.write(self._records(run).tobytes())
        self._file.flush()
        self._stored.append(_Run(run.size, start=self._end))
        self._end += run.size * 2 * _WORD

    def _records(self, run: _Run) -> Words:
        if run.records is not None:
            return run.records
        # Mapped for one search only, so that pages it has touched do not stay in memory.
        return np.memmap(self._file, np.uint64, "r", run.start, (2, run.size))


def _filtered(records: Words) -> tuple[npt.NDArray[np.int64], Words]:
    """For each record a word of the filter, and three bits in it."""
    words = (records[0] >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)
    one, part = np.uint64(1), np.uint64(63)
    bits = np.zeros(records.shape[1], np.uint64)
    for shift in (44, 50, 56):
        bits |= one << ((records[1] >> np.uint64(shift)) & part)
    return words, bits


def duplicate_id(where: str) -> CaseFault:
    """The error of a later case with an id that came before; the id itself is not repeated."""
    message = f"the case on {where} has the same id"
    return CaseFault("duplicate_id", "/id", message, "an id of its own for each case")
