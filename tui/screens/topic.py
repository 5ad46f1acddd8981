"""The choice of what to check."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui import keys
from tui.messages import Choose
from tui.screens.page import Draft, Look, Page
from tui.widgets.choice import Choice
from tui.widgets.error_line import ErrorLine
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.asking import TopicView


class TopicScreen(Page):
    """The topics, one to pick."""

    kind = "topic"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, view: TopicView, look: Look, draft: Draft | None = None) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        yield Prose(self.view.hint, classes="hint")
        values = [option.value for option in self.view.options]
        before = values.index(self.view.picked) if self.view.picked in values else None
        picked = self.draft.state.get("picked", before)
        rows = [Row(option.label, option.note) for option in self.view.options]
        yield Choice(rows, self.look.glyphs, value=picked)
        yield ErrorLine(self.look.glyphs.error)

    def state(self) -> dict[str, object]:
        return {"picked": self.query_one(Choice).value}

    def ready(self) -> None:
        self.set_focus(self.query_one(Choice), scroll_visible=False)

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self.query_one(ErrorLine).update("")
        if self.look.fast:
            self.action_next()

    def action_next(self) -> None:
        """Begin the topic picked."""
        picked = self.query_one(Choice).value
        if picked is None:
            self.query_one(ErrorLine).update(self.view.empty)
        else:
            self.send(Choose(str(self.view.options[picked].value)))
