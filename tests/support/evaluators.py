"""What the three evaluators say about the same class, in one shape, and how to pick its values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.adjudication import Resolution, Unresolved
from engine.axis import NumberAxis, PlaceAxis
from engine.coding import subject_of
from engine.program import Program
from engine.vocabulary import AS_OF
from tests.support.naive import Answer, World

if TYPE_CHECKING:
    from engine.adjudication import Found
    from engine.coding import Subject
    from engine.library import Library
    from engine.vocabulary import Derived


def raw(library: Library, fact: str, code: int) -> Any:
    """The raw value an integer stands for."""
    if fact == AS_OF:
        return date.fromordinal(code)
    definition = library.vocabulary.facts[fact]
    if definition.type == "bool":
        return bool(code)
    if definition.type == "enum":
        return definition.codes[code]
    if definition.type == "date":
        return date.fromordinal(code)
    if definition.type == "decimal":
        return Decimal(code).scaleb(-definition.decimals)
    return code


def answer_of(found: Found) -> Answer:
    """A resolution in the shape of the naive evaluator's answer."""
    if isinstance(found, Unresolved):
        return Answer(fault=found.reason)
    assert isinstance(found, Resolution)
    items = frozenset((item, one.outcome or "") for item, one in found.items)
    if items or found.outcome in ("none", "listed"):
        return Answer(items=items)
    dissent = frozenset((one.rule, one.outcome) for one in found.dissent)
    return Answer(found.outcome, found.sides, found.safer, frozenset(found.rules), dissent)


def comparable(answer: Answer) -> Answer:
    """An answer without what is not compared: the evidence behind a fault, the rules of a list."""
    if answer.fault:
        return Answer(fault=answer.fault)
    return Answer(items=answer.items) if answer.items else answer


def witnesses(program: Program, decision: str) -> list[list[dict[str, Any]]]:
    """For each input that is an axis, raw values for each of the decision's own cells of it.

    An upstream input has, for each of its single outcomes, the outcome.
    """
    compiled = program.compiled[decision]
    out: list[list[dict[str, Any]]] = []
    for one, cells in zip(compiled.coded.inputs, compiled.maps, strict=True):
        if isinstance(one.source, str):
            singles = one.states[: one.size]
            out.append([{one.source: state.outcomes[0]} for state in singles])
            continue
        assert cells is not None
        axis = program.axes[one.source]
        out.append(
            [_witness(program, axis, np.flatnonzero(cells == own)) for own in range(one.size)]
        )
    return out


def _witness(program: Program, axis: Any, cells: Any) -> dict[str, Any]:
    for cell in cells:
        if isinstance(axis, PlaceAxis):
            # The relation itself: a pair of places would tie it to a date of another input.
            lying: dict[Subject, Any] = dict(zip(axis.subjects, axis.cells[cell], strict=True))
            derived = program.library.vocabulary.derived
            return {name: lying[subject_of(name, one)] for name, one in derived.items()
                    if subject_of(name, one) in lying}  # fmt: skip
        assert isinstance(axis, NumberAxis)
        values = axis.witness(axis.cells[cell])
        if values is not None:
            facts = {fact: raw(program.library, fact, code) for fact, code in values.items()}
            # Two axes may each hold `as_of`, on days of their own: what hangs on it is given too.
            world = World(program.library, facts)
            return facts | {name: world.derive(one) for name, one in _derived(program, axis)}
    raise AssertionError(f"no values lie in any of the cells {cells} of {axis.facts}")


def _derived(program: Program, axis: NumberAxis) -> list[tuple[str, Derived]]:
    derived = program.library.vocabulary.derived.items()
    return [(name, one) for name, one in derived if subject_of(name, one) in axis.subjects]
