"""Pictures as SVG: text stays text, in fonts that the reader has; nothing is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.pictures.layout import laid_out
from tui.pictures.model import GraphPicture, GridPicture
from tui.pictures.tones import GROUND, INK, PANEL, SOFT, colour
from tui.report.markup import Markup, element
from tui.text.glyphs import UNICODE
from tui.text.width import cell_len
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from tui.pictures.model import Edge, Node, Picture, TimelinePicture

    Point = tuple[float, float]

FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
_CELL = 0.54
"""The width of a cell for each unit of the size of the font; Latin letters are wider than half."""
_LINE = 1.35
_PAD = 8.0
_HEADING, _COLUMN = 190.0, 132.0
_BOX, _GAP, _WIDEST, _BETWEEN = 190.0, 48.0, 190.0, 12.0
_LANE = 12.0
_LABEL, _ROOM, _ROW = 260.0, 440.0, 22.0
_YEARS = 10
"""At most so many years are written above a timeline."""
_TITLE, _BODY, _SMALL, _TINY = 16, 14, 12, 11


class _Canvas:
    """Elements one after another, and how far down they reach."""

    def __init__(self, width: float) -> None:
        self.width, self.height = width, 0.0
        self.parts: list[Markup] = []

    def box(  # noqa: PLR0913, PLR0917 - a rectangle and its colours
        self, x: float, y: float, width: float, height: float, fill: str, stroke: str = "none", *,
        round_: int = 4,
    ) -> None:  # fmt: skip
        """A rectangle."""
        self.parts.append(element("rect", x=_n(x), y=_n(y), width=_n(width), height=_n(height),
                                  rx=round_, fill=fill, stroke=stroke))  # fmt: skip
        self.height = max(self.height, y + height)

    def lines(  # noqa: PLR0913 - where, how large, in which colour
        self, texts: Iterable[str], x: float, y: float, size: int, fill: str = INK, *,
        bold: bool = False, middle: bool = False,
    ) -> float:  # fmt: skip
        """Lines of text from `y` down; where they end."""
        own: dict[str, str | int] = {"font_weight": "bold"} if bold else {}
        own |= {"text_anchor": "middle"} if middle else {}
        for one in texts:
            y += size * _LINE
            self.parts.append(element("text", one, x=_n(x), y=_n(y - size * 0.35), font_size=size,
                                      fill=fill, **own))  # fmt: skip
        self.height = max(self.height, y)
        return y

    def path(self, drawn: str, stroke: str) -> None:
        """An arrow."""
        self.parts.append(element("path", d=drawn, fill="none", stroke=stroke, stroke_width=1,
                                  marker_end="url(#arrow)"))  # fmt: skip


def svg(picture: Picture) -> Markup:
    """A picture as a whole SVG, which may also stand in a page."""
    width = _width(picture)
    canvas = _Canvas(width)
    y = canvas.lines(_wrapped(picture.title, width - 2 * _PAD, _TITLE), _PAD, _PAD, _TITLE,
                     bold=True)  # fmt: skip
    y = canvas.lines(_wrapped(picture.about, width - 2 * _PAD, _SMALL), _PAD, y, _SMALL, SOFT)
    if isinstance(picture, GridPicture):
        y = _grid(picture, canvas, y + _PAD)
    elif isinstance(picture, GraphPicture):
        y = _graph(picture, canvas, y + _PAD)
    else:
        y = _timeline(picture, canvas, y + _PAD)
    for one in picture.below:
        y = canvas.lines(_wrapped(one, width - 2 * _PAD, _SMALL), _PAD, y + 4, _SMALL, SOFT)
    height = canvas.height + _PAD
    ground = element("rect", width=_n(width), height=_n(height), fill=GROUND)
    return element(
        "svg", element("title", picture.title), _arrow(), ground, *canvas.parts,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_n(width)} {_n(height)}",
        width=_n(width), height=_n(height), font_family=FONT, role="img",
    )  # fmt: skip


def _arrow() -> Markup:
    head = element("path", d="M0 0L8 4L0 8z", fill=SOFT)
    return element("defs", element("marker", head, id="arrow", viewBox="0 0 8 8", refX=7, refY=4,
                                   markerWidth=7, markerHeight=7, orient="auto"))  # fmt: skip


def _width(picture: Picture) -> float:
    if isinstance(picture, GridPicture):
        columns = max(2, len(picture.columns))
        return _HEADING + columns * _COLUMN + 2 * _PAD
    if isinstance(picture, GraphPicture):
        count = len(laid_out(picture).rows)
        return max(360.0, count * _BOX + (count - 1) * _gap(picture) + 2 * _PAD)
    return _LABEL + _ROOM + 2 * _PAD


def _n(number: float) -> str:
    """A number as short as it can be, the same on every machine."""
    return f"{number:.1f}".removesuffix(".0")


def _wrapped(text: str, width: float, size: int) -> tuple[str, ...]:
    return wrap(text, int(width / (size * _CELL))) if text else ()


def _grid(picture: GridPicture, canvas: _Canvas, y: float) -> float:
    column = (canvas.width - 2 * _PAD - _HEADING) / len(picture.columns)
    starts = [_PAD + _HEADING + number * column for number in range(len(picture.columns))]
    y = canvas.lines([picture.across], starts[0], y, _SMALL, SOFT)
    end = y
    for x, head in zip(starts, picture.columns, strict=True):
        shown = _wrapped(head, column - _PAD, _BODY)
        end = max(end, canvas.lines(shown, x + column / 2, y, _BODY, bold=True, middle=True))
    y = end + 4
    for line in picture.lines:
        heading = [one for text in line.heading for one in _wrapped(text, _HEADING - _PAD, _BODY)]
        words = [_wrapped(one.word, column - 2 * _PAD, _BODY) if one else ()
                 for one in line.squares]  # fmt: skip
        height = max(
            len(heading) * _BODY * _LINE,
            max(map(len, words)) * _BODY * _LINE + 1.5 * _TITLE * _LINE,
        ) + _PAD  # fmt: skip
        middle = y + (height - len(heading) * _BODY * _LINE) / 2
        canvas.lines(heading, _PAD, middle, _BODY)
        for x, square, told in zip(starts, line.squares, words, strict=True):
            fill = colour(square.tone) if square else PANEL
            canvas.box(x + 2, y + 2, column - 4, height - 4, fill)
            if square is None:
                canvas.lines([UNICODE.not_applicable], x + column / 2, y + height / 3, _BODY,
                             SOFT, middle=True)  # fmt: skip
                continue
            sign = UNICODE.verdict(square.tone)
            note = f"  {square.note}" if square.note else ""
            taken = (len(told) * _BODY + 1.25 * _TITLE) * _LINE
            at = canvas.lines([sign + note], x + column / 2, y + (height - taken) / 2,
                              int(1.25 * _TITLE), GROUND, bold=True, middle=True)  # fmt: skip
            canvas.lines(told, x + column / 2, at, _BODY, GROUND, bold=True, middle=True)
        y += height
    y += _PAD / 2
    for number, note in enumerate(picture.notes, 1):
        canvas.lines([str(number)], _PAD, y, _BODY, bold=True)
        shown = _wrapped(note, canvas.width - 2 * _PAD - 20, _BODY)
        y = canvas.lines(shown, _PAD + 20, y, _BODY)
    return y


def _graph(picture: GraphPicture, canvas: _Canvas, y: float) -> float:
    gap = _gap(picture)
    nodes = {node.id: node for node in picture.nodes}
    texts = {name: _box_lines(node) for name, node in nodes.items()}
    words = {edge: _wrapped(edge.text, gap - 24, _TINY) for edge in picture.edges}
    heights = {name: len(lines) * _SMALL * _LINE + _PAD for name, lines in texts.items()}
    for name in nodes:
        # Arrows with words end one below the other: the box is as high as all their words.
        told = [max(1, len(words[one])) for one in picture.edges if one.second == name]
        if any(words[one] for one in picture.edges if one.second == name):
            heights[name] = max(heights[name], sum(told) * _TINY * _LINE + _PAD)
    places = _places(picture, heights, y, _BOX + gap)
    ends = _ends(picture, places, heights, words)
    for edge in picture.edges:
        x, top = places[edge.first]
        stops = [places[lane] for lane in laid_out(picture).lanes[edge]]
        canvas.path(_arrow_path((x + _BOX, top + heights[edge.first] / 2), stops, ends[edge]), SOFT)
    for name, node in nodes.items():
        x, top = places[name]
        fill = colour(node.tone) if node.tone else GROUND if node.kind == "fact" else PANEL
        canvas.box(x, top, _BOX, heights[name], fill, "none" if node.tone else SOFT,
                   round_=12 if node.kind == "fact" else 4)  # fmt: skip
        inside = (heights[name] - len(texts[name]) * _SMALL * _LINE) / 2
        canvas.lines(texts[name], x + 8, top + inside, _SMALL, GROUND if node.tone else INK,
                     bold=node.kind == "decision")  # fmt: skip
    for edge, lines in words.items():
        x, end = ends[edge]
        top = end - len(lines) * _TINY * _LINE / 2
        width = max(map(cell_len, lines), default=0) * _TINY * _CELL
        if lines:
            canvas.box(x - 12 - width, top, width + 4, len(lines) * _TINY * _LINE, GROUND)
        canvas.lines(lines, x - 10 - width, top, _TINY)
    # Lanes may pass below every box.
    bottom = max((top + heights.get(name, 0.0) for name, (_, top) in places.items()), default=y)
    canvas.height = max(canvas.height, bottom)
    return bottom + _PAD


def _arrow_path(start: Point, lanes: Iterable[Point], end: Point) -> str:
    """A way from one box to another, straight on in each lane between them."""
    x, y = start
    drawn = f"M{_n(x)} {_n(y)}"
    for number, (x2, y2) in enumerate((*lanes, end)):
        if number:
            x += _BOX
            drawn += f"H{_n(x)}"
        bend = (x2 - x) / 2
        drawn += f"C{_n(x + bend)} {_n(y)} {_n(x2 - bend)} {_n(y2)} {_n(x2)} {_n(y2)}"
        x, y = x2, y2
    return drawn


def _gap(picture: GraphPicture) -> float:
    """The room between two layers: enough for the words at the arrows."""
    longest = max((cell_len(edge.text) for edge in picture.edges), default=0)
    return min(_WIDEST, _GAP + longest * _TINY * _CELL)


def _places(
    picture: GraphPicture, heights: Mapping[str, float], y: float, step: float
) -> dict[str, Point]:
    """The upper left corner of each box, and where each lane begins.

    Layers stand in the middle of the highest.
    """
    rows = laid_out(picture).rows
    room = {name: heights[name] + _BETWEEN if name in heights else _LANE
            for row in rows for name in row}  # fmt: skip
    tall = [sum(room[name] for name in row) for row in rows]
    places = {}
    for number, row in enumerate(rows):
        at = y + (max(tall) - tall[number]) / 2
        for name in row:
            inside = 0 if name in heights else room[name] / 2 - _BETWEEN / 2
            places[name] = _PAD + number * step, at + inside
            at += room[name]
    return places


def _ends(
    picture: GraphPicture, places: Mapping[str, Point],
    heights: Mapping[str, float], words: Mapping[Edge, Sequence[str]],
) -> dict[Edge, Point]:  # fmt: skip
    """Where each arrow ends: those with words one below the other."""
    found = {}
    for name in heights:
        x, top = places[name]
        mine = sorted((one for one in picture.edges if one.second == name),
                      key=lambda one: places[one.first][1])  # fmt: skip
        worded = any(words[one] for one in mine)
        shares = [max(1, len(words[one])) if worded else 0 for one in mine]
        room = heights[name] / max(1, sum(shares))
        at = top
        for one, share in zip(mine, shares, strict=True):
            found[one] = x, (at + share * room / 2 if worded else top + heights[name] / 2)
            at += share * room
    return found


def _box_lines(node: Node) -> Sequence[str]:
    sign = f"{UNICODE.verdict(node.tone)} " if node.tone else ""
    return _wrapped(sign + node.text, _BOX - 16, _SMALL)


def _timeline(picture: TimelinePicture, canvas: _Canvas, y: float) -> float:
    whole = max(1, (picture.last - picture.first).days)

    def at(day: date | None, otherwise: date) -> float:
        days = ((day or otherwise) - picture.first).days
        return _PAD + _LABEL + min(1.0, max(0.0, days / whole)) * _ROOM

    years = range(picture.first.year, picture.last.year + 1)
    step = -(-len(years) // _YEARS)
    top = canvas.lines([""], _PAD, y, _SMALL)
    marks = [(one, at(picture.first.replace(year=one, month=1, day=1), picture.first))
             for one in years[::step]]  # fmt: skip
    for year, x in marks:
        canvas.lines([str(year)], x, y, _SMALL, SOFT)
    grid_at, y = len(canvas.parts), top
    for lane in picture.lanes:
        y = canvas.lines(_wrapped(lane.heading, canvas.width - 2 * _PAD, _SMALL), _PAD, y + 2,
                         _SMALL, bold=True)  # fmt: skip
        for bar in lane.bars:
            start, end = at(bar.first, picture.first), at(bar.last, picture.last)
            y = _row(canvas, bar.text, y)
            canvas.box(start, y - _ROW + 5, max(3.0, end - start), _ROW - 10, colour("stated"))
        for day, text in lane.marks:
            y = _row(canvas, text, y)
            x, middle = at(day, day), y - _ROW / 2
            drawn = f"M{_n(x)} {_n(middle - 5)}l5 5l-5 5l-5 -5z"
            canvas.parts.append(element("path", d=drawn, fill=colour("unclear")))
    lines = [element("path", d=f"M{_n(x)} {_n(top)}V{_n(y)}", stroke=PANEL, stroke_width=1)
             for _, x in marks]  # fmt: skip
    canvas.parts[grid_at:grid_at] = lines
    canvas.height = max(canvas.height, y)
    return y


def _row(canvas: _Canvas, text: str, y: float) -> float:
    room = int((_LABEL - _PAD) / (_SMALL * _CELL))
    first, *others = wrap(text, room) or ("",)
    if others:
        while cell_len(first) > room - 2:
            first = first[:-1]
        first += ".."
    canvas.lines([first], _PAD + 6, y + 1, _SMALL)
    return y + _ROW
