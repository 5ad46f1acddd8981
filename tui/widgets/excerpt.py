"""Lines of a file with their numbers, and a caret below what is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size

from tui.text.width import cell_len, cut, fold
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.text.glyphs import Glyphs
    from tui.workbench.shapes import Quoted

CARET = "^"
_BAR = "| "
_DIGITS = 4
_LEAST = 8
_LEFT_OFF = ".."


def window(one: Quoted, width: int) -> list[str]:
    """The part of a line near what is meant, in one line of at most `width` cells; the caret."""
    gutter = f"{one.number:>{_DIGITS}} {_BAR}"
    room = max(_LEAST, width - len(gutter))
    before, most = one.before, room * 2 // 3
    if cell_len(before + one.after) > room and cell_len(before) > most:
        kept = most - len(_LEFT_OFF)
        while cell_len(before) > kept:
            before = before[1 + (cell_len(before) - kept) // 2 :]
        before = _LEFT_OFF + before
    lines = [gutter + before + cut(one.after, max(1, room - cell_len(before)))]
    if one.meant:
        lines.append(" " * (len(gutter) - len(_BAR)) + _BAR + " " * cell_len(before) + CARET)
    return [line.rstrip() for line in lines]


class Excerpt(Prose):
    """A piece of a file: its lines are folded where they are too long, and never wrapped."""

    def __init__(self, lines: Sequence[Quoted], glyphs: Glyphs) -> None:
        self.quoted, self.glyphs = tuple(lines), glyphs
        super().__init__("\n".join(one.before + one.after for one in lines) or " ")

    def lines(self, width: int) -> list[str]:
        digits = max((len(str(one.number)) for one in self.quoted), default=1)
        return [line for one in self.quoted for line in self._folded(one, digits, width)]

    def _folded(self, one: Quoted, digits: int, width: int) -> Iterator[str]:
        sign = self.glyphs.cursor if one.meant else " " * cell_len(self.glyphs.cursor)
        gutter = f"{sign} {one.number:>{digits}} {_BAR}"
        blank = " " * (cell_len(gutter) - len(_BAR)) + _BAR
        room = max(_LEAST, width - cell_len(gutter))
        left = cell_len(one.before) if one.meant else -1
        pieces = fold(one.before + one.after, room) or [""]
        for number, piece in enumerate(pieces):
            yield (blank if number else gutter) + piece
            size = cell_len(piece)
            if 0 <= left < size or (0 <= left <= size and number == len(pieces) - 1):
                # At the very end of a full line there is no room beyond it.
                yield set_cell_size(blank, cell_len(blank) + min(left, room - 1)) + CARET
            left -= size
