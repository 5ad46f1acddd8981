"""An independent engine as witness: authored rules lowered to rows, run by zen-engine."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine.analysis.selections import programs
from engine.formats.lowering import Lowering
from engine.library import Library
from tests.support.peer import disagreements
from tests.support.random_rulesets import load, rulesets

SHIPPED = Library.load(from_snapshot=True)
SAMPLE = 40
"""Classes of a program in this test; `make oracle` asks for every class."""


@pytest.mark.parametrize("topic", sorted(SHIPPED.topics))
def test_the_shipped_decisions(topic: str) -> None:
    """Every set of rules in force anywhere; of each as many classes as there is time for."""
    for decision in SHIPPED.topics[topic].decisions:
        seen = set()
        for program in programs(SHIPPED, decision):
            key = program.compiled[decision].coded.rules, program.compiled[decision].coded.inputs
            if program.covered(decision) and key not in seen:
                seen.add(key)
                wrong, asked = disagreements(program, Lowering(program).table(decision), SAMPLE)
                assert asked
                assert not wrong, (decision, program.selection)


@pytest.mark.parametrize("harm", ["a row less", "two rows in another order"])
def test_harm_is_noticed(harm: str) -> None:
    """The witness is no yes-man: it differs as soon as a row that decides is not where it was."""
    program = next(one for one in programs(SHIPPED, "available") if one.covered("available"))
    table = Lowering(program).table("available")
    noticed = 0
    for number in range(len(table.rows) - 1):
        rows = [*table.rows]
        if harm == "a row less":
            del rows[number]
        else:
            rows[number], rows[-1] = rows[-1], rows[number]
        noticed += bool(disagreements(program, replace(table, rows=tuple(rows)), 400)[0])
    assert noticed > (len(table.rows) / 2 if harm == "a row less" else 0)


@given(rulesets())
@settings(max_examples=25)
def test_random_chains(files: dict[str, Any]) -> None:
    """The same on random rulesets: exceptions, grades, dates, disputes, chains of every shape."""
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    for decision in library.decisions:
        for program in programs(library, decision):
            if program.covered(decision) and np.prod(program.compiled[decision].coded.shape) < 400:
                wrong, _ = disagreements(program, Lowering(program).table(decision))
                assert not wrong, (decision, wrong[0])
