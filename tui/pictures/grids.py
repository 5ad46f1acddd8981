"""A decision by two or three facts as a picture: whoever looks sees at once who may what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.analysis.grid import grid, telling
from engine.errors import InputError
from tui.pictures.model import GridPicture, Line, Square
from tui.verdicts import verdict_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.analysis.bands import Band
    from engine.analysis.grid import Cell, Grid, Row
    from engine.checker import Checker
    from engine.vocabulary import Fact
    from tui.rules.words import RuleWords


def grid_picture(  # noqa: PLR0913, PLR0917 - what is drawn, and by which facts
    words: RuleWords, checker: Checker, decision: str, region: str, day: date,
    rows: Sequence[str] = (), column: str | None = None,
) -> GridPicture:  # fmt: skip
    """The picture of a decision in a place on a day, by the facts named or those of its topic."""
    topic = checker.library.topics[checker.library.decisions[decision].topic]
    given: Mapping[str, object] = {}
    hint = topic.picture
    if hint is not None and hint.decision == decision:
        rows, column, given = rows or hint.rows, column or hint.columns, hint.given
    if not rows or column is None:
        down, across = telling(checker, decision, region, day)
        rows, column = rows or down, column or across
    known = checker.library.vocabulary
    for name in (*rows, column):
        if name not in known.facts and name not in known.derived:
            raise InputError(words.locale("pictures.unknown_fact", fact=name))
    found = grid(checker, decision, region=region, day=day, rows=rows, column=column, given=given)
    return _Words(words, found, column).picture()


class _Words:
    def __init__(self, words: RuleWords, found: Grid, column: str) -> None:
        self.words, self.t, self.found, self.column = words, words.locale, found, column
        self.notes: dict[str, int] = {}

    def picture(self) -> GridPicture:
        t, found = self.t, self.found
        decision = self.words.library.decisions[found.decision]
        place = self.words.place_name(found.region)
        about = t("pictures.about", place=place, date=t.day(found.day))
        whole = len(found.columns) == 1
        columns = tuple(t("pictures.any") if whole else band_words(self.words, one)
                        for one in found.columns)  # fmt: skip
        lines = tuple(self.line(row) for row in found.rows)
        below = [t("pictures.given", facts=t("result.listed").join(self.given()))] * bool(
            found.given
        )
        return GridPicture(
            self.words.say(decision.question), about, self.words.label(self.column), columns,
            lines, tuple(self.notes), (*below, t("app.disclaimer")),
        )  # fmt: skip

    def given(self) -> list[str]:
        return [
            self.t("pictures.fact", fact=self.words.label(name), value=self.value(name, value))
            for name, value in self.found.given.items()
        ]

    def value(self, name: str, value: object) -> str:
        fact = self.words.library.vocabulary.facts[name]
        if fact.values:
            return self.words.say(fact.values[str(value)])
        if fact.type == "bool":
            return self.t(f"pictures.{str(value).lower()}")
        return self.words.with_unit(value, fact.unit) if fact.unit else str(value)

    def line(self, row: Row) -> Line:
        first = row.bands[0]
        alone = sum(one.bands[0] == first for one in self.found.rows) == 1
        shown = row.bands[:1] if alone else row.bands
        heading = tuple(band_words(self.words, one) for one in shown)
        return Line(heading, tuple(map(self.square, row.cells)))

    def square(self, cell: Cell | None) -> Square | None:
        if cell is None:
            return None
        decision = self.words.library.decisions[self.found.decision]
        known = decision.outcomes
        titles = [self.words.say(known[one].title) for one in (cell.outcome, *cell.sides)
                  if one in known]  # fmt: skip
        note = self.t("pictures.either").join(titles)
        number = self.notes.setdefault(note, len(self.notes) + 1) if note else None
        return Square(cell.verdict, verdict_words(self.t, decision, cell.verdict), number)


def band_words(words: RuleWords, band: Band) -> str:
    """Some values of a fact in a few words."""
    t, vocabulary = words.locale, words.library.vocabulary
    fact = vocabulary.facts.get(band.fact)
    if band.values and fact is not None and fact.type == "bool":
        given = t("result.listed").join(t(f"pictures.{one}") for one in band.values)
        return t("pictures.fact", fact=words.label(band.fact), value=given)
    if band.values and fact is not None and fact.values:
        return t("result.listed").join(words.say(fact.values[one]) for one in band.values)
    if band.values:
        return t("result.listed").join(t(f"rules.relation.{one}") for one in band.values)
    if band.low is None and band.high is None:
        return t("pictures.any")
    return _number(words, band)


def _number(words: RuleWords, band: Band) -> str:
    """A band of numbers with what they count; one without an end is "and over"."""
    t, vocabulary = words.locale, words.library.vocabulary
    fact, derived = vocabulary.facts.get(band.fact), vocabulary.derived.get(band.fact)
    low, high = _shown(fact, band.low), _shown(fact, band.high)
    key = "one" if low == high else "over" if band.high is None else "span"
    key = "under" if band.low is None else key
    if derived is not None:
        return t(f"pictures.{derived.head.removesuffix('_between')}.{key}", low=low, high=high)
    if fact is not None and fact.unit is not None:
        return t(f"pictures.counted.{key}", low=low, high=high, unit=words.say(fact.unit))
    kind = "day" if fact is not None and fact.type == "date" else "number"
    return t(f"pictures.{kind}.{key}", low=low, high=high)


def _shown(fact: Fact | None, code: int | None) -> object:
    if code is None:
        return ""
    if fact is not None and fact.type == "date":
        return date.fromordinal(code).isoformat()
    if fact is not None and fact.type == "decimal":
        return Decimal(code).scaleb(-fact.decimals)
    return code
