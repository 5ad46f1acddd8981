"""The compiled scanner as Python sees it: one context, registered into and scanned with."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_int32, c_int64, c_uint8, c_uint64, c_void_p
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from engine.batch.build import library_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Numbers = Sequence[int] | np.ndarray[tuple[int, ...], np.dtype[np.int32]]

SLACK = 64
MAX_CELLS = 64
MAX_AXES = 32
MAX_FACTS = 32
MAX_DECISIONS = 256
MAX_KEYS = 256
_NEED = 44
# So many sets of open cells, and answers of several classes, are kept at most.
_KEPT = 200_000, 100_000
# So many counts of answers are told at once.
_TOLD = 256

BOOL, CODED, NUMBER, DATE, PLACE, ID, DAY = range(7)
DONE, LINE, SELECTION, READINGS, CELLS, ANSWER, ROOM = range(7)
DIRECT, JOINT, KEPT = range(3)
RAW, DAYS, MONTHS = range(3)
FAULT = -3

_I, _L, _P = c_int32, c_int64, c_void_p
_INTS, _LONGS, _MASKS = POINTER(c_int32), POINTER(c_int64), POINTER(c_uint64)
_SIGNATURES = {
    "tb_new": (_P, _I, _I, _L, _L),
    "tb_free": (None, _P),
    "tb_key": (_I, _P, _I, _I, c_char_p, _I, _L, _L, _I),
    "tb_word": (_I, _P, _I, c_char_p, _I, _L),
    "tb_decision": (_I, _P, _I, _I, _INTS, _I, _INTS, _I),
    "tb_answer": (_I, _P, _I, c_char_p, _I, _I),
    "tb_widen": (_I, _P, _I, _I, _I),
    "tb_selection": (_I, _P, _I, _LONGS, _I, _I, _INTS, _LONGS),
    "tb_table": (_I, _P, _I, _P, _I, _INTS),
    "tb_axis": (_I, _P, _I, _I, _I, _L, c_uint64, _I, _INTS, _LONGS, _LONGS),
    "tb_cuts": (_I, _P, _I, _I, _I, _LONGS, _I, _MASKS, _I),
    "tb_joint": (_I, _P, _I, _I, _I, _I, _INTS, _LONGS, _LONGS, _L, _P),
    "tb_readings": (_I, _P, _I, _L, _I, _INTS),
    "tb_keep": (_I, _P, _I, _L),
    "tb_given": (_I, _P, _MASKS, _I),
    "tb_met": (POINTER(c_uint8), _P, _I),
    "tb_state": (_LONGS, _P),
    "tb_day": (_I, _P, _L),
    "tb_fresh": (_I, _P),
    "tb_lines": (_L, _P, _L),
    "tb_calendar": (_L, _I, _L, _L, _I),
    "tb_open": (_I, _P, _I, _I, c_uint64, _LONGS, _MASKS),
    "tb_scan": (_I, _P, _P, _LONGS, _L, _P, _LONGS, _L, _L),
}


@lru_cache(1)
def library() -> ctypes.CDLL | None:
    """The compiled library; None where it could not be compiled or loaded."""
    return load(str(library_path()))


def load(path: str) -> ctypes.CDLL | None:
    """The library at `path`, its functions typed; None where there is none that can be loaded."""
    try:
        found = ctypes.CDLL(path)
    except OSError:
        return None
    for name, (result, *arguments) in _SIGNATURES.items():
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    return found


def ints(values: Sequence[int]) -> ctypes.Array[c_int32]:
    """An array of 32-bit numbers."""
    return (c_int32 * max(1, len(values)))(*values)


def longs(values: Sequence[int]) -> ctypes.Array[c_int64]:
    """An array of 64-bit numbers."""
    return (c_int64 * max(1, len(values)))(*values)


def masks(values: Sequence[int]) -> ctypes.Array[c_uint64]:
    """An array of sets of bits."""
    return (c_uint64 * max(1, len(values)))(*values)


class Context:
    """One context of the scanner. One thread at a time may use it."""

    def __init__(self, found: ctypes.CDLL, keys: int, decisions: int) -> None:
        self._library = found
        self._context: int | None = found.tb_new(keys, decisions, *_KEPT)
        if not self._context:
            raise MemoryError
        self._state = found.tb_state(self._context)
        self._position, self._written = c_int64(), c_int64()
        self._borrowed: list[object] = []
        self._given = masks([0] * (3 * _TOLD))

    def close(self) -> None:
        """Free all of it."""
        if self._context:
            self._library.tb_free(self._context)
            self._context = None

    def call(self, name: str, *arguments: object) -> int:
        """A registering function; what it returns. Raises MemoryError where it fails."""
        result = int(getattr(self._library, f"tb_{name}")(self._context, *arguments))
        if result < 0 or (result == 0 and name in _TRUE):
            raise MemoryError(name)
        return result

    def lend(self, array: np.ndarray[tuple[int, ...], np.dtype[np.int32]]) -> int:
        """The address of an array that the context goes on reading."""
        self._borrowed.append(array)
        return int(array.ctypes.data)

    @property
    def need(self) -> list[int]:
        """What the last scan lacked."""
        return [int(one) for one in self._state[: self._state[_NEED]]]

    @property
    def line(self) -> tuple[int, int]:
        """Where the line begins and ends at which the last scan stopped."""
        return self._state[_NEED + 1], self._state[_NEED + 2]

    @property
    def lines(self) -> int:
        """How many lines this context has passed by itself, blank ones too."""
        return int(self._state[_NEED + 3])

    def met(self, table: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
        """Which classes of a table were met, as they stand now."""
        return np.ctypeslib.as_array(self._library.tb_met(self._context, table), (max(1, size),))

    def fresh(self) -> bool:
        """Whether a class was met for the first time since this was last asked."""
        return bool(self._library.tb_fresh(self._context))

    def given(self) -> Iterator[tuple[int, int, int]]:
        """The answers given since this was last asked: decision, answer, to how many lines."""
        while count := self._library.tb_given(self._context, self._given, _TOLD):
            told = self._given[: 3 * count]
            yield from zip(told[::3], told[1::3], told[2::3], strict=True)

    def scan(
        self, source: tuple[int, int, int], target: tuple[int, int, int], longest: int
    ) -> tuple[int, int, int]:
        """Go on at a place: (address, place, end) to (address, place, end).

        Gives the status and both places; lines beyond `longest` bytes are handed back.
        """
        self._position.value, self._written.value = source[1], target[1]
        status = self._library.tb_scan(
            self._context, source[0], self._position, source[2],
            target[0], self._written, target[2], longest,
        )  # fmt: skip
        return status, self._position.value, self._written.value


_TRUE = {"key", "word", "decision", "axis", "cuts", "joint", "keep", "day", "widen"}
