"""Rules that never win, tie or dissent: which kind of dead they are, and where they match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.analysis.finding import Finding, shown_by, where
from engine.analysis.reach import Reach
from engine.analysis.selections import programs
from engine.condition import DecisionTest, leaves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.library import Library
    from engine.open_classes import Mask, OpenClasses
    from engine.program import Program
    from engine.ruleset import Rule


def classify(library: Library, rule: Rule, *, matched: bool) -> Finding:
    """The finding for a rule that is never heard; `matched`: whether it matches possible classes.

    `always_beaten`: it matches, but a rule that says the same always wins. `only_impossible`: it
    matches nowhere but in classes that constraints or upstream decisions rule out. `never_matches`:
    its condition contradicts itself.
    """
    impossible: Finding | None = None
    for program in programs(library, rule.decision):
        if rule.id not in {one.id for one in program.rules[rule.decision]}:
            continue
        reach = Reach(program, rule.decision)
        reading = reach.reading
        mask = reach.matching(rule.id)
        if matched and bool((mask & reading.possible).any()):
            return Finding(
                "always_beaten", rule.decision, (rule.id, *_winners(reach, rule)),
                witness=shown_by(reading, mask & reading.possible),
                **where(program, rule.decision),
            )  # fmt: skip
        if impossible is None and not matched:
            impossible = _impossible(reach, rule, mask)
    if impossible is not None:
        return impossible
    return Finding("never_matches", rule.decision, (rule.id,), place=rule.region)


def _winners(reach: Reach, rule: Rule) -> Sequence[str]:
    """The rules that win where a rule matches and is not heard."""
    table = reach.table
    for pattern, classes in zip(table.patterns, reach.patterns.tolist(), strict=True):
        if classes and rule.id in pattern:
            found = table.coded.adjudicator.resolve(pattern)
            return getattr(found, "rules", ())
    return ()


def _impossible(reach: Reach, rule: Rule, mask: Mask) -> Finding | None:
    """The finding for a rule that matches in impossible classes only; None if in none at all."""
    program, reading = reach.program, reach.reading
    found = where(program, rule.decision)
    if mask.any():
        return Finding(
            "only_impossible", rule.decision, (rule.id,),
            witness=shown_by(reading, np.array(mask), possible=False),
            constraints=tuple(_ruling_out(program, reading, mask)), **found,
        )  # fmt: skip
    own = np.array([rule.id in one for one in reach.table.patterns], dtype=bool)
    given = {name for name in program.order
             for state in program.compiled[name].states for name in state.outcomes}  # fmt: skip
    tests = [leaf for _, leaf in leaves(rule.when) if isinstance(leaf, DecisionTest)]
    never = [one for one in tests if not given & {*one.outcomes}]
    if own.any() or never:
        return Finding("only_impossible", rule.decision, (rule.id,), **found)
    return None


def _ruling_out(program: Program, reading: OpenClasses, mask: Mask) -> list[str]:
    """The constraints that rule out some of the classes marked."""
    found = []
    for limit in program.limits:
        mine = [axis for axis in limit.axes if axis in reading.axes]
        kept = tuple(at for at, axis in enumerate(reading.axes) if axis not in mine)
        near = np.asarray(mask.any(axis=kept))
        if len(mine) < len(limit.axes):
            continue
        order = [sorted(mine, key=reading.axes.index).index(axis) for axis in limit.axes]
        cells = np.ix_(*(reading.open[axis] for axis in limit.axes))
        if bool((near.transpose(order) & limit.never[cells]).any()):
            found.append(limit.id)
    return found
