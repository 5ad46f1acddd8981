"""What is reported as changed is what the naive evaluator answers differently, and nothing else."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.analysis.difference import Change, Reply, Side, compare
from engine.analysis.versions import versions
from tests.support.naive import Answer, World
from tests.support.random_rulesets import BIRTH, CODES, VISIT, load, rulesets

if TYPE_CHECKING:
    from engine.analysis.boxes import Box, Part
    from engine.library import Library
    from engine.ruleset import Rule

BEFORE, AFTER = date(2026, 2, 26), date(2026, 2, 27)
PLACES = ("100000", "440300", "130100")


def days(first: str, last: str) -> st.SearchStrategy[date]:
    return st.dates(date.fromisoformat(first), date.fromisoformat(last))


WORLDS = st.fixed_dictionaries({
    "region": st.sampled_from(CODES), "away": st.sampled_from(CODES), "flag": st.booleans(),
    "kind": st.sampled_from("abc"), "count": st.integers(0, 4),
    "one_amount": st.integers(0, 10).map(lambda n: Decimal(n) / 10),
    "other_amount": st.integers(0, 10).map(lambda n: Decimal(n) / 10),
    "birth": days(*BIRTH), "visit": days(*VISIT),
    "as_of": days(VISIT[0], VISIT[1]).map(lambda day: day + timedelta(1)),
})  # fmt: skip


def in_force(library: Library, decision: str, side: Side) -> list[Rule]:
    """The rules of a side, told without the library's own words for it."""
    code = side.place
    regions = {code, code[:4] + "00", code[:2] + "0000", "100000"}
    return [rule for rule in library.rules.values()
            if rule.decision == decision and rule.region in regions
            and World.covers(rule.in_force, side.day)]  # fmt: skip


def asked(library: Library, decision: str, side: Side, facts: dict[str, Any]) -> Answer:
    place = facts["region"] if side.place == "100000" else side.place
    rules = {name: in_force(library, name, side) for name in library.upstream(decision)}
    return World(library, {**facts, "region": place}, rules=rules).chain(decision)


def same(reply: Reply, answer: Answer) -> bool:
    if answer.fault:
        return reply.verdict == answer.fault
    if answer.items or reply.outcome in ("none", "listed"):
        return frozenset(reply.items) == answer.items
    return (reply.outcome, reply.sides) == (answer.outcome, answer.sides)


def compared(library: Library, decision: str, answer: Answer) -> object:
    outcome = library.decisions[decision].outcomes.get(answer.outcome or "")
    verdict = outcome.verdict if outcome else library.decisions[decision].hit_policy
    return verdict, answer.outcome, answer.sides, answer.items, answer.fault


def holds(world: World, box: Box) -> bool:
    return all(within(world, part) for part in box)


def within(world: World, part: Part) -> bool:
    value = world.value(part.fact)
    if part.values:
        return (str(value).lower() if isinstance(value, bool) else value) in part.values
    if isinstance(value, date):
        value = value.toordinal()
    code = int(value * 10) if isinstance(value, Decimal) else value
    return any(span.holds(code) for span in part.spans)


def impossible(world: World) -> bool:
    return any(
        world.holds(one.never, None) for one in world.library.vocabulary.constraints.values()
    )


def check(
    old: Library, new: Library, sides: tuple[Side, Side], worlds: list[dict[str, Any]]
) -> None:
    both = versions(old, new)
    decision = list(old.decisions)[-1]
    assume(decision in new.decisions)
    found = compare(both, decision, *sides)
    covered = [bool(in_force(one, decision, side))
               for one, side in zip((old, new), sides, strict=True)]  # fmt: skip
    if not all(covered):
        assert found.status == {
            (True, False): "only_before", (False, True): "only_after", (False, False): "neither"
        }[covered[0], covered[1]]  # fmt: skip
        return
    assert found.classes in (None, found.differing + sum(count for _, count in found.kept))
    for facts in worlds:
        place = sides[0].place
        world = World(old, {**facts, "region": facts["region"] if place == "100000" else place})
        if impossible(world) or impossible(World(new, world.facts)):
            continue
        before, after = (asked(one, decision, side, facts)
                         for one, side in zip((old, new), sides, strict=True))  # fmt: skip
        if "upstream" in (before.fault, after.fault):
            continue
        here = [one for one in found.changes if any(holds(world, box) for box in one.boxes)]
        assert all(pair(one, before, after) for one in here), (facts, before, after, here)
        if compared(old, decision, before) == compared(new, decision, after):
            assert not here, facts
        elif not any(one.rest for one in found.changes):
            assert len(here) == 1, (facts, before, after)


def pair(change: Change, before: Answer, after: Answer) -> bool:
    return same(change.before, before) and same(change.after, after)


@settings(max_examples=30, deadline=None)
@given(rulesets(), st.sampled_from(PLACES), st.lists(WORLDS, min_size=12, max_size=12))
def test_two_days(files: dict[str, Any], place: str, worlds: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    check(library, library, (Side(place, BEFORE), Side(place, AFTER)), worlds)


@settings(max_examples=30, deadline=None)
@given(rulesets(), rulesets(), st.sampled_from(PLACES), st.lists(WORLDS, min_size=12, max_size=12))
def test_two_versions(
    old: dict[str, Any], new: dict[str, Any], place: str, worlds: list[dict[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        libraries = load(old, Path(one)), load(new, Path(other))
    check(*libraries, (Side(place, AFTER), Side(place, AFTER)), worlds)
