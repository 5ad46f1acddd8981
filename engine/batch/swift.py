"""What a side answers to a stream of cases, at the speed of the scanner where that knows it all.

The scanner writes verdict, outcome or sides of each decision. What it cannot tell, such as what a
dispute over several classes is between, is left open, to be asked for case by case.
"""

from __future__ import annotations

import json
import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from engine.adjudication import NOT_COVERED, UNCOVERED
from engine.batch import scanner
from engine.batch.outcomes import Decider
from engine.batch.output import Output
from engine.batch.pipeline import Worker
from engine.batch.prepared import Prepared
from engine.batch.reader import Item
from engine.batch.registry import Registry
from engine.ruleset import Expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from engine.batch.registry import Answer, Label
    from engine.checker import Checker

    Data = Mapping[str, object]

_SIZE = 1 << 18
_KEPT = 1 << 14
_EXTRA = "x_"
_ID = "id"
_SIDES = 2
"""Where the sides stand in a label."""
VERDICTS = frozenset(get_args(Expected.model_fields["verdict"].annotation))
_DISPUTED = "disputed"

Column = tuple[str, str | None, tuple[str, ...]]
"""Verdict, outcome and sides."""
Told = dict[str, Column | None]
"""For each decision what is told of it; None where there is more to know."""


def swift(decisions: Sequence[str], checker: Checker) -> list[str]:
    """The decisions the scanner can answer; lists of papers it cannot tell apart."""
    if scanner.library() is None:
        return []
    every = checker.library.decisions
    return [name for name in decisions if every[name].hit_policy != "collect"][
        : scanner.MAX_DECISIONS
    ]


def answers(
    checker: Checker, as_of: date, decisions: Sequence[str], items: Iterable[Item],
    asked: Callable[[Data], Data],
) -> Iterator[Told | str]:  # fmt: skip
    """What comes of each case as `asked` puts it, in order: answers, or the code of an error."""
    found = scanner.library()
    assert found is not None  # noqa: S101 - `swift` gave decisions
    read = lru_cache(_KEPT)(_Reading(checker, decisions).read)
    worker = _Worker(found, Decider(checker, as_of, decisions=decisions), threading.Lock())
    facts = checker.library.vocabulary.facts

    def put(item: Item) -> Item:
        if item.faults or not isinstance(item.data, dict):
            return item
        # An id and what is carried would make lines differ that say the same.
        data = {key: value for key, value in asked(item.data).items()
                if key in facts or not key.startswith(_EXTRA)}  # fmt: skip
        if isinstance(data.get(_ID), str):
            data[_ID] = ""
        return Item(0, data)

    output = Output()
    # Lines are made of the cases, so that nothing is asked of a stream.
    with Path(os.devnull).open("rb") as nothing:
        try:
            prepared = Prepared(items, nothing, put, lines=True, size=_SIZE)
            for chunk in prepared:
                worker.decide(chunk, output)
                yield from map(read, bytes(output.written).split(b"\n")[:-1])
                output.clear()
                prepared.give_back(chunk)
        finally:
            worker.close()


class _Registry(Registry):
    """Has the sides of a dispute written too."""

    def column(self, decision: str, answer: Answer, label: Label) -> str:
        """As everywhere, and the sides in a list."""
        sides = label[2] if len(label) > _SIDES else ()
        if not sides:
            return super().column(decision, answer, label)
        return f", {json.dumps(decision)}: {json.dumps([answer.verdict, sides])}"


class _Worker(Worker):
    kind = _Registry


class _Reading:
    """Reads the lines that are written of cases."""

    def __init__(self, checker: Checker, decisions: Sequence[str]) -> None:
        self._decisions = {name: checker.library.decisions[name] for name in decisions}

    def read(self, line: bytes) -> Told | str:
        """The answers that stand in a line, or the code of its error."""
        data = json.loads(line)
        error = data.get("error")
        if isinstance(error, dict):
            return str(error["code"])
        return {name: self._told(name, data[name]) for name in self._decisions}

    def _told(self, name: str, column: str | list[object]) -> Column | None:
        if isinstance(column, list):
            verdict, sides = column
            return str(verdict), None, tuple(map(str, sides if isinstance(sides, list) else ()))
        outcomes = self._decisions[name].outcomes
        if column in outcomes:
            # An outcome may go by the name of a verdict.
            return None if column in VERDICTS else (outcomes[column].verdict, column, ())
        if column == NOT_COVERED:
            return UNCOVERED.verdict, column, ()
        return None if column == _DISPUTED else (column, None, ())
