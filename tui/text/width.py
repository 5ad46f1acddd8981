"""Widths in terminal cells: a Chinese character takes two, so `len` and `ljust` are wrong."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

__all__ = ["cell_len", "cut", "fold", "pad"]

_LEFT_OFF = ".."


def cut(text: str, width: int) -> str:
    """`text` no wider than `width`, with two dots where something was left off."""
    if cell_len(text) <= width:
        return text
    mark = _LEFT_OFF if width > len(_LEFT_OFF) else ""
    return set_cell_size(text, max(0, width - len(mark))).rstrip() + mark


def pad(text: str, width: int) -> str:
    """`text` filled with blanks to exactly `width` cells, cut where it is wider."""
    return set_cell_size(cut(text, width), max(0, width))


def fold(text: str, width: int) -> list[str]:
    """`text` cut into pieces of at most `width` cells, wherever that falls."""
    return chop_cells(text, max(2, width))
