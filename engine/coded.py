"""A decision over the cells of its inputs: what both engines are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.expression import Both, Either, Expression, Member, Negated

if TYPE_CHECKING:
    from engine.adjudication import Adjudicator
    from engine.ruleset import Decision

Codes = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class State:
    """What an upstream decision can hand down: one outcome, or the sides of a dispute."""

    outcomes: tuple[str, ...]
    safer: str


@dataclass(frozen=True)
class Input:
    """One input of a decision: an axis by its number, or an upstream decision by its id."""

    source: int | str
    size: int
    states: tuple[State, ...] = ()


@dataclass(frozen=True)
class CodedDecision:
    """A decision with its rules in force over the cells of its own inputs: what is evaluated."""

    decision: Decision
    inputs: tuple[Input, ...]
    rules: tuple[tuple[str, Expression], ...]
    adjudicator: Adjudicator

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells an input; for an upstream decision its single outcomes only."""
        return tuple(one.size for one in self.inputs)


def evaluate(expression: Expression, shape: tuple[int, ...]) -> Bools:
    """For each class of `shape`, whether the expression holds."""
    if isinstance(expression, Member):
        along = [1] * len(shape)
        along[expression.axis] = shape[expression.axis]
        inside = [cell in expression.cells for cell in range(shape[expression.axis])]
        return np.broadcast_to(np.array(inside, dtype=bool).reshape(along), shape)
    if isinstance(expression, Negated):
        return ~evaluate(expression.part, shape)
    out = np.full(shape, isinstance(expression, Both))
    for part in expression.parts:
        if isinstance(expression, Either):
            out |= evaluate(part, shape)
        else:
            out &= evaluate(part, shape)
    return out
