"""The sources of a result: what each is, how far to trust it, and what it is cited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui import keys
from tui.screens.page import Draft, Look, Over
from tui.text.width import cell_len, pad
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.sources import SourcesView


class SourcesScreen(Over):
    """One source after the other, in the order of their marks."""

    kind = "sources"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, view: SourcesView, look: Look, draft: Draft | None = None) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        yield Prose(self.view.hint, classes="hint -tight")
        labels = [label for one in self.view.sources for label, _ in one.rows]
        width = max(map(cell_len, labels), default=0)
        for one in self.view.sources:
            yield Prose(one.title, lead=f"{one.mark} ", classes="heading")
            for label, value in one.rows:
                yield Prose(value, lead=f"  {pad(label, width)}  ", classes="line")
            for use in one.uses:
                yield Prose(use, lead="  ", classes="aside")
