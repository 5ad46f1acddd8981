"""Pages with a line to type in: Enter goes on, and what was typed is kept on a rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Input

from tui.screens.page import Over
from tui.widgets.error_line import ErrorLine
from tui.widgets.filter_list import FilterList

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from tui.widgets.rows import Row


class Typing(Over):
    """A line to type in, and mostly one below it that says what is wrong."""

    @property
    def line(self) -> Input:
        """The line."""
        return self.query_one(Input)

    def state(self) -> dict[str, Any]:
        return {"text": self.line.value}

    def ready(self) -> None:
        self.set_focus(self.line, scroll_visible=False)

    def complain(self, text: str) -> None:
        """Say what is wrong; nothing is, where `text` is empty."""
        self.query_one(ErrorLine).update(text)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_next()

    def action_next(self) -> None:
        """Go on with what was typed."""
        raise NotImplementedError


class Searching(Typing):
    """A line that narrows a list; Enter takes the row under the cursor."""

    def find(self, text: str) -> Sequence[Row]:
        """The rows that a text means."""
        raise NotImplementedError

    def listing(self, no_match: str, more: str, cursor: int | None = 0) -> Iterable[Widget]:
        """The line, the rows found, and the line that says what is wrong."""
        state = self.draft.state
        yield FilterList(
            self.find, self.look.glyphs, text=str(state.get("text", "")),
            cursor=state.get("cursor", cursor), no_match=no_match, more=more,
        )  # fmt: skip
        yield ErrorLine(self.look.glyphs.error)

    @property
    def cursor(self) -> int | None:
        """The row under the cursor."""
        return self.query_one(FilterList).cursor

    def state(self) -> dict[str, Any]:
        return {**super().state(), "cursor": self.cursor}
