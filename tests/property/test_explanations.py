"""Why not and what if against brute force: every value of every fact of random rulesets."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.case import read_case
from engine.checker import Checker
from engine.condition import FactTest, leaves
from engine.errors import CaseError
from engine.explanation.space import Space, given_facts
from engine.explanation.what_if import what_if
from engine.explanation.why_not import why_not
from engine.library import Library
from tests.support.answers import facts_of
from tests.support.random_rulesets import BIRTH, CODES, FACTS, VISIT, load, rulesets

DAY = date(2026, 2, 28)
MAX_WORLDS = 1_500
Worlds = list[tuple[dict[str, object], frozenset[str], bool]]


def values(fact: str) -> list[object]:
    """Every value of a fact of the random rulesets."""
    if fact in ("birth", "visit"):
        first, last = map(date.fromisoformat, BIRTH if fact == "birth" else VISIT)
        return [(first + timedelta(n)).isoformat() for n in range((last - first).days + 1)]
    if fact in ("region", "away"):
        return list(CODES)
    if fact in ("one_amount", "other_amount"):
        return [n / 10 for n in range(11)]
    others: dict[str, list[object]] = {
        "flag": [False, True], "kind": ["a", "b", "c"], "count": [0, 1, 2, 3, 4]
    }  # fmt: skip
    return others[fact]


def outcomes(checker: Checker, data: dict[str, object], decision: str) -> tuple[set[str], bool]:
    """What may come out, sides of disputes too, and whether it is a single certain outcome."""
    case = read_case(data, checker.library, DAY)
    found = [one for reading in checker.readings(decision, case) for one in reading.found()]
    may = {outcome for one in found for outcome in one.outcomes}
    return may, len({(one.outcome, one.sides) for one in found}) == 1 and not found[0].sides


def worlds(checker: Checker, case: dict[str, object], decision: str, facts: list[str]) -> Worlds:
    """Every case that differs in some of the facts, with what comes out of it."""
    out: Worlds = []
    for chosen in product(*map(values, facts)):
        changed = {**case, **dict(zip(facts, chosen, strict=True))}
        try:
            may, single = outcomes(checker, changed, decision)
        except CaseError:
            continue
        out.append((changed, frozenset(may), single))
    return out


def reachable(every: Worlds, case: dict[str, object], fixed: tuple[str, ...], outcome: str) -> bool:
    return any(outcome in may for world, may, _ in every
               if all(world[fact] == case[fact] for fact in fixed))  # fmt: skip


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, object], str]:
    files = deepcopy(draw(rulesets(decisions=2)))
    for fact in files["vocabulary"]["facts"].values():
        fact["changeable"] = True
    case = {fact: draw(st.sampled_from(values(fact))) for fact in FACTS}
    names = [name for name, one in files["topic"]["decisions"].items() if "outcomes" in one]
    return files, case, draw(st.sampled_from(names))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(situation=situations())
def test_sets_and_changes_are_those_of_brute_force(
    situation: tuple[dict[str, Any], dict[str, object], str],
) -> None:
    """The sets that rule an outcome out, and the changes to it, are the smallest, all of them."""
    files, case, decision = situation
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    checker = Checker(library, compare=False)
    facts = free_facts(library, decision)
    assume(len(facts) >= 1 and len(worlds_of(facts)) <= MAX_WORLDS)
    try:
        now, _ = outcomes(checker, case, decision)
    except CaseError:
        assume(False)
    every = worlds(checker, case, decision, facts)
    readings = checker.readings(decision, read_case(case, library, DAY))
    spaces = [Space(one.program, decision, readings[0].case) for one in readings]
    # A date on two axes is taken as given, and said to be.
    assume(not any(one.kept for one in spaces))
    _check_sets(spaces, case, every, facts, now)
    _check_changes(checker, spaces, case, every, facts)


def _check_sets(
    spaces: list[Space], case: dict[str, object], every: Worlds, facts: list[str], now: set[str]
) -> None:
    told = {one.outcome: one for one in why_not(spaces)}
    for outcome in spaces[0].aspects.names:
        if outcome in now:
            assert outcome not in told
            continue
        shut = [set(fixed) for size in range(len(facts) + 1)
                for fixed in combinations(facts, size)
                if not reachable(every, case, fixed, outcome)]  # fmt: skip
        least = [one for one in shut if not any(other < one for other in shut)]
        found = told[outcome]
        if found.never:
            assert least == [set()], outcome
            continue
        got = {frozenset(blame.fact for blame in several) for several in found.sets}
        assert got == {frozenset(one) for one in least}, outcome


def _check_changes(
    checker: Checker, spaces: list[Space], case: dict[str, object], every: Worlds, facts: list[str]
) -> None:
    decision = spaces[0].reading.decision
    told = what_if(spaces, "unclear")
    for one in told:
        assert not one.provided
        changed = {**case, **one.example}
        assert {name for name in facts if changed[name] != case[name]} == set(one.facts)
        assert outcomes(checker, changed, decision) == ({one.outcome}, True)
    now = next(may for world, may, _ in every if all(world[name] == case[name] for name in facts))
    for outcome in spaces[0].aspects.names:
        ways = {frozenset(name for name in facts if world[name] != case[name])
                for world, may, single in every if single and may == {outcome}}  # fmt: skip
        least = {one for one in ways if len(one) <= 4 and not any(other < one for other in ways)}
        got = {frozenset(one.facts) for one in told if one.outcome == outcome}
        assert got == (set() if outcome in now else least), outcome


def free_facts(library: Library, decision: str) -> list[str]:
    """The facts that may be freed: what rules or constraints test, but for what selects rules."""
    looked_at = facts_of(library, [decision])
    for one in library.vocabulary.constraints.values():
        looked_at += [fact for _, test in leaves(one.never) if isinstance(test, FactTest)
                      for fact in library.vocabulary.raw_facts(test.fact)]  # fmt: skip
    given_ = given_facts(library, decision)
    return [fact for fact in dict.fromkeys(looked_at) if fact in FACTS and fact not in given_]


def worlds_of(facts: list[str]) -> range:
    """As many as there are cases that differ in some of the facts."""
    count = 1
    for fact in facts:
        count *= len(values(fact))
    return range(count)


@settings(max_examples=40, deadline=None)
@given(situation=situations(), dropped=st.sets(st.sampled_from(sorted(FACTS)), max_size=3))
def test_a_change_holds_whatever_is_unknown(
    situation: tuple[dict[str, Any], dict[str, object], str], dropped: set[str]
) -> None:
    """With facts missing, every change told gives its outcome once the example is filled in."""
    files, whole, decision = situation
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    checker = Checker(library, compare=False)
    case = {fact: value for fact, value in whole.items() if fact not in dropped}
    parsed = read_case(case, library, DAY)
    assume(not checker.lacking_places(decision, parsed))
    try:
        readings = checker.readings(decision, parsed)
    except CaseError:
        assume(False)
    spaces = [Space(one.program, decision, parsed) for one in readings]
    for one in what_if(spaces, "unclear"):
        assert set(one.facts) <= set(case)
        filled = {**case, **one.example}
        assert outcomes(checker, filled, decision) == ({one.outcome}, True), one
