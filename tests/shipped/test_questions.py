"""The interview asks by the proved optimum, and stops just where the proof says so."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from engine.analysis.families import families
from engine.analysis.questions import Looking, question_figures
from engine.case import read_case
from engine.interview import Interview
from engine.lattice import Lattice, as_written
from engine.plan import Plan
from engine.program import Selection
from engine.vocabulary import AS_OF
from tests.support import loaded

DAY = date(2026, 3, 1)
CHECKER = loaded.checker(compare=False)
LIBRARY = CHECKER.library
PLACES = ("440300", "120000", "350200")
FAMILIES = 8


def planned(topic: str, place: str) -> tuple[Plan, dict[str, object]]:
    decisions = LIBRARY.topics[topic].decisions
    given: dict[str, object] = {}
    for name in dict.fromkeys(one for each in decisions for one in LIBRARY.upstream(each)):
        given[LIBRARY.decisions[name].region] = place
        if LIBRARY.decisions[name].date != AS_OF:
            given[LIBRARY.decisions[name].date] = DAY.isoformat()
    start = read_case(given, LIBRARY, DAY)
    chosen: dict[str, Selection] = {}
    for name in decisions:
        selections = CHECKER.selections(name, start)
        if len(selections) == 1 and CHECKER.program(name, selections[0]).covered(name):
            chosen[name] = selections[0]
    return Plan(LIBRARY, chosen, CHECKER.program, start), given


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("topic", LIBRARY.topics)
def test_the_interview_asks_as_the_strategy_says_and_no_more(topic: str, place: str) -> None:
    plan, given = planned(topic, place)
    chance = Random(3)
    plans: dict[object, Plan] = {}
    for group in plan.groups:
        if group.lattice is None or group.strategy is None:
            continue
        program = plan.joint_program(group.decisions)
        drawn = families(program, group.decisions, plan.start, chance)
        for _, facts in zip(range(FAMILIES), drawn, strict=False):
            lost = {fact for fact in facts if fact not in given and chance.random() < 0.15}
            interview = Interview(CHECKER, [topic], DAY, group.decisions, plans)
            for fact, value in given.items():
                interview.answer(fact, value)
            whole = group.lattice.place(read_case({**given, **facts}, LIBRARY, DAY))
            walked(interview, group.lattice, whole, facts, lost, group.strategy.ranked)


def walked(  # noqa: PLR0913, PLR0917 - a family and what it is asked by
    interview: Interview, lattice: Lattice, whole: tuple[int | None, ...],
    facts: dict[str, object], lost: set[str], ranked: object,
) -> None:  # fmt: skip
    """Ask until nothing is left; after the strategy's last question only what values need."""
    assert None not in whole
    while question := interview.question():
        fact = question.fact.id
        known = {name for name, value in interview.answers.items() if value is not None}
        at = [value if {*told.facts} <= known else None
              for told, value in zip(lattice.dimensions, whole, strict=True)]  # fmt: skip
        best = ranked(at, frozenset(interview.answers))  # type: ignore[operator]  # of a strategy
        if best:
            costs = {name: cost for cost, name in best}
            assert costs[fact] <= best[0][0] + 1e-9
        else:
            label = int(lattice.labels[tuple(int(one or 0) for one in whole)])
            assert fact in lattice.answers[label].needs
        interview.answer(fact, None if fact in lost else facts.get(fact))


@pytest.mark.parametrize("topic", ["on_behalf", "benefit_scope"])
def test_the_figures_agree_with_each_other(topic: str) -> None:
    found = question_figures(CHECKER, topic, "440300", DAY, Looking(families=5))
    (group,) = found.groups
    assert group.exact
    assert group.bound == group.optimum
    assert group.optimum is not None
    for other in (group.one_step, group.as_written):
        assert other is not None
        assert other >= group.optimum - 1e-9
    assert found.walks is not None
    assert found.walks.families == 5
    assert found.walks.indispensable <= found.walks.tongbao


def test_what_is_too_large_to_prove_has_a_bound_and_a_gap() -> None:
    found = question_figures(CHECKER, "on_behalf", "440300", DAY, Looking(states=10, families=3))
    (group,) = found.groups
    assert group.optimum is None
    assert group.bound is not None
    assert group.walks is not None
    proved = question_figures(CHECKER, "on_behalf", "440300", DAY, Looking(families=0))
    assert proved.groups[0].optimum is not None
    assert group.bound <= proved.groups[0].optimum
    assert proved.walks is None


def test_the_order_as_written_holds_every_input() -> None:
    order = as_written(LIBRARY, LIBRARY.topics["filing"].decisions)
    assert len(order) == len({*order})
    assert order[0] in LIBRARY.vocabulary.raw_facts(LIBRARY.decisions["filing_required"].inputs[0])
