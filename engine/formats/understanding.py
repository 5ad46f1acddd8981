"""Tables of a foreign file as tables of ours: what cells say, and which facts columns look at.

Every cell that is not understood is named, and all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, get_args

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.formats.captions import Amount
from engine.formats.foreign import Unsupported, UnsupportedError, shown
from engine.formats.slugs import Slugs
from engine.formats.table import TRUTHS, Column, Row, Table, both
from engine.formats.unary import (
    ACCEPTED,
    UnsupportedCellError,
    Value,
    allowed_by,
    literal,
    parsed,
    passes,
    quoted,
    values_in,
)
from engine.ruleset import AMOUNTS, Verdict
from engine.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.formats.foreign import ForeignFile, ForeignInput, ForeignRow, ForeignTable
    from engine.formats.table import Box, Kind, Test
    from engine.formats.unary import Parsed

VERDICTS: tuple[str, ...] = get_args(Verdict)
OUTCOME, VERDICT, STATED, UNCLEAR = "outcome", "verdict", "stated", "unclear"
_NOTHING = ("", "null")
WIDEST = 10**9
MOST_ROWS = 2_000
FINEST = 6
OTHER = "other"
OTHER_TEXT = "\0"
"""Stands among the values of a text for every one that no cell names."""


@dataclass
class Fact:
    """What columns with one expression look at, over all tables of a file."""

    id: str
    expression: str
    label: str
    kinds: set[Kind] = field(default_factory=set)
    values: dict[str, None] = field(default_factory=dict)
    """The texts met, in the order met."""
    decimals: int = 0
    bounds: tuple[Decimal, Decimal] | None = None
    closed: bool = False
    """Whether its values are declared: no others occur."""

    @cached_property
    def column(self) -> Column:
        """The column it is, when all that is said of it has been met."""
        words = _words(self.label)
        kind: Kind = next(iter(self.kinds), "text")
        if kind == "boolean":
            return Column(self.id, words, kind, TRUTHS)
        if kind == "text":
            values = (*self.values, *(() if self.closed else (OTHER_TEXT,)))
            return Column(self.id, words, kind, values)
        if kind == "date":
            return Column(self.id, words, kind, bounds=(FIRST_DAY, LAST_DAY + 1))
        low, high = self.bounds or (Decimal(-WIDEST), Decimal(WIDEST))
        bounds = int(low.scaleb(self.decimals)), int(high.scaleb(self.decimals)) + 1
        return Column(self.id, words, kind, bounds=bounds, decimals=self.decimals)

    @cached_property
    def ids(self) -> dict[str, str]:
        """An id for each value of a text."""
        slugs = Slugs("value", ("true", "false"))
        return {one: slugs(OTHER if one == OTHER_TEXT else one) for one in self.column.values}


@dataclass(frozen=True)
class Answer:
    """What rows of a table give: its id, its words, and the literals it is made of."""

    id: str
    text: str
    verdict: str
    parts: tuple[Value | None, ...]
    amount: Amount | None = None


@dataclass(frozen=True)
class Understood:
    """The tables of a file; their columns are facts, or the outcomes of each other."""

    tables: tuple[Table, ...]
    facts: Mapping[str, Fact]
    """By id."""
    answers: Mapping[str, Mapping[str, Answer]]
    """Of each table by the id of the outcome."""
    notes: Mapping[str, tuple[str, ...]]
    """Of each table what is said of each row."""


class Reader:
    """Understands the tables of one file."""

    def __init__(self, file: ForeignFile) -> None:
        self.file = file
        self.faults: list[Unsupported] = []
        self.facts: dict[str, Fact] = {}
        """By expression."""
        self.fact_ids, self.table_ids = Slugs("fact", ("region", "as_of")), Slugs("decision")
        self.ids = [self.table_ids(one.name) for one in file.tables]
        self.answers = [self._answers(one) for one in file.tables]
        self.links = self._links()

    def understood(self) -> Understood:
        """Everything in the file. Raises UnsupportedError with all that is not understood."""
        cells = [[self._parsed(table, number, row) for number, row in enumerate(table.rows, 1)]
                 for table in self.file.tables]  # fmt: skip
        for at, table in enumerate(self.file.tables):
            self._meet_facts(at, table, cells[at])
        tables = [self._table(at, table, cells[at]) for at, table in enumerate(self.file.tables)]
        if self.faults:
            raise UnsupportedError(self.faults)
        notes = {key: tuple(row.note for row in one.rows)
                 for key, one in zip(self.ids, self.file.tables, strict=True)}  # fmt: skip
        by_id = {fact.id: fact for fact in self.facts.values()}
        answers = {key: {one.id: one for one in some}
                   for key, some in zip(self.ids, self.answers, strict=True)}  # fmt: skip
        return Understood(tuple(self._in_order(tables)), by_id, answers, notes)

    def _fault(  # noqa: PLR0913, PLR0917 - where it stands
        self, table: ForeignTable, message: str, accepted: str, row: int | None = None,
        column: str = "", text: str = "",
    ) -> None:  # fmt: skip
        self.faults.append(
            Unsupported(self.file.name, table.name, message, accepted, row, column, text)
        )

    # -- answers -------------------------------------------------------------------------------

    def _answers(self, table: ForeignTable) -> list[Answer]:
        """The answer of each row; rows that give the same have the same."""
        ids = Slugs("outcome", ("not_covered", "none", "listed"))
        known: dict[tuple[str, ...], Answer] = {}
        for side, held in (("outputs", table.outputs), ("rules", table.rows)):
            if not 0 < len(held) <= MOST_ROWS:
                message = f"the table has {len(held):,} {side}"
                self._fault(table, message, f"from 1 to {MOST_ROWS:,} {side}")
        return [self._answer(table, row, known, ids) for row in table.rows]

    @staticmethod
    def _answer(
        table: ForeignTable, row: ForeignRow, known: dict[tuple[str, ...], Answer], ids: Slugs
    ) -> Answer:
        if row.outputs in known:
            return known[row.outputs]
        parts = tuple(map(literal, row.outputs))
        written = [*zip(table.outputs, row.outputs, parts, strict=True)]
        told = {one.name: text if part is None else str(part.value) for one, text, part in written}
        verdict = STATED
        if len(told) > 1 and told.get(VERDICT) in (*VERDICTS, "disputed"):
            said = told.pop(VERDICT)
            verdict = said if said in VERDICTS else UNCLEAR
        amount = _amount(told, {one.name: part for one, _, part in written})
        labels = {one.name: one.label for one in table.outputs}
        text = "; ".join(f"{labels[name]}: {value}" for name, value in told.items())
        if len(told) == 1:
            text = next(iter(told.values()))
        # An answer without any text still needs words that can be seen.
        known[row.outputs] = Answer(ids(text), text or quoted(text), verdict, parts, amount)
        return known[row.outputs]

    # -- links ---------------------------------------------------------------------------------

    def _links(self) -> dict[tuple[int, str], tuple[int, int]]:
        """For a table and an expression: the table and the output it is, without any circle."""
        given: dict[str, list[tuple[int, int]]] = {}
        for at, table in enumerate(self.file.tables):
            for number, output in enumerate(table.outputs):
                whole = all(one.parts[number] is not None for one in self.answers[at])
                if whole and table.policy != "collect":
                    for name in output.known_as:
                        given.setdefault(name, []).append((at, number))
        links: dict[tuple[int, str], tuple[int, int]] = {}
        above: dict[int, set[int]] = {at: {at} for at in range(len(self.file.tables))}
        for at, table in enumerate(self.file.tables):
            for one in table.inputs:
                reached = (found for found in given.get(one.expression, ())
                           if self.file.tables[found[0]].key in table.above
                           and at not in above[found[0]])  # fmt: skip
                found = next(reached, None)
                if found is None:
                    continue
                links[at, one.expression] = found
                for other, mine in above.items():
                    if at in mine:
                        above[other] = mine | above[found[0]]
        return links

    def _in_order(self, tables: Sequence[Table]) -> Iterator[Table]:
        """The tables, each after those it builds on."""
        left = {table.decision: table for table in tables}
        while left:
            for key, table in [*left.items()]:
                if not any(one.decision in left for one in table.columns if one.decision):
                    yield left.pop(key)

    # -- cells ---------------------------------------------------------------------------------

    def _parsed(
        self, table: ForeignTable, number: int, row: ForeignRow
    ) -> tuple[Parsed | None, ...]:
        found: list[Parsed | None] = []
        for one, text in zip(table.inputs, row.cells, strict=True):
            try:
                found.append(parsed(text))
            except UnsupportedCellError as error:
                self._fault(table, str(error), ACCEPTED, number, one.label, text)
                found.append(None)
        return tuple(found)

    def _meet_facts(
        self, at: int, table: ForeignTable, cells: Sequence[tuple[Parsed | None, ...]]
    ) -> None:
        for place, one in enumerate(table.inputs):
            if (at, one.expression) in self.links:
                continue
            if one.expression not in self.facts:
                name = self.fact_ids(one.expression)
                self.facts[one.expression] = Fact(name, one.expression, one.label or name)
            fact = self.facts[one.expression]
            declared = self._declared(one, fact)
            said = [value for row in cells for value in values_in(row[place])]
            kind = one.kind or next((value.kind for value in [*declared, *said]), None)
            if kind is not None and not fact.kinds:
                fact.kinds.add(kind)
            for value in [*declared, *said]:
                self._meet(table, one, fact, value)

    @staticmethod
    def _declared(one: ForeignInput, fact: Fact) -> list[Value]:
        """The values declared of a column; what is not understood of them is left open."""
        try:
            said = parsed(one.allowed)
        except UnsupportedCellError:
            return []
        found = list(values_in(said))
        texts = [value for value in found if value.kind == "text"]
        fact.closed = fact.closed or bool(texts)
        ends = [value.value for value in found if isinstance(value.value, Decimal)]
        if len(ends) == 2 and ".." in one.allowed:  # noqa: PLR2004 - a range has two ends
            fact.bounds = min(ends), max(ends)
        return found

    def _meet(self, table: ForeignTable, one: ForeignInput, fact: Fact, value: Value) -> None:
        if value.kind == "text" and str(value.value) not in fact.values:
            fact.values[str(value.value)] = None
        if isinstance(value.value, Decimal):
            # 5.00 says that hundredths count.
            places = max(0, -int(value.value.as_tuple().exponent))
            if places > FINEST or abs(value.value) > WIDEST:
                accepted = f"at most {FINEST} decimal places, and {WIDEST:,} at most"
                self._fault(table, "the number is too fine or too large", accepted,
                            column=one.label, text=str(value.value))  # fmt: skip
            else:
                fact.decimals = max(fact.decimals, places)

    # -- tables --------------------------------------------------------------------------------

    def _table(
        self, at: int, table: ForeignTable, cells: Sequence[tuple[Parsed | None, ...]]
    ) -> Table:
        columns = [self._column(at, one) for one in table.inputs]
        rows = []
        for number, (row, said, answer) in enumerate(
            zip(table.rows, cells, self.answers[at], strict=True), 1
        ):
            box: Box = {}
            for place, (one, column) in enumerate(zip(table.inputs, columns, strict=True)):
                cell = said[place]
                if cell is None:
                    continue
                try:
                    test = self._test(at, one, column, cell)
                except UnsupportedCellError as error:
                    self._fault(table, str(error), ACCEPTED, number, one.label, row.cells[place])
                    continue
                box[column.name] = both(box.get(column.name, column.whole), test)
            rows.append(Row(box, answer.id, answer.verdict, ()))
        words = _words(table.label)
        unlike = tuple({column.name: column for column in columns}.values())
        return Table(self.ids[at], words, table.policy, unlike, tuple(rows))

    def _column(self, at: int, one: ForeignInput) -> Column:
        link = self.links.get((at, one.expression))
        if link is None:
            return self.facts[one.expression].column
        other = self.ids[link[0]]
        words = _words(one.label)
        values = tuple(dict.fromkeys(answer.id for answer in self.answers[link[0]]))
        return Column(other + ".outcome", words, "text", values, decision=other)

    def _test(self, at: int, one: ForeignInput, column: Column, cell: Parsed) -> Test:
        link = self.links.get((at, one.expression))
        if link is None:
            return allowed_by(cell, column)
        table, number = link
        return frozenset(answer.id for answer in self.answers[table]
                         if (part := answer.parts[number]) is not None
                         and passes(cell, part))  # fmt: skip


def _words(text: str) -> Words:
    """Words that the file has in one language only."""
    return Words(zh=shown(text), en=shown(text))


def _amount(told: dict[str, str], parts: Mapping[str, Value | None]) -> Amount | None:
    """The number that goes with an outcome, taken out of what is told of a row."""
    found = None
    for kind in AMOUNTS if OUTCOME in told and VERDICT in parts else ():
        part = parts.get(kind)
        number = part.value if part is not None and part.kind == "number" else None
        if isinstance(number, Decimal) or told.get(kind) in _NOTHING:
            del told[kind]
            found = Amount(kind, number) if isinstance(number, Decimal) else found
    return found
