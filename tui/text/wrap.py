"""Wraps mixed Chinese and Latin text by cells, as Chinese typesetting wants it.

Lines may break between any two Chinese characters but not inside a Latin word or a number; no line
starts with closing punctuation or ends with an opening bracket; a number keeps the character that
counts it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from tui.text.width import cell_len, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKENS = re.compile(r"\s+|[!-~]+|.", re.DOTALL)
_LATIN_PARTS = re.compile(r"[(\[{<]*[^\s()\[\]{}<>]*[)\]}>,.;:!?]*")
_NEVER_CLOSING = frozenset("\"'#&*@\\/\u2020\u2021\u00a7\uff03\uff06\uff0a\uff20\uff3c\uff0f")
_WIDE = 2


def closes(char: str) -> bool:
    """Whether a line may not start with `char`."""
    category = unicodedata.category(char)
    if category == "Po":
        return char not in _NEVER_CLOSING
    return category in ("Pe", "Pf") and char != "\u276f"


def opens(char: str) -> bool:
    """Whether a line may not end with `char`."""
    return unicodedata.category(char) in ("Ps", "Pi")


def _pieces(paragraph: str) -> Iterator[str]:
    for token in _TOKENS.findall(paragraph):
        if token[0].isspace() or not token.isascii():
            yield token
        else:
            yield from filter(None, _LATIN_PARTS.findall(token))


def _units(paragraph: str) -> list[str]:
    """The paragraph in parts that no line break may fall into; blanks are parts of their own."""
    units: list[str] = []
    for piece in _pieces(paragraph):
        last = units[-1] if units else ""
        if piece.isspace() or not last:
            units.append(piece)
            continue
        counted = last[-1].isdigit() and last[-1].isascii() and cell_len(piece) == _WIDE
        latin = piece[0].isascii() and last[-1].isascii() and not last.isspace()
        if last.isspace():
            # A blank before a closing sign would let the sign start a line.
            if closes(piece[0]) and len(units) > 1:
                units[-2:] = [units[-2] + last + piece]
            else:
                units.append(piece)
        elif (
            closes(piece[0])
            or opens(last[-1])
            or (latin and not closes(last[-1]))
            or (counted and not opens(piece[0]))
        ):
            units[-1] += piece
        else:
            units.append(piece)
    return units


def _fold(unit: str, width: int) -> list[str]:
    """A part wider than a line, cut by cells without moving closing signs to a line's start."""
    pieces = fold(unit, width)
    for index in range(1, len(pieces)):
        before, piece = pieces[index - 1], pieces[index]
        while piece and closes(piece[0]) and len(before) > 1:
            before, piece = before[:-1], before[-1] + piece
        pieces[index - 1], pieces[index] = before, piece
    return [part for piece in pieces for part in fold(piece, width) if part]


@lru_cache(maxsize=4096)
def wrap(text: str, width: int) -> tuple[str, ...]:
    """`text` in lines of at most `width` cells (at least 2); its own line breaks are kept."""
    width = max(2, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        used = 0
        for unit in _units(paragraph):
            size = cell_len(unit)
            if used + size <= width:
                if unit.isspace() and not used and lines and lines[-1]:
                    continue
                line += unit
                used += size
            elif not unit.isspace():
                if line.strip():
                    lines.append(line.rstrip())
                *full, line = _fold(unit, width)
                lines.extend(full)
                used = cell_len(line)
        lines.append(line.rstrip())
    return tuple(lines)
