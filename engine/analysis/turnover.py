"""What comes and goes between two sets of rules: rules in force, the sources they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.ruleset import parameters_given, parameters_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.analysis.difference import Side
    from engine.analysis.versions import Versions
    from engine.library import Library
    from engine.ruleset import Answer, Rule, Then
    from engine.scalars import Citation


@dataclass
class Turnover:
    """The ids of what is in force on one side alone, and of what is written otherwise there."""

    gone: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def turnover(
    both: Versions, pairs: Iterable[tuple[Side, Side]], decisions: Iterable[str]
) -> tuple[Turnover, Turnover]:
    """The rules of decisions and what they build on, and the sources of these, by pairs of sides.

    What one side has in force anywhere is not new or gone on the other.
    """
    rules: tuple[dict[str, Rule], dict[str, Rule]] = {}, {}
    sources: tuple[dict[str, object], dict[str, object]] = {}, {}
    names = [*decisions]
    for pair in pairs:
        for number, (side, library) in enumerate(zip(pair, (both.before, both.after), strict=True)):
            for rule in in_force(library, side, names):
                rules[number].setdefault(rule.id, rule)
                for one in behind(library, side, rule):
                    sources[number].setdefault(one.source, library.sources[one.source])
    return _turned(*rules), _turned(*sources)


def in_force(library: Library, side: Side, decisions: Iterable[str]) -> Iterator[Rule]:
    """The rules a side answers decisions by, those they build on first."""
    chains = [name for one in decisions for name in library.upstream(one)]
    for name in dict.fromkeys(chains):
        chosen = side.selection(library, name)
        decision = library.decisions[name]
        yield from library.in_force(
            name, chosen.place(decision.region), chosen.period(decision.date)[0]
        )


def behind(library: Library, side: Side, rule: Rule) -> list[Citation]:
    """What states a rule: its own sources, and those of the numbers it names on a side."""
    decision = library.decisions[rule.decision]
    chosen = side.selection(library, rule.decision)
    place, first = chosen.place(decision.region), chosen.period(decision.date)[0]
    answers: list[Then | Answer] = [rule.then]
    if rule.then.outcome in decision.outcomes:
        answers.append(decision.outcomes[rule.then.outcome])
    given = {one for answer in answers for one in parameters_given(answer)}
    found = list(rule.sources)
    # A threshold is that of the period's first day, a number given that of the day itself.
    for names, day in ((parameters_of(rule), first), (given, side.day.toordinal())):
        for name in sorted(names):
            value = library.parameter_value(name, place, day)
            found += [one for one in (value.sources if value else ()) if one not in found]
    return found


def _turned(before: Mapping[str, object], after: Mapping[str, object]) -> Turnover:
    return Turnover(
        [one for one in before if one not in after],
        [one for one in after if one not in before],
        [one for one in after if one in before and before[one] != after[one]],
    )
