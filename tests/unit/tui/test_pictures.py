"""Drawing: boxes in layers, texts that cannot become markup, colours never alone."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from tui.pictures.layout import layers
from tui.pictures.mermaid import mermaid
from tui.pictures.model import (
    Bar,
    Edge,
    GraphPicture,
    GridPicture,
    Lane,
    Line,
    Node,
    Picture,
    Square,
    TimelinePicture,
)
from tui.pictures.svg import svg
from tui.pictures.terminal import text
from tui.pictures.tones import GROUND, colour
from tui.report.markup import data, document, element
from tui.text.glyphs import UNICODE

HOSTILE = '"]; click n0 "javascript:x" </text><script>alert(1)</script>\x1b[31m`%%{init}%%`'


def graph(nodes: list[str], edges: list[tuple[str, str]], word: str = "") -> GraphPicture:
    return GraphPicture("t", "a", tuple(Node(one, one, "rule") for one in nodes),
                        tuple(Edge(*one, word) for one in edges), from_ends=True)  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_every_arrow_leads_to_the_right_and_every_box_stands_once(seed: int) -> None:
    chance = random.Random(seed)
    nodes = [f"n{number}" for number in range(chance.randint(1, 12))]
    edges = {(nodes[i], nodes[j]) for i in range(len(nodes)) for j in range(i + 1, len(nodes))
             if chance.random() < 0.3}  # fmt: skip
    rows = layers(graph(nodes, sorted(edges)))
    assert sorted(one for row in rows for one in row) == sorted(nodes)
    depth = {one: number for number, row in enumerate(rows) for one in row}
    assert all(depth[first] < depth[second] for first, second in edges)


def passed(drawn: str) -> Iterator[tuple[float, float]]:
    """Points along the path of an arrow."""
    x, y = 0.0, 0.0
    for kind, numbers in re.findall(r"([MCH])([^MCH]*)", drawn):
        found = [float(one) for one in numbers.split()]
        if kind == "M":
            x, y = found
        elif kind == "H":
            yield from ((x + (found[0] - x) * step / 20, y) for step in range(21))
            x = found[0]
        else:
            ends = [(x, y), *zip(found[::2], found[1::2], strict=True)]
            for t in (step / 20 for step in range(1, 20)):
                parts = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
                weighed = [*zip(parts, ends, strict=True)]
                yield sum(a * end[0] for a, end in weighed), sum(a * end[1] for a, end in weighed)
            x, y = ends[-1]


@pytest.mark.parametrize("word", ["", "a word"])
@pytest.mark.parametrize("seed", range(10))
def test_no_arrow_runs_through_a_box(seed: int, word: str) -> None:
    chance = random.Random(seed)
    nodes = [f"n{number}" for number in range(chance.randint(2, 16))]
    edges = [(nodes[i], nodes[j]) for i in range(len(nodes)) for j in range(i + 1, len(nodes))
             if chance.random() < 0.35]  # fmt: skip
    root = ET.fromstring(svg(graph(nodes, edges, word)))
    named = [(one.tag.rpartition("}")[2], one) for one in root]
    drawn = [one for tag, one in named if tag == "rect" and one.get("stroke", "none") != "none"]
    boxes = [[float(one.get(key, "0")) for key in ("x", "y", "width", "height")] for one in drawn]
    arrows = [one.get("d", "") for tag, one in named if tag == "path"]
    assert (len(boxes), len(arrows)) == (len(nodes), len(edges))
    points = [one for arrow in arrows for one in passed(arrow)]
    for left, top, width, height in boxes:
        for x, y in points:
            assert not (left + 1 < x < left + width - 1 and top < y < top + height)
    assert all(0 < y < float(root.get("height", "0")) for _, y in points)


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        layers(graph(["a", "b"], [("a", "b"), ("b", "a")]))


def test_few_arrows_cross_where_none_needs_to() -> None:
    first, second = layers(graph(["a", "b", "x", "y"], [("a", "y"), ("b", "x")]))
    order = {one: at for row in (first, second) for at, one in enumerate(row)}
    assert (order["a"] < order["b"]) == (order["y"] < order["x"])


def test_a_hostile_text_stays_a_text_in_every_form() -> None:
    nodes = (Node("a", HOSTILE, "fact"), Node("b", HOSTILE, "outcome", "eligible"))
    picture = GraphPicture(HOSTILE, HOSTILE, nodes, (Edge("a", "b", HOSTILE),), from_ends=False)
    root = ET.fromstring(svg(picture))
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {
        "svg", "title", "defs", "marker", "path", "rect", "text",
    }  # fmt: skip
    drawn = mermaid(picture)
    ours = re.sub("-->|<br/>", "", drawn)
    assert re.search('[<>`\x1b]|click n0 "', ours) is None
    assert all(line.count('"') in (0, 2) for line in drawn.splitlines())
    assert "\x1b" not in text(picture)


# Each of these made Mermaid 11 refuse a picture, or draw something else.
@pytest.mark.parametrize("word", ["", "click", "call", "section z", "2024-01-01", "$$x$$", "a: b"])
def test_no_word_is_an_order_to_mermaid(word: str) -> None:
    square, day = Square("eligible", word), date(2024, 1, 1)
    pictures: list[Picture] = [
        GraphPicture(word, word, (Node("a", word, "rule"), Node("b", word, "fact")),
                     (Edge("a", "b", word),), from_ends=True),
        GridPicture(word, word, word, (word,), (Line((word,), (square,)),), (), ()),
        TimelinePicture(word, word, day, day, (Lane(word, (Bar(word, None, None),),
                                                    ((day, word),)),)),
    ]  # fmt: skip
    for picture in pictures:
        _, *lines = mermaid(picture).splitlines()
        assert not [one for one in lines if re.search(r'""|\$', one)]
        tasks = [one.strip() for one in lines if " : " in one]
        assert not [one for one in tasks if re.match(r"[a-z0-9:]", one) or one.count(":") != 1]


def test_a_grid_in_mermaid_is_no_wider_than_it_must_be() -> None:
    picture = GridPicture("t", "a", "long " * 30, ("b",), (Line(("c",), (None,)),), (), ())
    texts = re.findall('"([^"]*)"', mermaid(picture))
    assert max(len(one) for text in texts for one in text.split("<br/>")) <= 24


def test_a_square_says_its_verdict_in_a_sign_and_a_word_in_every_form() -> None:
    square = Square("not_eligible", "nope", 1)
    picture = GridPicture("t", "a", "age", ("0-13",), (Line(("level",), (square,)),), ("why",), ())
    sign = UNICODE.verdict("not_eligible")
    for shown in (svg(picture), mermaid(picture), text(picture), text(picture, coloured=True)):
        assert sign in shown
        assert "nope" in shown
    assert "\x1b" not in text(picture)
    assert "\x1b[48;2;" in text(picture, coloured=True)


@pytest.mark.parametrize("tone", ["eligible", "not_eligible", "disputed", "stated", ""])
def test_white_can_be_read_on_every_tone(tone: str) -> None:
    def light(hex_: str) -> float:
        parts = [int(hex_[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert (light(GROUND) + 0.05) / (light(colour(tone)) + 0.05) >= 4.5


def test_a_timeline_without_a_period_is_drawn() -> None:
    picture = TimelinePicture("t", "a", date(2026, 1, 1), date(2026, 12, 31), ())
    assert "2026" in text(picture)
    ET.fromstring(svg(picture))


def test_no_text_ends_the_data_of_a_page_and_a_script_is_named_by_its_hash() -> None:
    drawn = data("index", [["a", "</script><script>alert(1)"]])
    assert drawn.count("<") == 2
    page = document("t", "p{}", element("body", drawn), "en", "let one = 1;")
    assert page.count("script-src &#x27;sha256-") == 1
    assert "script-src" not in document("t", "p{}", element("body"), "en")
