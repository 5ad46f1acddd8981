"""A table of any length of which only the lines in sight are made: a million rows cost nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.text.width import cell_len, cut, pad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events

    from tui.browse.shapes import Column, TableView
    from tui.text.glyphs import Glyphs

_GAP = 1


def widths(columns: Sequence[Column], room: int) -> list[int]:
    """The width of each column that fits, the first ones first; the others are left off."""
    taken: list[int] = []
    for column in columns:
        if taken and sum(taken) + _GAP * len(taken) + column.width > room:
            break
        taken.append(min(column.width, room))
    spare = room - sum(taken) - _GAP * (len(taken) - 1)
    for at, column in enumerate(columns[: len(taken)]):
        if column.grows:
            taken[at] += max(0, spare)
            break
    return taken


class Table(ScrollView, can_focus=True):
    """Rows below a line of titles; a sign stands before the row the cursor is on."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--cursor", "table--titles"}
    DEFAULT_CSS = """
    Table { height: 1fr; min-height: 4; scrollbar-size-vertical: 1; }
    Table .table--cursor { text-style: bold; color: $primary; }
    Table .table--titles { color: $secondary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "end(0)", show=False),
        Binding("end", "end(1)", show=False),
    ]
    cursor: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """The row under the cursor was clicked."""

        row: int

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

        row: int

    def __init__(self, view: TableView, glyphs: Glyphs, *, cursor: int = 0) -> None:
        super().__init__()
        self.view, self.glyphs = view, glyphs
        self.set_reactive(Table.cursor, max(0, min(cursor, view.count - 1)))

    def on_mount(self) -> None:
        self._measure()

    def on_resize(self) -> None:
        self._measure()
        self.call_after_refresh(self._keep_in_sight)

    def show(self, view: TableView, cursor: int = 0) -> None:
        """Show other rows."""
        self.view = view
        self.set_reactive(Table.cursor, max(0, min(cursor, view.count - 1)))
        self._measure()
        self._keep_in_sight()
        self.refresh()

    def _measure(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self.view.count + 1)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        row = y - 1 + round(self.scroll_y)
        style: Style = self.rich_style
        if y == 0:
            style = self.get_component_rich_style("table--titles")
            text = self._line([one.title for one in self.view.columns], width, here=False)
        elif 0 <= row < self.view.count:
            here = row == self.cursor
            if here:
                style = self.get_component_rich_style("table--cursor")
            text = self._line(self.view.cells(row), width, here=here)
        else:
            text = " " * width
        return Strip([Segment(text, style)], width)

    def _line(self, cells: Sequence[str], width: int, *, here: bool) -> str:
        sign = self.glyphs.cursor if here else " " * cell_len(self.glyphs.cursor)
        room = max(1, width - cell_len(sign) - _GAP)
        columns = self.view.columns
        parts = [
            _placed(cell, size, right=column.right)
            for column, cell, size in zip(columns, cells, widths(columns, room), strict=False)
        ]
        return pad(f"{sign}{' ' * _GAP}{(' ' * _GAP).join(parts)}", width)

    def validate_cursor(self, cursor: int) -> int:
        """No row but one that is there."""
        return max(0, min(cursor, self.view.count - 1))

    def watch_cursor(self, cursor: int) -> None:
        """Keep the cursor in sight and say where it is."""
        self._keep_in_sight()
        self.refresh()
        self.post_message(self.Moved(cursor))

    def _keep_in_sight(self) -> None:
        rows = max(1, self.size.height - 1)
        top = round(self.scroll_y)
        wanted = min(max(top, self.cursor - rows + 1), self.cursor)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, immediate=True)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Move the cursor by what is in sight."""
        self.cursor += by * max(1, self.size.height - 2)

    def action_end(self, last: int) -> None:
        """Move the cursor to the first row, or to the last."""
        self.cursor = self.view.count - 1 if last else 0

    def on_click(self, event: events.Click) -> None:
        row = event.y - 1 + round(self.scroll_y)
        if event.y > 0 and row < self.view.count:
            again, self.cursor = row == self.cursor, row
            if again:
                self.post_message(self.Chosen(row))


def _placed(text: str, width: int, *, right: bool) -> str:
    """A cell of exactly `width`, with no line break in it."""
    shown = cut(text.replace("\n", " "), width)
    return " " * (width - cell_len(shown)) + shown if right else pad(shown, width)
