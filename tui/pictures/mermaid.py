"""Pictures as Mermaid text, for documents that draw it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.pictures.model import NEUTRAL, GraphPicture, GridPicture
from tui.pictures.tones import GROUND, PANEL, colour
from tui.text.glyphs import UNICODE
from tui.text.safe import safe
from tui.text.width import cell_len
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tui.pictures.model import Picture, TimelinePicture

_SHAPES = {"fact": '(["{}"])', "question": '{{{{"{}"}}}}', "outcome": '("{}")'}
_BOX = '["{}"]'
# What ends a text, starts a comment, a formula or is read as HTML.
_MEANT = re.compile(r"[\"#<>&;`%:,$\\]")
_NOTHING = "#160;"
_WIDTH = 24
"""A block of a grid is so many cells wide at most."""
_HEADING, _CELL, _MARGIN = 36, 6.5, 24
"""So is a heading of a timeline; how much room a cell takes there, and what is left beside it."""


def mermaid(picture: Picture) -> str:
    """A picture as Mermaid text."""
    if isinstance(picture, GridPicture):
        lines = _grid(picture)
    elif isinstance(picture, GraphPicture):
        lines = _graph(picture)
    else:
        lines = _timeline(picture)
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as Mermaid shows it, whoever wrote it."""
    shown = _MEANT.sub(lambda found: f"#{ord(found[0])};", " ".join(safe(text).split()))
    # A box may be empty, its quotes may not.
    return shown or _NOTHING


def _task(text: str) -> str:
    """A text that begins a line of a timeline, where `click`, say, or a day would mean more."""
    shown = quoted(text)
    return f"#{ord(shown[0])};{shown[1:]}" if shown[0].isascii() and shown[0].isalnum() else shown


def _label(text: str) -> str:
    """A text in short lines: a block is as wide as its text, and all are as wide as the widest."""
    return f'"{_broken(text, _WIDTH)}"'


def _broken(text: str, width: int) -> str:
    lines = wrap(" ".join(safe(text).split()), width)
    return "<br/>".join(map(quoted, lines or ("",)))


def _style(name: str, tone: str) -> str:
    fill, ink = (PANEL, "#000") if tone == NEUTRAL else (colour(tone), GROUND)
    return f"  style {name} fill:{fill},color:{ink}"


def _graph(picture: GraphPicture) -> Iterator[str]:
    yield f"%% {quoted(picture.title)}"
    yield "flowchart LR"
    names = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    for node in picture.nodes:
        sign = f"{UNICODE.verdict(node.tone)} " if node.tone else ""
        shape = _SHAPES.get(node.kind, _BOX)
        yield f"  {names[node.id]}{shape.format(sign + quoted(node.text))}"
    for edge in picture.edges:
        word = f'|"{quoted(edge.text)}"|' if edge.text else ""
        yield f"  {names[edge.first]} -->{word} {names[edge.second]}"
    for node in picture.nodes:
        if node.tone:
            yield _style(names[node.id], node.tone)


def _grid(picture: GridPicture) -> Iterator[str]:
    yield f"%% {quoted(picture.title)}"
    yield "block-beta"
    yield f"  columns {len(picture.columns) + 1}"
    yield f"  corner[{_label(picture.across)}]"
    for number, column in enumerate(picture.columns):
        yield f"  h{number}[{_label(column)}]"
    styles = []
    for row, line in enumerate(picture.lines):
        yield f"  r{row}[{_label(' '.join(line.heading))}]"
        for number, square in enumerate(line.squares):
            name = f"c{row}x{number}"
            if square is None:
                yield f'  {name}["-"]'
                continue
            yield f"  {name}[{_label(f'{UNICODE.verdict(square.tone)} {square.word}')}]"
            styles.append(_style(name, square.tone))
    yield from styles


def _timeline(picture: TimelinePicture) -> Iterator[str]:
    def within(day: date | None, otherwise: date) -> str:
        return (day or otherwise).isoformat()

    # Where the headings have no room of their own, early bars are drawn over them.
    cells = max((cell_len(safe(lane.heading)) for lane in picture.lanes), default=0)
    room = _MARGIN + round(min(cells, _HEADING) * _CELL)
    yield f'%%{{init: {{"gantt": {{"leftPadding": {room}}}}}}}%%'
    yield "gantt"
    yield f"  title {quoted(picture.title)}"
    yield "  dateFormat YYYY-MM-DD"
    yield "  axisFormat %Y"
    # What holds today is not what is asked: a picture is of its own day.
    yield "  todayMarker off"
    for lane in picture.lanes:
        yield f"  section {_broken(lane.heading, _HEADING)}"
        for bar in lane.bars:
            ends = f"{within(bar.first, picture.first)}, {within(bar.last, picture.last)}"
            yield f"  {_task(bar.text)} : {ends}"
        for day, text in lane.marks:
            yield f"  {_task(text)} : milestone, {day.isoformat()}, 0d"
