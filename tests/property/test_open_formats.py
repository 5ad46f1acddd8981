"""What is exported to the open formats and imported again comes to the same in every class."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zen
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.selections import programs
from engine.formats import jdm
from engine.formats.exporting import parts, selection
from engine.formats.lowering import Lowering
from engine.library import Library
from engine.program import Program
from tests.support.random_rulesets import load, rulesets
from tests.support.round_trip import FORMS, differences, exported, imported

if TYPE_CHECKING:
    from engine.formats.table import Column
    from engine.places import Place

SHIPPED = Library.load(from_snapshot=True)
NATION = SHIPPED.places.get(SHIPPED.places.nation)
PLACE, DAY = "440300", 739_675
HEART = ("may_bind", "covers_expense", "filing_status", "claim_documents", "takes_effect")


def round_trip(program: Program, decision: str, form: str, nation: Place) -> int:
    """Export the chain of a decision, import it, compare each table; how many classes there are."""
    lowering = Lowering(program)
    # A list that nothing is ever put on has no row, and a table without rows is not imported.
    tables = [one for name in program.chain(decision) if (one := lowering.table(name)).rows]
    text, name = exported(tables, form)
    classes = 0
    with tempfile.TemporaryDirectory() as folder:
        found, library = imported(text, name, nation, Path(folder))
    for table in tables:
        wrong, count = differences(program, table, found, library)
        assert not wrong, (table.decision, program.selection, wrong[0])
        classes += count
    return classes


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("decision", HEART)
def test_a_shipped_decision(decision: str, form: str) -> None:
    """Every class of the rules in force in one place on one day."""
    chosen = selection(SHIPPED, decision, PLACE, DAY)
    program = Program(SHIPPED, SHIPPED.upstream(decision), chosen)
    assert round_trip(program, decision, form, NATION) > 0


@given(rulesets(), st.sampled_from(FORMS))
@settings(max_examples=10)
def test_a_random_chain(files: dict[str, Any], form: str) -> None:
    """The same of random rulesets."""
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    nation = library.places.get(library.places.nation)
    decision = [*library.decisions][-1]
    for program in programs(library, decision):
        sizes = [np.prod(program.compiled[one].coded.shape) for one in program.order]
        if max(sizes) < 400:
            round_trip(program, decision, form, nation)


def test_the_exported_graph_runs_as_a_whole() -> None:
    """zen-engine hands each answer on to the decisions that build on it, as the tables say."""
    (part,) = parts(SHIPPED, [], "settlement", PLACE, DAY)
    engine = zen.ZenEngine(
        {"loader": {"type": "static", "content": {"it": json.loads(jdm.document(part.tables))}}}
    )
    pick, answered = random.Random(7), 0
    facts = {one.name: one for table in part.tables for one in table.columns if not one.decision}
    for _ in range(300):
        known: dict[str, str | int] = {name: value(one, pick) for name, one in facts.items()}
        given = {name: one == "true" if facts[name].kind == "boolean" else one
                 for name, one in known.items()}  # fmt: skip
        told = engine.evaluate("it", given)["result"]
        for table in part.tables:
            row = next(table.matching(known), None)
            if row is None:
                break
            known[f"{table.decision}.outcome"] = row.outcome
            assert told[table.decision] == {"outcome": row.outcome, "verdict": row.verdict}
            answered += 1
    assert answered > 300


def value(column: Column, pick: random.Random) -> str | int:
    """Any value of a column."""
    if column.kind in ("text", "boolean"):
        return pick.choice(column.values)
    assert column.kind == "number"
    assert column.decimals == 0
    return pick.randrange(max(-400, column.bounds[0]), min(400, column.bounds[1]))
