"""One of several options: a digit or the space bar picks, Enter is left to the screen.

State is a sign (picked or not), the cursor is a sign, neither is a colour alone.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.rows import DIGITS, Row, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.text.glyphs import Glyphs


class Choice(Rows):
    """Options numbered from 1; `last` is what stands in place of the last one's digit.

    With marks one option stays picked until Enter, and the arrows pick as they move. Without, it
    is a menu: the cursor alone counts, and a digit acts at once.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "pick", show=False)]
    value: reactive[int | None] = reactive(None)

    @dataclass
    class Picked(Message):
        """An option was picked."""

        index: int

    def __init__(  # noqa: PLR0913 - plain options, all named
        self,
        rows: Sequence[Row],
        glyphs: Glyphs,
        *,
        value: int | None = None,
        cursor: int | None = None,
        last: str = "",
        marks: bool = True,
    ) -> None:
        super().__init__(rows, glyphs, cursor=value if cursor is None else cursor)
        self._last = last
        self.marks = marks
        self.set_reactive(Choice.value, value)

    def digit(self, index: int) -> str:
        """The digit that picks a row; a blank where there is none."""
        if self._last and index == len(self.rows) - 1:
            return self._last
        return str(index + 1) if index < DIGITS else " "

    def head(self, index: int) -> str:
        mark = ""
        if self.marks:
            mark = (self.glyphs.picked if self.picked(index) else self.glyphs.unpicked) + " "
        return f"{mark}{self.digit(index)}  "

    def picked(self, index: int) -> bool:
        return index == self.value

    def watch_value(self) -> None:
        self.refresh()

    def action_move(self, by: int) -> None:
        super().action_move(by)
        if self.marks:
            self.value = self.cursor

    def action_pick(self) -> None:
        """Pick the row under the cursor."""
        if self.cursor is not None:
            self.act(self.cursor)

    def act(self, index: int) -> None:
        self.cursor = index
        self.value = index
        self.post_message(self.Picked(index))

    def on_key(self, event: events.Key) -> None:
        # A digit from a Chinese input method is a full-width one.
        typed = unicodedata.normalize("NFKC", event.character or "")
        if typed.isdigit():
            for index in range(len(self.rows)):
                if self.digit(index) == typed:
                    event.stop()
                    self.act(index)
                    return
