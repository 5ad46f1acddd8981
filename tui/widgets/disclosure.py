"""One line that opens to show more: a sign, a title, the key that toggles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widget import Widget

from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.app import ComposeResult

    from tui.text.glyphs import Glyphs


class Disclosure(Vertical):
    """A title line and what is shown below it while it is open."""

    DEFAULT_CSS = "Disclosure { height: auto; width: 1fr; }"

    def __init__(
        self,
        title: str,
        content: Iterable[Widget],
        glyphs: Glyphs,
        *,
        is_open: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._title = title
        self._content = Vertical(*content, classes="disclosed")
        self._content.styles.height = "auto"
        self._glyphs = glyphs
        self.is_open = is_open

    def compose(self) -> ComposeResult:
        yield Prose(self._line(), classes="disclosure-title")
        if self.is_open:
            yield self._content

    def _line(self) -> str:
        return f"{self._glyphs.open if self.is_open else self._glyphs.closed} {self._title}"

    def toggle(self) -> None:
        """Open it, or close it."""
        self.is_open = not self.is_open
        self.query_one(".disclosure-title", Prose).update(self._line())
        # Nobody opens most of them: what is hidden is not made until somebody does.
        if not self._content.is_attached:
            self.mount(self._content)
        self._content.display = self.is_open

    def on_click(self, event: events.Click) -> None:
        if event.widget is not None and event.widget.has_class("disclosure-title"):
            self.toggle()
