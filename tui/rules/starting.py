"""Starts the file of a topic in a place: what there is to fill in, commented, and nothing stated.

What is to become YAML stands behind one `#`, what explains it behind two, so that a part comes
into force by taking one `#` off each of its lines.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from engine.clock import today
from engine.errors import InputError
from engine.fault import did_you_mean
from engine.formats.yaml_text import text_of
from engine.library import Library
from engine.loader import RULESETS
from engine.vocabulary import DateDomain, NumberDomain
from tui import terminal
from tui.locale import LANGUAGES, Locale
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.places import Place
    from engine.ruleset import Decision

_SCHEMA = Path("schema", "ruleset.schema.json")
_EDITORS = "# yaml-language-server: $schema="
_WORD = "##"
_LISTED = 6
"""So many national rules are named for a decision."""


def start(folder: Path, topic: str, region: str, output: str | None, t: Locale) -> str:
    """`rules new`: write the file and name it; what is to be done next goes to stderr."""
    library = Library.load(folder)
    if topic not in library.topics:
        raise InputError(_unknown(t, "topic", topic, library.topics))
    place = _place(library, region, t)
    _refuse_second(library, topic, place.code, t)
    skeleton = Skeleton(library, topic, place, t)
    path = Path(output) if output else folder / topic / f"{skeleton.name}.yaml"
    text = f"{_EDITORS}{_schema(folder, path)}\n{skeleton.text()}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(t("starting.exists", file=safe(path))) from None
    except OSError as error:
        why = error.strerror
        raise InputError(t("starting.not_written", file=safe(path), why=why)) from error
    terminal.say(t("starting.next", topic=topic))
    return f"{path}\n"


def _unknown(t: Locale, what: str, name: str, known: Iterable[str]) -> str:
    """That there is no such name, and which are near to it."""
    near = re.findall("`(.+?)`", did_you_mean(name, known))
    told = t(f"starting.unknown_{what}", name=safe(name))
    return told + (t("starting.meant", names=t("result.listed").join(near)) if near else "")


def _place(library: Library, region: str, t: Locale) -> Place:
    code = library.places.resolve(region)
    listed = [library.places.get(one) for one, *_ in library.places.layout]
    if code is None or code == library.places.abroad:
        names = {name for one in listed if one.code != code for name in (one.code, *one.names)}
        raise InputError(_unknown(t, "place", region, names))
    place = library.places.get(code)
    if region.isdigit() and region != code:
        # A case of a county that is not listed is one of its city; a file for it would not be.
        raise InputError(t("starting.not_listed", code=region, city=code, name=t.of(place.name)))
    return place


def _refuse_second(library: Library, topic: str, code: str, t: Locale) -> None:
    """A place has one file a topic: two would hide rules from whoever reads one."""
    for name, head in library.authored.heads.items():
        if (head.topic, head.region) == (topic, code):
            raise InputError(t("starting.exists", file=safe(name)))


def _schema(folder: Path, path: Path) -> str:
    """Where the schema lies, as seen from the file."""
    own = folder / _SCHEMA
    there = own if own.exists() else RULESETS / _SCHEMA
    return Path(os.path.relpath(there.resolve(), path.parent.resolve())).as_posix()


class Skeleton:
    """The text of such a file."""

    def __init__(self, library: Library, topic: str, place: Place, t: Locale) -> None:
        self.library, self.topic, self.place, self.t = library, library.topics[topic], place, t
        slug = re.sub("[^a-z0-9]+", "-", place.name.en.casefold()).strip("-") or "place"
        self.name = f"{place.code}-{slug}"
        self.prefix = re.sub("^(?=[0-9])", "p", slug.replace("-", "_"))
        self.source, self.day = f"{self.prefix}_text", today()

    def text(self) -> str:
        """All but the line for editors."""
        place, topic = self.t.of(self.place.name), self.t.of(self.topic.title)
        lines = [
            *self._told("head", place=place, topic=topic),
            f"topic: {self.topic.id}", f'region: "{self.place.code}"',
            "", *self._told("sources", source=self.source),
            *(f"{_WORD}     {line}"
              for line in text_of({"sources": {self.source: self._source()}}).splitlines()),
            "", *self._values(), *self._rules(), *self._examples(),
        ]  # fmt: skip
        return "\n".join(lines).rstrip() + "\n"

    def _told(self, key: str, **values: object) -> Iterator[str]:
        for line in self.t(f"starting.{key}", **values).splitlines():
            yield self._word(line)

    @staticmethod
    def _word(line: str) -> str:
        return f"{_WORD} {' '.join(safe(line).split(chr(10)))}"

    def _source(self) -> dict[str, object]:
        return {
            "title": self._both("title"), "body": self._both("body"), "number": None,
            "issued": None, "address": "https://", "host": "original", "checked": self.day,
            "read": "whole", "authority": "D",
        }  # fmt: skip

    def _both(self, key: str) -> dict[str, str]:
        return {lang: Locale(lang)(f"starting.fill.{key}") for lang in LANGUAGES}

    @property
    def _cites(self) -> list[object]:
        return [{"source": self.source, "clause": self._both("clause")}]

    @property
    def _in_force(self) -> dict[str, object]:
        return {"from": self.day, "to": None}

    def _values(self) -> Iterator[str]:
        own = [one for one in self.library.authored.parameters.values()
               if one.topic == self.topic.id]  # fmt: skip
        if not own:
            return
        yield from self._told("values")
        yield "# values:"
        for one in own:
            yield self._word(f"{self.t.of(one.label)} ({self.t.of(one.unit)})")
            yield from _commented({
                "parameter": one.id, "value": 0, "in_force": self._in_force,
                "sources": self._cites,
            })  # fmt: skip
        yield ""

    def _rules(self) -> Iterator[str]:
        yield from self._told("rules")
        yield "# rules:"
        for name in self.topic.decisions:
            decision = self.library.decisions[name]
            yield _WORD
            yield from self._about(decision)
            yield from _commented({
                "id": f"{self.prefix}_{name}", "decision": name, "when": self._when(decision),
                "then": self._then(decision), "because": self._both("because"),
                "sources": self._cites, "in_force": self._in_force,
            })  # fmt: skip
        yield ""

    def _about(self, decision: Decision) -> Iterator[str]:
        """The question, what can be answered, what may be asked, and what holds already."""
        t = self.t
        yield self._word(f"---- {decision.id}: {t.of(decision.question)}")
        yield from self._told("outcomes" if decision.outcomes else "items")
        for name, outcome in decision.outcomes.items():
            yield self._word(f"  {name}: {t.of(outcome.title)} ({outcome.verdict})")
        for name in decision.items:
            yield self._word(f"  {name}: {t.of(self.library.authored.documents[name].title)}")
        yield from self._told("inputs")
        for name in decision.inputs:
            yield self._word(f"  {name}: {self._fact(name)}")
        for name in decision.builds_on:
            outcomes = ", ".join(self.library.decisions[name].outcomes)
            yield from self._told("builds_on", decision=name, outcomes=outcomes)
        nation = self.library.places.nation
        over = [one.id for one in self.library.authored.rules.values()
                if (one.decision, one.region) == (decision.id, nation)]  # fmt: skip
        if over and self.place.code != nation:
            more = ", ..." if len(over) > _LISTED else ""
            yield from self._told("national", rules=", ".join(over[:_LISTED]) + more)

    def _fact(self, name: str) -> str:
        """A fact as a person is asked for it, and what it can be."""
        words = self.library.vocabulary
        if name in words.derived:
            derived = words.derived[name]
            known = ", ".join(derived.values or ())
            raw = self.t("starting.worked_out", facts=", ".join(derived.raw_facts))
            return self.t.of(derived.label) + f" {raw}" + (f" [{known}]" if known else "")
        fact = words.facts[name]
        if fact.type == "enum":
            given = (fact.values or {}).items()
            values = ", ".join(f"{code} = {self.t.of(one)}" for code, one in given)
        elif isinstance(fact.domain, NumberDomain | DateDomain):
            values = f"{fact.type}, {fact.domain}"
        else:
            values = fact.type
        return f"{self.t.of(fact.question)} [{values}]"

    def _when(self, decision: Decision) -> object:
        """A test of the first input that can be tested as it is."""
        for name in decision.inputs:
            test = self._test(name)
            if test:
                return {"fact": name, **test}
        return "always"

    def _test(self, name: str) -> dict[str, object]:
        words = self.library.vocabulary
        if name in words.derived:
            values = words.derived[name].values
            return {"equals": values[0]} if values else {"gte": 1}
        fact = words.facts[name]
        if fact.type in ("bool", "enum"):
            return {"equals": True if fact.type == "bool" else fact.codes[0]}
        if isinstance(fact.domain, NumberDomain):
            return {"gte": fact.domain.max}
        return {"gte": fact.domain.to} if isinstance(fact.domain, DateDomain) else {}

    @staticmethod
    def _then(decision: Decision) -> object:
        first = next(iter(decision.outcomes), None)
        return first or {"needs": decision.items[:1]}

    def _examples(self) -> Iterator[str]:
        yield from self._told("examples")
        yield "# examples:"
        for name in self.topic.decisions:
            decision = self.library.decisions[name]
            outcome = next(iter(decision.outcomes), None)
            expected: dict[str, object] = {"verdict": "stated", "needed": decision.items[:1]}
            if outcome:
                verdict = decision.outcomes[outcome].verdict
                expected = {"verdict": verdict, "outcome": outcome}
            case = {"as_of": self.day, decision.region: self.place.code}
            yield from _commented({
                "id": f"{self.prefix}_{name}_example", "title": self._both("example"),
                "cites": self._cites, "case": case, "expect": {name: expected},
            })  # fmt: skip


def _commented(entry: dict[str, object]) -> Iterator[str]:
    """An entry of a list, indented below its section, behind one `#`."""
    return (f"#   {line}" for line in text_of({"entries": [entry]}).splitlines()[1:])
