"""Authored conditions as boxes: the disjunctive normal form over facts and upstream outcomes.

Nothing of the engines' coding is used, so that what is made from it can be held against them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from engine.adjudication import NOT_COVERED
from engine.condition import All, Any_, DecisionTest, FactTest, Not, ParameterRef, leaves
from engine.formats.table import (
    MAX_BOXES,
    NO_END,
    TRUTHS,
    Column,
    TooManyRowsError,
    both,
    meet,
    merged,
    plain,
    spans,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engine.condition import Condition
    from engine.formats.table import Box, Test
    from engine.library import Library
    from engine.vocabulary import Derived

OUTCOME = ".outcome"
Constant = bool | int | Decimal | str


def columns_of(library: Library, decision: str, conditions: Iterable[Condition]) -> list[Column]:
    """A column for each fact and upstream decision that conditions test, as they are listed."""
    authored = library.decisions[decision]
    tested = [leaf for condition in conditions for _, leaf in leaves(condition)]
    facts = {leaf.fact for leaf in tested if isinstance(leaf, FactTest)}
    above = {leaf.decision for leaf in tested if isinstance(leaf, DecisionTest)}
    order = list(dict.fromkeys([*authored.inputs, *sorted(facts)]))
    found = [_column(library, name) for name in order if name in facts]
    return found + [_upstream(library, name) for name in authored.builds_on if name in above]


def _column(library: Library, name: str) -> Column:
    vocabulary = library.vocabulary
    if name in vocabulary.derived:
        return _derived(vocabulary.derived[name])
    fact = vocabulary.facts[name]
    if fact.type == "bool":
        return Column(name, fact.label, "boolean", TRUTHS)
    if fact.type == "enum":
        return Column(name, fact.label, "text", fact.codes, titles=fact.values or {})
    low, high = fact.bounds()
    if fact.type == "date":
        return Column(name, fact.label, "date", bounds=(low, high + 1))
    decimals = fact.decimals if fact.type == "decimal" else 0
    return Column(name, fact.label, "number", bounds=(low, high + 1), decimals=decimals)


def _derived(derived: Derived) -> Column:
    if derived.values is not None:
        return Column(derived.id, derived.label, "text", derived.values)
    return Column(derived.id, derived.label, "number")


def _upstream(library: Library, name: str) -> Column:
    """The outcome of another decision; what it is called when nothing covers it is one more."""
    decision = library.decisions[name]
    return Column(
        name + OUTCOME, decision.question, "text", (*decision.outcomes, NOT_COVERED),
        decision=name, titles={key: one.title for key, one in decision.outcomes.items()},
    )  # fmt: skip


class Normaliser:
    """Turns the conditions of one decision into boxes over its columns."""

    def __init__(
        self, columns: Iterable[Column], parameter: Callable[[str], int | Decimal]
    ) -> None:
        self.columns = {column.name: column for column in columns}
        self.parameter = parameter

    def boxes(self, condition: Condition) -> list[Box]:
        """The boxes in one of which a class lies exactly where the condition holds."""
        return [plain(box, self.columns) for box in merged(self._boxes(condition, negated=False))]

    def _boxes(self, condition: Condition, *, negated: bool) -> list[Box]:
        if isinstance(condition, Not):
            return self._boxes(condition.not_, negated=not negated)
        if isinstance(condition, All | Any_):
            parts = condition.all if isinstance(condition, All) else condition.any
            found = [self._boxes(part, negated=negated) for part in parts]
            if isinstance(condition, Any_) != negated:
                return merged(box for part in found for box in part)
            return self._all(found)
        if isinstance(condition, FactTest | DecisionTest):
            return self._leaf(condition, negated=negated)
        return [] if negated else [{}]

    @staticmethod
    def _all(parts: list[list[Box]]) -> list[Box]:
        found: list[Box] = [{}]
        for part in parts:
            if len(found) * len(part) > MAX_BOXES:
                raise TooManyRowsError(f"it comes to more than {MAX_BOXES:,} rows")
            joined = (meet(one, other) for one, other in product(found, part))
            found = merged(box for box in joined if box is not None)
        return found

    def _leaf(self, test: FactTest | DecisionTest, *, negated: bool) -> list[Box]:
        if isinstance(test, DecisionTest):
            column = self.columns[test.decision + OUTCOME]
            allowed: Test = frozenset(test.outcomes)
        else:
            column = self.columns[test.fact]
            allowed = self._allowed(test, column)
        allowed = without(column.whole, allowed) if negated else both(column.whole, allowed)
        return [{column.name: allowed}] if allowed else []

    def _allowed(self, test: FactTest, column: Column) -> Test:
        """What a test of a fact lets pass."""
        constants = [self.parameter(one.param) if isinstance(one, ParameterRef) else one
                     for one in test.operands]  # fmt: skip
        if column.kind == "boolean":
            return frozenset(TRUTHS[bool(one)] for one in constants)
        if column.kind == "text":
            return frozenset(map(str, constants))
        units = [unit(one, column) for one in constants]
        first, last = units[0], units[-1]
        ranges: Mapping[str, tuple[int, int]] = {
            "lt": (-NO_END, first), "lte": (-NO_END, first + 1),
            "gt": (first + 1, NO_END), "gte": (first, NO_END),
            "between": (first, last + 1),
        }  # fmt: skip
        if test.operator in ranges:
            low, high = ranges[test.operator]
            return spans([(low, high)] if low < high else [])
        return spans((one, one + 1) for one in units)


def unit(constant: Constant, column: Column) -> int:
    """A number or a day as a whole number of the column's units."""
    if column.kind == "date":
        return date.fromisoformat(str(constant)).toordinal()
    return int(Decimal(constant).scaleb(column.decimals))
