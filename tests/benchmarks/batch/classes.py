"""The rules of the peers: the compiled classes of tongbao's own rules, as one tree a decision.

Each decision is asked of the library once for every combination of the cells of its facts, "not
known" being a cell too. A tree that asks for the most telling fact first says the same with few
tests; its leaves are the rules of a decision table. Every peer is made from the same trees.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from engine.calendar import latest_start
from engine.case import read_case
from engine.checker import Checker
from engine.coding import Gap, Raw, Subject, facts_of
from engine.errors import CaseError
from engine.program import Program
from engine.vocabulary import AS_OF
from tests.benchmarks.batch import spec
from tests.benchmarks.batch.tables import Axis, Tree

_NEVER = 0
Codes = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Asked:
    """Asks the library for its answers, and says which facts and cuts its programs know."""

    def __init__(self, day: str) -> None:
        self.checker = Checker.load(compare=False)
        self.library = self.checker.library
        self.day = date.fromisoformat(day)

    def answer(self, decision: str, facts: Mapping[str, Any]) -> str | None:
        """What a result says in one word; None where the facts contradict each other."""
        given = {name: value for name, value in facts.items() if value is not None}
        case = read_case(given, self.library, self.day)
        if self.checker.lacking_places(decision, case):
            return spec.UNDECIDED
        try:
            readings = self.checker.readings(decision, case)
        except CaseError:
            return None
        found = {(one.verdict, one.outcome) for reading in readings for one in reading.found()}
        if len(found) == 1:
            verdict, outcome = found.pop()
            return outcome or verdict
        verdicts = {verdict for verdict, _ in found}
        return verdicts.pop() if len(verdicts) == 1 else spec.UNDECIDED

    def programs(self, decision: str, place: str) -> list[Program]:
        """Every program a case of one place may fall in."""
        region = self.library.decisions[decision].region
        case = read_case({region: place}, self.library, self.day)
        selections = self.checker.selections(decision, case)
        return [self.checker.program(decision, one) for one in selections]

    def facts(self, decision: str, place: str) -> set[str]:
        """The facts of a case that can change the answer in one place."""
        known: set[str] = set()
        for program in self.programs(decision, place):
            tied = [axis for group in program.tied(decision) for axis in group]
            for axis in (*program.deciding(decision), *tied):
                known |= {fact for subject in program.axes[axis].subjects
                          for fact in spec.FACTS if _of(subject, fact)}  # fmt: skip
            known |= {fact for fact, _ in program.selection.periods if fact != AS_OF}
            known |= {fact for fact in spec.FACTS if _tied(program, fact)}
        return known

    def starts(self, decision: str, places: Sequence[str], fact: str) -> set[int]:
        """The codes of a numeric fact from which on its tests may say something else."""
        found: set[int] = set()
        tied: set[str] = set()
        for program in (one for place in places for one in self.programs(decision, place)):
            found |= {first for name, (first, _) in program.selection.periods if name == fact}
            for axis in program.axes:
                for subject, cuts in getattr(axis, "cuts", {}).items():
                    if _of(subject, fact):
                        gap = isinstance(subject, Gap)
                        found |= {self._last(cut, subject) + 1 for cut in cuts} if gap else {*cuts}
            tied |= _tied(program, fact)
            found |= {first for name, (first, _) in program.selection.periods if name in tied}
        groups = self.library.places.groups.values()
        if "visit_date" in {fact, *tied}:
            found |= {one.in_force.days(0, 0)[0] for one in groups} - {0}
        return found

    def _last(self, cut: int, gap: Gap) -> int:
        return latest_start(self.day.toordinal(), cut, gap.unit, gap.short_month)


def _of(subject: Subject, fact: str) -> bool:
    """Whether a subject is a fact by itself, or its distance to the day counted from."""
    return subject == Raw(fact) or (isinstance(subject, Gap) and facts_of(subject) == (fact, AS_OF))


def _tied(program: Program, fact: str) -> set[str]:
    """The dates that select rules and cannot be just any where `fact` is known."""
    dates = {name for name, _ in program.selection.periods} - {AS_OF}
    gaps = [{*facts_of(subject)} for axis in program.axes for subject in axis.subjects
            if isinstance(subject, Gap)]  # fmt: skip
    return {name for gap in gaps if fact in gap for name in (gap & dates) - {fact}}


def place_fact(decision: str) -> str:
    """The fact that selects a decision's rules."""
    return "payer_region" if decision == "available" else "region"


def places_of(decision: str) -> tuple[str, ...]:
    """The places that select a decision's rules here."""
    return tuple(spec.PAYER_REGIONS if decision == "available" else spec.REGIONS)


def other_place(decision: str) -> tuple[str, str, Mapping[str, int]] | None:
    """For a decision that looks at two places: the relation, the other fact, its places."""
    return {
        "available": ("payer_place", "region", spec.REGIONS),
        "filing_required": ("care_relation", "care_region", spec.CARE_REGIONS),
    }.get(decision)


def axes(asked: Asked, decision: str, places: Sequence[str]) -> dict[str, Axis]:
    """The axes of a decision over all its places."""
    used = set().union(*(asked.facts(decision, place) for place in places))
    made = []
    for fact in spec.FACTS:
        definition = asked.library.vocabulary.facts[fact]
        if fact not in used or definition.type == "place":
            continue
        if definition.type == "bool":
            made.append(Axis(fact, (True, False)))
        elif definition.type == "enum":
            made.append(Axis(fact, tuple(definition.codes)))
        else:
            low, _ = definition.bounds()
            # Cut alike for every decision, so that a peer codes a fact once.
            cuts = (asked.starts(one, places_of(one), fact) for one in spec.DECISIONS)
            starts = sorted({low}.union(*cuts))
            dated = definition.type == "date"
            values = [date.fromordinal(one).isoformat() if dated else one for one in starts]
            made.append(Axis(fact, tuple(values), ranges=True))
    return {axis.name: axis for axis in made}


def tree(asked: Asked, decision: str) -> tuple[dict[str, Axis], Tree]:
    """The axes of a decision and its tree, which asks for the place first."""
    fact = place_fact(decision)
    places = places_of(decision)
    known = axes(asked, decision, places)
    other = other_place(decision)
    if other:
        known[other[0]] = Axis(other[0], spec.RELATIONS)
    known[fact] = Axis(fact, places)
    branches: list[list[Any]] = []
    for cell, place in enumerate(places):
        facts = {*asked.facts(decision, place), *(other or ())[:1]}
        mine = [one for name, one in known.items() if name in facts]
        _join(branches, cell, _tree_of(asked, decision, place, mine))
    _join(branches, len(places), spec.UNDECIDED)
    return known, [fact, branches]


def _tree_of(asked: Asked, decision: str, place: str, mine: Sequence[Axis]) -> Tree:
    words: list[str | None] = [None]
    other = other_place(decision)
    shape = tuple(axis.size for axis in mine)
    table = np.zeros(shape, dtype=np.int64)
    for cells in product(*(range(size) for size in shape)):
        facts = {axis.name: axis.raw(cell) for axis, cell in zip(mine, cells, strict=True)}
        facts[place_fact(decision)] = place
        if other:
            lying = facts.pop(other[0])
            near = [one for one in other[2] if spec.lies(place, one) == lying]
            if lying is not None and not near:
                continue
            facts[other[1]] = near[0] if lying is not None else None
        word = asked.answer(decision, facts)
        if word not in words:
            words.append(word)
        table[cells] = words.index(word)
    return _split(table, list(mine), words)


def _split(table: Codes, mine: list[Axis], words: list[str | None]) -> Tree:
    met = np.unique(table[table != _NEVER])
    if len(met) <= 1:
        return words[int(met[0])] if len(met) else None
    best = min(range(len(mine)), key=lambda one: (_left(table, one), one))
    branches: list[list[Any]] = []
    rest = mine[:best] + mine[best + 1 :]
    for cell in range(mine[best].size):
        _join(branches, cell, _split(np.take(table, cell, axis=best), rest, words))
    merged = _merged(branches)
    return merged[0][1] if len(merged) == 1 else [mine[best].name, merged]


def _join(branches: list[list[Any]], cell: int, below: Tree) -> None:
    for branch in branches:
        if branch[1] == below:
            branch[0].append(cell)
            return
    branches.append([[cell], below])


def _merged(branches: list[list[Any]]) -> list[list[Any]]:
    """The branches, what no case comes to being put with the first of the others."""
    real = [one for one in branches if one[1] is not None]
    for nothing in (one for one in branches if one[1] is None):
        real[0][0] = sorted(real[0][0] + nothing[0])
    return real


def _left(table: Codes, which: int) -> int:
    """How many answers are left to tell apart after an axis is asked; all where it tells nothing.

    Cells that lead to the same are asked as one.
    """
    slices = np.unique(np.moveaxis(table, which, 0).reshape(table.shape[which], -1), axis=0)
    if len(slices) == 1:
        return table.size
    return sum(len({*one.tolist()} - {_NEVER}) for one in slices)


def write(file: Path, day: str) -> None:
    """Write axes and trees of every decision as JSON, for the peers to read."""
    asked = Asked(day)
    out = {}
    for decision in spec.DECISIONS:
        known, root = tree(asked, decision)
        out[decision] = {
            "axes": {one.name: {"values": one.values, "ranges": one.ranges}
                     for one in known.values()},
            "tree": root,
        }  # fmt: skip
    asked.checker.close()
    file.write_text(json.dumps(out), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--day", default=spec.DAY)
    arguments = parser.parse_args()
    write(arguments.output, arguments.day)


if __name__ == "__main__":
    main()
