"""Bars of counts: a sign, a word, a bar as long as the share, then number and share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tui.text.width import cell_len, pad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

    from tui.browse.shapes import Bar
    from tui.text.glyphs import Glyphs

_MARGIN = 7
"""What a share takes: 100.0% and a blank."""
_LEAST = 6
_MOST = 30


class Bars(Widget):
    """Bars one below the other, in columns; they grow as counts come in."""

    DEFAULT_CSS = "Bars { height: auto; width: 1fr; margin: 1 0; }"

    def __init__(self, bars: Sequence[Bar], glyphs: Glyphs) -> None:
        super().__init__(markup=False)
        self.bars, self.glyphs = tuple(bars), glyphs

    def show(self, bars: Sequence[Bar]) -> None:
        """Show other counts."""
        taller = len(bars) != len(self.bars)
        self.bars = tuple(bars)
        self.refresh(layout=taller)

    def lines(self, width: int) -> list[str]:
        """Every bar in exactly `width` cells."""
        signs = max((cell_len(one.sign) for one in self.bars), default=0)
        words = max((cell_len(one.word) for one in self.bars), default=0)
        numbers = max((len(f"{one.count:,}") for one in self.bars), default=0)
        words = min(words, max(4, width - signs - numbers - _MARGIN - _LEAST - 4))
        room = width - signs - words - numbers - _MARGIN - 4
        return [pad(self._line(one, (signs, words, numbers, room)), width) for one in self.bars]

    def _line(self, one: Bar, sizes: tuple[int, int, int, int]) -> str:
        signs, words, numbers, room = sizes
        length = min(_MOST, room)
        full = round(one.share * length)
        if one.count and length > 0:
            # What is there at all can be seen, and what is not all of it never looks like it.
            full = min(max(1, full), length - (one.count < one.whole))
        drawn = self.glyphs.bar * full + self.glyphs.rest * (length - full)
        bar = f" {drawn}" if length >= _LEAST else ""
        head = f"{pad(one.sign, signs)} {pad(one.word, words)}{bar}"
        return f"{head}  {one.count:>{numbers},} {one.share:>{_MARGIN - 1}.1%}"

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        return len(self.bars)

    def render(self) -> Content:
        return Content("\n".join(self.lines(self.content_size.width)))
