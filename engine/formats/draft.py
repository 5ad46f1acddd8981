"""A draft of a ruleset made from the tables of a foreign file: facts, decisions and rules as data.

Rules keep the order of the file. Where the first row that matches decides, a rule is an exception
to every later one that it meets and contradicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.formats.foreign import shown
from engine.formats.slugs import Slugs
from engine.formats.table import NO_END, meet, plain
from engine.formats.understanding import OTHER_TEXT

if TYPE_CHECKING:
    from engine.formats.foreign import ForeignFile
    from engine.formats.table import Column, Row, Spans, Table, Test
    from engine.formats.understanding import Fact, Understood
    from engine.places import Place

Data = dict[str, Any]
ALWAYS = {"from": None, "to": None}
SOURCE, REGION = "file", "region"
# Nobody has said yet on whose word these rules stand.
UNKNOWN_AUTHORITY = "D"


class Words(Protocol):
    """The wording of a draft: a text in each language by its key."""

    def __call__(self, key: str, /, **values: object) -> dict[str, str]:
        """The text named, with values filled in."""


class Draft:
    """The files of a ruleset made from one foreign file."""

    def __init__(
        self, file: ForeignFile, found: Understood, say: Words, nation: Place, today: date
    ) -> None:
        self.file, self.found, self.say, self.nation = file, found, say, nation
        self.today = today
        self.topic = Slugs("imported")(file.name.rpartition(".")[0])
        self.single = len(found.tables) == 1

    def files(self) -> dict[str, Data]:
        """What stands in each file of the folder, by its path without the ending."""
        items = {one.id: one.text for table in self.found.tables if table.policy == "collect"
                 for one in self._answers(table)}  # fmt: skip
        vocabulary = {"facts": self._facts()}
        topic = {
            "topic": self.topic, "title": self.say("title", file=shown(self.file.name)),
            "about": self.say("about", file=shown(self.file.name)),
            "decisions": {table.decision: self._decision(table) for table in self.found.tables},
        }  # fmt: skip
        rules = [rule for table in self.found.tables for rule in self._rules(table)]
        region = {"topic": self.topic, "region": self.nation.code, "rules": rules}
        place = {"code": self.nation.code, "name": self.nation.name.model_dump(),
                 "level": "nation"}  # fmt: skip
        files: dict[str, Data] = {
            "regions": {"places": [place]},
            "sources/file": {"sources": {SOURCE: self._source()}},
            "vocabulary/facts": vocabulary,
            f"{self.topic}/topic": topic,
            f"{self.topic}/{self.nation.code}": region,
        }
        if items:
            documents = {key: {"title": _same(text), "form": "any"} for key, text in items.items()}
            files["documents/items"] = {"documents": documents}
        return files

    # -- facts ---------------------------------------------------------------------------------

    def _facts(self) -> Data:
        place = {"type": "place", **self._wording("place", self.say("place"))}
        return {REGION: place} | {
            fact.id: self._fact(fact) for fact in self.found.facts.values()
        }  # fmt: skip

    def _wording(self, kind: str, title: dict[str, str], expression: str = REGION) -> Data:
        return {
            "label": title, "question": self.say("question", label=title["en"]),
            "help": self.say(f"help.{kind}", expression=shown(expression)),
            "find_out": self.say("find_out"),
        }  # fmt: skip

    def _fact(self, fact: Fact) -> Data:
        column = fact.column
        words = self._wording(column.kind, _same(fact.label), fact.expression)
        if column.kind == "boolean":
            return {"type": "bool", **words}
        if column.kind == "text":
            other = self.say("other")
            values = {fact.ids[one]: other if one == OTHER_TEXT else _same(one)
                      for one in column.values}  # fmt: skip
            return {"type": "enum", **words, "values": values}
        if column.kind == "date":
            first, last = (date.fromordinal(day).isoformat() for day in (FIRST_DAY, LAST_DAY))
            return {"type": "date", **words, "domain": {"from": first, "to": last}}
        low, high = (_number(end, column) for end in (column.bounds[0], column.bounds[1] - 1))
        decimal = {"type": "decimal", "decimals": column.decimals}
        kind: Data = decimal if column.decimals else {"type": "integer"}
        return {**kind, **words, "domain": {"min": low, "max": high}}

    def _source(self) -> Data:
        return {
            "title": _same(self.file.name), "body": self.say("body"), "host": "original",
            "checked": self.today.isoformat(), "read": "whole", "authority": UNKNOWN_AUTHORITY,
        }  # fmt: skip

    # -- decisions -----------------------------------------------------------------------------

    def _decision(self, table: Table) -> Data:
        inputs = [one.name for one in table.columns if one.decision is None]
        above = list(dict.fromkeys(one.decision for one in table.columns if one.decision))
        head: Data = {
            "question": table.label.model_dump(),
            "hit_policy": "collect" if table.policy == "collect" else "unique",
            "region": REGION, "date": "as_of", "inputs": inputs, "builds_on": above,
        }  # fmt: skip
        if table.policy == "collect":
            return {**head, "items": [one.id for one in self._answers(table)]}
        outcomes: Data = {}
        for one in self._answers(table):
            outcomes[one.id] = {"verdict": one.verdict, "title": _same(one.text)}
            if one.amount:
                outcomes[one.id]["value"] = {one.amount.kind: one.amount.value}
        return {**head, "outcomes": outcomes}

    def _answers(self, table: Table) -> Iterable[Any]:
        return self.found.answers[table.decision].values()

    def _rules(self, table: Table) -> Iterator[Data]:
        for number, row in enumerate(table.rows, 1):
            note = self.found.notes[table.decision][number - 1]
            then: Any = {"needs": [row.outcome]} if table.policy == "collect" else row.outcome
            made: Data = {
                "id": self._name(table, number), "decision": table.decision,
                "when": self._condition(row, table), "then": then,
                "because": _same(note) if note else self.say("because", number=number),
                "sources": [{"source": SOURCE,
                             "clause": self.say("clause", table=table.label.en, number=number)}],
                "in_force": ALWAYS,
            }  # fmt: skip
            beaten = [self._name(table, later) for later, other in enumerate(table.rows, 1)
                      if table.policy == "first" and later > number
                      and other.outcome != row.outcome
                      and meet(row.box, other.box) is not None]  # fmt: skip
            yield {**made, "overrides": beaten} if beaten else made

    def _name(self, table: Table, number: int) -> str:
        return f"r{number}" if self.single else f"{table.decision}_r{number}"

    def _condition(self, row: Row, table: Table) -> Any:  # noqa: ANN401 - data
        columns = {column.name: column for column in table.columns}
        tests = [self._test(columns[name], test) for name, test in plain(row.box, columns).items()]
        if not tests:
            return "always"
        return tests[0] if len(tests) == 1 else {"all": tests}

    def _test(self, column: Column, test: Test) -> Data:
        if not test:
            return {"not": "always"}
        if isinstance(test, frozenset):
            return self._one_of(column, [one for one in column.values if one in test])
        parts = [_between(column, span) for span in _ends(test, column)]
        return parts[0] if len(parts) == 1 else {"any": parts}

    def _one_of(self, column: Column, values: list[str]) -> Data:
        if column.decision is not None:
            head = {"decision": column.decision}
        else:
            head = {"fact": column.name}
        told: list[Any] = list(values)
        if column.kind == "boolean":
            told = [one == "true" for one in values]
        elif column.decision is None:
            ids = self.found.facts[column.name].ids
            told = [ids[one] for one in values]
        return {**head, "equals": told[0]} if len(told) == 1 else {**head, "in": told}


def _same(text: str) -> dict[str, str]:
    """Words that the file has in one language only."""
    return {"zh": shown(text), "en": shown(text)}


def _ends(test: Spans, column: Column) -> Spans:
    """Ranges of which those that reach a bound of the column have no end there."""
    low, high = column.bounds
    return tuple((-NO_END if first <= low else first, NO_END if last >= high else last)
                 for first, last in test)  # fmt: skip


def _between(column: Column, span: tuple[int, int]) -> Data:
    low, high = span
    head = {"fact": column.name}
    if low == -NO_END:
        return {**head, "lt": _literal(high, column)}
    if high == NO_END:
        return {**head, "gte": _literal(low, column)}
    if low + 1 == high:
        return {**head, "equals": _literal(low, column)}
    return {**head, "between": [_literal(low, column), _literal(high - 1, column)]}


def _literal(unit: int, column: Column) -> Any:  # noqa: ANN401 - a number or a day, as data
    if column.kind == "date":
        return date.fromordinal(unit).isoformat()
    return _number(unit, column)


def _number(unit: int, column: Column) -> int | Decimal:
    return Decimal(unit).scaleb(-column.decimals) if column.decimals else unit
