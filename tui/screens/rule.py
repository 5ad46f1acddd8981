"""One rule, whole: what it says and when, why, on whose word, since when, and what it overrides."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Vertical

from tui import keys
from tui.screens.page import Draft, Look, Over
from tui.screens.working import Working
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.rules_pages.reading import Reading, RuleView
    from tui.text.glyphs import Glyphs


def rule_widgets(view: RuleView, glyphs: Glyphs) -> Iterator[Widget]:
    """A rule from its question to its id, without its examples."""
    bullet = f"  {glyphs.bullet} "
    yield Prose(view.heading, classes="title")
    if view.notice:
        yield Prose(view.notice, lead=f"{glyphs.notice} ", classes="notice")
    sign, _, answer = view.answer.partition(" ")
    classes = f"verdict -{view.verdict}" if view.verdict else "outcome"
    yield Prose(answer, lead=f"{sign} ", classes=classes)
    for label, texts in view.rows:
        yield Prose(label, classes="heading")
        lead = bullet if len(texts) > 1 else "  "
        yield from (Prose(text, lead=lead, classes="line") for text in texts)


class RuleScreen(Working, Over):
    """Everything there is to a rule; the examples that prove it come when they are found."""

    kind = "rule"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, reading: Reading, look: Look, draft: Draft | None = None) -> None:
        self.reading, self.view = reading, reading.one()
        super().__init__(self.view.frame, look, draft)

    def body(self) -> Iterable[Widget]:
        view = self.view
        yield from rule_widgets(view, self.look.glyphs)
        if self.reading.proved:
            yield Prose(view.examples, classes="heading")
            yield Prose("", lead="  ", id="working")
            yield Vertical(id="told")

    def ready(self) -> None:
        if self.reading.proved:
            self.work(self.reading.examples)

    def still_working(self) -> None:
        self.query_one("#working", Prose).update(self.view.working)

    def worked(self, found: object) -> None:
        texts = cast("tuple[str, ...]", found)
        self.query_one("#working", Prose).update("" if texts else self.view.none)
        lead = f"  {self.look.glyphs.bullet} "
        shown = [Prose(text, lead=lead, classes="line") for text in texts]
        self.query_one("#told", Vertical).mount(*shown)
