"""A list of things to tick; the ticks belong to the journey, the widget only asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.rows import DIGITS, Row, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.glyphs import Glyphs


@dataclass(frozen=True)
class Item:
    """A thing to tick."""

    key: str
    title: str
    note: str
    ticked: bool


class Checklist(Rows):
    """Things to tick with the space bar, a click, or their number."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", show=False)]
    wraps_round = False

    @dataclass
    class Ticked(Message):
        """A thing was ticked, or its tick taken back."""

        key: str

    def __init__(self, items: Sequence[Item], glyphs: Glyphs, *, first: int = 1) -> None:
        super().__init__([Row(item.title, item.note) for item in items], glyphs)
        self.keys = [item.key for item in items]
        self.ticked = {item.key for item in items if item.ticked}
        self.first = first

    def head(self, index: int) -> str:
        box = self.glyphs.ticked if self.picked(index) else self.glyphs.unticked
        number = self.first + index
        return f"{box} {number if number <= DIGITS else ' '}  "

    def picked(self, index: int) -> bool:
        return self.keys[index] in self.ticked

    def on_focus(self) -> None:
        if self.cursor is None:
            self.cursor = 0

    def on_blur(self) -> None:
        self.cursor = None

    def action_tick(self) -> None:
        """Tick the row under the cursor."""
        if self.cursor is not None:
            self.act(self.cursor)

    def act(self, index: int) -> None:
        self.ticked ^= {self.keys[index]}
        self.refresh()
        self.post_message(self.Ticked(self.keys[index]))
