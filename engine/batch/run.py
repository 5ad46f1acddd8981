"""Decides every case of some inputs, in order, and counts what came in and what went out."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from engine.batch.encoding import encode
from engine.batch.inputs import START, items_of
from engine.batch.reader import STDIN, open_input, shown
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
    for number, name in enumerate(files):
        if attended is not None and attended.passed(number):
            continue
        try:
            with open_input(name) as stream:
                for item, mapped in _cases(checker, stream, number, name, attended):
                    summary.cases += 1
                    result = _decide(checker, mapped, as_of, topics, decisions)
                    if attended is not None:
                        result = attended.after(item, mapped, result)
                    summary.add(result)
                    write(encode(result), result)
                    if attended is not None:
                        attended.wrote(summary, stream, item.line)
        except InputError as error:
            summary.broken.append(str(error))
    summary.compared = checker.compared
    summary.check()
    return summary


def _cases(
    checker: Checker, stream: IO[bytes], number: int, name: str, attended: Attended | None
) -> Iterator[tuple[Item, Item]]:
    """Each case to decide as it stands, and as it is read after what is done before it."""
    place = START if attended is None else attended.begin(number, shown(name))
    for item in items_of(stream, name, checker.library.vocabulary.facts, place):
        yield item, item if attended is None else attended.before(item)


def _decide(
    checker: Checker, item: Item, as_of: date, topics: Sequence[str] | None,
    decisions: Sequence[str] | None,
) -> CaseResult:  # fmt: skip
    if item.faults:
        return CaseResult(item.id, None, faults=item.faults, line=item.line)
    return checker.check(item.data, as_of, topics, decisions).at(item.line)
