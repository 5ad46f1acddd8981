"""A list of rows with a cursor: what choices, checklists and filter lists have in common."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.widget import Widget

from tui.text.width import cell_len
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Size

    from tui.text.glyphs import Glyphs

DIGITS = 9
"""So many rows can be picked by a digit."""
_NOTE_ROOM = 16


@dataclass(frozen=True)
class Row:
    """What one row shows: its text, and a quieter note below or beside it."""

    text: str
    note: str = ""


class Rows(Widget, can_focus=True):
    """Rows that wrap under their own text; the cursor is a sign before the row."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor", "rows--picked", "rows--note"}
    DEFAULT_CSS = "Rows { height: auto; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
    ]
    wraps_round = True
    cursor: reactive[int | None] = reactive(None)

    def __init__(self, rows: Sequence[Row], glyphs: Glyphs, *, cursor: int | None = None) -> None:
        super().__init__(markup=False)
        self.rows = tuple(rows)
        self.glyphs = glyphs
        self.set_reactive(Rows.cursor, cursor)

    def head(self, index: int) -> str:
        """What stands before the text of a row, cursor sign apart."""
        raise NotImplementedError

    def picked(self, _index: int) -> bool:
        """Whether the row is drawn as chosen."""
        return False

    def shown(self) -> range:
        """The rows that are drawn."""
        return range(len(self.rows))

    def lines(self, width: int) -> list[tuple[int, str, bool]]:
        """Row, text and whether it is a note, of every line drawn."""
        found: list[tuple[int, str, bool]] = []
        for index in self.shown():
            row = self.rows[index]
            sign = self.glyphs.cursor if index == self.cursor else " "
            head = f"{sign:<{cell_len(self.glyphs.cursor)}} {self.head(index)}"
            blank = " " * cell_len(head)
            room = max(4, width - len(blank))
            for number, line in enumerate(wrap(row.text, room)):
                found.append((index, (blank if number else head) + line, False))
            if row.note:
                used = cell_len(found[-1][1])
                if used + 2 + cell_len(row.note) <= width and cell_len(row.note) <= _NOTE_ROOM:
                    at, text, _ = found.pop()
                    found.append((at, f"{text}  {row.note}", False))
                else:
                    found += [(index, blank + line, True) for line in wrap(row.note, room)]
        return found

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's signature
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        return len(self.lines(width))

    def render(self) -> Content:
        lines = self.lines(self.content_size.width)
        parts = []
        for number, (index, text, note) in enumerate(lines):
            names = ["rows--note"] if note else []
            if self.picked(index):
                names.append("rows--picked")
            if index == self.cursor and (self.has_focus or not self.can_focus):
                names.append("rows--cursor")
            style = self.get_visual_style(*names, partial=True) if names else ""
            end = "\n" if number < len(lines) - 1 else ""
            parts.append(Content.styled(text, style))
            parts.append(Content(end))
        return Content.assemble(*parts)

    def watch_cursor(self) -> None:
        """Draw the cursor where it is now and keep it in sight."""
        self.refresh(layout=True)
        self.call_after_refresh(self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        body = next((one for one in self.ancestors if isinstance(one, VerticalScroll)), None)
        if body is None or self.cursor is None:
            return
        numbers = [
            n for n, line in enumerate(self.lines(self.size.width)) if line[0] == self.cursor
        ]
        if numbers:
            at = self.virtual_region
            for holder in takewhile(lambda one: one is not body, self.ancestors):
                if isinstance(holder, Widget):
                    at = at.translate(holder.virtual_region.offset)
            region = Region(at.x, at.y + numbers[0], at.width, len(numbers))
            body.scroll_to_region(region, animate=False)

    def action_move(self, by: int) -> None:
        """Move the cursor; past an end it goes round or leaves the list."""
        count = len(self.rows)
        if not count:
            raise SkipAction
        if self.cursor is None:
            self.cursor = 0 if by > 0 else count - 1
            return
        at = self.cursor + by
        if not 0 <= at < count and not self.wraps_round:
            raise SkipAction
        self.cursor = at % count

    def act(self, index: int) -> None:
        """Do what a click on a row does."""
        raise NotImplementedError

    def on_click(self, event: events.Click) -> None:
        lines = self.lines(self.content_size.width)
        if 0 <= event.y < len(lines):
            self.cursor = lines[event.y][0]
            self.act(self.cursor)
