"""Decides every case of some inputs, in order, and counts what came in and what went out."""

from __future__ import annotations

from dataclasses import replace
from typing import IO, TYPE_CHECKING

from engine.batch.columns import csv_items, is_csv
from engine.batch.encoding import encode
from engine.batch.reader import STDIN, open_input, read_items, shown
from engine.batch.summary import Summary
from engine.errors import InputError
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from engine.batch.attended import Attended
    from engine.batch.reader import Item
    from engine.checker import Checker


def run(  # noqa: PLR0913, PLR0917 - what a batch is made of
    checker: Checker, files: Sequence[str], write: Callable[[str, CaseResult], None],
    as_of: date, topics: Sequence[str] | None = None, decisions: Sequence[str] | None = None,
    attended: Attended | None = None,
) -> Summary:  # fmt: skip
    """Decide the cases of `files` (`-` is the standard input), one result each, in order.

    With `decisions` these are answered, else those of a case's topics, else those of `topics`.
    `attended` is what is done around each case: the map, ids, counts, going on after a stop.
    `write` gets each result as a line of JSON and as an object. A file that cannot be read, or
    breaks off, is told in the summary; what was read before is answered. Raises InputError when
    the standard input is named twice, CountError when results and cases do not match in number.
    """
    if list(files).count(STDIN) > 1:
        raise InputError("standard input can be read only once")
    summary = Summary() if attended is None else attended.earlier
    for name in files:
        try:
            with open_input(name) as stream:
                for item, mapped in _cases(checker, stream, name, attended):
                    summary.cases += 1
                    result = _decide(checker, mapped, as_of, topics, decisions)
                    if attended is not None:
                        result = attended.after(item, mapped, result)
                    summary.add(result)
                    write(encode(result), result)
                    if attended is not None:
                        attended.wrote(summary, stream)
        except InputError as error:
            summary.broken.append(str(error))
    summary.compared = checker.compared
    summary.check()
    return summary


def _cases(
    checker: Checker, stream: IO[bytes], name: str, attended: Attended | None
) -> Iterator[tuple[Item, Item]]:
    """Each case to decide as it stands, and as it is read after what is done before it."""
    if attended is not None:
        attended.begin(shown(name))
    facts = checker.library.vocabulary.facts
    items = csv_items(stream, name, facts) if is_csv(name) else read_items(stream, name)
    for item in items:
        mapped, answered = (item, False) if attended is None else attended.before(item)
        if not answered:
            yield item, mapped


def _decide(
    checker: Checker, item: Item, as_of: date, topics: Sequence[str] | None,
    decisions: Sequence[str] | None,
) -> CaseResult:  # fmt: skip
    if item.faults:
        return CaseResult(item.id, None, faults=item.faults, line=item.line)
    return replace(checker.check(item.data, as_of, topics, decisions), line=item.line)
