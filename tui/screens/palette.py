"""The palette: type a few letters of what is wanted, Enter does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.widgets import Input

from tui import keys
from tui.messages import Perform
from tui.screens.page import Draft, Look, Over
from tui.widgets.error_line import ErrorLine
from tui.widgets.filter_list import FilterList
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.palette import Command, Palette


class PaletteScreen(Over):
    """What the page below can do, and the pages to go to."""

    kind = "palette"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, palette: Palette, look: Look, draft: Draft | None = None) -> None:
        self.palette, self.view = palette, palette.view()
        self.found: tuple[Command, ...] = ()
        super().__init__(self.view.frame, look, draft)

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        yield Prose(self.view.hint, classes="hint -tight")
        state = self.draft.state
        yield FilterList(
            self._find, self.look.glyphs, text=str(state.get("text", "")),
            cursor=state.get("cursor", 0), no_match=self.view.no_match, more=self.view.more,
        )  # fmt: skip
        yield ErrorLine(self.look.glyphs.error)

    def _find(self, text: str) -> list[Row]:
        self.found = self.palette.find(text)
        return [Row(one.label, one.note) for one in self.found]

    def state(self) -> dict[str, Any]:
        listed = self.query_one(FilterList)
        return {"text": listed.text, "cursor": listed.cursor}

    def ready(self) -> None:
        self.set_focus(self.query_one(Input), scroll_visible=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_next()

    def action_next(self) -> None:
        """Do what the cursor is on, on the page below."""
        at = self.query_one(FilterList).cursor
        if at is None or not self.found:
            self.query_one(ErrorLine).update(self.view.empty)
        else:
            self.send(Perform(self.found[at].action, self.found[at].route))
