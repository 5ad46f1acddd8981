"""The strategy is optimal: no way to ask costs less, by brute force over small lattices."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.bounds import indispensable, relaxed
from engine.analysis.policies import AsWritten, OneStep
from engine.lattice import Answer, Lattice, Told
from engine.strategy import Effort, Strategy

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

FACTS = ("a", "b", "c")
JOINT = (("a", "b"), ("b", "c"), ("a", "b", "c"))


@st.composite
def lattices(draw: DrawFn) -> Lattice:
    facts = FACTS[: draw(st.integers(1, 3))]
    dimensions = [Told(0, (fact,)) for fact in facts]
    for group in JOINT:
        if {*group} <= {*facts} and draw(st.booleans()) and len(dimensions) < len(facts) + 1:
            dimensions.append(Told(0, group))
    sizes = tuple(draw(st.integers(1 if len(one.facts) == 1 else 2, 3)) for one in dimensions)
    count = int(np.prod(sizes))
    answers = draw(st.integers(1, 3))
    drawn = draw(st.lists(st.integers(-1, answers - 1), min_size=count, max_size=count))
    weights = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    labels = np.array(drawn, dtype=np.int32).reshape(sizes)
    mass = np.array(weights, dtype=np.float64).reshape(sizes) * (labels >= 0)
    needs = tuple(
        Answer((label % 2, label), frozenset(draw(st.sets(st.sampled_from((*facts, "d"))))))
        for label in range(answers)
    )
    program: Any = None
    return Lattice(facts, tuple(dimensions), labels, mass / (mass.sum() or 1.0), needs, {}, program)


class BruteForce:
    """The meaning of the strategy: a recursion over what was asked and what it told."""

    def __init__(self, lattice: Lattice, effort: Effort) -> None:
        self.lattice, self.effort = lattice, effort
        self.classes = [one for one in product(*map(range, lattice.sizes))
                        if lattice.labels[one] >= 0]  # fmt: skip
        self.cost = cache(self._cost)

    def open(
        self, known: frozenset[tuple[str, int]], told: frozenset[tuple[int, int]]
    ) -> list[Any]:
        facts = dict(known)
        return [
            one for one in self.classes
            if all(one[number] == value for number, value in told)
            and all(one[self.lattice.facts.index(fact)] == value for fact, value in facts.items())
        ]  # fmt: skip

    def matters(self, fact: str, some: list[Any]) -> bool:
        hanging = {number for number, told in enumerate(self.lattice.dimensions)
                   if fact in told.facts}  # fmt: skip
        seen: dict[Any, int] = {}
        for one in some:
            rest = tuple(v for number, v in enumerate(one) if number not in hanging)
            label = int(self.lattice.labels[one])
            if seen.setdefault(rest, label) != label:
                return True
        number = self.lattice.facts.index(fact)
        for part in range(2):
            left = {one: self.lattice.answers[int(self.lattice.labels[one])].parts[part]
                    for one in some}  # fmt: skip
            by_value: dict[int, set[int]] = {}
            for one, answer in left.items():
                by_value.setdefault(one[number], set()).add(answer)
            if any(answers != {*left.values()} for answers in by_value.values()):
                return True
        return False

    def _cost(
        self, known: frozenset[tuple[str, int]], told: frozenset[tuple[int, int]],
        in_vain: frozenset[str],
    ) -> float:  # fmt: skip
        some = self.open(known, told)
        labels = {int(self.lattice.labels[one]) for one in some}
        if not some:
            return 0.0
        answered = {fact for fact, _ in known} | in_vain
        if len(labels) == 1:
            needs = self.lattice.answers[labels.pop()].needs - answered
            return sum(self.effort.cost[fact] for fact in needs)
        unasked = [fact for fact in self.lattice.facts if fact not in answered]
        worth = [fact for fact in unasked if self.matters(fact, some)]
        if not worth and not any(self.matters(fact, some) for fact in in_vain):
            worth = unasked
        return min((self.asking(fact, known, told, in_vain, some) for fact in worth), default=0.0)

    def asking(
        self, fact: str, known: frozenset[tuple[str, int]], told: frozenset[tuple[int, int]],
        in_vain: frozenset[str], some: list[Any],
    ) -> float:  # fmt: skip
        mass = {one: float(self.lattice.mass[one]) for one in some}
        number = self.lattice.facts.index(fact)
        then = {name for name, _ in known} | {fact}
        joint = list(enumerate(self.lattice.dimensions))[len(self.lattice.facts) :]
        new = [n for n, one in joint if fact in one.facts and {*one.facts} <= then]
        answers: dict[Any, float] = {}
        for one, weight in mass.items():
            key = one[number], tuple((n, one[n]) for n in new)
            answers[key] = answers.get(key, 0.0) + weight
        expected = sum(
            weight * self.cost(known | {(fact, value)}, told | {*more}, in_vain)
            for (value, more), weight in answers.items()
        ) / sum(mass.values())
        chance = self.effort.unknown[fact]
        lost = self.cost(known, told, in_vain | {fact})
        return self.effort.cost[fact] + (1 - chance) * expected + chance * lost


@settings(max_examples=150)
@given(lattices(), st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=4, max_size=4),
       st.sampled_from([0.0, 0.25]))  # fmt: skip
def test_no_way_to_ask_costs_less(lattice: Lattice, costs: list[float], chance: float) -> None:
    names = (*FACTS, "d")
    effort = Effort(dict(zip(names, costs, strict=True)), dict.fromkeys(names, chance))
    brute = BruteForce(lattice, effort)
    strategy = Strategy(lattice, effort)
    nothing: frozenset[Any] = frozenset()
    best = brute.cost(nothing, nothing, nothing)
    assert abs(strategy.questions - best) < 1e-9
    some = brute.open(nothing, nothing)
    if len({int(lattice.labels[one]) for one in some}) > 1:
        ranked = strategy.ranked([None] * len(lattice.sizes), nothing)
        for score, fact in ranked:
            assert abs(score - brute.asking(fact, nothing, nothing, nothing, some)) < 1e-9
        assert abs(ranked[0][0] - best) < 1e-9


@settings(max_examples=100)
@given(lattices(), st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=4, max_size=4),
       st.sampled_from([0.0, 0.25]), st.permutations(FACTS))  # fmt: skip
def test_no_bound_lies_above_the_optimum_and_no_order_below(
    lattice: Lattice, costs: list[float], chance: float, order: list[str]
) -> None:
    names = (*FACTS, "d")
    effort = Effort(dict(zip(names, costs, strict=True)), dict.fromkeys(names, chance))
    best = Strategy(lattice, effort).questions
    assert indispensable(lattice, effort) <= best + 1e-9
    assert relaxed(lattice, effort, lattice.states // 2) <= best + 1e-9
    assert relaxed(lattice, effort, 1) <= best + 1e-9
    assert Strategy(lattice, effort, OneStep(lattice)).questions >= best - 1e-9
    assert Strategy(lattice, effort, AsWritten(order)).questions >= best - 1e-9


def test_three_questions_worked_by_hand() -> None:
    labels = np.zeros((2, 2, 4), dtype=np.int32)
    labels[0, 1, :3] = labels[1, 0, :3] = 1
    labels[:, :, 3] = 2
    found = Lattice(
        FACTS, tuple(Told(0, (fact,)) for fact in FACTS), labels, np.full((2, 2, 4), 1 / 16),
        tuple(Answer((label,), frozenset()) for label in range(3)), {}, None,  # type: ignore[arg-type]  # no program is asked
    )  # fmt: skip
    effort = Effort(dict.fromkeys(FACTS, 1.0) | {"c": 3.0}, dict.fromkeys(FACTS, 0.0))
    # By hand: c is needed in every class (a quarter of the time it says 2 whatever a and b are),
    # so all orders ask it, and those who begin with it are spared a and b a quarter of the time.
    assert abs(Strategy(found, effort).questions - (3 + 0.75 * 2)) < 1e-9
    assert abs(Strategy(found, effort, AsWritten(FACTS)).questions - 5) < 1e-9
