"""Pictures as Mermaid text, for documents that draw it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.pictures.model import NEUTRAL, GraphPicture, GridPicture
from tui.pictures.tones import GROUND, PANEL, colour
from tui.text.glyphs import UNICODE
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tui.pictures.model import Picture, TimelinePicture

_SHAPES = {"fact": '(["{}"])', "question": '{{{{"{}"}}}}', "outcome": '("{}")'}
_BOX = '["{}"]'
# What ends a text, starts a comment or is read as HTML.
_MEANT = re.compile(r"[\"#<>&;`%:,\\]")


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
    return _MEANT.sub(lambda found: f"#{ord(found[0])};", " ".join(safe(text).split()))


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
    yield f'  corner["{quoted(picture.across)}"]'
    for number, column in enumerate(picture.columns):
        yield f'  h{number}["{quoted(column)}"]'
    styles = []
    for row, line in enumerate(picture.lines):
        yield f'  r{row}["{quoted(" ".join(line.heading))}"]'
        for number, square in enumerate(line.squares):
            name = f"c{row}x{number}"
            if square is None:
                yield f'  {name}["-"]'
                continue
            word = quoted(f"{UNICODE.verdict(square.tone)} {square.word}")
            yield f'  {name}["{word}"]'
            styles.append(_style(name, square.tone))
    yield from styles


def _timeline(picture: TimelinePicture) -> Iterator[str]:
    def within(day: date | None, otherwise: date) -> str:
        return (day or otherwise).isoformat()

    yield "gantt"
    yield f"  title {quoted(picture.title)}"
    yield "  dateFormat YYYY-MM-DD"
    yield "  axisFormat %Y"
    for lane in picture.lanes:
        yield f"  section {quoted(lane.heading)}"
        for bar in lane.bars:
            ends = f"{within(bar.first, picture.first)}, {within(bar.last, picture.last)}"
            yield f"  {quoted(bar.text)} : {ends}"
        for day, text in lane.marks:
            yield f"  {quoted(text)} : milestone, {day.isoformat()}, 0d"
