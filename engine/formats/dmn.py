"""Decisions as DMN: decision tables in FEEL, what each requires, and a diagram of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.formats.captions import NOTES, PLAIN
from engine.formats.dmn_diagram import draw
from engine.formats.jdm import ITEM, OUTCOME, VERDICT
from engine.formats.table import NO_END
from engine.formats.unary import ending, quoted, written
from engine.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.formats.captions import Captions
    from engine.formats.table import Column, Table

Version = Literal["1.3", "1.4"]
MODELS: dict[Version, str] = {
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
}
_SPACES = {
    "xmlns:dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "xmlns:dc": "http://www.omg.org/spec/DMN/20180521/DC/",
    "xmlns:di": "http://www.omg.org/spec/DMN/20180521/DI/",
}
_NAMESPACE = "urn:tongbao:"
_NULL = "null"
_TYPES = {"text": "string", "boolean": "boolean", "number": "number", "date": "date"}


def document(
    tables: Sequence[Table],
    name: str,
    captions: Captions = PLAIN,
    version: Version = "1.4",
) -> str:
    """Tables (upstream first) as the text of a DMN file."""
    root = Element("definitions", {
        "xmlns": MODELS[version], **_SPACES, "id": f"definitions_{name}", "name": name,
        "namespace": _NAMESPACE + name, "exporter": "tongbao", "exporterVersion": VERSION,
    })  # fmt: skip
    if captions.about:
        SubElement(root, "description").text = captions.about
    for table in tables:
        _item_definition(root, table, captions.kinds(table))
    inputs = {one.name: one for table in tables for one in table.columns if one.decision is None}
    for column in inputs.values():
        _input_data(root, column, captions)
    known = {table.decision for table in tables}
    for table in tables:
        decision = _decision(root, table, captions, known)
        _table(decision, table, captions)
    draw(root, tables)
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _item_definition(root: Element, table: Table, kinds: Sequence[str]) -> None:
    """The type of an answer: an outcome with its verdict and amounts, or a list of items."""
    collects = table.policy == "collect"
    definition = SubElement(root, "itemDefinition", {"name": f"t_{table.decision}"})
    if collects:
        definition.set("isCollection", "true")
    typed = dict.fromkeys((ITEM if collects else OUTCOME, VERDICT), "string")
    for part, kind in (typed | dict.fromkeys(kinds, "number")).items():
        component = SubElement(definition, "itemComponent", {"name": part})
        SubElement(component, "typeRef").text = kind


def _input_data(root: Element, column: Column, captions: Captions) -> None:
    data = SubElement(root, "inputData", {
        "id": input_id(column.name), "name": column.name, "label": captions.label(column),
    })  # fmt: skip
    variable = {"name": column.name, "typeRef": _TYPES[column.kind]}
    SubElement(data, "variable", {"id": f"variable_{column.name}", **variable})


def input_id(name: str) -> str:
    """The id of the input data of a fact."""
    return f"input_{name}"


def _decision(root: Element, table: Table, captions: Captions, known: set[str]) -> Element:
    name = table.decision
    decision = SubElement(root, "decision", {"id": name, "name": name})
    SubElement(decision, "question").text = captions.question(table)
    variable = {"name": name, "typeRef": f"t_{name}"}
    SubElement(decision, "variable", {"id": f"variable_{name}", **variable})
    for column in table.columns:
        if column.decision is not None and column.decision not in known:
            continue
        end = column.decision or column.name
        requirement = SubElement(decision, "informationRequirement", {"id": requires(name, end)})
        kind = "requiredInput" if column.decision is None else "requiredDecision"
        target = input_id(end) if column.decision is None else end
        SubElement(requirement, kind, {"href": f"#{target}"})
    return decision


def requires(decision: str, end: str) -> str:
    """The id of a requirement."""
    return f"requires_{decision}_{end}"


def _table(decision: Element, table: Table, captions: Captions) -> None:
    name = table.decision
    policy = {"id": f"table_{name}", "hitPolicy": table.policy.upper()}
    held = SubElement(decision, "decisionTable", policy)
    for number, column in enumerate(table.columns, 1):
        key = f"{name}_input_{number}"
        clause = SubElement(held, "input", {"id": key, "label": captions.label(column)})
        typed = {"id": f"{key}_expression", "typeRef": _TYPES[column.kind]}
        _text(SubElement(clause, "inputExpression", typed), column.name)
        allowed = _allowed(column)
        if allowed:
            _text(SubElement(clause, "inputValues", {"id": f"{key}_values"}), allowed)
    answer = ITEM if table.policy == "collect" else OUTCOME
    for part in (answer, VERDICT):
        output = {"id": f"{name}_{part}", "name": part, "typeRef": "string"}
        clause = SubElement(held, "output", output)
        given = dict.fromkeys(row.outcome if part == answer else row.verdict for row in table.rows)
        _text(SubElement(clause, "outputValues", {"id": f"{name}_{part}_values"}),
              ", ".join(map(quoted, given)))  # fmt: skip
    kinds = captions.kinds(table)
    for kind in kinds:
        amount = {"id": f"{name}_{kind}", "name": kind, "label": captions.unit(kind)}
        SubElement(held, "output", {**amount, "typeRef": "number"})
    for annotation in NOTES:
        SubElement(held, "annotation", {"name": annotation})
    for number, row in enumerate(table.rows, 1):
        rule = SubElement(held, "rule", {"id": f"{name}_rule_{number}"})
        notes = captions.notes(table, row)
        # Some modellers show descriptions, others annotations.
        SubElement(rule, "description").text = "\n".join(one for one in notes if one)
        cells = [("inputEntry", written(row.box.get(one.name), one, "feel"))
                 for one in table.columns]  # fmt: skip
        cells += [("outputEntry", quoted(row.outcome)), ("outputEntry", quoted(row.verdict))]
        cells += [("outputEntry", one or _NULL) for one in captions.amounts(table, row, kinds)]
        for place, (entry, text) in enumerate(cells, 1):
            _text(SubElement(rule, entry, {"id": f"{name}_cell_{number}_{place}"}), text)
        for text in notes:
            _text(SubElement(rule, "annotationEntry"), text)


def _allowed(column: Column) -> str:
    """The values a column may have, where they are listed or bounded."""
    if column.kind == "text":
        return ", ".join(map(quoted, column.values))
    low, high = column.bounds
    if column.kind == "boolean":
        return ""
    bounded = low > -NO_END and high < NO_END
    return f"[{ending(low, column)}..{ending(high - 1, column)}]" if bounded else ""


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = text
