"""A list with figures in columns where there is room for them, and below the text where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text.width import cell_len, cut, pad
from tui.text.wrap import wrap
from tui.widgets.excerpt import window
from tui.widgets.rows import Row
from tui.widgets.sections import Drawn, Sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.text.glyphs import Glyphs
    from tui.workbench.shapes import Line, ListView, Matrix

_GAP = 2
_INDENT = 2
_WIDE = 106
"""From so many cells on figures are shown whole."""
_LEAST_TEXT = 24
"""A text is left so many cells beside its figures."""
_SIGNS = {"holds": "eligible", "fails": "not_eligible"}


class Board(Sections):
    """The rows of a page of the workbench."""

    def __init__(self, view: ListView, glyphs: Glyphs, *, cursor: str = "") -> None:
        self.view = view
        super().__init__((), glyphs)
        self.show_view(view, cursor)

    @property
    def line(self) -> Line | None:
        """The row under the cursor."""
        lines = self.view.lines
        return lines[self.cursor] if 0 <= self.cursor < len(lines) else None

    def show_view(self, view: ListView, key: str = "") -> None:
        """Show other rows; the cursor stays on its own, else where it was."""
        at, self.view = self.cursor, view
        keys = [line.key for line in view.lines]
        cursor = keys.index(key) if key in keys else at
        sections = [(part.heading, tuple(Row(line.text) for line in part.lines))
                    for part in view.parts]  # fmt: skip
        self.show(sections, cursor)

    def move(self, by: int) -> None:
        """Move the cursor; in a row taller than the screen, first to the end of it."""
        height, top = max(1, self.size.height), round(self.scroll_y)
        numbers = [at for at, line in enumerate(self._drawn) if line.row == self.cursor]
        hidden = bool(numbers) and (numbers[-1] >= top + height if by > 0 else numbers[0] < top)
        if hidden and abs(by) == 1:
            self.scroll_to(y=top + by * max(1, height // 2), animate=False, immediate=True)
        else:
            self.cursor += by

    def laid_out(self, width: int) -> list[Drawn]:
        sizes = self._sizes(width)
        text = width - sum(_GAP + size for size in sizes)
        found = [Drawn(line, -1, "note") for one in self.view.told for line in wrap(one, width)]
        if self.view.matrix is not None:
            found += [Drawn(line, -1, "text") for line in drawn_matrix(self.view.matrix, width)]
        row = 0
        for part in self.view.parts:
            if found:
                found.append(Drawn("", -1, ""))
            found += self._heading(part.heading, part.lines, sizes, text, width)
            for line in part.lines:
                found += [Drawn(shown, row, style)
                          for shown, style in self._row(line, sizes, text, width)]  # fmt: skip
                row += 1
        return found

    def _sizes(self, width: int) -> list[int]:
        """The widths of the columns that fit, the most important first."""
        sizes: list[int] = []
        room = width - _LEAST_TEXT
        lines = [line for line in self.view.lines if line.figures]
        for at, title in enumerate(self.view.columns):
            shown = [self._figure(line, at, width) for line in lines]
            size = max(cell_len(title), *map(cell_len, shown)) if shown else 0
            if sum(sizes) + _GAP * (len(sizes) + 1) + size > room:
                break
            sizes.append(size)
        return sizes

    def _figure(self, line: Line, at: int, width: int) -> str:
        one = line.figures[at]
        return (one.full or one.short) if width >= _WIDE else one.short

    def _heading(
        self, heading: str, lines: Sequence[Line], sizes: Sequence[int], text: int, width: int
    ) -> Iterator[Drawn]:
        titled = bool(sizes) and any(line.figures for line in lines)
        first, *others = wrap(heading, text if titled else width)
        if titled:
            # A line below each heading would make the list half as long again.
            first = pad(first, text) + _columns(self.view.columns, sizes)
        yield Drawn(first, -1, "heading")
        yield from (Drawn(line, -1, "heading") for line in others)

    def _row(
        self, line: Line, sizes: Sequence[int], text: int, width: int
    ) -> Iterator[tuple[str, str]]:
        """A row without the cursor: sign and text with figures, the line quoted, the notes."""
        edge = cell_len(self.glyphs.cursor) + 1
        sign = self._sign(line)
        blank, whole = " " * cell_len(sign), width - edge
        figures = line.figures if sizes else ()
        room = (text if figures else width) - edge - len(blank)
        first, *others = wrap(line.text, max(_INDENT, room))
        shown = [self._figure(line, at, width) for at in range(len(figures))]
        tail = _columns(shown, sizes) if figures else ""
        yield (pad(sign + first, text - edge) if tail else sign + first) + tail, "text"
        yield from ((blank + other, "text") for other in others)
        if line.quoted is not None:
            yield from ((blank + one, "note") for one in window(line.quoted, whole - len(blank)))
        notes = list(line.notes)
        left = len(sizes) if figures else 0
        # Figures for which there is no column stand below, so that none is lost.
        more = [f"{title} {one.short}" for title, one in
                zip(self.view.columns[left:], line.figures[left:], strict=False)]  # fmt: skip
        if more and not left:
            notes.insert(0, (" " * _GAP).join(more))
        room = max(_INDENT, whole - len(blank))
        for note in notes:
            yield from ((blank + one, "note") for one in wrap(note, room))

    def _sign(self, line: Line) -> str:
        if not line.mark:
            return ""
        if line.mark == "notice":
            return f"{self.glyphs.notice} "
        return f"{self.glyphs.verdict(_SIGNS.get(line.mark, line.mark))} "


def _columns(texts: Sequence[str], sizes: Sequence[int]) -> str:
    return "".join(" " * (_GAP + size - cell_len(one)) + one
                   for one, size in zip(texts, sizes, strict=False))  # fmt: skip


def drawn_matrix(matrix: Matrix, width: int) -> list[str]:
    """The matrix in lines; nothing where it does not fit: the rows below say the same."""
    heads = (matrix.corner, *matrix.then)
    edge = max(map(cell_len, heads))
    columns = [[title, *(f"{row[at]:,}" if row[at] else "-" for row in matrix.counts)]
               for at, title in enumerate(matrix.now)]  # fmt: skip
    sizes = [max(map(cell_len, column)) for column in columns]
    if edge + sum(_GAP + size for size in sizes) > width:
        return []
    return [pad(cut(head, edge), edge) + _columns([column[at] for column in columns], sizes)
            for at, head in enumerate(heads)]  # fmt: skip
