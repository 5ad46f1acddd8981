"""Decides every case of some inputs, in order, and counts what came in and what went out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from engine.batch.reader import STDIN, open_input, read_items
from engine.errors import InputError, TongbaoError
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from engine.batch.reader import Item
    from engine.checker import Checker

# Stands for a decimal while json, which knows no decimals, writes a line; nobody can guess it.
_PLACEHOLDER = uuid4().hex


@dataclass
class Summary:
    """What a run came to: counts in and out, errors, verdicts by decision, broken inputs."""

    cases: int = 0
    results: int = 0
    errors: int = 0
    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    compared: int = 0

    def to_json(self) -> dict[str, object]:
        """The summary as JSON."""
        return {
            "cases": self.cases,
            "results": self.results,
            "errors": self.errors,
            "verdicts": {name: dict(sorted(one.items())) for name, one in self.verdicts.items()},
            "broken_inputs": self.broken,
            "classes_compared": self.compared,
        }


class CountError(TongbaoError):
    """A run wrote another number of results than it read cases: an internal error."""


class Written(Protocol):
    """Whatever is written as a result."""

    def to_json(self) -> dict[str, object]:
        """Its JSON object."""


def run(
    checker: Checker, files: Sequence[str], write: Callable[[str, CaseResult], None],
    as_of: date, topics: Sequence[str] | None = None,
) -> Summary:  # fmt: skip
    """Decide the cases of `files` (`-` is the standard input), one result each, in order.

    `write` gets each result as a line of JSON and as an object. A file that cannot be read, or
    breaks off, is told in the summary; what was read before is answered. Raises InputError when
    the standard input is named twice, CountError when results and cases do not match in number.
    """
    if list(files).count(STDIN) > 1:
        raise InputError("standard input can be read only once")
    summary = Summary()
    for name in files:
        try:
            with open_input(name) as stream:
                for item in read_items(stream, name):
                    summary.cases += 1
                    result = _decide(checker, item, as_of, topics)
                    _count(summary, result)
                    write(encode(result), result)
        except InputError as error:
            summary.broken.append(str(error))
    summary.compared = checker.compared
    if summary.cases != summary.results:
        raise CountError(f"{summary.cases} cases came in, {summary.results} results went out")
    return summary


def encode(result: Written) -> str:
    """A result as one line of JSON; text that is no Unicode is escaped, numbers stay exact."""
    text = _dumped(result, ascii_only=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _dumped(result, ascii_only=True)
    return text


def _dumped(result: Written, *, ascii_only: bool) -> str:
    numbers: list[str] = []

    def number(value: object) -> str:
        if not isinstance(value, Decimal):
            raise TypeError(f"{type(value).__name__} has no JSON form")
        numbers.append(str(value))
        return _PLACEHOLDER

    text = json.dumps(result.to_json(), ensure_ascii=ascii_only, default=number)
    if not numbers:
        return text
    parts = text.split(f'"{_PLACEHOLDER}"')
    return "".join(chain.from_iterable(zip(parts, [*numbers, ""], strict=True)))


def _decide(checker: Checker, item: Item, as_of: date, topics: Sequence[str] | None) -> CaseResult:
    if item.faults:
        return CaseResult(item.id, None, faults=item.faults, line=item.line)
    return replace(checker.check(item.data, as_of, topics), line=item.line)


def _count(summary: Summary, result: CaseResult) -> None:
    summary.results += 1
    summary.errors += bool(result.faults)
    for name, one in result.decisions.items():
        summary.verdicts.setdefault(name, Counter())[one.verdict] += 1
