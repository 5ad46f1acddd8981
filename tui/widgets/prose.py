"""Running text, wrapped by cells; plain text only, never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tui.text.width import cell_len
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from textual.geometry import Size


def hung(lead: str, text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells that hang below what follows its lead."""
    room = max(4, width - cell_len(lead))
    blank = " " * cell_len(lead)
    return [(blank if index else lead) + line for index, line in enumerate(wrap(text, room))]


class Prose(Widget):
    """A text; lines after the first hang below the text that follows `lead`."""

    DEFAULT_CSS = "Prose { height: auto; width: 1fr; }"

    def __init__(
        self,
        text: str = "",
        *,
        lead: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._text = text
        self._lead = lead

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def update(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.refresh(layout=True)

    def lines(self, width: int) -> list[str]:
        """The text in lines of at most `width` cells."""
        return hung(self._lead, self._text, width) if self._text else []

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's signature
        return max((cell_len(line) for line in self.lines(container.width)), default=0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        return len(self.lines(width))

    def render(self) -> Content:
        return Content("\n".join(self.lines(self.content_size.width)))
