"""The answers given: change one, or go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui import keys
from tui.messages import Change, Proceed
from tui.screens.page import Draft, Look, Page
from tui.text.width import cell_len, pad
from tui.widgets.choice import Choice
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.asking import AnswerRow, ReviewView


class ReviewScreen(Page):
    """Every answer in a row, the way on in the last one."""

    kind = "review"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, view: ReviewView, look: Look, draft: Draft | None = None) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view

    def body(self) -> Iterable[Widget]:
        view = self.view
        yield Prose(view.heading, classes="title")
        yield Prose(view.hint, classes="hint")
        rows = [*map(self._row, view.rows), Row(view.onward)]
        cursor = self.draft.state.get("cursor", len(rows) - 1)
        yield Choice(rows, self.look.glyphs, cursor=cursor, marks=False, last=" ")
        for text in (*view.dormant, view.skipped):
            if text:
                yield Prose(text, classes="aside")

    def _row(self, row: AnswerRow) -> Row:
        width = self.view.label_width
        label = row.label if cell_len(row.label) > width else pad(row.label, width)
        return Row(f"{label}  {row.value}", row.note)

    def state(self) -> dict[str, object]:
        return {"cursor": self.query_one(Choice).cursor}

    def ready(self) -> None:
        self.set_focus(self.query_one(Choice), scroll_visible=False)

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self._want(event.index)

    def action_next(self) -> None:
        """Do what the cursor is on."""
        self._want(self.query_one(Choice).cursor)

    def _want(self, index: int | None) -> None:
        if index is None or index >= len(self.view.rows):
            self.send(Proceed())
        else:
            self.send(Change(self.view.rows[index].fact))
