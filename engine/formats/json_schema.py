"""What a JDM document declares of its inputs: the JSON Schema of its input node."""

from __future__ import annotations

import json
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from engine.formats.table import NO_END
from engine.formats.unary import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.formats.table import Column, Kind

_KINDS: dict[str, Kind] = {
    "string": "text", "boolean": "boolean", "number": "number", "integer": "number",
}  # fmt: skip


def schema_of(columns: Iterable[Column]) -> str:
    """The values that facts may have, as the text of a schema."""
    properties = {one.name: _property(one) for one in columns}
    return json.dumps({"type": "object", "properties": properties}, ensure_ascii=False)


def _property(column: Column) -> dict[str, Any]:
    if column.kind == "boolean":
        return {"type": "boolean"}
    if column.kind == "text":
        return {"type": "string", "enum": [*column.values]}
    if column.kind == "date":
        return {"type": "string", "format": "date"}
    low, high = column.bounds
    found: dict[str, Any] = {"type": "number" if column.decimals else "integer"}
    if low > -NO_END:
        found["minimum"] = _number(low, column)
    if high < NO_END:
        found["maximum"] = _number(high - 1, column)
    return found


def _number(unit: int, column: Column) -> int | float:
    return float(Decimal(unit).scaleb(-column.decimals)) if column.decimals else unit


def declared(schema: object, path: str) -> tuple[Kind | None, str]:
    """The kind of the value found under a path, and its values as a unary test; what is known."""
    try:
        node: Any = json.loads(schema) if isinstance(schema, str) and schema else None
    except (ValueError, RecursionError):
        return None, ""
    for part in path.split("."):
        inside = node.get("properties") if isinstance(node, dict) else None
        node = inside.get(part) if isinstance(inside, dict) else None
    if not isinstance(node, dict):
        return None, ""
    kind = _KINDS.get(str(node.get("type")))
    if node.get("format") == "date":
        return "date", ""
    values = node.get("enum")
    if isinstance(values, list) and values and all(isinstance(one, str) for one in values):
        return "text", ", ".join(map(quoted, values))
    ends = [node.get("minimum"), node.get("maximum")]
    if kind == "number" and all(_is_number(one) for one in ends):
        return kind, f"[{Decimal(str(ends[0])):f}..{Decimal(str(ends[1])):f}]"
    return kind, ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
