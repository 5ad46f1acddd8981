"""Authored rules lowered to a decision table in which the first row that matches decides.

It is made from conditions, exceptions, grades, dates and disputes as written, never from the
engine's own decision table, so that another engine that runs it is a witness.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from engine.adjudication import NEEDED, NOT_COVERED, NOT_NEEDED
from engine.errors import TongbaoError
from engine.formats.conditions import Normaliser, columns_of
from engine.formats.precedence import Entry, NotExactError, Precedence
from engine.formats.table import (
    MAX_BOXES,
    Row,
    Table,
    TooManyRowsError,
    disputed,
    inside,
    meet,
    merged,
    sides_of,
    subtract,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from engine.formats.table import Box, Column, Policy
    from engine.program import Program
    from engine.ruleset import Decision, Rule

DISPUTED = "disputed"
LISTED = "listed"


class LoweringError(TongbaoError):
    """A decision that no table of this form says exactly, and why."""


class Lowering:
    """The decisions of a program as tables; each is made when first asked for."""

    def __init__(self, program: Program) -> None:
        self.program, self.library = program, program.library
        self._made: dict[str, Table] = {}

    def table(self, decision: str) -> Table:
        """One decision as a table; raises LoweringError where that cannot be exact."""
        if decision not in self._made:
            try:
                self._made[decision] = self._lowered(self.library.decisions[decision])
            except (NotExactError, TooManyRowsError) as error:
                raise LoweringError(f"`{decision}`: {error}") from error
        return self._made[decision]

    def _lowered(self, decision: Decision) -> Table:
        rules = self.program.rules[decision.id]
        columns = tuple(map(self._known, columns_of(
            self.library, decision.id, (rule.when for rule in rules)
        )))  # fmt: skip
        policy: Policy = "collect" if decision.hit_policy == "collect" else "first"
        if not rules:
            rows = [Row({}, NOT_COVERED, "unclear")]
            return Table(decision.id, decision.question, "first", (), tuple(rows))
        certain = [replace(one, values=_certain(one)) for one in columns]
        boxes = self._boxes(decision, rules, certain)
        by_name = {column.name: column for column in certain}
        if decision.hit_policy == "collect":
            rows = self._collected(decision, rules, boxes, by_name)
            rows = [_both_sides(row, columns) for row in rows]
        else:
            rows = self._weighed(decision, rules, boxes, by_name)
            rows += [Row({one.name: frozenset({NOT_COVERED})}, NOT_COVERED, "unclear")
                     for one in columns if one.decision and NOT_COVERED in one.values]  # fmt: skip
            rows = [*_of_disputes(rows, columns, decision), *rows]
        return Table(decision.id, decision.question, policy, columns, tuple(_reached(rows, policy)))

    def _known(self, column: Column) -> Column:
        """An upstream column with the outcomes and disputes that its decision can come to."""
        if column.decision is None:
            return column
        given = self.table(column.decision).outcomes
        if self.library.decisions[column.decision].hit_policy == "collect":
            return column
        disputes = sorted(one for one in given if len(sides_of(one)) > 1)
        values = [one for one in column.values if one != NOT_COVERED or one in given]
        return replace(column, values=(*values, *disputes))

    def _boxes(
        self, decision: Decision, rules: Sequence[Rule], columns: Iterable[Column]
    ) -> dict[str, tuple[Box, ...]]:
        place = self.program.selection.place(decision.region)
        day = self.program.selection.period(decision.date)[0]

        def parameter(name: str) -> int | Decimal:
            value = self.library.parameter(name, place, day)
            if value is None:
                raise NotExactError(f"parameter `{name}` has no value here")
            return value

        normaliser = Normaliser(columns, parameter)
        return {rule.id: tuple(normaliser.boxes(rule.when)) for rule in rules}

    def _weighed(
        self, decision: Decision, rules: Sequence[Rule], boxes: dict[str, tuple[Box, ...]],
        columns: dict[str, Column],
    ) -> list[Row]:  # fmt: skip
        """Rules that conclude one outcome each: a row for each way in which an entry holds."""
        entries = [Entry((rule.id,), boxes[rule.id], (rule.then.outcome or "",)) for rule in rules]
        rows = []
        for entry in Precedence(self.library, columns, entries).ordered():
            if len(entry.sides) > 1:
                outcome, verdict = disputed(entry.sides, entry.sides[0]), DISPUTED
            else:
                outcome = entry.sides[0]
                verdict = decision.outcomes[outcome].verdict
            rows += [Row(box, outcome, verdict, entry.rules) for box in entry.boxes]
        return rows

    def _collected(
        self, decision: Decision, rules: Sequence[Rule], boxes: dict[str, tuple[Box, ...]],
        columns: dict[str, Column],
    ) -> list[Row]:  # fmt: skip
        """A row for each way in which an item is needed; what waives it is taken out of it."""
        rows = []
        for item in decision.items:
            needs = {rule.id for rule in rules if item in rule.then.needs}
            about = needs | {rule.id for rule in rules if item in rule.then.waives}
            entries = [
                Entry((rule.id,), boxes[rule.id], (NEEDED if rule.id in needs else NOT_NEEDED,))
                for rule in rules
                if rule.id in about
            ]
            waived: list[Box] = []
            for entry in Precedence(self.library, columns, entries).ordered():
                if entry.sides == (NEEDED,):
                    left = [part for box in entry.boxes for part in subtract(box, waived, columns)]
                    rows += [Row(box, item, "stated", entry.rules) for box in merged(left)]
                else:
                    waived += entry.boxes
        return rows


def _certain(column: Column) -> tuple[str, ...]:
    """The values of a column that are no disputes."""
    if column.decision is None:
        return column.values
    return tuple(value for value in column.values if len(sides_of(value)) == 1)


def _both_sides(row: Row, columns: Iterable[Column]) -> Row:
    """A row of a collecting table under disputes upstream: the safer side counts."""
    box = dict(row.box)
    for column in columns:
        test = box.get(column.name)
        if column.decision and isinstance(test, frozenset):
            box[column.name] = test | {one for one in column.values if sides_of(one)[0] in test}
    return replace(row, box=box)


def _of_disputes(rows: Sequence[Row], columns: Sequence[Column], decision: Decision) -> list[Row]:
    """Rows for disputes upstream, passed on: what the rows come to under every side, together.

    Rows that match under each side are met in the order of the rows under the first side, then
    under the next: so the first of them that matches meets the first under each.
    """
    above = [column for column in columns if column.decision]
    options = [[None, *(one for one in column.values if len(sides_of(one)) > 1)]
               for column in above]  # fmt: skip
    chosen = [choice for choice in product(*options) if any(choice)]
    out: list[Row] = []
    for choice in sorted(chosen, key=lambda one: one.count(None)):
        states = {column.name: state for column, state in zip(above, choice, strict=True) if state}
        combined = product(*(sides_of(state) for state in states.values()))
        worlds = [dict(zip(states, sides, strict=True)) for sides in combined]
        met: list[tuple[Box, tuple[Row, ...]]] = [({}, ())]
        for world in worlds:
            under = [under for row in rows if (under := _under(row, world)) is not None]
            met = [(box, (*before, row)) for one, before in met for row in under
                   if (box := meet(one, row.box)) is not None]  # fmt: skip
            if len(met) > MAX_BOXES:
                raise TooManyRowsError(f"disputes come to more than {MAX_BOXES:,} rows")
        fixed: Box = {name: frozenset({state}) for name, state in states.items()}
        out += [_agreed({**box, **fixed}, found, decision) for box, found in met]
    return out


def _under(row: Row, world: dict[str, str]) -> Row | None:
    """A row where upstream decisions are certain; None where it does not match then."""
    box = dict(row.box)
    for name, outcome in world.items():
        test = box.pop(name, frozenset({outcome}))
        if isinstance(test, frozenset) and outcome not in test:
            return None
    return replace(row, box=box)


def _agreed(box: Box, found: Sequence[Row], decision: Decision) -> Row:
    """What rows come to of which each holds under one side, the safer sides first."""
    rules = tuple(sorted({name for row in found for name in row.rules}))
    sides = sorted({side for row in found for side in sides_of(row.outcome)})
    if len({(row.verdict, row.outcome) for row in found}) == 1:
        return Row(box, found[0].outcome, found[0].verdict, rules)
    if len(sides) == 1:
        return Row(box, sides[0], decision.outcomes[sides[0]].verdict, rules)
    return Row(box, disputed(sides, sides_of(found[0].outcome)[0]), DISPUTED, rules)


def _reached(rows: Iterable[Row], policy: Policy) -> list[Row]:
    """The rows without those that add nothing: they lie within an earlier one."""
    kept: list[Row] = []
    for row in rows:
        alike = [one for one in kept if policy == "first" or one.outcome == row.outcome]
        if not any(inside(row.box, one.box) for one in alike):
            kept.append(row)
    return kept
