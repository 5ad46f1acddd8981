"""From open classes to an answer: what they share, what is missing, which values follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.adjudication import NEEDED, Dissent, Resolution, weakest
from engine.result import DecisionResult, evidence_of
from engine.ruleset import AUTHORITIES
from engine.ruleset import value_facts as value_facts_of
from engine.settling import Settling
from engine.values import UnknownFactError, compute
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from decimal import Decimal

    from engine.case import Case
    from engine.library import Library
    from engine.open_classes import OpenClasses
    from engine.program import Selection
    from engine.ruleset import Answer, Then, Value

    Parameter = Callable[[str, str, int], int | Decimal | None]
    """The value of a parameter in a place on a day."""

_VALUES = ("value", "from_", "until")


def combine(
    library: Library, decision: str, case: Case, readings: Sequence[OpenClasses]
) -> DecisionResult:
    """The answer that all open classes share, else `undecided` and what would settle it."""
    found = [one for reading in readings for one in reading.found()]
    if library.decisions[decision].hit_policy == "collect":
        return _collected(library, found, readings)
    answers = {(one.verdict, one.outcome, one.sides) for one in found}
    rules = tuple(dict.fromkeys(rule for one in found for rule in one.rules))
    if len(answers) == 1:
        first = found[0]
        worked = work_out(library, decision, case, workings(library, decision, readings))
        value, from_, until = worked.values
        lacking = dict.fromkeys(worked.lacking)
        for name in worked.differing:
            aspect = partial(_authored_text, library=library, decision=decision, name=name)
            lacking |= _gains(library, decision, readings, aspect)
        missing = dict.fromkeys(lacking, 0.0)
        return DecisionResult(
            first.verdict, first.outcome, evidence_of(weakest(one.authority for one in found)),
            value, from_, until, rules, _dissent(found), tuple(missing), gains=missing,
            sides=first.sides, safer=first.safer,
            disputes=tuple(dict.fromkeys(name for one in found for name in one.disputes)),
        )  # fmt: skip
    gains = _gains(library, decision, readings, lambda one: (one.verdict, one.outcome, one.sides))
    possible = tuple(sorted({outcome for one in found for outcome in one.outcomes}))
    voices = [voice for one in found
              for voice in speaking(library, decision, one.rules, one.outcome)]  # fmt: skip
    perhaps = _perhaps(readings) | (_facts_in(voices) - set(case.given))
    verdicts = {one.verdict for one in found}
    if len(verdicts) == 1:
        evidence = evidence_of(weakest(one.authority for one in found))
        return DecisionResult(
            verdicts.pop(), None, evidence, rules=rules, dissent=_dissent(found),
            missing=tuple(gains), gains=gains, possible=possible, perhaps=perhaps,
            **_between(found),
        )  # fmt: skip
    return DecisionResult(
        "undecided", missing=tuple(gains), gains=gains, possible=possible, perhaps=perhaps
    )


def _between(found: Sequence[Resolution]) -> dict[str, Any]:
    """What several disputes are between; the safer side where they have the same one."""
    if not all(one.sides for one in found):
        return {}
    safer = {one.safer for one in found}
    return {
        "sides": tuple(sorted({side for one in found for side in one.sides})),
        "safer": safer.pop() if len(safer) == 1 else None,
        "disputes": tuple(dict.fromkeys(name for one in found for name in one.disputes)),
    }


def _dissent(found: Sequence[Resolution]) -> tuple[Dissent, ...]:
    return tuple(sorted({loser for one in found for loser in one.dissent}))


def _collected(
    library: Library, found: Sequence[Resolution], readings: Sequence[OpenClasses]
) -> DecisionResult:
    """Item by item: needed in every open class, in none, or depending on facts."""
    decision = readings[0].decision
    items: dict[str, str | tuple[str, ...]] = {}
    gains: dict[str, float] = {}
    for item in library.decisions[decision].items:
        states = {_state(one, item) for one in found}
        if states == {NEEDED}:
            items[item] = NEEDED
        elif NEEDED in states:
            mine = _gains(library, decision, readings, partial(_state, item=item))
            items[item] = tuple(mine)
            for fact, gain in mine.items():
                gains[fact] = gains.get(fact, 0.0) + gain
        elif states != {None}:
            items[item] = next(state for state in states if state is not None)
    answers = {(one.verdict, one.outcome) for one in found}
    if not gains and len(answers) > 1:
        # No item hangs on it, but whether there is a list at all does.
        gains = _gains(library, decision, readings, lambda one: (one.verdict, one.outcome))
    missing = tuple(sorted(gains, key=lambda fact: -gains[fact]))
    rules = tuple(dict.fromkeys(rule for one in found for rule in one.rules))
    if not missing and len({one.verdict for one in found}) == 1:
        verdict, outcome = found[0].verdict, found[0].outcome
    elif NEEDED in items.values():
        verdict, outcome = "stated", "listed"
    else:
        verdict, outcome = "undecided", None
    evidence = evidence_of(weakest(one.authority for one in found)) if outcome else None
    return DecisionResult(
        verdict, outcome, evidence, rules=rules if outcome else (), dissent=_dissent(found),
        missing=missing, gains=gains, items=items, perhaps=_perhaps(readings),
    )  # fmt: skip


def _state(found: Resolution, item: str) -> str | None:
    return next((what.outcome for name, what in found.items if name == item), None)


def _gains(
    library: Library, decision: str, readings: Sequence[OpenClasses],
    key: Callable[[Resolution], Hashable],
) -> dict[str, float]:  # fmt: skip
    """The unknown facts that can change `key`, the most useful first."""
    gains: dict[str, float] = {}
    if (
        len(readings) > 1
        and len({tuple(sorted(map(repr, map(key, one.found())))) for one in readings}) > 1
    ):
        # Which rules are in force is itself open: the dates that say so come first.
        for fact, _ in readings[0].program.selection.periods:
            if not readings[0].case.pinned(fact):
                gains[fact] = float(len(readings))
    for reading in readings:
        for fact, gain in Settling(reading, key).matters().items():
            gains[fact] = gains.get(fact, 0.0) + gain / len(readings)
    order = [one for name in library.upstream(decision)
             for fact in library.decisions[name].inputs
             for one in library.vocabulary.raw_facts(fact)]  # fmt: skip
    rank = {fact: position for position, fact in reversed(list(enumerate(order)))}
    ordered = sorted(gains, key=lambda fact: (-round(gains[fact], 9), rank.get(fact, len(order))))
    return {fact: gains[fact] for fact in ordered}


# -- values ------------------------------------------------------------------------------------


def speaking(
    library: Library, decision: str, rules: Sequence[str], outcome: str | None
) -> list[Then | Answer]:
    """Who speaks for an outcome: the rules that won it, best grade first, then the outcome."""
    outcomes = library.decisions[decision].outcomes
    mine = [library.rules[name] for name in rules if library.rules[name].then.outcome == outcome]
    ranked = sorted(mine, key=lambda rule: AUTHORITIES.index(library.authority(rule)))
    voices: list[Then | Answer] = [rule.then for rule in ranked]
    if outcome in outcomes:
        voices.append(outcomes[outcome])
    return voices


def _whole(found: Resolution) -> Resolution:
    return found


def _perhaps(readings: Sequence[OpenClasses]) -> frozenset[str]:
    """The unknown facts that may yet matter; dates first tell which rules are in force."""
    dates = {fact for one in readings for fact, _ in one.program.selection.periods
             if len(readings) > 1 and not one.case.pinned(fact)}  # fmt: skip
    return frozenset(dates.union(*(Settling(one, _whole).could_matter() for one in readings)))


def value_facts(library: Library, decision: str) -> set[str]:
    """The facts that any value of a decision is worked out from."""
    rules = [rule.then for rule in library.rules_of(decision)]
    return _facts_in([*rules, *library.decisions[decision].outcomes.values()])


def _facts_in(voices: Iterable[Then | Answer]) -> set[str]:
    return {fact for voice in voices for fact in value_facts_of(voice)} - {AS_OF}


@dataclass(frozen=True)
class Working:
    """A value to work out as it is authored, and the rules in force it is worked out by."""

    value: Value
    selection: Selection


@dataclass
class Worked:
    """`value`, `from_` and `until` of a case; which facts are lacking, which of them differ."""

    values: tuple[object, object, object]
    lacking: list[str] = field(default_factory=list)
    differing: tuple[str, ...] = ()


Workings = tuple[tuple["Working | None", ...], ...]


def workings(library: Library, decision: str, readings: Sequence[OpenClasses]) -> Workings:
    """For `value`, `from_` and `until` what is authored in the open classes, None for nothing.

    No more than the open classes and the rules in force decide it. Empty where the open classes
    differ in their answer, or have no values: then nothing is worked out.
    """
    found = [(one, reading) for reading in readings for one in reading.found()]
    if len({(one.verdict, one.outcome, one.sides) for one, _ in found}) > 1:
        return ()
    out = []
    for name in _VALUES:
        mine: dict[tuple[int, Selection] | None, Working | None] = {}
        for one, reading in found:
            authored = _authored(one, library, decision, name)
            selection = reading.program.selection
            if authored is None:
                mine[None] = None
            else:
                mine[id(authored), selection] = Working(authored, selection)
        out.append(tuple(mine.values()))
    return () if all(one == (None,) for one in out) else tuple(out)


def work_out(
    library: Library, decision: str, case: Case, found: Workings,
    parameter: Parameter | None = None,
) -> Worked:  # fmt: skip
    """`value`, `from_` and `until` where all workings give the same; and the facts lacking.

    `parameter` looks parameters up, where that is not left to the library.
    """
    worked = Worked((None, None, None))
    if not found:
        return worked
    out: list[object] = []
    for mine in found:
        seen: dict[str, object] = {}
        for one in mine:
            value = None
            if one is not None:
                looked_up = parameter or library.parameter
                value = _computed(one, case, library, decision, worked.lacking, looked_up)
            seen[repr(value)] = value
        out.append(next(iter(seen.values())) if len(seen) == 1 else None)
        if len(seen) > 1:
            worked.differing += (_VALUES[len(out) - 1],)
    worked.values = out[0], out[1], out[2]
    return worked


def _authored(found: Resolution, library: Library, decision: str, name: str) -> Value | None:
    """The value of that name that the answer's rules or its outcome give."""
    voices = speaking(library, decision, found.rules, found.outcome)
    return next((getattr(one, name) for one in voices if getattr(one, name) is not None), None)


def _authored_text(found: Resolution, library: Library, decision: str, name: str) -> str:
    return repr(_authored(found, library, decision, name))


def _computed(  # noqa: PLR0913, PLR0917 - a value, and all it is worked out from
    one: Working, case: Case, library: Library, decision: str, lacking: list[str],
    parameter: Parameter,
) -> object:  # fmt: skip
    """A value on the day its parameters are taken from; None where that day is open and matters."""
    fact = library.decisions[decision].date
    first, last = one.selection.period(fact)
    low, high = case.interval(fact) or (first, last)
    seen: dict[str, object] = {}
    try:
        for day in {max(low, first), min(high, last)}:
            value = _on(one, case, library, decision, parameter, day)
            seen[repr(value)] = value
    except UnknownFactError as error:
        lacking.append(error.fact)
        return None
    if len(seen) > 1:
        lacking.append(fact)
        return None
    return next(iter(seen.values()))


def _on(  # noqa: PLR0913, PLR0917 - likewise
    one: Working, case: Case, library: Library, decision: str, parameter: Parameter, day: int
) -> object:
    authored = library.decisions[decision]
    place = one.selection.place(authored.region)
    try:
        return compute(one.value, case, lambda name: parameter(name, place, day))
    except LookupError as error:
        first = one.selection.period(authored.date)[0]
        rule = library.in_force(decision, place, first)[0].id
        message = f"parameter `{error.args[0]}` has no value here in the period of the rule"
        raise library.rule_fault(rule, message) from error
