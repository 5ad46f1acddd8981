"""The diagram of a DMN file: inputs below, each decision above all that it requires."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.formats.table import Table

_WIDTH, _HEIGHT = 220, 60
_ACROSS, _UP, _MARGIN, _TOP = 250, 140, 40, 140


def draw(root: Element, tables: Sequence[Table]) -> None:
    """Add a diagram of the tables, of what is put into them and of what each requires."""
    depths: dict[str, int] = {}
    for table in tables:
        above = [depths[one.decision] for one in table.columns
                 if one.decision and one.decision in depths]  # fmt: skip
        depths[table.decision] = max(above, default=0) + 1
    facts = dict.fromkeys(one.name for table in tables for one in table.columns
                          if one.decision is None)  # fmt: skip
    levels = dict.fromkeys((f"input_{name}" for name in facts), 0) | depths
    deepest = max(depths.values(), default=0)
    counts: dict[int, int] = {}
    places: dict[str, tuple[int, int]] = {}
    for key, level in levels.items():
        x = _MARGIN + counts.get(level, 0) * _ACROSS
        counts[level] = counts.get(level, 0) + 1
        places[key] = x, _TOP + (deepest - level) * _UP
    diagrams = SubElement(root, "dmndi:DMNDI")
    diagram = SubElement(diagrams, "dmndi:DMNDiagram", {"id": "diagram"})
    for key, (x, y) in places.items():
        shape = {"id": f"shape_{key}", "dmnElementRef": key}
        bounds = {"x": str(x), "y": str(y), "width": str(_WIDTH), "height": str(_HEIGHT)}
        SubElement(SubElement(diagram, "dmndi:DMNShape", shape), "dc:Bounds", bounds)
    for table in tables:
        for column in table.columns:
            end = column.decision or column.name
            start = end if column.decision else f"input_{end}"
            if start in places:
                _edge(diagram, f"requires_{table.decision}_{end}", places[start],
                      places[table.decision])  # fmt: skip


def _edge(diagram: Element, requirement: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    edge = {"id": f"edge_{requirement}", "dmnElementRef": requirement}
    drawn = SubElement(diagram, "dmndi:DMNEdge", edge)
    for x, y in ((start[0], start[1]), (end[0], end[1] + _HEIGHT)):
        point = {"x": str(x + _WIDTH // 2), "y": str(y)}
        SubElement(drawn, "di:waypoint", point)
