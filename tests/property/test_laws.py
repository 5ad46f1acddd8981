"""A law over every class says of each class what the written meaning of the language says."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.analysis.finding import cells_of
from engine.analysis.laws import Joint, broken_laws
from engine.analysis.selections import chain_of, programs
from engine.analysis.witness import witness
from engine.invariant import Invariant
from engine.library import Library
from tests.support.naive import World
from tests.support.random_rulesets import DERIVED, FACTS, TEXT, conditions, load, rulesets

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
MAX_CLASSES = 300
NAMES = ("flag", "kind", "count", "one_amount", "visit", *DERIVED)


def facts_of(case: dict[str, object]) -> dict[str, Any]:
    """The values of a case as the naive evaluator takes them."""
    dates = {name for name, one in FACTS.items() if one["type"] == "date"} | {"as_of"}
    facts: dict[str, Any] = {}
    for name, value in case.items():
        if name in dates:
            facts[name] = date.fromisoformat(str(value))
        else:
            facts[name] = Decimal(repr(value)) if isinstance(value, float) else value
    return facts


def worlds(world: World, order: list[str]) -> Iterator[dict[str, str]]:
    """Every choice of a side of what is disputed, with what follows from it."""
    if not order:
        yield dict(world.upstream)
        return
    name, *rest = order
    before = dict(world.upstream)
    if not world.in_force(name):
        options: tuple[str | None, ...] = ("not_covered",)
    else:
        answer = world.decide(name)
        above = [before[one] for one in world.library.decisions[name].builds_on]
        silent = answer.fault == "no_rule" and "not_covered" in above
        assume(not answer.fault or silent)
        options = ("not_covered",) if silent else answer.sides or (answer.outcome,)
    for option in options:
        world.upstream = {**before, name: option or ""}
        yield from worlds(world, rest)
    world.upstream = before


def violated(library: Library, law: Invariant, case: dict[str, object]) -> bool:
    """Whether a complete case shows what a law says never is."""
    world = World(library, facts_of(case))
    order = chain_of(library, law.decisions)
    assert law.never is not None
    found = False
    for chosen in worlds(world, order):
        world.upstream = chosen
        found = found or world.holds(law.never, None)
    return found


@given(rulesets(decisions=2), st.data())
@settings(max_examples=40)
def test_a_law_is_kept_exactly_where_no_class_breaks_it(files: dict[str, Any], data: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    unique = {name: [*one.outcomes, "not_covered"] for name, one in library.decisions.items()
              if one.hit_policy == "unique"}  # fmt: skip
    drawn = data.draw(conditions(NAMES, unique, 2))
    never = json.loads(json.dumps(drawn), parse_float=Decimal)
    law = Invariant.model_validate({"id": "law", "topic": "topic", "because": TEXT, "never": never})
    assume(law.decisions)
    looked, broken = False, False
    for program in programs(library, *law.decisions, watched=law.watched):
        joint = Joint(program, law.decisions)
        assume(joint.reading.possible.size <= MAX_CLASSES)
        assert law.never is not None
        if joint.reading.empty:
            continue
        found = joint.violations(law.never)
        broken |= bool(found.any()) and any(program.covered(name) for name in law.decisions)
        for cells in np.argwhere(joint.reading.possible):
            case = witness(program, joint.reading.axes, cells_of(joint.reading, cells))
            if case is not None:
                looked = True
                assert bool(found[tuple(cells)]) == violated(library, law, case), case
    assume(looked)
    library.authored.origins["invariants", "law"] = library.authored.origins["topics", "topic"]
    assert bool(list(broken_laws(library, [law]))) == broken
