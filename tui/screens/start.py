"""The start page: what this is, what to have at hand, and the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui import keys
from tui.messages import Begin, Leave, Open, Resume, SwitchLanguage, TakeUp
from tui.route import Route
from tui.screens.page import Draft, Look, Page
from tui.widgets.choice import Choice
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.asking import StartView

_WANTS = {
    "begin": Begin,
    "resume": Resume,
    "take_up": TakeUp,
    "batch": lambda: Open(Route("batch_input")),
    "rules": lambda: Open(Route("rules")),
    "lang": SwitchLanguage,
    "quit": Leave,
}


class StartScreen(Page):
    """The first page."""

    kind = "start"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, view: StartView, look: Look, draft: Draft | None = None) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        if self.view.notice:
            yield Prose(self.view.notice, lead=f"{self.look.glyphs.notice} ", classes="notice")
        for text in self.view.paragraphs:
            yield Prose(text, classes="paragraph")
        rows = [Row(option.label) for option in self.view.options]
        cursor = self.draft.state.get("cursor", 0)
        yield Choice(rows, self.look.glyphs, cursor=cursor, marks=False)

    def state(self) -> dict[str, object]:
        return {"cursor": self.query_one(Choice).cursor}

    def ready(self) -> None:
        self.set_focus(self.query_one(Choice), scroll_visible=False)

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self._want(event.index)

    def action_next(self) -> None:
        """Do what the cursor is on."""
        self._want(self.query_one(Choice).cursor or 0)

    def _want(self, index: int) -> None:
        self.send(_WANTS[str(self.view.options[index].value)]())
