"""The top line: what this is about on the left, place and day on the right."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tui.text.width import cell_len, pad

_LEAST_LEFT = 12


class TopBar(Widget):
    """Left and right text on one line; the right one gives way where there is no room."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(markup=False)
        self._left = left
        self._right = right

    def show(self, left: str, right: str) -> None:
        """Show other texts."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        room = width - cell_len(self._right) - 1
        if self._right and room >= min(_LEAST_LEFT, cell_len(self._left)):
            return Content(f"{pad(self._left, room)} {self._right}")
        return Content(pad(self._left, width))
