"""Plain mode's pages of the workbench: the same rows, line by line, to be opened by a number."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from engine.errors import InputError
from engine.loader import RULESETS
from tui.plain.explaining import outline_item
from tui.plain.mode import MODE
from tui.plain.pages import Heard, Page, picked
from tui.plain.result import Item, numbered
from tui.text.glyphs import ASCII
from tui.text.safe import safe
from tui.views.help import VERDICTS
from tui.workbench.bench import Here
from tui.workbench.editing import can_edit, edit
from tui.workbench.shapes import (
    ExcerptView,
    ListView,
    RulePageView,
    Spot,
    Trouble,
    WhyPageView,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from tui.desk import Desk
    from tui.speaker import Speaker
    from tui.workbench.bench import Bench
    from tui.workbench.shapes import Line, Quoted, ReasonsView

_SILENT = replace(ASCII, dot="-", bullet="", **dict.fromkeys(VERDICTS, ""))
"""No signs: what they mean is said in words beside them."""
_PATIENCE = 1.0
"""Seconds for which what takes long is worked on before a page is said."""
_WITH_NUMBER = re.compile(r"([a-z])\s*(\d{1,4})", re.ASCII | re.IGNORECASE)


def bench_over(folder: Path, topic: str | None, as_of: date) -> Here:
    """A workbench over a folder of rulesets."""
    from engine.workbench.workbench import Workbench

    return Here(Workbench(folder, as_of=as_of, topic=topic), folder, as_of, _SILENT,
                mode=MODE)  # fmt: skip


class BenchPage(Page):
    """What is on the workbench; each page is said as the files are now."""

    letters = "b?lq"
    ask_for: ClassVar[str] = "workbench.plain.ask"

    def __init__(self, say: Speaker, desk: Desk, about: str) -> None:
        super().__init__(say)
        if desk.bench is None:
            desk.bench = bench_over(RULESETS, None, desk.as_of)
        self.bench: Bench = desk.bench
        self.about = about
        self.asks = self.t(self.ask_for)
        self._work()
        self.view = self.made()

    def _work(self) -> None:
        """Look again where files have changed; then work on for a moment."""
        end, before, self.failure = time.monotonic() + _PATIENCE, -1, ""
        try:
            while self.bench.changes != before and time.monotonic() < end:
                before = self.bench.changes
                self.bench.poll()
        except InputError as error:
            self.failure = safe(error)

    def made(self) -> object:
        """The view of the page."""
        return self.bench.ask(self.kind, self.about, self.t.lang)

    def lines(self) -> Iterator[str]:
        view = self.view
        if self.failure:
            yield self.t("workbench.broken", why=self.failure)
        elif view is None or isinstance(view, Trouble):
            yield self.t("workbench.trouble", why=view.why) if view else self.t("workbench.gone")
        else:
            yield from self.told(view)

    def told(self, view: object) -> Iterator[str]:
        """The lines of the view."""
        raise NotImplementedError

    def take(self, text: str) -> Heard:
        return self.unclear(text)

    def edited(self, spot: Spot | None, text: str) -> Heard:
        """Let a person edit what is meant, then say the page as it is by then."""
        if spot is None:
            return self.unclear(text)
        if not can_edit():
            return Heard((self.t("workbench.edit.none"),), stays=True)
        said = edit(self.bench.folder, spot, self.t)
        return Heard((said,) if said else ())


class BenchListPage(BenchPage):
    """Rows, numbered throughout; a number opens one."""

    @property
    def rows(self) -> tuple[Line, ...]:
        """The rows there are."""
        return self.view.lines if isinstance(self.view, ListView) else ()

    def commands(self) -> Iterator[str]:
        if any(line.spot for line in self.rows) and can_edit():
            yield self.t("plain.command", key="e", label=self.t("workbench.plain.edit"))
        if any(line.decision for line in self.rows):
            yield self.t("plain.command", key="s", label=self.t("workbench.plain.sources"))
        yield from super().commands()

    def told(self, view: object) -> Iterator[str]:
        if not isinstance(view, ListView):
            return
        yield view.frame.title
        yield view.frame.context
        yield view.heading
        yield from view.told
        if self.kind == BoardPage.kind:
            yield view.frame.status
        number = 0
        for part in view.parts:
            yield part.heading
            for line in part.lines:
                number += 1
                yield self.t("plain.numbered", n=number, text=line.text)
                yield from self._below(line, view.columns)

    def _below(self, line: Line, columns: tuple[str, ...]) -> Iterator[str]:
        t = self.t
        figures = [t("diff.figure", name=name, value=one.said or one.full or one.short)
                   for name, one in zip(columns, line.figures, strict=False)]  # fmt: skip
        if figures:
            yield t("result.listed").join(figures)
        if line.quoted is not None:
            yield self._quoted(line.quoted)
        yield from line.notes

    def _quoted(self, one: Quoted) -> str:
        text = (one.before + one.after).strip()
        return self.t("workbench.plain.line", line=one.number, text=text)

    def take(self, text: str) -> Heard:
        rows = self.rows
        index = picked(text, len(rows))
        if index is not None and rows[index].opens[0]:
            return Heard(lays=rows[index].opens)
        found = _WITH_NUMBER.fullmatch(text)
        if found is None or not 1 <= int(found[2]) <= len(rows):
            return self.unclear(text)
        letter, row = found[1].casefold(), rows[int(found[2]) - 1]
        if letter == "e":
            return self.edited(row.spot, text)
        if letter == "s" and row.decision:
            return Heard(lays=("bench_sources", row.decision))
        return self.unclear(text)


class BoardPage(BenchListPage):
    """The board: faults and failing examples first, then every decision."""

    kind = "bench"
    ask_for = "workbench.plain.list"

    def made(self) -> object:
        return self.bench.board(self.t.lang)

    def commands(self) -> Iterator[str]:
        for key, name in (("r", "again"), ("d", "compare")):
            yield self.t("plain.command", key=key, label=self.t(f"keys.{name}"))
        yield from super().commands()

    def take(self, text: str) -> Heard:
        if text.casefold() == "r":
            try:
                self.bench.again()
            except InputError as error:
                said = self.t("workbench.broken", why=safe(error))
                return Heard((said,), stays=True)
            return Heard()
        if text.casefold() == "d":
            return Heard(lays=("bench_moved", ""))
        return super().take(text)


class DecisionPage(BenchListPage):
    """A decision."""

    kind = "bench_decision"


class SourcesPage(BenchListPage):
    """The sources of a decision."""

    kind = "bench_sources"


class MovedPage(BenchListPage):
    """The answers that became others."""

    kind = "bench_moved"


class CasesPage(BenchListPage):
    """Some cases whose answer became another."""

    kind = "bench_cases"


class FilePage(BenchPage):
    """A piece of a file, and what is wrong there."""

    kind = "bench_file"

    def commands(self) -> Iterator[str]:
        if can_edit():
            yield self.t("plain.command", key="e", label=self.t("keys.edit"))
        yield from super().commands()

    def told(self, view: object) -> Iterator[str]:
        if not isinstance(view, ExcerptView):
            return
        yield view.heading
        yield view.message
        yield view.help
        yield view.gone
        for one in view.lines:
            key = "workbench.plain.meant" if one.meant else "workbench.plain.line"
            yield self.t(key, line=one.number, text=(one.before + one.after).strip())

    def take(self, text: str) -> Heard:
        if text.casefold() == "e" and isinstance(self.view, ExcerptView):
            return self.edited(self.view.spot, text)
        return self.unclear(text)


class RulePage(BenchPage):
    """One rule, whole."""

    kind = "bench_rule"

    def told(self, view: object) -> Iterator[str]:
        if not isinstance(view, RulePageView):
            return
        rule = view.rule
        yield rule.heading
        yield rule.notice
        yield rule.answer
        rows = (*rule.rows, (rule.examples, view.examples or (rule.none,)))
        for number, (label, texts) in enumerate(rows, 1):
            yield from numbered(Item(label, tuple(map(Item, texts))), str(number))


class WhyPage(BenchPage):
    """Why a failing example came out as it did."""

    kind = "bench_why"

    def told(self, view: object) -> Iterator[str]:
        if not isinstance(view, WhyPageView):
            return
        yield view.heading
        yield from view.told
        for number, one in enumerate(view.reasons, 1):
            yield from numbered(self._side(one), str(number))

    def _side(self, one: ReasonsView) -> Item:
        items = [Item(text) for text in one.told]
        if one.why is not None:
            items.append(Item(one.why.answer))
            items += [outline_item(node, self.t) for node in one.why.nodes]
        return Item(one.heading, tuple(items))


class WhysPage(WhyPage):
    """Why a case was answered as it was, and why as it is."""

    kind = "bench_whys"


OVER: dict[str, Callable[[Speaker, Desk, str], Page]] = {
    one.kind: one
    for one in (
        BoardPage, DecisionPage, SourcesPage, MovedPage, CasesPage, FilePage, RulePage, WhyPage,
        WhysPage,
    )
}  # fmt: skip
