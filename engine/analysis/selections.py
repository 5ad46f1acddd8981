"""Every distinct choice of rules in force there is, for the decisions of a library."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from engine.program import Program, Selection
from engine.ruleset import parameters_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from engine.condition import Condition
    from engine.library import Library


def selections(library: Library, *decisions: str, place: str | None = None) -> Iterator[Selection]:
    """Every choice of places with rules of their own, and of periods, for decisions together.

    With `place` the decisions themselves are asked there, and in the places inside it.
    """
    names = chain_of(library, decisions)
    chain = [library.decisions[name] for name in names]
    facts = list(dict.fromkeys(one.region for one in chain))
    written = {rule.region for rule in library.rules.values() if rule.decision in names}
    everywhere = sorted(written | {library.places.nation})
    bound = {library.decisions[name].region for name in decisions if place is not None}
    there = sorted({place or "", *(one for one in written
                                   if place and library.places.applies(place, one))})  # fmt: skip
    for codes in product(*(there if fact in bound else everywhere for fact in facts)):
        places = dict(zip(facts, codes, strict=True))
        options = []
        for fact in dict.fromkeys(one.date for one in chain):
            mine = [one for one in chain if one.date == fact]
            regions = [places[one.region] for one in mine]
            segments = library.segments([one.id for one in mine], regions, library.days(fact))
            options.append([(fact, one) for one in segments])
        for periods in product(*options):
            yield Selection(tuple(sorted(places.items())), periods)


def chain_of(library: Library, decisions: Sequence[str]) -> list[str]:
    """Decisions and everything they build on, upstream first."""
    return list(dict.fromkeys(name for one in decisions for name in library.upstream(one)))


def programs(
    library: Library, *decisions: str, watched: Sequence[Condition] = (), place: str | None = None
) -> Iterator[Program]:
    """A program for each distinct set of rules in force of decisions and what they build on.

    Each is closed when the next is asked for. `watched` are further tests the axes tell apart.
    """
    seen: set[Hashable] = set()
    order = chain_of(library, decisions)
    for selection in selections(library, *decisions, place=place):
        key = tuple(in_force(library, name, selection) for name in order)
        if key not in seen:
            seen.add(key)
            program = Program(library, order, selection, watched)
            yield program
            program.close()


def in_force(library: Library, decision: str, selection: Selection) -> Hashable:
    """The rules of one decision in force, with the parameters they look at."""
    authored = library.decisions[decision]
    place, (day, _) = selection.place(authored.region), selection.period(authored.date)
    rules = library.in_force(decision, place, day)
    names = sorted({name for rule in rules for name in parameters_of(rule)})
    values = tuple((name, library.parameter(name, place, day)) for name in names)
    return tuple(rule.id for rule in rules), values
