"""What has changed since the session a person goes on with was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui import keys
from tui.messages import Close
from tui.screens.page import Draft, Look, Over
from tui.widgets.choice import Choice
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.saving import ResumedView


class ResumedScreen(Over):
    """Another day, other rules, answers to give again; then on."""

    kind = "resumed"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, view: ResumedView, look: Look, draft: Draft | None = None) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        for text in self.view.lines:
            yield Prose(text, classes="line")
        for text in self.view.again:
            yield Prose(text, lead=f"  {self.look.glyphs.bullet} ", classes="line")
        yield Prose(" ", classes="gap")
        yield Choice([Row(self.view.onward)], self.look.glyphs, cursor=0, marks=False)

    def ready(self) -> None:
        self.set_focus(self.query_one(Choice), scroll_visible=False)

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self.action_next()

    def action_next(self) -> None:
        """Go on."""
        self.send(Close())
