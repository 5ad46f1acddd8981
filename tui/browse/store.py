"""An output and its index: lines read where they lie, and what each answers as columns of codes."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.batch.index import NOTHING, Answer, Index
from engine.batch.indexing import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.batch.index import Codes
    from engine.library import Library

Selected = npt.NDArray[np.bool_]
_OWN_OUTCOMES = {"not_covered": "unclear", "listed": "stated", "none": "not_applicable"}
"""The verdicts of the outcomes that no ruleset declares."""
_KEPT = 256
_LONGEST = 4 << 20
"""Of a longer line no more is read: it is no result."""


@dataclass(frozen=True)
class Given:
    """An answer as it is shown: the verdict, the outcome, and the reason by its id."""

    verdict: str
    outcome: str = ""
    rule: str = ""
    missing: str = ""

    @property
    def reason(self) -> str:
        """What decided it: a rule, else the fact it lacks, else the outcome alone."""
        return self.rule or self.missing or self.outcome or self.verdict


def given(library: Library, decision: str, answer: Answer) -> Given:
    """An answer of the index; of a brief one the verdict is that of its outcome."""
    if not answer.brief:
        return Given(answer.verdict, answer.outcome, answer.rule, answer.missing)
    known = library.decisions.get(decision)
    if known is not None and answer.brief in known.outcomes:
        return Given(known.outcomes[answer.brief].verdict, answer.brief)
    verdict = _OWN_OUTCOMES.get(answer.brief)
    return Given(answer.brief) if verdict is None else Given(verdict, answer.brief)


class Store:
    """The results of an output, read as they are asked for. Close it when it is done with."""

    def __init__(self, output: Path, index: Index, library: Library) -> None:
        self.output, self.index, self.library = output, index, library
        self._file = os.open(output, os.O_RDONLY | os.O_CLOEXEC)
        found = os.fstat(self._file)
        self._state = found.st_size, found.st_mtime_ns, found.st_ino
        self._seen: OrderedDict[int, dict[str, Any]] = OrderedDict()
        self._codes: dict[str, Codes] = {}
        self.given = {name: tuple(given(library, name, one) for one in answers)
                      for name, answers in index.decisions.items()}  # fmt: skip

    def __len__(self) -> int:
        return self.index.lines

    @property
    def decisions(self) -> tuple[str, ...]:
        """The decisions its lines answer, in the order they come."""
        return tuple(self.given)

    @property
    def brief(self) -> bool:
        """Whether its lines are brief ones: answers without what stands behind them."""
        return any(one.brief for answers in self.index.decisions.values() for one in answers)

    def close(self) -> None:
        """Give the file back; its lines are empty then, for a page that is still drawn."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def changed(self) -> bool:
        """Whether the output is another now than the one that was opened."""
        try:
            found = self.output.stat()
        except OSError:
            return True
        return (found.st_size, found.st_mtime_ns, found.st_ino) != self._state

    def line(self, row: int) -> bytes:
        """A line as it stands, without its end."""
        start, end = self.index.span(row)
        if self._file < 0:
            return b""
        return os.pread(self._file, min(end - start, _LONGEST), start).rstrip(b"\r\n")

    def data(self, row: int) -> dict[str, Any]:
        """A line read; an empty object where it can be no more."""
        if row not in self._seen:
            try:
                read = parsed(self.line(row))
            except ValueError:
                read = None
            self._seen[row] = read if isinstance(read, dict) else {}
            if len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
        return self._seen[row]

    def codes(self, decision: str) -> Codes:
        """The code of every line's answer to a decision."""
        if decision not in self._codes:
            self._codes[decision] = self.index.codes(decision)
        return self._codes[decision]

    def errors(self) -> Codes:
        """The code of every line's error."""
        if "" not in self._codes:
            self._codes[""] = self.index.error_codes()
        return self._codes[""]

    def answer(self, row: int, decision: str) -> Given | None:
        """What a line answers to a decision."""
        code = int(self.codes(decision)[row]) if decision in self.given else NOTHING
        return self.given[decision][code - 1] if code else None

    def error(self, row: int) -> str:
        """The code of a line's error; empty where it has none."""
        code = int(self.errors()[row])
        return self.index.errors[code - 1] if code else ""

    def main(self, row: int) -> str:
        """The first decision a line answers; empty where it answers none."""
        return next((one for one in self.decisions if self.codes(one)[row]), "")

    def pieces(self, size: int = 1 << 22) -> Iterator[tuple[int, bytes]]:
        """The output in pieces of whole lines, each with where it begins."""
        at, rest = 0, b""
        while at < self.index.bytes:
            data = os.pread(self._file, min(size, self.index.bytes - at), at)
            if not data:
                break
            at += len(data)
            text = rest + data
            cut = text.rfind(b"\n") + 1 if at < self.index.bytes else len(text)
            yield at - len(text), text[:cut]
            rest = text[cut:]
