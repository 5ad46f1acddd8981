"""Documents of headings, paragraphs, labelled rows and tables: as text by cells, or as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.text.markdown import escaped
from tui.text.width import cell_len, cut, pad
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 80
_GAP = "  "
_LEAST = 12
"""A column that wraps is not made narrower than this."""
_UNDERLINES = {1: "=", 2: "-"}


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A text of its own."""

    text: str


@dataclass(frozen=True)
class Rows:
    """Statements, each below a label of its own; rows without statements are left out."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table. A loose one takes the width the others leave, and wraps or is cut."""

    title: str
    right: bool = False
    loose: Literal["no", "wrap", "cut"] = "no"


@dataclass(frozen=True)
class Table:
    """Rows of cells below titled columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Rows | Table


def as_text(blocks: Sequence[Block], width: int = WIDTH) -> str:
    """The blocks in lines of at most `width` cells."""
    parts = []
    for block in blocks:
        if isinstance(block, Heading):
            lines = list(wrap(block.text, width))
            mark = _UNDERLINES.get(block.level)
            parts.append([*lines, *([mark * max(map(cell_len, lines))] if mark else [])])
        elif isinstance(block, Paragraph):
            parts.append(list(wrap(block.text, width)))
        elif isinstance(block, Rows):
            parts.append(list(_labelled(block, width)))
        else:
            parts.append(list(_columns(block, width)))
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _labelled(block: Rows, width: int) -> Iterator[str]:
    edge = max((cell_len(label) for label, _ in block.rows), default=0) + 2 * len(_GAP)
    for label, texts in block.rows:
        shown = _GAP + label
        # Where there are several statements, the further lines of each stand further in.
        deeper = _GAP if len(texts) > 1 else ""
        for text in texts:
            first, *others = wrap(text, width - edge - len(deeper))
            for line in (first, *(deeper + one for one in others)):
                yield pad(shown, edge) + line
                shown = ""


def _columns(table: Table, width: int) -> Iterator[str]:
    titles = tuple(column.title for column in table.columns)
    widths = [
        min(width, max(map(cell_len, cells))) for cells in zip(titles, *table.rows, strict=True)
    ]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        loose = [index for index, column in enumerate(table.columns)
                 if column.loose != "no" and widths[index] > _LEAST]  # fmt: skip
        widest = max(loose or range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    yield from _row(table, titles, widths)
    yield _GAP.join("-" * one for one in widths)
    for row in table.rows:
        yield from _row(table, row, widths)


def _row(table: Table, cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    columns = []
    for column, cell, width in zip(table.columns, cells, widths, strict=True):
        line = cell.replace("\n", " ")
        lines = (cut(line, width),) if column.loose == "cut" else wrap(line, width)
        columns.append([_aligned(line, width, right=column.right) for line in lines])
    for number in range(max(map(len, columns))):
        parts = [lines[number] if number < len(lines) else " " * width
                 for lines, width in zip(columns, widths, strict=True)]  # fmt: skip
        yield _GAP.join(parts).rstrip()


def _aligned(text: str, width: int, *, right: bool) -> str:
    return " " * (width - cell_len(text)) + text if right else pad(text, width)


def as_markdown(blocks: Sequence[Block]) -> str:
    """The blocks as Markdown, with tables and lists."""
    parts = []
    for block in blocks:
        if isinstance(block, Heading):
            parts.append("#" * block.level + " " + escaped(block.text, within=True))
        elif isinstance(block, Paragraph):
            parts.append(escaped(block.text))
        elif isinstance(block, Rows):
            parts.append("\n".join(_items(block)))
        else:
            rows = [tuple(column.title for column in block.columns), *block.rows]
            head, *rest = [
                "| " + " | ".join(escaped(one, within=True) for one in row) + " |" for row in rows
            ]
            rule = "".join("|--:" if column.right else "|---" for column in block.columns) + "|"
            parts.append("\n".join([head, rule, *rest]))
    return "\n\n".join(parts) + "\n"


def _items(block: Rows) -> Iterator[str]:
    for label, texts in block.rows:
        if len(texts) == 1:
            yield f"- **{escaped(label, within=True)}** {escaped(texts[0], within=True)}"
        elif texts:
            yield f"- **{escaped(label, within=True)}**"
            yield from (f"  - {escaped(text)}" for text in texts)
