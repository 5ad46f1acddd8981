"""Conditions over cells: the form both engines are made from, and its disjunctive normal form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from engine.errors import TongbaoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_DISJUNCTS = 2_000


@dataclass(frozen=True)
class Member:
    """The cell of input number `axis` is one of `cells`."""

    axis: int
    cells: frozenset[int]


@dataclass(frozen=True)
class Both:
    """Every part holds; without parts it always holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Negated:
    """The part does not hold."""

    part: Expression


Expression = Member | Both | Either | Negated
Conjunction = dict[int, frozenset[int]]


class TooDisjunctiveError(TongbaoError):
    """A condition has too many alternatives for the inference engine."""


def members(expression: Expression) -> int:
    """How many tests an expression is made of."""
    if isinstance(expression, Member):
        return 1
    if isinstance(expression, Negated):
        return members(expression.part)
    return sum(map(members, expression.parts))


def normal_form(expression: Expression, sizes: Sequence[int]) -> list[Conjunction]:
    """The conjunctions of which the expression is the disjunction.

    Each maps an input to the cells allowed, never all of them and never none; negation is
    resolved by complement, so nothing negative is left.
    """
    found = _disjuncts(expression, sizes, negated=False)
    return list({frozenset(conjunction.items()): conjunction for conjunction in found}.values())


def _disjuncts(expression: Expression, sizes: Sequence[int], *, negated: bool) -> list[Conjunction]:
    if isinstance(expression, Negated):
        return _disjuncts(expression.part, sizes, negated=not negated)
    if isinstance(expression, Member):
        every = frozenset(range(sizes[expression.axis]))
        cells = every - expression.cells if negated else expression.cells & every
        if not cells:
            return []
        return [{}] if cells == every else [{expression.axis: cells}]
    parts = [_disjuncts(part, sizes, negated=negated) for part in expression.parts]
    if isinstance(expression, Either) != negated:
        return _few(conjunction for part in parts for conjunction in part)
    found: list[Conjunction] = [{}]
    for part in parts:
        joined = (_join(one, other) for one in found for other in part)
        found = _few(conjunction for conjunction in joined if conjunction is not None)
    return found


def _few(conjunctions: Iterable[Conjunction]) -> list[Conjunction]:
    """The conjunctions, which are counted while they are made."""
    found = list(islice(conjunctions, MAX_DISJUNCTS + 1))
    if len(found) > MAX_DISJUNCTS:
        raise TooDisjunctiveError("the condition has too many alternatives; split the rule")
    return found


def _join(one: Conjunction, other: Conjunction) -> Conjunction | None:
    out = dict(one)
    for axis, cells in other.items():
        kept = out[axis] & cells if axis in out else cells
        if not kept:
            return None
        out[axis] = kept
    return out
