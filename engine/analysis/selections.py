"""Every distinct choice of rules in force there is, for each decision of a library."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from engine.program import Program, Selection
from engine.ruleset import parameters_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from engine.library import Library


def selections(library: Library, decision: str) -> Iterator[Selection]:
    """Every choice of places with rules of their own, and of periods, for one decision."""
    chain = [library.decisions[name] for name in library.upstream(decision)]
    names = {one.id for one in chain}
    facts = list(dict.fromkeys(one.region for one in chain))
    written = {rule.region for rule in library.rules.values() if rule.decision in names}
    for codes in product(sorted(written | {library.places.nation}), repeat=len(facts)):
        places = dict(zip(facts, codes, strict=True))
        options = []
        for fact in dict.fromkeys(one.date for one in chain):
            mine = [one for one in chain if one.date == fact]
            regions = [places[one.region] for one in mine]
            segments = library.segments([one.id for one in mine], regions, library.days(fact))
            options.append([(fact, one) for one in segments])
        for periods in product(*options):
            yield Selection(tuple(sorted(places.items())), periods)


def programs(library: Library, decision: str) -> Iterator[Program]:
    """A program for each distinct set of rules in force of a decision and what it builds on.

    Each is closed when the next is asked for.
    """
    seen: set[Hashable] = set()
    for selection in selections(library, decision):
        key = tuple(_in_force(library, name, selection) for name in library.upstream(decision))
        if key not in seen:
            seen.add(key)
            program = Program(library, library.upstream(decision), selection)
            yield program
            program.close()


def _in_force(library: Library, decision: str, selection: Selection) -> Hashable:
    """The rules of one decision in force, with the parameters they look at."""
    authored = library.decisions[decision]
    place, (day, _) = selection.place(authored.region), selection.period(authored.date)
    rules = library.in_force(decision, place, day)
    names = sorted({name for rule in rules for name in parameters_of(rule)})
    values = tuple((name, library.parameter(name, place, day)) for name in names)
    return tuple(rule.id for rule in rules), values
