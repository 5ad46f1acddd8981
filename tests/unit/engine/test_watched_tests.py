"""Tests that are only watched cut the axes and change no answer, no table and no receipt."""

from __future__ import annotations

from itertools import islice

import numpy as np

from engine.analysis.selections import selections
from engine.analysis.verification import NOTHING_KNOWN
from engine.axis import NumberAxis
from engine.coding import Raw, Span
from engine.condition import FactTest
from engine.library import Library
from engine.open_classes import OpenClasses
from engine.program import Program
from engine.receipt import InForce
from tests.support.folders import ROOT

LIBRARY = Library.load(ROOT / "tests" / "rulesets" / "good")
BALANCE = FactTest.model_validate({"fact": "balance_yuan", "gte": 5})
AGE = FactTest.model_validate({"fact": "age_at_visit", "lt": 6})


def test_tables_and_receipts_stay() -> None:
    for decision in LIBRARY.decisions:
        order = LIBRARY.upstream(decision)
        for selection in islice(selections(LIBRARY, decision), 3):
            plain = Program(LIBRARY, order, selection)
            watching = Program(LIBRARY, order, selection, [BALANCE, AGE])
            again = Program(LIBRARY, order, selection, watching.tests())
            hashes = {InForce(one).hash(NOTHING_KNOWN) for one in (plain, watching, again)}
            assert len(hashes) == 1
            for name in order:
                table, other = plain.compiled[name].table, watching.compiled[name].table
                assert np.array_equal(table.codes, other.codes)
                assert table.found == other.found
            assert watching.deciding(decision) == again.deciding(decision)
            assert set(plain.tests()) < set(watching.tests())
            found = [OpenClasses(one, decision, NOTHING_KNOWN).found() for one in (plain, watching)]
            assert found[0] == found[1]


def test_watched_tests_cut_the_axes_that_decide() -> None:
    order = LIBRARY.upstream("needs_filing")
    selection = next(selections(LIBRARY, "needs_filing"))
    program = Program(LIBRARY, order, selection, [BALANCE])
    subject = Raw("balance_yuan")
    (number,) = (one for one in program.deciding("needs_filing")
                 if subject in getattr(program.axes[one], "subjects", ()))  # fmt: skip
    axis = program.axes[number]
    assert isinstance(axis, NumberAxis)
    assert {axis.span(cell, subject) for cell in axis.cells} >= {Span(None, 500), Span(500, None)}
    plain = Program(LIBRARY, order, selection)
    assert all(subject not in getattr(one, "subjects", ()) for one in plain.axes)


def test_every_day_lets_facts_lie_outside_the_period() -> None:
    order = LIBRARY.upstream("may_visit")
    day = FactTest.model_validate({"fact": "visit_date", "lt": "2024-06-01"})
    sizes = []
    for every_day in (False, True):
        later = next(one for one in selections(LIBRARY, "may_visit")
                     if one.period("visit_date")[0] > 739_000)  # fmt: skip
        program = Program(LIBRARY, order, later, [day], every_day=every_day)
        axes = [one for one in program.axes if Raw("visit_date") in getattr(one, "subjects", ())]
        assert isinstance(axes[0], NumberAxis)
        sizes.append(len({axes[0].span(cell, Raw("visit_date")) for cell in axes[0].cells}))
    assert sizes == [1, 2]
