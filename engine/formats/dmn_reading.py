"""Reads the decision tables of a DMN file of any version, from 1.1 on.

A document type, an entity and deep nesting are refused before anything is made of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.formats.table import Kind, Policy

_MODEL = "omg.org/spec/DMN"
_DEEPEST = 64
_POLICIES: dict[str, Policy] = {
    "UNIQUE": "unique", "FIRST": "first", "ANY": "any", "COLLECT": "collect",
}  # fmt: skip
_KINDS: dict[str, Kind] = {
    "string": "text", "boolean": "boolean", "date": "date",
    **dict.fromkeys(("number", "integer", "long", "double", "decimal"), "number"),
}  # fmt: skip
_EXPRESSIONS = (
    "literalExpression", "context", "invocation", "functionDefinition", "relation", "list",
    "conditional", "for", "filter", "some", "every",
)  # fmt: skip


def read(data: bytes, name: str) -> ForeignFile:
    """The tables of a DMN document. Raises InputError, UnsupportedError."""
    root = _tree(data, name)
    if not (root.tag.endswith("}definitions") and _MODEL in root.tag):
        raise InputError(f"{name}: not a DMN document: its root is no `definitions` of DMN")
    tables, left_out, faults = [], [], []
    for decision in _children(root, "decision"):
        title = decision.get("name") or decision.get("id") or ""
        held = next(_children(decision, "decisionTable"), None)
        if held is None:
            other = [
                kind for kind in _EXPRESSIONS if next(_children(decision, kind), None) is not None
            ]
            left_out.append(f"decision `{title}` ({', '.join(other) or 'empty'})")
            continue
        table, wrong = _table(decision, held, name)
        tables.append(table)
        faults += wrong
    left_out += [f"businessKnowledgeModel `{one.get('name')}`"
                 for one in _children(root, "businessKnowledgeModel")]  # fmt: skip
    if faults:
        raise UnsupportedError(faults)
    return ForeignFile(name, tuple(tables), tuple(left_out))


def _table(decision: Element, held: Element, file: str) -> tuple[ForeignTable, list[Unsupported]]:
    title = decision.get("name") or decision.get("id") or ""
    faults = []
    said = held.get("hitPolicy", "UNIQUE").replace("_", " ").upper()
    policy = _POLICIES.get(said)
    if policy is None:
        accepted = ", ".join(_POLICIES)
        faults.append(Unsupported(file, title, f"hit policy `{said}`", accepted))
    if held.get("aggregation"):
        message = f"collect with the aggregation `{held.get('aggregation')}`"
        faults.append(Unsupported(file, title, message, "collect without aggregation"))
    inputs = tuple(map(_input, _children(held, "input")))
    outputs = [*_children(held, "output")]
    rows = []
    for number, rule in enumerate(_children(held, "rule"), 1):
        cells = tuple(_text(one) for one in _children(rule, "inputEntry"))
        told = tuple(_text(one) for one in _children(rule, "outputEntry"))
        if (len(cells), len(told)) != (len(inputs), len(outputs)):
            message = f"{len(cells)} conditions and {len(told)} answers"
            accepted = f"{len(inputs)} and {len(outputs)}, as the table has columns"
            faults.append(Unsupported(file, title, message, accepted, number))
            continue
        notes = [_text(one) for one in _children(rule, "annotationEntry")]
        rows.append(ForeignRow(cells, told, "\n".join(one for one in notes if one)
                               or _text(rule, "description")))  # fmt: skip
    made = tuple(_output(one, decision, alone=len(outputs) == 1) for one in outputs)
    label = _text(decision, "question") or title
    return ForeignTable(
        title, label, policy or "first", inputs, made, tuple(rows), decision.get("id", ""),
        _required(decision),
    ), faults  # fmt: skip


def _required(decision: Element) -> frozenset[str]:
    """The ids of the decisions that a decision requires."""
    ends = [end for one in _children(decision, "informationRequirement")
            for end in _children(one, "requiredDecision")]  # fmt: skip
    return frozenset(end.get("href", "").rpartition("#")[2] for end in ends)


def _input(one: Element) -> ForeignInput:
    expression = next(_children(one, "inputExpression"), None)
    text = "" if expression is None else _text(expression)
    declared = "" if expression is None else expression.get("typeRef", "")
    allowed = next(_children(one, "inputValues"), None)
    return ForeignInput(
        text, one.get("label") or text, _KINDS.get(declared.rpartition(":")[2]),
        "" if allowed is None else _text(allowed),
    )  # fmt: skip


def _output(one: Element, decision: Element, *, alone: bool) -> ForeignOutput:
    name = one.get("name") or one.get("label") or decision.get("name") or ""
    variable = next(_children(decision, "variable"), None)
    names = [decision.get("name"), None if variable is None else variable.get("name")]
    heads = list(dict.fromkeys(head for head in names if head))
    # Some tools hand an answer on under the name of the output alone.
    known = [*(f"{head}.{name}" for head in heads), *(heads if alone else []), name]
    return ForeignOutput(name, one.get("label") or name, tuple(known))


def _children(element: Element, local: str) -> Iterator[Element]:
    return (one for one in element if str(one.tag).rpartition("}")[2] == local)


def _text(element: Element, local: str = "text") -> str:
    found = next(_children(element, local), None)
    return "" if found is None else "".join(found.itertext()).strip()


def _tree(data: bytes, name: str) -> Element:
    """The elements of a document without a document type, nested to a limit."""
    builder = TreeBuilder()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise InputError(f"{name}: elements lie more than {_DEEPEST} deep")
        builder.start(_tag(tag), {_tag(key): value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_tag(tag))

    def refuse(*_: object) -> None:
        raise InputError(f"{name}: it holds a document type or an entity, which is not read")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse  # type: ignore[assignment] # it never returns
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        raise InputError(f"{name}: not well-formed XML: {error}") from error
    found = builder.close()
    assert isinstance(found, Element)  # noqa: S101 - a well-formed document has a root
    return found


def _tag(text: str) -> str:
    space, _, local = text.rpartition(" ")
    return f"{{{space}}}{local}" if space else local
