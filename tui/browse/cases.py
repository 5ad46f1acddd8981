"""Going from case to case of an output, and back to the case in the input it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from engine.batch.columns import is_csv
from engine.batch.encoding import Brief, encode
from engine.batch.inputs import HEAD, START, Place, items_of
from engine.batch.reader import one_a_line, open_input
from engine.errors import TongbaoError
from engine.explanation.explain import Explanation, explain_data
from engine.result import CaseResult
from tui.browse.case import CaseView, case_view
from tui.explain.documents import document
from tui.rules.document import Heading, Paragraph, Rows
from tui.text.safe import safe
from tui.views.result import ResultView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from engine.batch.reader import Item
    from engine.library import Library
    from tui.browse.session import Batch, Opened
    from tui.desk import Desk
    from tui.rules.document import Block
    from tui.speaker import Speaker

_PIECE = 1 << 20
_NEWLINE = 10
Line = tuple[str, str, str]
"""What leads a line, its text, and its kind."""


@dataclass(frozen=True)
class WhyCaseView:
    """Why a case came out: lines; why there are none, or that it comes out otherwise now."""

    differs: str
    lines: tuple[Line, ...]


class Cases:
    """The cases of an output as its page shows them, in one language."""

    def __init__(self, say: Speaker, desk: Desk, path: str) -> None:
        self.say, self.desk, self.path = say, desk, path
        self._batch: Batch = desk.batch

    @property
    def opened(self) -> Opened:
        """The output as it is open now."""
        return self._batch.opened(self.path)

    def view(self, topic: str = "") -> CaseView:
        """The case under the cursor."""
        opened = self.opened
        return case_view(self.say, opened, opened.cursor, topic, self.desk.as_of)

    def nothing(self, case: CaseView) -> ResultView:
        """A page without results, for a case with errors."""
        return ResultView(case.frame, "", (), (), (), {})

    def move(self, by: int) -> bool:
        """Go to another case; whether there is one."""
        at = self.opened.cursor + by
        there = 0 <= at < len(self.opened.rows)
        if there:
            self.opened.cursor = at
        return there

    def next_topic(self, case: CaseView) -> str:
        """The topic after the one shown."""
        names = [one for one in self.say.library.topics if self.say.topic(one) in case.topics]
        return names[(names.index(case.topic) + 1) % len(names)] if case.topic in names else ""

    def why(self) -> WhyCaseView:
        """Why the case under the cursor came out, from the input, and whether it still does."""
        t, opened = self.say.locale, self.opened
        store, source = opened.store, opened.source
        if store is None or source is None:
            return self._untold(t("browse.why.no_source"))
        row = int(opened.rows[opened.cursor])
        data = store.data(row)
        try:
            item = item_of(source, row, data.get("line"), self.say.library)
        except TongbaoError as error:
            return self._untold(t("browse.why.unreadable", why=safe(error, 300)))
        if item is None or _identity(item) != data.get("id"):
            return self._untold(t("browse.why.other", name=safe(source, 200)))
        shown = data.get("decisions", data)
        decisions = [one for one in shown if one in store.library.decisions]
        day = _day(data.get("as_of")) or self.desk.as_of
        told = Explanation(CaseResult(item.id, None, faults=item.faults))
        if not item.faults:
            told = explain_data(self.desk.checker, item.data, day, decisions or None)
        same = agrees(told.result, data)
        lines = _lines(document(self.desk.checker, told, t)[1:])
        return WhyCaseView("" if same else t("browse.why.differs"), tuple(lines))

    def _untold(self, why: str) -> WhyCaseView:
        return WhyCaseView(why, ())


def item_of(source: Path, row: int, line: int | None, library: Library) -> Item | None:
    """The case of an input that the line `row` of its results answers; None where it ends before.

    Where cases stand one a line, all before it is passed over unread. Raises InputError.
    """
    facts, name = library.vocabulary.facts, str(source)
    place = START
    if not is_csv(name):
        with open_input(name) as stream:
            plain = not hasattr(stream, "fileobj")
            if plain and one_a_line(stream.read(HEAD)):
                before = row if line is None else line - 1
                place = Place(_offset(stream, before), before, row)
    at = 0 if place.offset else row
    with open_input(name) as stream:
        return next(islice(items_of(stream, name, facts, place), at, None), None)


def _offset(stream: IO[bytes], lines: int) -> int:
    """Where a file goes on behind so many lines."""
    stream.seek(0)
    done = 0
    while lines and (piece := stream.read(_PIECE)):
        there = piece.count(b"\n")
        if there >= lines:
            ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == _NEWLINE)
            return done + int(ends[lines - 1]) + 1
        lines -= there
        done += len(piece)
    return done


def agrees(result: CaseResult, data: Mapping[str, Any]) -> bool:
    """Whether a result is what stands in a line."""
    if result.faults:
        fault = data.get("error")
        return isinstance(fault, dict) and fault.get("code") == result.faults[0].code
    found = data.get("decisions")
    if not isinstance(found, dict):
        fresh = json.loads(encode(Brief(replace(result, extra={}))))
        return all(data.get(key) == value for key, value in fresh.items())
    fresh = json.loads(encode(result))["decisions"]
    # A line may say more of a decision: its words.
    return fresh.keys() == found.keys() and all(
        found[name].get(key) == value for name, one in fresh.items() for key, value in one.items()
    )


def _identity(item: Item) -> object:
    return item.data.get("id") if isinstance(item.data, dict) else item.id


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Heading):
            yield "", block.text, "heading"
        elif isinstance(block, Paragraph):
            yield "", block.text, "hint"
        elif isinstance(block, Rows):
            for label, texts in block.rows:
                yield "", label, "question"
                yield from (("  ", text, "line") for text in texts)
