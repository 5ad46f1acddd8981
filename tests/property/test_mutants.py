"""Mutants judged over altered tables fare as they do in a library that is compiled anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.drafts import drafts
from engine.analysis.mutants import Mutant, altered_library, altered_rules, mutants
from engine.analysis.mutation import Judge, Survivor
from engine.analysis.reach import NOTHING_KNOWN
from engine.analysis.selections import programs
from engine.analysis.witness import witness
from engine.case import read_case
from engine.checker import Checker
from engine.errors import CaseError, RulesetError
from engine.examples import NO_DAY
from engine.library import Library
from engine.open_classes import OpenClasses
from engine.ruleset import Example
from tests.support.random_rulesets import load, rulesets

TEXT = {"zh": "字", "en": "text"}


def told(library: Library, decision: str, case: dict[str, Any]) -> tuple[Any, ...] | None:
    """What a person is told of a case; None where the rules do not answer."""
    checker = Checker(library, compare=False)
    try:
        result = checker.answer(decision, read_case(case, library, NO_DAY))
    except (CaseError, RulesetError):
        return None
    return (
        result.verdict, result.outcome, result.sides, result.items,
        result.value, result.from_, result.until,
    )  # fmt: skip


def cases(library: Library, decision: str, number: int) -> list[dict[str, Any]]:
    """Cases that lie in some of the classes of a decision, in every program."""
    found: list[dict[str, Any]] = []
    for program in programs(library, decision):
        reading = OpenClasses(program, decision, NOTHING_KNOWN)
        classes = np.argwhere(reading.possible)
        for picks in classes[:: max(1, len(classes) // number)].tolist():
            cells = [int(mine[pick]) for mine, pick in zip(reading.cells, picks, strict=True)]
            case = witness(program, reading.axes, cells)
            if case is not None:
                found.append(case)
    return found


def with_examples(library: Library) -> Library:
    """The library with examples that expect what it answers now."""
    examples: dict[str, Example] = {}
    for decision in library.decisions:
        for number, case in enumerate(cases(library, decision, 3)):
            answer = told(library, decision, case)
            if answer is not None and number % 2:
                name = f"e_{decision}_{number}"
                verdict, outcome, *_ = answer
                examples[name] = Example.model_validate({
                    "id": name, "title": TEXT, "cites": [{"source": "s0", "clause": TEXT}],
                    "case": case, "expect": {decision: {"verdict": verdict, "outcome": outcome}},
                })  # fmt: skip
    return Library(replace(library.authored, examples=examples))


def noticed_anew(library: Library, mutant: Mutant) -> bool:
    """Whether an example expects something else of the library compiled with the mutant."""
    other = altered_library(library, mutant)
    for example in library.examples.values():
        for name, expected in example.expect.items():
            answer = told(other, name, example.case)
            if answer is None:
                return True
            verdict, outcome, *_ = answer
            if (verdict, outcome) != (expected.verdict, expected.outcome):
                return True
    return False


@settings(max_examples=12, deadline=None)
@given(files=rulesets(decisions=2), data=st.data())
def test_fates_are_those_of_a_library_compiled_anew(
    files: dict[str, Any], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        library = with_examples(load(files, Path(folder)))
    every = mutants(library)
    some = data.draw(st.lists(st.sampled_from(every), max_size=8, unique_by=id))
    judge = Judge(library, every)
    judged = [judge.fate(one) for one in judge.in_turn() if any(one is other for other in some)]
    for one in judged:
        assert (one.fate == "killed") == noticed_anew(library, one.mutant), one
        if one.fate == "equivalent":
            other = altered_library(library, one.mutant)
            for decision in {rule.decision for rule in altered_rules(library, one.mutant)}:
                for case in cases(library, decision, 6):
                    assert told(other, decision, case) == told(library, decision, case), one
    found = drafts(judge, [one for one in judged if isinstance(one, Survivor)])
    for draft in found.drafts:
        for one in draft.survivors:
            other = altered_library(library, one.mutant)
            before = told(library, draft.decision, draft.case)
            assert told(other, draft.decision, draft.case) != before, (draft, one)
