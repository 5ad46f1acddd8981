"""Reads the decision tables of a GoRules JDM file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from engine.formats.foreign import (
    ForeignFile,
    ForeignInput,
    ForeignOutput,
    ForeignRow,
    ForeignTable,
    Unsupported,
    UnsupportedError,
)
from engine.formats.json_schema import declared

if TYPE_CHECKING:
    from engine.formats.table import Policy

_DATE = re.compile(r"\s*(?:date|d)\(\s*([\w.]+)\s*\)\s*\Z", re.ASCII)
_SILENT = ("inputNode", "outputNode", "decisionTableNode", "noteNode")
_POLICIES: dict[str, Policy] = {"first": "first", "collect": "collect"}


def read(data: bytes, name: str) -> ForeignFile:
    """The tables of a JDM document. Raises InputError, UnsupportedError."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: not JSON: {error}") from error
    nodes = document.get("nodes") if isinstance(document, dict) else None
    if not isinstance(nodes, list):
        raise InputError(f"{name}: not a JDM document: it has no list `nodes`")
    if not all(isinstance(node, dict) for node in nodes):
        raise InputError(f"{name}: a node is not an object")
    schema = next((_schema(node) for node in nodes if node.get("type") == "inputNode"), None)
    edges = _edges(document)
    tables, left_out, faults = [], [], []
    for node in nodes:
        if node.get("type") == "decisionTableNode":
            table, wrong = _table(node, name, schema)
            tables.append(replace(table, above=_above(table.key, edges)))
            faults += wrong
        elif node.get("type") not in _SILENT:
            left_out.append(f"{node.get('type')} `{node.get('name')}`")
    if faults:
        raise UnsupportedError(faults)
    return ForeignFile(name, tuple(tables), tuple(left_out))


def _edges(document: dict[str, Any]) -> dict[str, set[str]]:
    """For each node those that feed it."""
    found: dict[str, set[str]] = {}
    edges = document.get("edges")
    for edge in edges if isinstance(edges, list) else []:
        if isinstance(edge, dict):
            found.setdefault(str(edge.get("targetId")), set()).add(str(edge.get("sourceId")))
    return found


def _above(node: str, edges: dict[str, set[str]]) -> frozenset[str]:
    """Every node whose answers reach one, itself never among them."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        fresh = edges.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return frozenset(found - {node})


def _table(
    node: dict[str, Any], file: str, schema: object
) -> tuple[ForeignTable, list[Unsupported]]:
    title = str(node.get("name") or node.get("id"))
    held = node.get("content")
    if not isinstance(held, dict):
        raise InputError(f"{file}: the table `{title}` has no content")
    columns = {side: _objects(held, side, title, file) for side in ("inputs", "outputs", "rules")}
    path = held.get("outputPath")
    inputs = tuple(_input(one, schema) for one in columns["inputs"])
    outputs = tuple(_output(one, path) for one in columns["outputs"])
    faults = []
    policy = _POLICIES.get(str(held.get("hitPolicy")))
    if policy is None:
        accepted = ", ".join(_POLICIES)
        faults.append(Unsupported(file, title, f"hit policy `{held.get('hitPolicy')}`", accepted))
    rows = []
    for number, rule in enumerate(columns["rules"], 1):
        cells = tuple(_text(rule, one) for one in columns["inputs"])
        for one, cell in zip(inputs, cells, strict=True):
            if cell.strip() and not one.expression:
                message, accepted = "the column has no field", "a test of the field of its column"
                faults.append(Unsupported(file, title, message, accepted, number, one.label, cell))
        told = tuple(_text(rule, one) for one in columns["outputs"])
        rows.append(ForeignRow(cells, told, str(rule.get("_description") or "")))
    key = str(node.get("id") or title)
    return ForeignTable(
        title, title, policy or "first", inputs, outputs, tuple(rows), key
    ), faults  # fmt: skip


def _objects(held: dict[str, Any], key: str, table: str, file: str) -> list[dict[str, Any]]:
    found = held.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError(f"{file}: `{key}` of the table `{table}` is not a list of objects")
    return found


def _text(rule: dict[str, Any], column: dict[str, Any]) -> str:
    value = rule.get(str(column.get("id")))
    return "" if value is None else str(value)


def _schema(node: dict[str, Any]) -> object:
    """What the input node declares."""
    held = node.get("content")
    return held.get("schema") if isinstance(held, dict) else None


def _input(one: dict[str, Any], schema: object) -> ForeignInput:
    field = str(one.get("field") or "").strip()
    day = _DATE.match(field)
    expression = day[1] if day else field
    kind, allowed = declared(schema, expression)
    if day:
        kind, allowed = "date", ""
    return ForeignInput(expression, str(one.get("name") or expression), kind, allowed)


def _output(one: dict[str, Any], path: object) -> ForeignOutput:
    field = str(one.get("field") or "")
    full = f"{path}.{field}" if path else field
    return ForeignOutput(field, str(one.get("name") or field), (full,))
