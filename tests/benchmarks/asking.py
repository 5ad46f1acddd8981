"""Measures the interview: plans made, questions chosen, answers taken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from random import Random
from statistics import median

from engine.analysis.families import families
from engine.case import read_case
from engine.checker import Checker
from engine.interview import Interview
from engine.library import Library
from engine.plan import Plan
from engine.vocabulary import AS_OF
from tests.benchmarks.row import Row

DAY = date(2026, 3, 1)
PLACE = "440300"
FAMILIES = 20


def rows(library: Library) -> Iterator[Row]:
    """For each heart topic: its plan, then families asked with it."""
    for topic in list(library.topics)[:3]:
        checker = Checker(library, compare=False)
        yield from asked(checker, topic)
        checker.close()


def asked(checker: Checker, topic: str) -> Iterator[Row]:
    given, plan, seconds = _planned(checker, topic)
    yield Row(f"{topic}: plan of the questions", 1, "plan", seconds)
    names = tuple(plan.selections)
    drawn = families(plan.joint_program(names), names, plan.start, Random(0))
    plans: dict[object, Plan] = {}
    choosing: list[float] = []
    taking: list[float] = []
    for number, (_, facts) in enumerate(zip(range(FAMILIES + 1), drawn, strict=False)):
        interview = Interview(checker, [topic], DAY, names, plans)
        for fact, value in given.items():
            interview.answer(fact, value)
        interview.contradiction()
        while True:
            start = time.perf_counter()
            question = interview.question()
            chosen = time.perf_counter()
            if question is None:
                break
            interview.answer(question.fact.id, facts.get(question.fact.id))
            interview.contradiction()
            if number:  # the first family waits for what is made once
                choosing.append(chosen - start)
                taking.append(time.perf_counter() - chosen)
    yield Row(f"{topic}: questions chosen, median", 1, "question", median(choosing))
    yield Row(f"{topic}: answers taken and decided, median", 1, "answer", median(taking))


def _planned(checker: Checker, topic: str) -> tuple[dict[str, object], Plan, float]:
    library = checker.library
    decisions = library.topics[topic].decisions
    chain = [library.decisions[one] for name in decisions for one in library.upstream(name)]
    given: dict[str, object] = {one.region: PLACE for one in chain}
    given |= {one.date: DAY.isoformat() for one in chain if one.date != AS_OF}
    start = read_case(given, library, DAY)
    chosen = {name: checker.selections(name, start)[0] for name in decisions}
    for name, selection in chosen.items():
        checker.program(name, selection)
    begun = time.perf_counter()
    plan = Plan(library, chosen, checker.program, start)
    return given, plan, time.perf_counter() - begun
