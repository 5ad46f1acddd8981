"""Verification of a library: no gap, no undeclared tie, no dead rule, both engines equal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.adjudication import Resolution, Unresolved
from engine.analysis.selections import programs
from engine.axis import NumberAxis, PlaceAxis
from engine.case import Case
from engine.open_classes import OpenClasses
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.axis import Interval
    from engine.library import Library
    from engine.program import Program

Kind = Literal["no_rule", "tie", "dead_rule", "unreached_outcome", "gap_in_time", "disagreement"]
_NO_DAY = date(2000, 1, 1)


class _NothingKnown(Case):
    """A case of which nothing is known, not even the day: it leaves every class open."""

    def interval(self, fact: str) -> Interval | None:  # noqa: ARG002 - a case's signature
        return None


NOTHING_KNOWN = _NothingKnown(None, _NO_DAY)


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a library, with a class that shows it where there is one."""

    kind: Kind
    decision: str
    rules: tuple[str, ...] = ()
    outcome: str | None = None
    place: str | None = None
    period: tuple[date, date] | None = None
    witness: tuple[tuple[str, str], ...] = ()


@dataclass
class Verification:
    """What a verification found, and how much it looked at."""

    findings: list[Finding] = field(default_factory=list)
    decisions: int = 0
    programs: int = 0
    classes: int = 0
    compared: int = 0


def verify(library: Library, topic: str | None = None) -> Verification:
    """Look at each class of each decision (of `topic`), under each distinct set of rules in force.

    `classes` counts the possible classes of the chains, over raw facts; `compared` the classes of
    decisions over their own inputs on which the inference engine and the table were compared.
    """
    result = Verification()
    for name, decision in library.decisions.items():
        if topic in (None, decision.topic):
            _Decision(library, name, result).verify()
    return result


class _Decision:
    def __init__(self, library: Library, decision: str, result: Verification) -> None:
        self.library, self.decision, self.result = library, decision, result
        self.heard: set[str] = set()
        self.outcomes: set[str] = set()

    def verify(self) -> None:
        self.result.decisions += 1
        for program in programs(self.library, self.decision):
            if program.covered(self.decision):
                self.result.programs += 1
                self.program(program)
        self.dead()
        self.gaps()

    def add(self, kind: Kind, **more: object) -> None:
        self.result.findings.append(Finding(kind, self.decision, **more))  # type: ignore[arg-type]  # a finding's fields

    def program(self, program: Program) -> None:
        reading = OpenClasses(program, self.decision, NOTHING_KNOWN)
        self.result.classes += int(reading.possible.sum())
        table = program.compiled[self.decision].table
        for number in reading.numbers():
            found = table.found[number]
            if isinstance(found, Unresolved):
                self.add(
                    found.reason, rules=found.rules, **_where(program, self.decision),
                    witness=tuple(_witness(reading, number)),
                )  # fmt: skip
                continue
            self.outcomes |= set(found.outcomes)
            self.heard |= set(_rules_in(found))
        for cells in np.ndindex(*program.compiled[self.decision].coded.shape):
            fired = program.engine.fire(self.decision, cells)
            self.result.compared += 1
            if set(fired) != set(table.fired(cells)):
                where = _where(program, self.decision)
                self.add(
                    "disagreement",
                    rules=tuple(sorted(set(fired) ^ set(table.fired(cells)))),
                    **where,
                )

    def dead(self) -> None:
        rules = [rule for rule in self.library.rules.values() if rule.decision == self.decision]
        for rule in rules:
            if rule.id not in self.heard:
                self.add("dead_rule", rules=(rule.id,), place=rule.region)
        # What is only ever stated in dissent is not reached, but it is shown.
        stated = {rule.then.outcome for rule in rules if rule.id in self.heard}
        for outcome in self.library.decisions[self.decision].outcomes:
            if outcome not in self.outcomes | stated:
                self.add("unreached_outcome", outcome=outcome)

    def gaps(self) -> None:
        """A time without rules between times with some, in one place."""
        authored = self.library.decisions[self.decision]
        regions = {rule.region for rule in self.library.rules.values()
                   if rule.decision == self.decision}  # fmt: skip
        for region in sorted(regions):
            days = self.library.days(authored.date)
            segments = self.library.segments([self.decision], [region], days)
            held = [bool(self.library.in_force(self.decision, region, one[0])) for one in segments]
            for index, segment in enumerate(segments):
                if not held[index] and any(held[:index]) and any(held[index:]):
                    period = date.fromordinal(segment[0]), date.fromordinal(segment[1])
                    self.add("gap_in_time", place=region, period=period)


def _rules_in(found: Resolution) -> Iterator[str]:
    yield from found.rules
    yield from (loser.rule for loser in found.dissent)
    for _, item in found.items:
        yield from _rules_in(item)


def _where(program: Program, decision: str) -> dict[str, object]:
    authored = program.library.decisions[decision]
    first, last = program.selection.period(authored.date)
    return {
        "place": program.selection.place(authored.region),
        "period": (date.fromordinal(first), date.fromordinal(last)),
    }


def _witness(reading: OpenClasses, number: int) -> Iterator[tuple[str, str]]:
    """Values of facts that lie in the first class with this number, facts that matter only."""
    program, decision = reading.program, reading.decision
    codes = np.broadcast_to(reading.codes[decision], reading.shape)
    place = np.argwhere((codes == number) & reading.possible)[0]
    for position, axis_number in enumerate(reading.axes):
        axis = program.axes[axis_number]
        index = reading.cells[position][place[position]]
        if isinstance(axis, NumberAxis):
            values = axis.witness(axis.cells[index]) or {}
            yield from ((fact, _shown(program, fact, value)) for fact, value in values.items())
        elif isinstance(axis, PlaceAxis):
            yield " ".join(axis.facts[:2]), " ".join(axis.cells[index])


def _shown(program: Program, fact: str, code: int) -> str:
    definition = program.library.vocabulary.facts.get(fact)
    if fact == AS_OF or (definition is not None and definition.type == "date"):
        return date.fromordinal(code).isoformat()
    if definition is not None and definition.codes:
        return definition.codes[code]
    if definition is not None and definition.type == "decimal":
        return f"{code / 10**definition.decimals}"
    return str(code)
