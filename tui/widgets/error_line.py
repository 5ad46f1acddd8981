"""The line that says what is wrong and what to do; not there while nothing is wrong."""

from __future__ import annotations

from tui.widgets.prose import Prose


class ErrorLine(Prose):
    """An error message, told by its sign and its weight, not only by its colour."""

    def __init__(self, sign: str, text: str = "") -> None:
        super().__init__(text, lead=f"{sign} ", id="error")
        self.display = bool(text)

    def update(self, text: str) -> None:
        """Show an error; nothing for an empty text."""
        super().update(text)
        self.display = bool(text)
