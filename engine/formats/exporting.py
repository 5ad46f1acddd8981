"""What is exported: the decisions of a topic as tables, in a place and on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.formats.lowering import Lowering, LoweringError
from engine.program import Program, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.formats.table import Table
    from engine.library import Library


@dataclass(frozen=True)
class Part:
    """The tables of some decisions in one place, those that others build on first."""

    name: str
    place: str
    tables: tuple[Table, ...]
    programs: Mapping[str, Program]
    """For each of the decisions what its table was made from."""
    left_out: tuple[str, ...] = ()
    """Why decisions are missing that no table says exactly."""


def parts(
    library: Library, topics: Sequence[str], decision: str | None, place: str | None, day: int
) -> Iterator[Part]:
    """A part for each topic (or for one decision) and each place with rules of its own.

    With `place` for that alone. A decision that no rule covers there on ordinal `day` is left out,
    and a part without any.
    """
    named = {decision: [decision]} if decision else {key: library.topics[key].decisions
                                                     for key in topics}  # fmt: skip
    for name, decisions in named.items():
        for code in [place] if place else _places(library, decisions):
            tables: dict[str, Table] = {}
            made: dict[str, Program] = {}
            left_out = []
            for one in decisions:
                try:
                    found, program = _chain(library, one, code, day)
                    tables |= found
                    made |= dict.fromkeys(found, program)
                except LoweringError as error:
                    left_out.append(str(error))
            if tables or left_out:
                yield Part(name, code, tuple(tables.values()), made, tuple(left_out))


def _places(library: Library, decisions: Sequence[str]) -> list[str]:
    return sorted({rule.region for one in decisions for rule in library.rules_of(one)})


def _chain(
    library: Library, decision: str, place: str, day: int
) -> tuple[dict[str, Table], Program]:  # fmt: skip
    """The table of a decision and of all that it builds on; nothing where no rule covers it."""
    program = Program(library, library.upstream(decision), selection(library, decision, place, day))
    if not program.covered(decision):
        return {}, program
    lowering = Lowering(program)
    return {name: lowering.table(name) for name in program.order}, program


def selection(library: Library, decision: str, place: str, day: int) -> Selection:
    """The rules of a decision, and of what it builds on, in one place and on one day."""
    chain = [library.decisions[name] for name in library.upstream(decision)]
    places = {one.region: place for one in chain}
    periods = []
    for fact in dict.fromkeys(one.date for one in chain):
        mine = [one.id for one in chain if one.date == fact]
        days = library.days(fact)
        inside = min(max(day, days[0]), days[1])
        found = library.segments(mine, [place] * len(mine), days)
        periods.append((fact, next(one for one in found if one[0] <= inside <= one[1])))
    return Selection(tuple(sorted(places.items())), tuple(periods))
