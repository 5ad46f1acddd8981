"""The result: the verdict in words first, then what to do, why, and on whose word."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

from tui import keys
from tui.messages import ShowAnswers, Tick
from tui.screens.page import Draft, Look, Page
from tui.widgets.checklist import Checklist, Item
from tui.widgets.disclosure import Disclosure
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.view_result import DecisionView, ResultView


class ResultScreen(Page):
    """Every decision of the topic on one scrolling page, the first one in front."""

    kind = "result"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, view: ResultView, look: Look, draft: Draft | None = None) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view
        self._numbered = 0

    def body(self) -> Iterable[Widget]:
        view = self.view
        self._numbered = 0
        if view.notice:
            yield Prose(view.notice, lead=f"{self.look.glyphs.notice} ", classes="notice")
        for index, decision in enumerate(view.decisions):
            if index == 1:
                yield Prose(view.labels["other"], classes="divider")
            yield from self._decision(decision, primary=index == 0)
        yield from self._section("sources", [f"{mark} {text}" for mark, text in view.sources])
        yield from self._section("answers", view.answers or [view.labels["no_answers"]])

    def _decision(self, view: DecisionView, *, primary: bool) -> Iterable[Widget]:
        glyphs = self.look.glyphs
        yield Prose(view.question, classes="question -primary" if primary else "question")
        verdict = "  ".join(filter(None, (view.verdict_word, view.evidence)))
        yield Prose(verdict, lead=f"{view.sign} ", classes=f"verdict -{view.verdict}")
        if view.title:
            yield Prose(view.title, classes="outcome")
        for text in view.soon:
            yield Prose(text, lead=f"{glyphs.notice} ", classes="soon")
        for text in view.when:
            yield Prose(text, classes="when")
        numbered = [f"{number}. {text}" for number, text in enumerate(view.steps, 1)]
        yield from self._section("steps", numbered)
        yield from self._papers(view)
        yield from self._section("where", view.where)
        yield from self._section("ask", view.ask)
        reasons: list[Widget] = [Prose(text, classes="reason") for text in view.reasons]
        if reasons:
            title = f"{self.view.labels['why']} (F3)"
            is_open = self.draft.state.get("open", {}).get(view.id, primary)
            yield Disclosure(title, reasons, glyphs, is_open=is_open, id=f"why-{view.id}")
        for name in ("dispute", "dissent", "missing", "possible"):
            yield from self._section(name, getattr(view, name))

    def _section(self, name: str, texts: Sequence[str]) -> Iterable[Widget]:
        """A heading and its lines; a number or mark at a line's start hangs."""
        if not texts:
            return
        yield Prose(self.view.labels[name], classes="heading")
        for text in texts:
            first, _, rest = text.partition(" ")
            if rest and (first.rstrip(".").isdigit() or first.startswith("[")):
                yield Prose(rest, lead=f"  {first} ", classes="line")
            else:
                inner = text.lstrip()
                indent = len(text) - len(inner)
                yield Prose(inner, lead="  " + " " * indent, classes="line")

    def _papers(self, view: DecisionView) -> Iterable[Widget]:
        if view.papers:
            yield Prose(classes="heading", id=f"papers-{view.id}")
            items = [Item(one.key, one.title, one.note, one.ticked) for one in view.papers]
            yield Checklist(items, self.look.glyphs, first=self._numbered + 1)
            if not self._numbered:
                yield Prose(self.view.labels["papers_hint"], classes="hint")
            self._numbered += len(items)
        yield from self._section("papers_maybe", view.papers_maybe)
        if view.papers_not:
            yield Prose(view.papers_not, classes="line", lead="  ")

    def ready(self) -> None:
        self._count()

    def _count(self) -> None:
        """Say in each heading how many of the papers are ticked."""
        lists = list(self.query(Checklist))
        for view in self.view.decisions:
            if view.papers:
                ticked = lists.pop(0).ticked
                heading = self.query_one(f"#papers-{view.id}", Prose)
                heading.update(view.papers_title.format(done=len(ticked), all=len(view.papers)))

    def state(self) -> dict[str, Any]:
        shown = self.query(Disclosure)
        return {"open": {str(one.id).removeprefix("why-"): one.is_open for one in shown}}

    def on_checklist_ticked(self, event: Checklist.Ticked) -> None:
        event.stop()
        self._count()
        self.post_message(Tick(event.key))

    def on_key(self, event: events.Key) -> None:
        typed = unicodedata.normalize("NFKC", event.character or "")
        if not (typed.isdigit() and typed.isascii()):
            return
        for checklist in self.query(Checklist):
            index = int(typed) - checklist.first
            if 0 <= index < len(checklist.rows):
                event.stop()
                checklist.act(index)

    def action_why(self) -> None:
        """Open or close the reasons of every decision."""
        shown = list(self.query(Disclosure))
        opening = not any(one.is_open for one in shown)
        for one in shown:
            if one.is_open != opening:
                one.toggle()
        if shown and opening:
            self.call_after_refresh(shown[0].scroll_visible, animate=False, top=True)

    def action_answers(self) -> None:
        """See and change the answers."""
        self.send(ShowAnswers())
