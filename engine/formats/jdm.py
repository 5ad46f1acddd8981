"""Decisions as a GoRules JDM document: decision tables, each fed by those it builds on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.formats.captions import PLAIN
from engine.formats.json_schema import schema_of
from engine.formats.unary import quoted, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.formats.captions import Captions
    from engine.formats.table import Column, Table

TYPE = "application/vnd.gorules.decision"
VERDICT, OUTCOME, ITEM = "verdict", "outcome", "item"
_COLUMN, _LINE = 320, 120


def document(tables: Sequence[Table], captions: Captions = PLAIN) -> str:
    """Tables (upstream first) as the text of a JDM file: each answer under its decision's id."""
    depths: dict[str, int] = {}
    for table in tables:
        above = [depths[one] for one in _above(table, depths)]
        depths[table.decision] = max(above, default=0) + 1
    deepest = max(depths.values(), default=0)
    lines = dict.fromkeys(range(deepest + 2), 0)
    facts = {one.name: one for table in tables for one in table.columns if one.decision is None}
    request = _node("in", "request", "inputNode", 0, lines)
    nodes = [{**request, "content": {"schema": schema_of(facts.values())}}]
    edges = []
    for table in tables:
        name = table.decision
        content = {"content": content_of(table, captions)}
        nodes.append({**_node(name, name, "decisionTableNode", depths[name], lines), **content})
        for start, end in (("in", name), *((one, name) for one in _above(table, depths)),
                           (name, "out")):  # fmt: skip
            edges.append(
                {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
            )
    nodes.append(_node("out", "response", "outputNode", deepest + 1, lines))
    made = {"contentType": TYPE, "nodes": nodes, "edges": edges}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _above(table: Table, known: Mapping[str, int]) -> list[str]:
    return [one.decision for one in table.columns if one.decision and one.decision in known]


def _node(key: str, name: str, kind: str, depth: int, lines: dict[int, int]) -> dict[str, Any]:
    lines[depth] += 1
    position = {"x": depth * _COLUMN, "y": lines[depth] * _LINE}
    return {"id": key, "name": name, "type": kind, "position": position}


def content_of(table: Table, captions: Captions = PLAIN) -> dict[str, Any]:
    """What the node of a table holds."""
    answer = ITEM if table.policy == "collect" else OUTCOME
    keys = {column.name: f"i{number}" for number, column in enumerate(table.columns, 1)}
    inputs = [{"id": keys[one.name], "name": captions.label(one), "field": field(one)}
              for one in table.columns]  # fmt: skip
    kinds = captions.kinds(table)
    rows = []
    for number, row in enumerate(table.rows, 1):
        note = "\n".join(one for one in captions.notes(table, row) if one)
        amounts = zip(kinds, captions.amounts(table, row, kinds), strict=True)
        cells = {keys[one.name]: written(row.box.get(one.name), one, "zen")
                 for one in table.columns}  # fmt: skip
        rows.append({
            "_id": f"{table.decision}_{number}", "_description": note, **cells,
            "o1": quoted(row.outcome), "o2": quoted(row.verdict),
            **{f"o_{kind}": told for kind, told in amounts},
        })  # fmt: skip
    return {
        "hitPolicy": "collect" if table.policy == "collect" else "first",
        "inputs": inputs,
        "outputs": [{"id": "o1", "name": answer, "field": answer},
                    {"id": "o2", "name": VERDICT, "field": VERDICT},
                    *({"id": f"o_{one}", "name": captions.unit(one), "field": one}
                      for one in kinds)],
        "rules": rows,
        "passThrough": False, "inputField": None, "outputPath": table.decision,
        "executionMode": "single",
    }  # fmt: skip


def field(column: Column) -> str:
    """Where the value of a column is found; days are compared as the engine counts them."""
    return f"date({column.name})" if column.kind == "date" else column.name
