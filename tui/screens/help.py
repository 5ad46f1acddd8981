"""The help page, and the question asked before everything is cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui import keys
from tui.messages import Confirmed
from tui.screens.page import Draft, Look, Over
from tui.text.width import cell_len, pad
from tui.widgets.choice import Choice
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.help import HelpView


class HelpScreen(Over):
    """What the question means, the keys, the words."""

    kind = "help"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, view: HelpView, look: Look, draft: Draft | None = None) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        for number, (heading, rows) in enumerate(self.view.sections):
            if heading:
                yield Prose(heading, classes="heading")
            width = max((cell_len(lead) for lead, _ in rows), default=0)
            for lead, text in rows:
                yield Prose(text, lead=f"  {pad(lead, width)}  " if width else "", classes="line")
            # A heading stands off from what is above it by itself.
            if not any(one for one, _ in self.view.sections[number + 1 : number + 2]):
                yield Prose(" ", classes="gap")

    def action_help(self) -> None:
        """Nothing lies behind help."""


class ConfirmScreen(Over):
    """Whether to clear everything; the cursor starts on no."""

    kind = "confirm"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def body(self) -> Iterable[Widget]:
        t = self.look.locale
        yield Prose(t("confirm.clear"), classes="title")
        rows = [Row(t("confirm.clear_yes")), Row(t("confirm.clear_no"))]
        yield Choice(rows, self.look.glyphs, cursor=1, marks=False)

    def ready(self) -> None:
        self.set_focus(self.query_one(Choice), scroll_visible=False)

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self.send(Confirmed(event.index == 0))

    def action_next(self) -> None:
        """Answer with what the cursor is on."""
        self.send(Confirmed(self.query_one(Choice).cursor == 0))

    def action_back(self) -> None:
        """Keep everything."""
        self.send(Confirmed(yes=False))
