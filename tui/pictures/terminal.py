"""Pictures as text: 80 columns, Chinese as wide as it is, colour only beside words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.pictures.model import GraphPicture, GridPicture
from tui.pictures.tones import GROUND, colour
from tui.text.glyphs import UNICODE
from tui.text.safe import safe
from tui.text.width import cell_len, cut, pad
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tui.pictures.model import Line, Node, Picture, Square, TimelinePicture

WIDTH = 80
_HEADING = 30
_LABEL = 38
_BAR, _NOTHING, _MARK = "=", " ", "|"


def text(picture: Picture, *, coloured: bool = False) -> str:
    """A picture in lines of at most 80 cells."""
    if isinstance(picture, GridPicture):
        lines = _grid(picture, coloured=coloured)
    elif isinstance(picture, GraphPicture):
        lines = _graph(picture)
    else:
        lines = _timeline(picture)
    below = [line for one in picture.below for line in _wrapped(one, WIDTH)]
    head = [*_wrapped(picture.title, WIDTH), *_wrapped(picture.about, WIDTH), ""]
    return "\n".join(line.rstrip() for line in (*head, *lines, "", *below)).rstrip() + "\n"


def _wrapped(foreign: str, width: int) -> tuple[str, ...]:
    return wrap(safe(foreign), width)


def _grid(picture: GridPicture, *, coloured: bool) -> Iterator[str]:
    count = len(picture.columns)
    width = (WIDTH - _HEADING - 2) // count - 1
    edge = "+" + "+".join(["-" * _HEADING, *("-" * width for _ in picture.columns)]) + "+"
    yield edge
    yield from _cells([picture.across], [[one] for one in picture.columns], width)
    yield edge
    for line in picture.lines:
        yield from _line(line, width, coloured=coloured)
        yield edge
    for number, note in enumerate(picture.notes, 1):
        first, *others = _wrapped(note, WIDTH - 4)
        yield f"{number:>2}  {first}"
        yield from (f"    {one}" for one in others)


def _cells(heading: list[str], squares: list[list[str]], width: int) -> Iterator[str]:
    columns = [[line for one in heading for line in _wrapped(one, _HEADING - 2)]]
    columns += [[line for one in texts for line in _wrapped(one, width - 2)] for texts in squares]
    widths = [_HEADING, *(width for _ in squares)]
    for number in range(max(map(len, columns))):
        parts = [pad(f" {lines[number]}" if number < len(lines) else "", one)
                 for lines, one in zip(columns, widths, strict=True)]  # fmt: skip
        yield "|" + "|".join(parts) + "|"


def _line(line: Line, width: int, *, coloured: bool) -> Iterator[str]:
    squares = [[_said(one)] for one in line.squares]
    for shown in _cells(list(line.heading), squares, width):
        if not coloured:
            yield shown
            continue
        head, *parts = shown[1:-1].split("|") if shown.count("|") == len(squares) + 2 else [shown]
        painted = [_painted(part, one) for part, one in zip(parts, line.squares, strict=False)]
        yield "|" + "|".join([head, *painted]) + "|" if parts else shown


def _said(square: Square | None) -> str:
    if square is None:
        return UNICODE.not_applicable
    note = f" ({square.note})" if square.note else ""
    return f"{UNICODE.verdict(square.tone)} {square.word}{note}"


def _painted(part: str, square: Square | None) -> str:
    if square is None:
        return part
    return f"\x1b[48;2;{_rgb(colour(square.tone))};38;2;{_rgb(GROUND)}m{part}\x1b[0m"


def _rgb(hex_: str) -> str:
    digits = hex_.removeprefix("#")
    return ";".join(str(int(digits[at : at + 2], 16)) for at in (0, 2, 4))


def _graph(picture: GraphPicture) -> Iterator[str]:
    """An outline: what stands below a box leads to it, or comes after it."""
    nodes = {node.id: node for node in picture.nodes}
    below: dict[str, list[tuple[str, str]]] = {name: [] for name in nodes}
    has_one: set[str] = set()
    for edge in picture.edges:
        upper, lower = edge.first, edge.second
        if picture.from_ends:
            upper, lower = lower, upper
        below[upper].append((lower, edge.text))
        has_one.add(lower)
    seen: set[str] = set()

    def walk(name: str, word: str, first: str, rest: str) -> Iterator[str]:
        again = name in seen and bool(below[name])
        yield from _boxed(nodes[name], word, first, rest, again=again)
        seen.add(name)
        for number, (lower, inner) in enumerate(() if again else below[name]):
            last = number == len(below[name]) - 1
            yield from walk(lower, inner, rest + ("`- " if last else "|- "),
                            rest + ("   " if last else "|  "))  # fmt: skip

    for number, name in enumerate(one for one in nodes if one not in has_one):
        if number:
            yield ""
        yield from walk(name, "", "", "")


def _boxed(node: Node, word: str, first: str, rest: str, *, again: bool) -> Iterator[str]:
    sign = f"{UNICODE.verdict(node.tone)} " if node.tone else ""
    told = f"[{word}] " if word else ""
    mark = f" {UNICODE.up}" if again else ""
    lines = _wrapped(f"{told}{sign}{node.text}{mark}", max(20, WIDTH - cell_len(rest)))
    for number, line in enumerate(lines):
        yield (first if not number else rest) + line


def _timeline(picture: TimelinePicture) -> Iterator[str]:
    room = WIDTH - _LABEL - 1
    whole = max(1, (picture.last - picture.first).days)

    def at(day: date) -> int:
        return min(room - 1, max(0, (day - picture.first).days * room // whole))

    scale, taken = [" "] * room, -1
    for year in range(picture.first.year, picture.last.year + 1):
        place = at(picture.first.replace(year=year, month=1, day=1))
        if place > taken and place + 4 <= room:
            scale[place : place + 4] = str(year)
            taken = place + 4
    yield " " * _LABEL + " " + "".join(scale)
    for lane in picture.lanes:
        yield from _wrapped(lane.heading, WIDTH)
        for bar in lane.bars:
            start, end = at(bar.first or picture.first), at(bar.last or picture.last)
            drawn = _NOTHING * start + _BAR * (end - start + 1)
            ends = ("<" if bar.first is None else "[", ">" if bar.last is None else "]")
            drawn = drawn[:start] + ends[0] + drawn[start + 1 :]
            drawn = drawn[:end] + ends[1] + drawn[end + 1 :]
            yield pad("  " + cut(safe(bar.text), _LABEL - 2), _LABEL) + " " + drawn
        for day, words in lane.marks:
            drawn = _NOTHING * at(day) + _MARK
            yield pad("  " + cut(safe(words), _LABEL - 2), _LABEL) + " " + drawn
