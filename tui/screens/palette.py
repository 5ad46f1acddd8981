"""The palette: type a few letters of what is wanted, Enter does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui import keys
from tui.messages import Perform
from tui.screens.searching import Searching
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.palette import Command, Palette
    from tui.screens.page import Draft, Look


class PaletteScreen(Searching):
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
        yield from self.listing(self.view.no_match, self.view.more)

    def find(self, text: str) -> list[Row]:
        self.found = self.palette.find(text)
        return [Row(one.label, one.note) for one in self.found]

    def action_next(self) -> None:
        """Do what the cursor is on, on the page below."""
        at = self.cursor
        if at is None or not self.found:
            self.complain(self.view.empty)
        else:
            self.send(Perform(self.found[at].action, self.found[at].route))
