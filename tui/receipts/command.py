"""Runs `verify-receipt`: judges the results of a file one by one, and tells what came out."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.mapping import read_mapping
from engine.batch.reader import STDIN, open_input, read_items, shown
from engine.errors import InputError
from engine.library import Library
from engine.verification.held import Held, NotAResultError, held
from engine.verification.joining import Joined, opened
from engine.verification.verifier import Judged, Verifier
from tui import exit_codes, terminal
from tui.receipts.data import as_data
from tui.receipts.words import Told
from tui.rules.command import run as run_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.batch.reader import Item
    from engine.verification.joining import Cases
    from tui.locale import Locale

_MOST_TOLD = 20
"""So many lines that hold no result are told of one by one."""


def run(  # noqa: PLR0913 - one parameter an option
    file: str, *, cases: str | None, mapping: str | None, rulesets: str | None, as_json: bool,
    lang: str,
) -> int:  # fmt: skip
    """Check the receipts of the results in a file; the exit code."""

    def make(t: Locale) -> tuple[str, int]:
        if file == cases == STDIN:
            raise InputError(t("receipt.twice_stdin"))
        if mapping is not None and cases is None:
            raise InputError(t("receipt.map_alone"))
        folder = None if rulesets is None else Path(rulesets)
        library = Library.load(folder) if folder else Library.load(from_snapshot=True)
        with ExitStack() as stack:
            store = None
            if cases is not None:
                translated = None if mapping is None else read_mapping(mapping, library)
                store = stack.enter_context(opened(cases, library, translated))
            return "", _Run(library, t, store, as_json=as_json).over(file)

    return run_command(make, lang)


class _Run:
    """Judges result after result, writes each at once, and counts."""

    def __init__(self, library: Library, t: Locale, cases: Cases | None, *, as_json: bool) -> None:
        self.t, self._cases, self._library = t, cases, library
        self._verifier = Verifier(library)
        told = Told(self._verifier.checker, t)
        self._text: Callable[[Judged], str] = self._json if as_json else told.text
        self._verdicts: Counter[str] = Counter()
        self._ways: Counter[str] = Counter()
        self._unreadable = 0
        self._bad = False

    def over(self, file: str) -> int:
        """Judge the results of a file; the exit code."""
        broken = ""
        try:
            with open_input(file) as stream:
                for item in read_items(stream, file):
                    self._take(item, file)
        except InputError as error:
            broken = str(error)
        sys.stdout.buffer.flush()
        if not (broken or self._verdicts or self._unreadable):
            broken = self.t("receipt.empty", file=shown(file))
        if broken:
            terminal.say(f"tongbao: {broken}")
        self._summary()
        if broken or self._unreadable:
            return exit_codes.USAGE
        return exit_codes.CASE_ERRORS if self._bad else exit_codes.DONE

    def _take(self, item: Item, file: str) -> None:
        try:
            one = held(item, self._library.decisions)
        except NotAResultError as error:
            self._unreadable += 1
            if self._unreadable <= _MOST_TOLD:
                terminal.say(
                    self.t("receipt.unreadable", file=shown(file), line=item.line, why=error)
                )
            return
        judged = self._verifier.judge(one, self._joined(one))
        self._verdicts[judged.verdict] += 1
        self._ways[judged.way or ""] += 1
        self._bad |= not judged.good
        sys.stdout.buffer.write(self._text(judged).encode("utf-8", "backslashreplace"))

    def _joined(self, one: Held) -> Joined | None:
        """The case of a result: that of the file, else the one exported with it."""
        found = self._cases.find(one) if self._cases is not None else None
        return found or (Joined(one.case, "own") if one.case is not None else None)

    def _summary(self) -> None:
        t = self.t
        counts = t("receipt.joint").join(
            t("receipt.counted", verdict=t(f"receipt.verdict.{verdict}"), n=n)
            for verdict, n in self._verdicts.most_common()
        )
        terminal.say(t("receipt.summary", n=self._verdicts.total(), counts=counts))
        for way in ("id", "line", "own"):
            if self._ways[way]:
                terminal.say(t(f"receipt.way.{way}", n=self._ways[way]))
        if self._verdicts["no_case"]:
            terminal.say(t("receipt.no_case_help" if self._cases is None else "receipt.unfound"))
        if self._unreadable:
            terminal.say(t("receipt.unread", n=self._unreadable))
        terminal.say(t("receipt.compared", n=self._verifier.checker.classes))

    def _json(self, judged: Judged) -> str:
        data = as_data(judged, self._library)
        return json.dumps(data, ensure_ascii=False, default=str) + "\n"
