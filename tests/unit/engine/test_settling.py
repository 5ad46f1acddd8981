"""What would settle an answer: against plain counting, class by class."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from datetime import date
from itertools import product
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adjudication import Resolution
from engine.axis import NumberAxis
from engine.case import read_case
from engine.checker import Checker
from engine.coding import facts_of
from engine.errors import CaseError
from engine.settling import Settling
from tests.support.one_decision import checker, rule
from tests.support.random_cases import drawn, left_open, written
from tests.support.random_rulesets import load, rulesets

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from engine.open_classes import OpenClasses

DAY = date(2026, 3, 1)
Class = tuple[int, ...]


def labelled(
    reading: OpenClasses, aspect: Callable[[Resolution], Hashable]
) -> dict[Class, Hashable]:
    """For each class that is possible what it shows."""
    table = reading.program.compiled[reading.decision].table
    codes = np.broadcast_to(reading.codes[reading.decision], reading.shape)
    found = {cells: table.found[int(codes[cells])] for cells in np.ndindex(*reading.shape)
             if reading.possible[cells]}  # fmt: skip
    return {cells: aspect(one) if isinstance(one, Resolution) else None
            for cells, one in found.items()}  # fmt: skip


def unknown(reading: OpenClasses) -> list[tuple[int, str]]:
    used = {fact for subject in reading.program.subjects_of(reading.decision)
            for fact in facts_of(subject)}  # fmt: skip
    return [(position, fact) for position, axis in enumerate(reading.axes)
            if len(reading.cells[position]) > 1 for fact in reading.program.axes[axis].facts
            if fact in used and not reading.case.pinned(fact)]  # fmt: skip


def told(reading: OpenClasses, position: int, fact: str, cell: int) -> tuple[Any, Any]:
    """Of a cell of an axis: what does not hang on a fact, and what does."""
    axis = reading.program.axes[reading.axes[position]]
    number = int(reading.cells[position][cell])
    if not isinstance(axis, NumberAxis):
        return (), number
    sides = zip(axis.subjects, axis.cells[number], strict=True)
    parts: tuple[list[int], list[int]] = [], []
    for subject, side in sides:
        parts[fact in facts_of(subject)].append(side)
    return tuple(parts[0]), tuple(parts[1])


def entropy(labels: list[Hashable]) -> float:
    shares = [count / len(labels) for count in Counter(labels).values()]
    return -sum(share * log2(share) for share in shares)


def gain(reading: OpenClasses, labels: dict[Class, Hashable], position: int, fact: str) -> float:
    """The bits a fact tells of what is shown, where every class is as likely as another."""
    groups: dict[Any, list[Hashable]] = {}
    for cells, label in labels.items():
        groups.setdefault(told(reading, position, fact, cells[position])[1], []).append(label)
    left = sum(len(some) / len(labels) * entropy(some) for some in groups.values())
    return entropy([*labels.values()]) - left


def excludes(reading: OpenClasses, labels: dict[Class, Hashable], position: int, fact: str) -> bool:
    groups: dict[Any, set[Hashable]] = {}
    for cells, label in labels.items():
        groups.setdefault(told(reading, position, fact, cells[position])[1], set()).add(label)
    return any(some != {*labels.values()} for some in groups.values())


def varies(reading: OpenClasses, labels: dict[Class, Hashable], position: int, fact: str) -> bool:
    lines: dict[Any, set[Hashable]] = {}
    for cells, label in labels.items():
        rest = told(reading, position, fact, cells[position])[0]
        lines.setdefault((cells[:position], cells[position + 1 :], rest), set()).add(label)
    return any(len(some) > 1 for some in lines.values())


def tied(reading: OpenClasses, position: int) -> bool:
    axis = reading.axes[position]
    return any(axis in limit.axes and any(
        other != axis and len(reading.open.get(other, ())) > 1 for other in limit.axes)
        for limit in reading.program.limits)  # fmt: skip


def compare(reading: OpenClasses, aspect: Callable[[Resolution], Hashable]) -> None:
    labels, found = labelled(reading, aspect), Settling(reading, aspect)
    open_ = unknown(reading)
    if len({*labels.values()}) == 1:
        assert found.settled()
        assert (found.matters(), found.could_matter()) == ({}, set())
        return
    assert not found.settled()
    matters = {fact: gain(reading, labels, position, fact) for position, fact in open_
               if excludes(reading, labels, position, fact)
               or varies(reading, labels, position, fact)}  # fmt: skip
    expected = matters or dict.fromkeys((fact for _, fact in open_), 0.0)
    assert found.matters() == pytest.approx(expected, abs=1e-9)
    assert [*found.matters()] == [*expected]
    assert found.could_matter() == {
        fact for position, fact in open_
        if tied(reading, position) or varies(reading, labels, position, fact)
    }  # fmt: skip


@given(rulesets(decisions=2), st.integers(0, 1 << 30))
@settings(max_examples=25)
def test_what_would_settle_an_answer_is_what_counting_says(
    files: dict[str, Any], seed: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one = Checker(load(files, Path(folder)), compare=False)
    pick = random.Random(seed)
    for _ in range(3):
        facts = drawn(pick)
        open_ = left_open(facts, pick)
        for decision in one.library.decisions:
            try:
                case = read_case(written(facts, open_), one.library, DAY)
                readings = one.readings(decision, case)
            except CaseError:
                continue
            for reading in readings:
                if np.prod(reading.shape) <= 3_000:
                    compare(reading, lambda found: (found.outcome, found.sides))
                    compare(reading, lambda found: found)


def settle(one: Checker, **facts: Any) -> Settling:
    (reading,) = one.readings("asked", read_case({"region": "440300", **facts}, one.library, DAY))
    return Settling(reading, lambda found: found.outcome)


def test_facts_that_tell_only_together_are_all_worth_asking(tmp_path: Path) -> None:
    flag, three = {"fact": "flag", "equals": True}, {"fact": "count", "gte": 2}
    both = {"any": [{"all": [flag, three]}, {"not": {"any": [flag, three]}}]}
    one = checker(tmp_path, [rule("yes", both, "a"), rule("no", {"not": both}, "b")])
    found = settle(one)
    assert found.matters() == {"flag": 0.0, "count": 0.0}
    assert found.could_matter() == {"flag", "count"}
    assert settle(one, flag=True).matters() == {"count": 1.0}
    assert settle(one, flag=True, count=1).matters() == {}


def test_a_constraint_lets_a_fact_matter_that_no_answer_hangs_on(tmp_path: Path) -> None:
    flag, kind = {"fact": "flag", "equals": True}, {"fact": "kind", "equals": "a"}
    seen = {"any": [kind, {"not": kind}]}
    never = {"all": [{"not": flag}, kind]}
    rules = [rule("yes", {"all": [flag, seen]}, "a"), rule("no", {"not": flag}, "b")]
    one = checker(tmp_path, rules, never=never)
    found = settle(one)
    # Of a kind a the flag is true: knowing the kind excludes an answer.
    assert [*found.matters()] == ["flag", "kind"]
    assert found.could_matter() == {"flag", "kind"}
    assert settle(one, kind="b").could_matter() == {"flag"}


def test_of_a_count_between_two_dates_either_end_may_tell(tmp_path: Path) -> None:
    old = {"fact": "age", "gte": 14}
    one = checker(tmp_path, [rule("old", old, "a"), rule("young", {"not": old}, "b")])
    assert [*settle(one).matters()] == ["birth", "visit"]
    assert [*settle(one, birth="2012-03-02").matters()] == ["visit"]


OLD, LATE = {"fact": "age", "gte": 14}, {"fact": "visit", "gte": "2026-02-26"}
FLAG, TWO = {"fact": "flag", "equals": True}, {"fact": "count", "gte": 2}


def seen(condition: dict[str, Any]) -> dict[str, Any]:
    """What always holds, and is looked at."""
    return {"any": [condition, {"not": condition}]}


def differ(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {"any": [{"all": [one, {"not": other}]}, {"all": [other, {"not": one}]}]}


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        # An end of a gap is compared among the values that the other tests leave alike.
        ({"all": [LATE, seen(OLD)]}, {"visit"}),
        ({"all": [{"any": [LATE, {"fact": "visit", "lt": "2026-02-01"}]}, seen(OLD)]}, {"visit"}),
        ({"all": [LATE, FLAG, seen(OLD)]}, {"visit", "flag"}),
        ({"all": [OLD, seen(LATE)]}, {"birth", "visit"}),
        (differ(OLD, LATE), {"birth", "visit"}),
        ({"all": [seen(FLAG), TWO]}, {"count"}),
    ],
)
def test_a_fact_could_matter_that_alone_makes_a_difference(
    tmp_path: Path, when: dict[str, Any], facts: set[str]
) -> None:
    one = checker(tmp_path, [rule("yes", when, "a"), rule("no", {"not": when}, "b")])
    found = settle(one)
    assert found.could_matter() == facts
    assert found.matters().keys() == facts


def test_facts_that_vary_are_told_apart_from_those_that_are_idle(tmp_path: Path) -> None:
    kind = {"fact": "kind", "equals": "a"}
    when = {"all": [seen(kind), differ(FLAG, TWO)]}
    one = checker(tmp_path, [rule("yes", when, "a"), rule("no", {"not": when}, "b")])
    assert settle(one).matters() == {"flag": 0.0, "count": 0.0}


def test_where_no_two_cases_differ_in_one_fact_alone_each_is_worth_asking(tmp_path: Path) -> None:
    """Three facts of three values each, of which any two tell the third; no one tells a thing."""
    count = [{"fact": "count", "equals": 0}, {"fact": "count", "equals": 1},
             {"fact": "count", "gte": 2}]  # fmt: skip
    amount = [{"fact": "one_amount", "lt": 0.3}, {"fact": "one_amount", "equals": 0.3},
              {"fact": "one_amount", "gt": 0.3}]  # fmt: skip
    cells = [({"fact": "kind", "equals": "abc"[i]}, count[j], amount[k])
             for i, j, k in product(range(3), repeat=3) if (i + j - k) % 3]  # fmt: skip
    chosen = [({"fact": "kind", "equals": "abc"[i]}, count[j], amount[k])
              for i, j, k in ((0, 0, 0), (1, 1, 2), (2, 2, 1))]  # fmt: skip
    when = {"any": [{"all": [*one]} for one in chosen]}
    never = {"any": [{"all": [*one]} for one in cells]}
    one = checker(tmp_path, [rule("yes", when, "a"), rule("no", {"not": when}, "b")], never=never)
    assert settle(one).matters() == {"kind": 0.0, "count": 0.0, "one_amount": 0.0}


def test_a_place_tells_all_of_how_it_lies(tmp_path: Path) -> None:
    here, there = ({"fact": "lying", "in": some}
                   for some in (["same_pool", "same_province"], ["elsewhere"]))  # fmt: skip
    rules = [rule("yes", here, "a"), rule("no", {"not": here}, "b"),
             rule("far", {"all": [there, FLAG]}, "b")]  # fmt: skip
    one = checker(tmp_path, rules)
    (reading,) = one.readings("asked", read_case({"region": "130100"}, one.library, DAY))
    compare(reading, lambda found: found.outcome)
    found = Settling(reading, lambda found: found.outcome)
    assert [*found.matters()] == ["away", "visit"]
    assert found.could_matter() == {"away", "visit"}


def test_a_class_that_no_rule_answers_shows_nothing(tmp_path: Path) -> None:
    assert settle(checker(tmp_path, [rule("yes", FLAG, "a")])).matters() == {"flag": 1.0}


def test_a_fact_that_is_known_closely_enough_cannot_matter(tmp_path: Path) -> None:
    when = {"all": [FLAG, seen(LATE), seen(TWO)]}
    rules = [rule("yes", when, "a"), rule("no", {"not": FLAG}, "b")]
    one = checker(tmp_path, rules, never={"all": [FLAG, LATE, TWO]})
    assert settle(one).could_matter() == {"flag", "visit", "count"}
    assert settle(one, visit="2026-01").could_matter() == {"flag", "count"}
