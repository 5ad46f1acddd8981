"""Writes decisions to files of the open formats of decision tables."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from engine.adjudication import Resolution
from engine.answering import speaking
from engine.condition import ParameterRef
from engine.errors import InputError
from engine.formats import dmn, jdm
from engine.formats.captions import Amount, Captions
from engine.formats.exporting import parts
from engine.formats.table import sides_of
from engine.library import Library
from engine.ruleset import AMOUNTS
from tui import terminal
from tui.locale import Locale
from tui.rules.words import RuleWords

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.formats.captions import Notes
    from engine.formats.exporting import Part
    from engine.formats.table import Column, Row, Table

_ENDINGS: dict[str, str] = {"dmn": ".dmn", "dmn13": ".dmn", "jdm": ".json"}


class Export:
    """The decisions of a library in one form and one language."""

    def __init__(self, library: Library, t: Locale, form: str, day: date) -> None:
        self.library, self.t, self.form, self.day = library, t, form, day
        self.words = RuleWords(library, t)

    def write(self, topics: Sequence[str], decision: str | None, place: str | None,
              folder: Path) -> list[str]:  # fmt: skip
        """Write a file for each topic and place; a line for each of them."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for part in parts(self.library, topics, decision, place, self.day.toordinal()):
            for why in part.left_out:
                terminal.say(self.t("formats.not_exact", why=why))
            file = folder / f"{part.name}-{part.place}{_ENDINGS[self.form]}"
            file.write_text(self._text(part), "utf-8")
            count, rows = len(part.tables), sum(len(table.rows) for table in part.tables)
            lines.append(self.t("formats.written", file=file, tables=count, rows=rows,
                                place=self.words.place_name(part.place)))  # fmt: skip
        if not lines:
            raise InputError(self.t("formats.nothing", day=self.day))
        return lines

    def _text(self, part: Part) -> str:
        place = self.words.place_name(part.place)
        about = self.t("formats.about", place=place, day=self.day)
        captions = Captions(self._label, self._question, self._notes, about,
                            lambda table, row: self._amount(part, table, row),
                            lambda kind: self.t(f"formats.amount.{kind}"))  # fmt: skip
        if self.form == "jdm":
            return jdm.document(part.tables, captions)
        version: dmn.Version = "1.3" if self.form == "dmn13" else "1.4"
        return dmn.document(part.tables, f"{part.name}_{part.place}", captions, version)

    def _label(self, column: Column) -> str:
        return self.t.of(column.label)

    def _question(self, table: Table) -> str:
        return self.t.of(table.label)

    def _notes(self, table: Table, row: Row) -> Notes:
        rules = [self.library.rules[name] for name in row.rules]
        why = dict.fromkeys(self.t.of(rule.because) for rule in rules)
        cited = dict.fromkeys(one.source for rule in rules for one in rule.sources)
        zh, en = (self._says(Locale(lang), table, row) for lang in ("zh", "en"))
        return ", ".join(row.rules), "\n".join(why), ", ".join(cited), zh, en

    def _says(self, t: Locale, table: Table, row: Row) -> str:
        """What the answer of a row says, in a language; of a dispute all sides."""
        known = self.library.decisions[table.decision].outcomes
        titles = [t.of(known[one].title) if one in known
                  else t.of(self.library.documents[one].title) if one in self.library.documents
                  else t("result.not_covered") for one in sides_of(row.outcome)]  # fmt: skip
        return t("pictures.either").join(titles)

    def _amount(self, part: Part, table: Table, row: Row) -> Amount | None:
        """The number that goes with an answer; none where it hangs on more than the row."""
        name = table.decision
        if row.outcome not in self.library.decisions[name].outcomes:
            return None
        # Where several rules give the answer all of them speak, and the best one is heard.
        given = [
            next((one.value for one in speaking(self.library, name, found.rules, row.outcome)
                  if one.value is not None), None)
            for found in part.programs[name].compiled[name].table.found
            if isinstance(found, Resolution) and found.outcome == row.outcome
            and {*row.rules} <= {*found.rules}
        ]  # fmt: skip
        value = given[0] if given else None
        if value is None or value.head not in AMOUNTS or any(one != value for one in given):
            return None
        number = getattr(value, value.head)
        if isinstance(number, ParameterRef):
            number = self.library.parameter(number.param, part.place, self.day.toordinal())
        return None if number is None else Amount(value.head, Decimal(number))


def export(  # noqa: PLR0913 - one parameter an option
    folder: Path, *, form: str, topic: str | None, decision: str | None, region: str | None,
    day: date, output: Path, t: Locale,
) -> str:  # fmt: skip
    """`rules export` to an open format: the lines that tell of the files written."""
    library = Library.load(folder)
    code = None if region is None else library.places.resolve(region)
    if region is not None and code is None:
        raise InputError(t("rules.unknown_place", place=region))
    if decision is not None and decision not in library.decisions:
        listed = t("result.listed").join(library.decisions)
        raise InputError(t("formats.unknown_decision", decision=decision, decisions=listed))
    topics = [topic] if topic is not None else list(library.topics)
    if topic is not None and topic not in library.topics:
        there = t("result.listed").join(library.topics)
        raise InputError(t("rules.unknown_topic", topic=topic, topics=there))
    try:
        lines = Export(library, t, form, day).write(topics, decision, code, output)
    except OSError as error:
        raise InputError(f"cannot write {output}: {error.strerror}") from error
    terminal.say(t("formats.only_outcomes"))
    return "\n".join(lines) + "\n"
