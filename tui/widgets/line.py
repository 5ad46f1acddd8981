"""A line to type in, which draws whatever was typed, pasted or filled in as inert text."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Input

from tui.text.safe import each_safe
from tui.text.width import cell_len


class Line(Input):
    """Textual's line, which would draw a control character as it is.

    The value keeps every character: the name of a file is that of the file.
    """

    @property
    def _value(self) -> Text:
        return Text(each_safe(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return cell_len(each_safe(self.value[:position]))
