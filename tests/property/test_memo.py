"""What is kept for a class is what would be decided anew: every part of every answer."""

from __future__ import annotations

import random
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import memo
from engine.answering import value_facts
from engine.batch.encoding import encode
from engine.case import read_case
from engine.checker import Checker
from engine.errors import CaseError
from engine.result import CaseResult
from tests.support import loaded
from tests.support.random_rulesets import CODES, load, rulesets

SHIPPED = loaded.checker(compare=False)
DAY = date(2026, 2, 26)
BIRTHS = ["2012-02-20", "2012-02-28", "2012-02-29", "2012-03-01", "2012-03-08", "2012-02", "2012"]
VISITS = ["2026-02-22", "2026-02-26", "2026-02-28", "2026-03-01", "2026-03-04", "2026-02"]
VALUES: dict[str, list[Any]] = {
    "region": [*CODES, "130000"], "away": [*CODES, "130000"], "flag": [True, False, 1],
    "kind": ["a", "b", "c"], "count": [0, 1, 2, 3, 4], "one_amount": [0, 0.5, 1],
    "other_amount": [0, 0.5, 1], "birth": BIRTHS, "visit": VISITS,
    "as_of": ["2026-02-20", "2026-02-26", "2026-02-28", "2026-03-02"],
}  # fmt: skip


def plainly(checker: Checker, data: dict[str, Any], decisions: list[str]) -> CaseResult:
    """The result with nothing kept: read anew, decided in full."""
    try:
        case = read_case(data, checker.library, DAY)
    except CaseError as error:
        return CaseResult(None, None, faults=error.faults)
    hashes: set[str] = set()
    try:
        found = {name: checker.answer(name, case, hashes) for name in decisions}
    except CaseError as error:
        return CaseResult(None, case.as_of, faults=error.faults)
    receipt = str(checker.receipt(case, frozenset(hashes)))
    return CaseResult(None, case.as_of, found, receipt)


def same(checker: Checker, data: dict[str, Any], decisions: list[str]) -> None:
    expected = plainly(checker, data, decisions)
    found = checker.check(data, DAY, None, decisions)
    assert found == expected, data
    assert encode(found) == encode(expected), data
    assert [list(one.gains) for one in found.decisions.values()] == [
        list(one.gains) for one in expected.decisions.values()
    ]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Most facts known; some not asked, some not known, dates now and then to the month only."""
    out: dict[str, Any] = {}
    for name, values in VALUES.items():
        how = draw(st.integers(0, 9))
        if how:
            out[name] = draw(st.sampled_from(values)) if how > 1 else None
    return out


@settings(max_examples=50)
@given(rulesets(), st.lists(cases(), min_size=4, max_size=8))
def test_with_random_rules(files: dict[str, Any], data: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(load(files, Path(folder)), compare=False)
    decisions = list(checker.library.decisions)
    for one in (*data, *data):
        same(checker, one, decisions)


def moved(data: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """A case with its dates moved, and a fact less or not known."""
    out = dict(data)
    for name, value in data.items():
        fact = SHIPPED.library.vocabulary.facts.get(name)
        if fact is not None and fact.type == "date" and len(str(value)) == len("YYYY-MM-DD"):
            day = date.fromisoformat(value) + timedelta(draw.choice([-400, -30, -1, 0, 1, 9, 200]))
            out[name] = draw.choice([day.isoformat(), day.isoformat(), day.isoformat()[:7]])
    name = draw.choice(sorted(out))
    if name != "as_of":
        out[name] = None
    if draw.random() < 0.5:
        del out[name]
    return out


@pytest.mark.parametrize("topic", sorted(SHIPPED.library.topics))
def test_with_every_shipped_decision(topic: str) -> None:
    draw = random.Random(topic)
    checker = Checker(SHIPPED.library, compare=False)
    for decision in SHIPPED.library.topics[topic].decisions:
        examples = [one for one in SHIPPED.library.examples.values() if decision in one.expect]
        for example in draw.sample(examples, min(6, len(examples))):
            for data in (example.case, *(moved(example.case, draw) for _ in range(2))):
                same(checker, data, [decision])


def test_a_fact_that_is_not_known_is_not_one_that_was_not_asked() -> None:
    checker = Checker(SHIPPED.library, compare=False)
    told: set[str] = set()
    for example in SHIPPED.library.examples.values():
        decision = next(iter(example.expect))
        wanted = value_facts(SHIPPED.library, decision)
        if decision in told or not wanted:
            continue
        for fact in example.case:
            rest = {name: one for name, one in example.case.items() if name not in {fact, *wanted}}
            found = checker.check(rest, DAY, None, [decision]).decisions
            if found and found[decision].perhaps & wanted:
                told.add(decision)
                same(checker, {**rest, **dict.fromkeys(wanted)}, [decision])
    assert told


def test_a_disagreement_of_the_engines_is_still_looked_for_once_a_class() -> None:
    kept, anew = Checker(SHIPPED.library), Checker(SHIPPED.library)
    example = next(iter(SHIPPED.library.examples.values()))
    decisions = list(example.expect)
    for _ in range(2):
        kept.check(example.case, DAY, None, decisions)
        plainly(anew, example.case, decisions)
    assert kept.compared == anew.compared > 0


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "MAX_ENTRIES", 150)
    checker = Checker(SHIPPED.library, compare=False)
    draw = random.Random(1)
    examples = [one for one in SHIPPED.library.examples.values() if "may_bind" in one.expect]
    for _ in range(60):
        same(checker, moved(draw.choice(examples).case, draw), ["may_bind"])
