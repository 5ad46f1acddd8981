"""Decides a part of a run in full: what it comes to, as one process hands it to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.batch.attended import Attended
from engine.batch.encoding import encode
from engine.batch.identities import Hasher
from engine.batch.privacy import Privacy
from engine.batch.reader import read_item
from engine.batch.summary import Summary
from engine.batch.tally import Tally, record
from engine.case import carried
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from engine.batch.encoding import Written
    from engine.batch.identities import Words
    from engine.batch.mapping import CaseMap
    from engine.batch.reader import Item
    from engine.checker import Agreed, Checker
    from engine.library import Library

    Again = Mapping[int, Callable[[Item, CaseResult], CaseResult]]

_SPACE = b" \t\r\n"


class Worded(Protocol):
    """A function of a module, which says by itself where it is found."""

    def __call__(self, library: Library, result: CaseResult, lang: str, /) -> Written:
        """The result with words in a language."""


@dataclass(frozen=True)
class Task:
    """What is to be done with each case of a run; as plain data, for another process."""

    folder: Path
    """The rulesets."""
    as_of: date
    topics: Sequence[str] | None = None
    decisions: Sequence[str] | None = None
    compare: bool = True
    mapping: CaseMap | None = None
    key: bytes | None = None
    """That of the hashes of ids; None where nobody asks for them."""
    tallied: bool = False
    looked: bool = False
    """Whether columns that say who somebody is are counted."""
    dropped: frozenset[str] = frozenset()
    words: tuple[Worded, str] | None = None
    """What puts the words to each result, and in which language."""


@dataclass
class Part:
    """What some cases that follow each other come to."""

    results: bytes = b""
    summary: Summary = field(default_factory=Summary)
    tally: Tally | None = None
    private: Mapping[str, int] = field(default_factory=dict)
    hashes: Words = field(default_factory=lambda: np.empty((0, 2), np.uint64))
    lines: Words = field(default_factory=lambda: np.empty(0, np.uint64))
    """The lines of the cases that have an id, with the hashes of these."""
    last: int = 0
    agreed: Agreed = field(default_factory=dict)
    """The classes on which both engines were compared for the first time."""
    failures: Sequence[str] = ()
    """What went wrong in comparing."""


@dataclass(frozen=True)
class Work:
    """Some cases that follow each other: the lines from a number on, or cases already read."""

    line: int
    lines: bytes = b""
    items: Sequence[Item] | None = None

    def cases(self) -> Iterator[Item]:
        """The cases in order."""
        if self.items is not None:
            yield from self.items
            return
        for number, text in enumerate(self.lines.split(b"\n"), self.line):
            if text.strip(_SPACE):
                yield read_item(number, text)


class PartDecider:
    """Decides parts of a run, one after another."""

    def __init__(self, checker: Checker, task: Task) -> None:
        self.checker, self.task = checker, task
        self._attended = Attended(checker.library, task.mapping)
        self._hasher = Hasher(task.key) if task.key is not None else None
        self._told = len(checker.agreed)

    def decide(self, work: Work, again: Again | None = None) -> Part:
        """What the cases come to; `again` makes errors of those, by line, whose id came before."""
        task, part = self.task, Part()
        part.tally = Tally() if task.tallied else None
        privacy = self._privacy()
        ids: list[bytes] = []
        lines: list[int] = []
        out: list[str] = []
        for item in work.cases():
            mapped = self._attended.mapped(item)
            if privacy is not None:
                privacy.look(item.data)
            result = self._attended.mended(item, mapped, self._decided(mapped))
            identity = carried(mapped.data)[0] if mapped.id is None else mapped.id
            if identity is not None and self._hasher is not None:
                ids.append(identity.encode("utf-8", "surrogatepass"))
                lines.append(item.line)
            if again and item.line in again:
                result = again[item.line](item, result)
            if part.tally is not None:
                record(part.tally, self.checker.library, mapped.data, result)
            part.summary.cases += 1
            part.summary.add(result)
            out.append(self._text(result))
            part.last = item.line
        part.results = "".join(out).encode()
        part.private = dict(privacy.counts) if privacy is not None else {}
        if self._hasher is not None:
            part.hashes, part.lines = self._hasher(ids), np.array(lines, np.uint64)
        part.agreed = dict(islice(self.checker.agreed.items(), self._told, None))
        self._told = len(self.checker.agreed)
        return part

    def _decided(self, item: Item) -> CaseResult:
        if item.faults:
            return CaseResult(item.id, None, faults=item.faults, line=item.line)
        task = self.task
        found = self.checker.check(item.data, task.as_of, task.topics, task.decisions)
        return found.at(item.line)

    def _text(self, result: CaseResult) -> str:
        words = self.task.words
        written = result if words is None else words[0](self.checker.library, result, words[1])
        return encode(written) + "\n"

    def _privacy(self) -> Privacy | None:
        if not self.task.looked:
            return None
        return Privacy(self.checker.library.vocabulary.facts, self.task.dropped)
