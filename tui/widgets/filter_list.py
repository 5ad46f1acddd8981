"""A list too long for digits: type to narrow it, arrows move, Enter is left to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tui.widgets.line import Line
from tui.widgets.prose import Prose
from tui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from tui.text.glyphs import Glyphs

_PER_SCREEN = 7


class _Hits(Rows, can_focus=False):
    """The rows found; only those around the cursor are drawn."""

    wraps_round = False

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__((), glyphs)
        self.top = 0

    def head(self, _index: int) -> str:
        return ""

    def shown(self) -> range:
        if self.cursor is not None:
            self.top = max(min(self.top, self.cursor), self.cursor - _PER_SCREEN + 1)
        return range(self.top, min(len(self.rows), self.top + _PER_SCREEN))

    def act(self, index: int) -> None:
        self.cursor = index


class FilterList(Vertical):
    """An input line and the rows that match it, found by the function given."""

    DEFAULT_CSS = "FilterList { height: auto; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    @dataclass
    class Pointed(Message):
        """The cursor stands on another row."""

        index: int

    def __init__(  # noqa: PLR0913 - plain options, all named
        self,
        find: Callable[[str], Sequence[Row]],
        glyphs: Glyphs,
        *,
        text: str = "",
        cursor: int | None = None,
        no_match: str = "",
        more: str = "",
    ) -> None:
        super().__init__()
        self._find = find
        self._glyphs = glyphs
        self._text = text
        self._cursor = cursor
        self._no_match = no_match
        self._more = more

    def compose(self) -> ComposeResult:
        yield Line(self._text, select_on_focus=False, id="typed")
        yield _Hits(self._glyphs)
        yield Prose(classes="more")

    def on_mount(self) -> None:
        self._show(self._text, self._cursor)

    @property
    def cursor(self) -> int | None:
        """The row the cursor is on."""
        return self.query_one(_Hits).cursor

    @property
    def text(self) -> str:
        """What was typed."""
        return self.query_one(Input).value

    @property
    def unmatched(self) -> str:
        """What to say when there are no rows; nothing before anything is typed."""
        return self._no_match if self._text.strip() else ""

    def _show(self, text: str, cursor: int | None) -> None:
        hits = self.query_one(_Hits)
        hits.rows = tuple(self._find(text))
        hits.top = 0
        hits.cursor = cursor if cursor is not None and cursor < len(hits.rows) else None
        hits.refresh(layout=True)
        self._say_more()
        self._point()

    def _say_more(self) -> None:
        hits = self.query_one(_Hits)
        below = len(hits.rows) - hits.shown().stop
        line = self._more.format(n=below) if below > 0 else ""
        self.query_one(".more", Prose).update(line if hits.rows else self.unmatched)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._text:
            self._text = event.value
            self._show(event.value, 0 if event.value.strip() else None)

    def action_move(self, by: int) -> None:
        """Move the cursor among the rows."""
        self.query_one(_Hits).action_move(by)
        self._say_more()
        self._point()

    def _point(self) -> None:
        if self.cursor is not None:
            self.post_message(self.Pointed(self.cursor))
