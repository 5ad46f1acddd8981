"""What `rules diff` is asked to compare, as people write it: days, places and folders."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.analysis.difference import Side, compare
from engine.analysis.versions import versions
from engine.batch.transitions import Judge, transitions
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.checker import Checker
from engine.errors import InputError
from engine.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.analysis.difference import Comparison
    from engine.analysis.versions import Versions
    from engine.batch.transitions import Transitions
    from tui.locale import Locale

_AT = "@"


@dataclass(frozen=True)
class Asked:
    """One side as it was written: what of folder, place and day it names."""

    folder: str | None = None
    place: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Plan:
    """What is compared: both versions, each pair of sides, and the decisions."""

    both: Versions
    asked: tuple[Asked, Asked]
    """Each side with what it takes over from the options and from the other side."""
    pairs: tuple[tuple[Side, Side], ...]
    decisions: tuple[str, ...]
    lone: tuple[tuple[str, ...], tuple[str, ...]]
    """The decisions wanted that only the first version has, and only the second."""
    every_place: bool


@dataclass(frozen=True)
class Found:
    """A pair of sides and how each decision compares on them."""

    before: Side
    after: Side
    comparisons: tuple[Comparison, ...]

    @property
    def changed(self) -> list[Comparison]:
        """The decisions with an answer that differs, or that only one side answers."""
        return [one for one in self.comparisons if one.status not in ("unchanged", "neither")]


def plan(  # noqa: PLR0913 - what a command line says
    texts: tuple[str, str], *, region: str | None, as_of: date | None, topic: str | None,
    decision: str | None, today: date, t: Locale,
) -> Plan:  # fmt: skip
    """What the command line asks to compare.

    Raises InputError for what cannot be understood, RulesetError for rulesets with faults.
    """
    shipped = cache(Library.load)
    libraries, asked = [], []
    for text in texts:
        folder, rest = _folder(text)
        library = shipped() if folder is None else Library.load(Path(folder))
        libraries.append(library)
        asked.append(_asked(folder, rest, text, library, t))
    options = Asked(None, _place(libraries, region, t) if region else None, as_of)
    first, second = (_filled(own, options, other)
                     for own, other in (asked, asked[::-1]))  # fmt: skip
    decisions = [_wanted(library, topic, decision) for library in libraries]
    if not any(decisions):
        raise InputError(_unknown(libraries, topic, decision, t))
    shared = tuple(name for name in decisions[0] if name in decisions[1])
    both = versions(*libraries)
    places = [[one.place] if one.place else _places(libraries, shared) for one in (first, second)]
    pairs = tuple(
        (Side(one, first.day or today), Side(other, second.day or today))
        for one, other in zip(*places, strict=True)
    )
    lone = (
        tuple(name for name in decisions[0] if name not in shared),
        tuple(name for name in decisions[1] if name not in shared),
    )
    return Plan(both, (first, second), pairs, shared, lone, first.place is None)


def _folder(text: str) -> tuple[str | None, str]:
    """The folder a side names, if it names one, and the rest of it."""
    parts = text.split(_AT)
    for end in range(len(parts), 0, -1):
        folder = _AT.join(parts[:end])
        if folder and Path(folder).is_dir():
            return folder, _AT.join(parts[end:])
    return None, text


def _asked(folder: str | None, rest: str, text: str, library: Library, t: Locale) -> Asked:
    if not rest:
        return Asked(folder)
    day = _day(rest)
    if day is not None:
        return Asked(folder, None, day)
    head, at, tail = rest.rpartition(_AT)
    day = _day(tail) if at else None
    place = library.places.resolve(head if at else rest)
    if place is None or (at and day is None):
        raise InputError(t("diff.unknown_side", text=text))
    return Asked(folder, place, day)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    written = day.isoformat() == text
    return day if written and FIRST_DAY <= day.toordinal() <= LAST_DAY else None


def _place(libraries: list[Library], region: str, t: Locale) -> str:
    code = libraries[0].places.resolve(region)
    if code is None:
        raise InputError(t("rules.unknown_place", place=region))
    return code


def _filled(own: Asked, options: Asked, other: Asked) -> Asked:
    """A side with what it leaves open: from the options, else from the other side."""
    return Asked(
        own.folder, own.place or options.place or other.place, own.day or options.day or other.day
    )


def _wanted(library: Library, topic: str | None, decision: str | None) -> list[str]:
    names = library.decisions if topic is None else (
        library.topics[topic].decisions if topic in library.topics else ())  # fmt: skip
    return [name for name in names if decision in (None, name)]


def _unknown(
    libraries: list[Library], topic: str | None, decision: str | None, t: Locale
) -> str:  # fmt: skip
    listed = t("result.listed")
    if topic is not None and not any(topic in one.topics for one in libraries):
        return t("rules.unknown_topic", topic=topic, topics=listed.join(libraries[0].topics))
    known = _wanted(libraries[0], topic, None)
    return t("diff.unknown_decision", decision=decision, decisions=listed.join(known))


def _places(libraries: list[Library], decisions: tuple[str, ...]) -> list[str]:
    """Every place with rules or numbers of its own for any of the decisions, the nation first."""
    nation = libraries[0].places.nation
    written = {place for one in libraries for name in decisions for place in _written(one, name)}
    known = {code for code in written if all(code in one.places for one in libraries)}
    return [nation, *sorted(known - {nation})]


def _written(library: Library, decision: str) -> set[str]:
    """The places that rules, or numbers, of a decision and what it builds on are written for."""
    chain = library.upstream(decision)
    topics = {library.decisions[name].topic for name in chain}
    rules = {rule.region for rule in library.rules.values() if rule.decision in chain}
    return rules | {one.region for one in library.authored.values.values()
                    if library.parameters[one.parameter].topic in topics}  # fmt: skip


def compared(plan: Plan) -> list[Found]:
    """Every decision compared on every pair of sides; only where a place has rules of its own."""
    libraries = plan.both.before, plan.both.after
    own = {name: {libraries[0].places.nation}.union(*(_written(one, name) for one in libraries))
           for name in plan.decisions}  # fmt: skip
    found = []
    for before, after in plan.pairs:
        names = [name for name in plan.decisions
                 if not plan.every_place or before.place in own[name]]  # fmt: skip
        comparisons = tuple(compare(plan.both, name, before, after) for name in names)
        if any(one.status != "neither" for one in comparisons):
            found.append(Found(before, after, comparisons))
    return found


@contextmanager
def checkers(plan: Plan) -> Iterator[tuple[Checker, Checker]]:
    """The checkers of both sides: one for both where the rules are of one version."""
    first = Checker(plan.both.own[0])
    second = first if plan.both.same else Checker(plan.both.own[1])
    try:
        yield first, second
    finally:
        first.close()
        second.close()


def decided(
    plan: Plan, file: str, today: date, judging: tuple[Checker, Checker]
) -> Transitions:  # fmt: skip
    """The cases of a file, decided on both sides. Raises InputError when it cannot be read."""
    first, second = (Judge(checker, one.place, one.day, today)
                     for checker, one in zip(judging, plan.asked, strict=True))  # fmt: skip
    return transitions(file, first, second, plan.decisions)
