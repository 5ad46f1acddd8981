"""zen-engine as a witness: the authored rules as a table of its own, run over every class."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import zen

from engine.adjudication import NEEDED, Resolution, Unresolved
from engine.formats.jdm import content_of
from engine.formats.table import disputed
from tests.support.evaluators import witnesses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.adjudication import Found
    from engine.coded import State
    from engine.formats.table import Table
    from engine.program import Program

Answer = tuple[str, str] | tuple[str, ...] | None
"""An outcome with its verdict; the items a list comes to; None where no row matches."""


def cases(
    program: Program, decision: str, sample: int | None = None
) -> Iterator[tuple[dict[str, Any], Found]]:
    """The classes of a decision's inputs, disputes upstream among them, and what each comes to.

    Every one of them, or a sample drawn by the decision's name.
    """
    compiled, options = program.compiled[decision], values(program, decision)
    codes = compiled.table.codes
    classes = list(np.ndindex(codes.shape))
    if sample is not None and sample < codes.size:
        classes = random.Random(decision).sample(classes, sample)
    for cells in classes:
        known: dict[str, Any] = {}
        for option, cell in zip(options, cells, strict=True):
            known.update(option[cell])
        yield known, compiled.table.found[int(codes[cells])]


def values(program: Program, decision: str) -> list[list[dict[str, Any]]]:
    """For each input of a decision plain values for each of its cells, disputes among them."""
    options: list[list[dict[str, Any]]] = []
    inputs = program.compiled[decision].coded.inputs
    for one, shown in zip(inputs, witnesses(program, decision), strict=True):
        told = shown
        if isinstance(one.source, str):
            told = [{one.source: {"outcome": _token(state)}} for state in one.states]
        options.append([_plain(facts) for facts in told])
    return options


def _token(state: State) -> str:
    if len(state.outcomes) == 1:
        return state.outcomes[0]
    return disputed(state.outcomes, state.safer)


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else
            float(value) if isinstance(value, Decimal) else value
            for name, value in facts.items()}  # fmt: skip


def graph(table: Table) -> dict[str, Any]:
    """A table of our own making as a graph of one table, which takes a list of cases."""
    content = content_of(table) | {"inputField": "cases", "executionMode": "loop"}
    content["outputPath"] = "found"
    node = {"id": "t", "name": "t", "type": "decisionTableNode", "content": content}
    ends = [{"id": key, "name": key, "type": f"{key}putNode"} for key in ("in", "out")]
    edges = [{"id": f"{start}{end}", "sourceId": start, "targetId": end, "type": "edge"}
             for start, end in (("in", "t"), ("t", "out"))]  # fmt: skip
    return {"contentType": "application/vnd.gorules.decision", "nodes": [*ends, node],
            "edges": edges}  # fmt: skip


def answers(content: dict[str, Any], some: list[dict[str, Any]]) -> list[Answer]:
    """What zen-engine makes of cases."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"it": content}}})
    # None of the cases, were it null, would come back as an answer of its own.
    found = engine.evaluate("it", json.dumps({"cases": some}).encode())["result"]["found"]
    assert len(found) == len(some)
    return [_answer(one) for one in found]


def _answer(found: Any) -> Answer:
    if isinstance(found, list):
        return tuple(sorted({one["item"] for one in found}))
    return (found["outcome"], found["verdict"]) if found else None


def expected(found: Found) -> Answer:
    """What a class comes to, as zen-engine says it; a tie is no answer of any kind."""
    if isinstance(found, Unresolved):
        return None if found.reason == "no_rule" else ("tie",)
    assert isinstance(found, Resolution)
    # Under a dispute upstream a list is that of the safer side.
    if {found.outcome or "listed", *found.sides} <= {"listed", "none"} or found.items:
        return tuple(sorted(item for item, one in found.items if one.outcome == NEEDED))
    if found.sides:
        return disputed(found.sides, found.safer or ""), found.verdict
    return found.outcome or "", found.verdict


def disagreements(
    program: Program, table: Table, sample: int | None = None
) -> tuple[list[Any], int]:
    """Classes for which zen-engine and the decision table differ, and how many were asked."""
    asked = list(cases(program, table.decision, sample))
    told = answers(graph(table), [case for case, _ in asked])
    wrong = [(case, expected(found), one) for (case, found), one in zip(asked, told, strict=True)
             # A tie is a fault of the rules that no answer of another engine can show.
             if expected(found) not in (one, ("tie",))]  # fmt: skip
    return wrong, len(asked)
