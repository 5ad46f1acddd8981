"""How many questions an interview asks, against the optimum, other orders and what none saves."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from engine.analysis.bounds import indispensable, relaxed, sensitive
from engine.analysis.families import families
from engine.analysis.policies import AsWritten, OneStep
from engine.case import read_case
from engine.interview import Interview
from engine.lattice import TooManyStatesError, as_written, lattice
from engine.plan import Plan
from engine.strategy import Strategy
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.case import Case
    from engine.checker import Checker
    from engine.lattice import Lattice
    from engine.plan import Group
    from engine.program import Selection

_SEED = 0


@dataclass(frozen=True)
class Looking:
    """How far to look: partial states up to which an optimum is proved, families to ask."""

    states: int = 4_000_000
    families: int = 100


@dataclass(frozen=True)
class GroupFigures:
    """Decisions settled together: the expected cost of asking, from the place and dates on.

    `optimum` is proved, None where the partial states are too many; `bound` is what every strategy
    costs at least, the optimum itself where that is known. The others are None where it is not.
    """

    decisions: tuple[str, ...]
    facts: int = 0
    classes: int = 0
    """Those told apart by some answer; none where even they are too many to be looked at."""
    states: int = 0
    exact: bool = False
    """Whether the interview asks by the optimum from the first of these questions on."""
    optimum: float | None = None
    bound: float | None = None
    one_step: float | None = None
    as_written: float | None = None
    first: str | None = None
    walks: WalkFigures | None = None
    """Families asked about these decisions alone, where the optimum is not known."""


@dataclass(frozen=True)
class WalkFigures:
    """Questions asked of families drawn by likelihood: the mean, and how sure it is."""

    families: int
    tongbao: float
    one_step: float
    as_written: float
    indispensable: float
    error: float
    """The standard error of `tongbao`."""


@dataclass(frozen=True)
class QuestionFigures:
    """The figures of a topic in one place on one day."""

    topic: str
    place: str
    groups: tuple[GroupFigures, ...]
    walks: WalkFigures | None
    uncovered: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    """Decisions of which it is open which rules hold, even with the dates asked for."""


def question_figures(
    checker: Checker, topic: str, place: str, as_of: date, looking: Looking
) -> QuestionFigures:
    """Measure the questions of a topic in a place, for a visit on the day counted from."""
    return _Measuring(checker, topic, place, as_of, looking).figures()


class _Measuring:
    def __init__(
        self, checker: Checker, topic: str, place: str, as_of: date, looking: Looking
    ) -> None:
        self.checker, self.library, self.looking = checker, checker.library, looking
        self.topic, self.place, self.as_of = topic, place, as_of
        self.decisions = list(self.library.topics[topic].decisions)
        self.chain = list(dict.fromkeys(
            one for name in self.decisions for one in self.library.upstream(name)
        ))  # fmt: skip
        self.start = self._start()
        self.chosen: dict[str, Selection] = {}
        self.uncovered: list[str] = []
        self.undated: list[str] = []
        for name in self.decisions:
            selections = checker.selections(name, self.start)
            if len(selections) > 1:
                self.undated.append(name)
            elif checker.program(name, selections[0]).covered(name):
                self.chosen[name] = selections[0]
            else:
                self.uncovered.append(name)
        self.plan = Plan(self.library, self.chosen, checker.program, self.start)
        self.order = as_written(self.library, self.decisions)

    def figures(self) -> QuestionFigures:
        """The figures of each group, and of families asked about the whole topic."""
        groups = tuple(self._group(one) for one in self.plan.groups)
        walked = self._walked(self.plan.groups) if self.chosen else None
        return QuestionFigures(
            self.topic, self.place, groups, walked, tuple(self.uncovered), tuple(self.undated)
        )

    def _start(self) -> Case:
        """The place and, for the dates that select rules, the day counted from."""
        decisions = [self.library.decisions[name] for name in self.chain]
        given: dict[str, object] = {one.region: self.place for one in decisions}
        for one in decisions:
            if one.date != AS_OF:
                given[one.date] = self.as_of.isoformat()
        return read_case(given, self.library, self.as_of)

    def _group(self, group: Group) -> GroupFigures:
        program = self.plan.joint_program(group.decisions)
        try:
            found = group.lattice or lattice(program, group.decisions, self.start)
        except TooManyStatesError:
            return GroupFigures(group.decisions)
        effort = self.plan.effort
        optimum = one_step = written = None
        first = None
        if found.states <= self.looking.states:
            best = group.strategy or Strategy(found, effort)
            optimum = best.questions
            ranked = best.ranked([None] * len(found.sizes), frozenset())
            first = ranked[0][1] if ranked else None
            one_step = Strategy(found, effort, OneStep(found)).questions
            written = Strategy(found, effort, AsWritten(self.order)).questions
            bound = optimum
            walked = None
        else:
            few = self.looking.states // 4
            bound = max(indispensable(found, effort), relaxed(found, effort, few))
            walked = self._walked([group])
        return GroupFigures(
            group.decisions, len(found.facts), int((found.labels >= 0).sum()), found.states,
            group.strategy is not None, optimum, bound, one_step, written, first, walked,
        )  # fmt: skip

    # -- walks -----------------------------------------------------------------------------------

    def _walked(self, groups: Sequence[Group]) -> WalkFigures | None:
        """What families are asked about some of the decisions; None where none can be drawn."""
        chance = Random(_SEED)  # noqa: S311 - a sample, the same in every run
        names = tuple(name for group in groups for name in group.decisions)
        program = self.plan.joint_program(names)
        needed = [self._needed(group) for group in groups]
        plans: dict[object, Plan] = {}
        kinds = (Interview, _OneStep, _AsWritten)
        asked: dict[type[Interview], list[float]] = {kind: [] for kind in kinds}
        least = []
        drawing = families(program, names, self.start, chance)
        for _, facts in zip(range(self.looking.families), drawing, strict=False):
            known = {**self.start.given, **facts}
            lost = {fact for fact in known if fact not in self.start.given
                    and chance.random() < self.plan.effort.unknown.get(fact, 0.0)}  # fmt: skip
            answers = {fact: None if fact in lost else value for fact, value in known.items()}
            for kind in kinds:
                interview = kind(self.checker, [self.topic], self.as_of, names, plans)
                asked[kind].append(self._walk(interview, answers))
            case = read_case(known, self.library, self.as_of)
            least.append(sum(self.plan.effort.cost[fact]
                             for fact in set().union(*(one(case) for one in needed))))  # fmt: skip
        if not least:
            return None
        ours = asked[Interview]
        error = stdev(ours) / sqrt(len(ours)) if len(ours) > 1 else 0.0
        tongbao, one_step, written = (fmean(asked[kind]) for kind in kinds)
        return WalkFigures(len(ours), tongbao, one_step, written, fmean(least), error)

    def _walk(self, interview: Interview, answers: Mapping[str, object]) -> float:
        """What is asked after the place and dates; what no axis holds is not known."""
        for fact, value in self.start.given.items():
            interview.answer(fact, value)
        cost = 0.0
        while question := interview.question():
            cost += self.plan.effort.cost[question.fact.id]
            interview.answer(question.fact.id, answers.get(question.fact.id))
        return cost

    def _needed(self, group: Group) -> _Needed:
        program = self.plan.joint_program(group.decisions)
        return _Needed(group.lattice or lattice(program, group.decisions, self.start))


class _Needed:
    """The facts indispensable to a family for one group of decisions."""

    def __init__(self, found: Lattice) -> None:
        self.lattice = found
        self.sensitive = {fact: sensitive(found, number)
                          for number, fact in enumerate(found.facts)}  # fmt: skip

    def __call__(self, case: Case) -> set[str]:
        place = self.lattice.place(case)
        if any(value is None for value in place):
            return set()
        index = tuple(int(value) for value in place if value is not None)
        label = int(self.lattice.labels[index])
        needs = self.lattice.answers[label].needs if label >= 0 else frozenset()
        return {fact for fact, mask in self.sensitive.items() if mask[index]} | {*needs}


class _OneStep(Interview):
    """Decision by decision the answer that tells most, one step ahead."""

    def _by_plan(self, _wanted: Mapping[str, list[str]]) -> str | None:
        return None


class _AsWritten(Interview):
    """The facts in the order in which the decisions list them."""

    def _by_plan(self, wanted: Mapping[str, list[str]]) -> str | None:
        order = as_written(self.checker.library, self.decisions)
        return min(wanted, key=lambda fact: order.index(fact) if fact in order else len(order))
