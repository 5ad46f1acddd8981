"""Random cases for the random rulesets, complete or not, and every way to complete one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from engine.vocabulary import AS_OF
from tests.support.naive import World
from tests.support.random_rulesets import BIRTH, CODES, DERIVED, PLACES, VISIT

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from engine.library import Library

DAYS = {"birth": BIRTH, "visit": VISIT}
AS_OF_DAYS = ("2026-02-24", "2026-03-05")
ENDS = ({"birth", "visit"}, {"one_amount", "other_amount"})
"""Two unknown ends of one gap are cut to what each allows alone: sound, not always exact."""


def hinged(facts: Mapping[str, Any], open_: Mapping[str, tuple[Any, ...]]) -> bool:
    """Whether how two places lie hangs on an open date, on which gaps may hang as well.

    Each is cut to what the date allows it alone: likewise sound, not always exact.
    """
    group = PLACES["groups"]["pair"]
    turn = date.fromisoformat(group["in_force"]["from"])
    days = open_.get("visit", ())
    lying = [{facts["region"], place} for place in open_.get("away", (facts["away"],))]
    inside = any(len({code[:2] for code in both} & {one[:2] for one in group["members"]}) > 1
                 for both in lying)  # fmt: skip
    return inside and min(days, default=turn) < turn <= max(days, default=turn)


@lru_cache(64)
def _days(first: str, last: str) -> tuple[date, ...]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return tuple(start + timedelta(n) for n in range((end - start).days + 1))


OPTIONS: dict[str, tuple[Any, ...]] = {
    "region": CODES[:4],
    "away": CODES,
    "flag": (False, True),
    "kind": tuple("abc"),
    "count": tuple(range(5)),
    "one_amount": tuple(Decimal(n).scaleb(-1) for n in range(11)),
    "other_amount": tuple(Decimal(n).scaleb(-1) for n in range(11)),
    **{name: _days(*ends) for name, ends in DAYS.items()},
}


def drawn(pick: random.Random) -> dict[str, Any]:
    """Raw values for every fact and for the day counted from."""
    return {name: pick.choice(some) for name, some in OPTIONS.items()} | {
        AS_OF: pick.choice(_days(*AS_OF_DAYS))}  # fmt: skip


def left_open(facts: Mapping[str, Any], pick: random.Random) -> dict[str, tuple[Any, ...]]:
    """For some facts the values that are left open: all of them, or those of a month or a year."""
    dates = [name for name in DAYS if pick.random() < 0.4]
    others = [name for name in OPTIONS if name not in {"region", *DAYS} and pick.random() < 0.25]
    found = {name: OPTIONS[name] for name in others}
    for name in dates:
        whole = pick.choice((7, 7, 4, 0))
        known = facts[name].isoformat()[:whole]
        found[name] = tuple(day for day in OPTIONS[name] if day.isoformat()[:whole] == known)
    return found


def written(facts: Mapping[str, Any], open_: Mapping[str, tuple[Any, ...]]) -> dict[str, Any]:
    """The case as JSON has it: what is left open is absent, null, or a month or a year."""
    case: dict[str, Any] = {}
    for name, value in facts.items():
        left = open_.get(name)
        if left is None:
            case[name] = value.isoformat() if isinstance(value, date) else value
        elif left == OPTIONS[name]:
            # Asked and not known, or not asked: both decide alike.
            if len(case) % 2:
                case[name] = None
        else:
            months = {day.isoformat()[:7] for day in left}
            case[name] = months.pop() if len(months) == 1 else left[0].isoformat()[:4]
    return case


def completions(
    facts: Mapping[str, Any], open_: Mapping[str, tuple[Any, ...]], most: int, pick: random.Random
) -> tuple[list[dict[str, Any]], bool]:
    """The ways to fill in what is left open, at most so many, and whether these are all."""
    count = 1
    for some in open_.values():
        count *= len(some)
    if count <= most:
        every = product(*open_.values())
        return [{**facts, **dict(zip(open_, one, strict=True))} for one in every], True
    chosen = [{name: pick.choice(some) for name, some in open_.items()} for _ in range(most)]
    return [{**facts, **one} for one in chosen], False


def possible(world: World) -> bool:
    """Whether a complete case breaks no constraint."""
    return not any(
        world.holds(one.never, None) for one in world.library.vocabulary.constraints.values()
    )


_RAW = {
    "against": ("one_amount", "other_amount"),
    "lying": ("region", "away", "visit"),
    "age_now": ("birth", AS_OF),
    "until_today": ("visit", AS_OF),
}
_BEFORE: dict[tuple[Any, ...], Any] = {}


def with_derived(library: Library, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with what is derived from them, which is the same in every random ruleset."""
    out = dict(facts)
    for name in DERIVED:
        key = (name, *(facts[one] for one in _RAW.get(name, ("birth", "visit"))))
        if key not in _BEFORE:
            _BEFORE[key] = World(library, facts).derive(library.vocabulary.derived[name])
        out[name] = _BEFORE[key]
    return out
