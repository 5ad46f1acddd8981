"""Says at full speed what is wrong with the cases that contradict themselves.

What a contradiction comes to depends on the facts known and the cells they leave open. A context of
the scanner with nothing but those in its tables finds the error that was worked out for them once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.batch import scanner
from engine.batch.chunks import MAX_KEPT, Buffer
from engine.batch.encoding import Brief, encode
from engine.batch.reader import MAX_CASE, read_item
from engine.batch.registry import FullError, Registry
from engine.batch.tabulated import Tabulated
from engine.case import read_case
from engine.errors import CaseError
from engine.program import Selection
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from ctypes import CDLL

    from engine.batch.outcomes import Decider
    from engine.errors import CaseFault

# A character that stands in no line the scanner reads; the number of an error follows it.
_MARK = b"\0"
_DAY = re.compile(rb'"as_of"[ \t\r]*:[ \t\r]*"(\d{4}-\d{2}-\d{2})"')
_START, _NOBODY = b'{"id": ', b"null"
# So many errors of one decision are kept at most.
_MOST = 10_000


@dataclass(frozen=True)
class Refused:
    """The line that is written of a case, and the code of its first error."""

    line: bytes
    code: str


class Contradictions:
    """The errors of cases that contradict themselves; one thread at a time may use it."""

    def __init__(self, found: CDLL, decider: Decider) -> None:
        self._found, self._decider = found, decider
        self._faults: dict[str, _Faults] = {}
        self._input, self._output = Buffer(1), Buffer(1)

    def refused(self, number: int, text: bytes) -> Refused | None:
        """What is wrong with the case of a line; None where that is to be found another way."""
        day = self._decider.as_of.isoformat().encode()
        if b'"as_of"' in text:
            named = _DAY.search(text)
            if named is None or b"\\" in text:
                return None
            day = named[1]
        for name in self._decider.names:
            written = self._scanned(name, text)
            if written is None:
                return None
            head, marked, tail = written.partition(_MARK)
            if marked:
                code, error = self._faults[name].told[int(tail[:-2])]
                end = head.index(b'"', len(_START) + 1) + 1 if head[len(_START)] == ord('"') else (
                    len(_START) + len(_NOBODY))  # fmt: skip
                line = b', "line": %d, "as_of": "%s"' % (number, day)
                return Refused(head[:end] + line + head[end:] + error, code)
        return None

    def learn_places(self, values: Mapping[str, object]) -> None:
        """Register the names of places that stand in a line."""
        for name, one in list(self._faults.items()):
            try:
                one.learn_places(values)
            except FullError:
                self._drop(name)

    def close(self) -> None:
        """Free the contexts."""
        for name in list(self._faults):
            self._drop(name)

    def _drop(self, name: str) -> None:
        self._faults.pop(name).close()

    def _scanned(self, name: str, text: bytes) -> bytes | None:
        """What the scanner writes of a line; None where it hands it back."""
        if len(text) >= MAX_KEPT:
            return None
        if name not in self._faults:
            self._faults[name] = _Faults(self._found, self._decider, name)
        faults, size = self._faults[name], len(text)
        room = 2 * size + (1 << 12)
        if len(self._input.data) < size + scanner.SLACK:
            self._input = Buffer(2 * size + scanner.SLACK)
        if len(self._output.data) < room:
            self._output = Buffer(2 * room)
        data = self._input.data
        data[: size + scanner.SLACK] = text + bytes(scanner.SLACK)
        while True:
            status, _, used = faults.context.scan(
                (self._input.address, 0, size),
                (self._output.address, 0, len(self._output.data)), MAX_CASE,
            )  # fmt: skip
            if status == scanner.DONE:
                return bytes(self._output.data[:used])
            if status in {scanner.LINE, scanner.ROOM}:
                return None
            try:
                if not faults.provide(status, text):
                    return None
            except FullError:
                self._drop(name)
                return None


class _Faults(Registry):
    """Registers what the errors of one decision hang on: no class, but all cells as they are.

    Two readings in front of the others differ always, so that an answer is worked out once for the
    facts known and the cells open, as for a decision that collects.
    """

    def __init__(self, found: CDLL, decider: Decider, name: str) -> None:
        self.told: list[tuple[str, bytes]] = []
        self._numbers: dict[tuple[CaseFault, ...], int] = {}
        super().__init__(found, decider, decider.as_of, [name])
        other = self.context.call("answer", 0, b"", 0, 0)
        self._differing = [self._constant(name, answer) for answer in (0, other)]

    def _collected(self, name: str) -> bool:
        return bool(name)

    def _constant(self, name: str, answer: int) -> int:
        one = np.zeros(1, dtype=np.int32)
        self.tables.append(Tabulated(name, Selection((), ()), (), (), one, (None,), (), {}))
        self._agreed.append(np.zeros(1, dtype=np.uint8))
        return self.context.call("table", 0, self.context.lend(one), 1, scanner.ints([answer]))

    def _readings(self, name: str, selections: Sequence[Selection]) -> list[int]:
        tables = super()._readings(name, selections)
        return tables if min(tables, default=0) < 0 else [*self._differing, *tables]

    def _register_table(self, table: Tabulated) -> int:
        # Which of the cells that are never possible a case has says what is wrong with it.
        every = tuple((1 << size) - 1 for size in table.class_of.shape)
        return super()._register_table(replace(table, alive=every))

    def _decide(self, number: int, line: bytes) -> int | None:
        item = read_item(0, line)
        if item.faults:
            return None
        try:
            case = read_case(item.data, self.library, self.decider.as_of)
        except CaseError:
            return None
        try:
            self.decider.answer(self.names[number], case)
        except CaseError as error:
            return self._told(error.faults)
        return 0

    def _told(self, faults: tuple[CaseFault, ...]) -> int:
        if faults not in self._numbers:
            if len(self.told) >= _MOST:
                raise FullError
            text = encode(Brief(CaseResult(None, None, faults=faults)))
            mark = _MARK + str(len(self.told)).encode()
            self._numbers[faults] = self.context.call("answer", 0, mark, len(mark), 0)
            error = text.removeprefix((_START + _NOBODY).decode())
            self.told.append((faults[0].code, (error + "\n").encode()))
        return self._numbers[faults]
