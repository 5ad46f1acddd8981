"""Lower bounds of the questions any strategy asks, where the optimum itself is out of reach."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from engine.lattice import Lattice
from engine.strategy import Effort, Strategy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FAR = np.iinfo(np.int32).max


def indispensable(lattice: Lattice, effort: Effort, facts: Iterable[str] | None = None) -> float:
    """The expected cost of the facts (of `facts`) that each class cannot be told without.

    A fact is indispensable in a class when another value of it alone gives another answer: as long
    as it has not been asked for the answer is open and it can matter, so no strategy may stop.
    """
    total = 0.0
    for name in lattice.facts if facts is None else facts:
        mine = sensitive(lattice, lattice.facts.index(name))
        total += effort.cost[name] * float(lattice.mass[mine].sum())
    return total


def sensitive(lattice: Lattice, fact: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """The classes in which another value of a fact alone gives another answer."""
    hanging = (fact, *(number for number, facts in lattice.joint() if fact in facts))
    labels = lattice.labels
    low = np.where(labels >= 0, labels, _FAR).min(axis=hanging, keepdims=True)
    high = labels.max(axis=hanging, keepdims=True)
    return np.broadcast_to(high > low, labels.shape) & (labels >= 0)


def relaxed(lattice: Lattice, effort: Effort, most: int) -> float:
    """The optimum of a person who knows some facts from the start, and these where indispensable.

    Whatever a strategy does without knowing them can be done by one that does, so it spends no
    less on the others; what values need is left out, for it is not asked where another fact is not
    known. Facts are given away, those with the most values first, until the rest has at most `most`
    partial states.
    """
    given: list[int] = []
    order = sorted(range(len(lattice.facts)), key=lambda fact: -lattice.sizes[fact])
    while _states(lattice, given) > most and order:
        given.append(order.pop(0))
    total = indispensable(lattice, effort, [lattice.facts[fact] for fact in given])
    told = [number for number, facts in lattice.joint() if {*facts} <= {*given}]
    for values in product(*(range(lattice.sizes[number]) for number in (*given, *told))):
        chosen = dict(zip((*given, *told), values, strict=True))
        part = _part(lattice, chosen)
        share = float(part.mass.sum())
        if share > 0:
            total += share * Strategy(part, effort).questions
    return total


def _states(lattice: Lattice, given: list[int]) -> int:
    count = 1
    for number, size in enumerate(lattice.sizes):
        if number not in given:
            count *= size + (2 if number < len(lattice.facts) else 1)
    return count


def _part(lattice: Lattice, chosen: Mapping[int, int]) -> Lattice:
    """The lattice of those who have the values chosen of some facts."""
    index = tuple(chosen.get(number, slice(None)) for number in range(len(lattice.sizes)))
    kept = [number for number in range(len(lattice.sizes)) if number not in chosen]
    known = {fact for number in chosen for fact in lattice.dimensions[number].facts}
    dimensions = tuple(
        told._replace(facts=tuple(fact for fact in told.facts if fact not in known))
        for told in (lattice.dimensions[number] for number in kept)
    )
    facts = tuple(fact for fact in lattice.facts if fact not in known)
    return Lattice(
        facts, dimensions, lattice.labels[index], lattice.mass[index],
        tuple(replace(one, needs=frozenset()) for one in lattice.answers), {},
        lattice.program,
    )  # fmt: skip
