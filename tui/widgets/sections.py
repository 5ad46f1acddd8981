"""A long list below headings of which only the lines in sight are drawn.

It takes no focus: the line to search in keeps it, and the page moves the cursor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.text.width import cell_len, pad
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.text.glyphs import Glyphs
    from tui.widgets.rows import Row

Sectioned = tuple[str, tuple["Row", ...]]
_INDENT = 2


@dataclass(frozen=True)
class Drawn:
    """A line as it is drawn, and of which row it is; -1 is of none."""

    text: str
    row: int
    style: str


class Sections(ScrollView, can_focus=False):
    """Rows below headings; a sign stands before the row the cursor is on."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sections--cursor", "sections--heading", "sections--note", "sections--text",
    }  # fmt: skip
    DEFAULT_CSS = """
    Sections { height: 1fr; min-height: 4; scrollbar-size-vertical: 1;
      scrollbar-gutter: stable; }
    Sections .sections--cursor { text-style: bold; color: $primary; }
    Sections .sections--heading { text-style: bold underline; }
    Sections .sections--note { color: $secondary; }
    """
    cursor: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """The row under the cursor was clicked."""

        row: int

    def __init__(self, shown: Sequence[Sectioned], glyphs: Glyphs, *, cursor: int = 0) -> None:
        super().__init__()
        self.shown, self.glyphs = tuple(shown), glyphs
        self.count = sum(len(rows) for _, rows in shown)
        self.set_reactive(Sections.cursor, max(0, min(cursor, self.count - 1)))
        self._drawn: list[Drawn] = []
        self._width = 0

    def show(self, shown: Sequence[Sectioned], cursor: int = 0) -> None:
        """Show other rows."""
        self.shown = tuple(shown)
        self.count = sum(len(rows) for _, rows in shown)
        self.set_reactive(Sections.cursor, max(0, min(cursor, self.count - 1)))
        self._width = 0
        self._measure()
        self._keep_in_sight()
        self.refresh()

    def on_resize(self) -> None:
        self._measure()
        self.call_after_refresh(self._keep_in_sight)

    def _measure(self) -> None:
        width = self.scrollable_content_region.width
        if width > 0 and width != self._width:
            self._width = width
            self._drawn = self.laid_out(width)
            self.virtual_size = Size(width, len(self._drawn))

    def laid_out(self, width: int) -> list[Drawn]:
        """Every line of so many cells."""
        found: list[Drawn] = []
        row = 0
        edge = cell_len(self.glyphs.cursor) + 1
        for heading, rows in self.shown:
            if found:
                found.append(Drawn("", -1, ""))
            found += [Drawn(line, -1, "heading") for line in wrap(heading, width)]
            for one in rows:
                room = max(4 + _INDENT, width - edge)
                # What follows the sign of a verdict hangs below it, in every line.
                first, *others = wrap(one.text, room - _INDENT)
                found.append(Drawn(first, row, "text"))
                hanging = [(line, "text") for line in others]
                hanging += [(line, "note") for line in wrap(one.note, room - _INDENT)]
                found += [Drawn(" " * _INDENT + line, row, style) for line, style in hanging]
                row += 1
        return found

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        at = y + round(self.scroll_y)
        line = self._drawn[at] if at < len(self._drawn) else Drawn("", -1, "")
        if line.row < 0:
            style = self.get_component_rich_style(f"sections--{line.style or 'text'}")
            text, rest = line.text, " " * max(0, width - cell_len(line.text))
            parts = [Segment(text, style), Segment(rest, self.rich_style)]
            return Strip(parts if text else [Segment(pad("", width), self.rich_style)], width)
        here = line.row == self.cursor
        name = "sections--cursor" if here and line.style == "text" else f"sections--{line.style}"
        first = here and (at == 0 or self._drawn[at - 1].row != line.row)
        edge = cell_len(self.glyphs.cursor) + 1
        sign = pad(self.glyphs.cursor if first else "", edge)
        return Strip(
            [Segment(pad(sign + line.text, width), self.get_component_rich_style(name))], width
        )

    def validate_cursor(self, cursor: int) -> int:
        """No row but one that is there."""
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self) -> None:
        """Keep the cursor in sight."""
        self._keep_in_sight()
        self.refresh()

    def _keep_in_sight(self) -> None:
        """Scroll so that the whole row is seen, with its heading where it is the first below it."""
        numbers = [at for at, line in enumerate(self._drawn) if line.row == self.cursor]
        if not numbers or not self.size.height:
            return
        first, last = numbers[0], numbers[-1]
        if self.cursor == 0 and first < self.size.height // 2:
            first = 0
        while first > 0 and self._drawn[first - 1].row < 0 and self._drawn[first - 1].text:
            first -= 1
        height, top = max(1, self.size.height), round(self.scroll_y)
        wanted = min(max(top, last - height + 1), first)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, immediate=True)

    def page(self, by: int) -> None:
        """Move the cursor to the row a screen further."""
        height = max(1, self.size.height - 2)
        numbers = [at for at, line in enumerate(self._drawn) if line.row == self.cursor]
        if not numbers:
            return
        target = max(0, min(numbers[0] + by * height, len(self._drawn) - 1))
        rows = [line.row for line in self._drawn]
        beside = rows[target:] if by > 0 else rows[target::-1]
        self.cursor = next((row for row in beside if row >= 0), self.cursor)

    def on_click(self, event: events.Click) -> None:
        at = event.y + round(self.scroll_y)
        if 0 <= at < len(self._drawn) and self._drawn[at].row >= 0:
            self.cursor = self._drawn[at].row
            self.post_message(self.Chosen(self.cursor))
