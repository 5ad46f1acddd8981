"""The calendar holds every day on which an answer changes, and no other: asked day by day."""

from __future__ import annotations

import random
import tempfile
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import answering
from engine.calendar import LAST_DAY
from engine.case import Case, read_case
from engine.changes import settled
from engine.checker import Checker
from engine.errors import CaseError
from engine.explanation.calendar import Change, Entry, Named, calendar
from tests.support import loaded
from tests.support.answers import completed, facts_of
from tests.support.random_rulesets import CODES, load, rulesets

SHIPPED = loaded.checker(compare=False)
BEFORE_ALL = date(2026, 2, 18)
DAYS = [BEFORE_ALL + timedelta(days) for days in range(35)]


def answer(checker: Checker, decision: str, case: Case) -> tuple[object, ...] | None:
    """What is answered, without looking ahead; None where the facts contradict each other."""
    try:
        readings = checker.readings(decision, case)
    except CaseError:
        return None
    found = answering.combine(checker.library, decision, case, readings)
    return found.verdict, found.outcome, found.sides, dict(found.items)


def is_settled(checker: Checker, decision: str, case: Case) -> bool:
    if checker.lacking_places(decision, case):
        return False
    readings = checker.readings(decision, case)
    return settled(answering.combine(checker.library, decision, case, readings))


def changing(found: list[Entry], decision: str) -> dict[date, Change]:
    return {
        entry.day: part
        for entry in found
        for part in entry.parts
        if isinstance(part, Change) and part.decision == decision
    }


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Nearly everything known, dates now and then to the month only."""
    births = ["2012-02-20", "2012-02-28", "2012-02-29", "2012-03-01", "2012-03-08", "2012-02"]
    visits = ["2026-02-22", "2026-02-26", "2026-02-28", "2026-03-01", "2026-03-04", "2026-02"]
    values: dict[str, st.SearchStrategy[Any]] = {
        "region": st.sampled_from(CODES[:4]), "away": st.sampled_from(CODES),
        "flag": st.booleans(), "kind": st.sampled_from("abc"), "count": st.integers(0, 4),
        "one_amount": st.sampled_from([0, 0.5, 1]), "other_amount": st.sampled_from([0, 0.5, 1]),
        "birth": st.sampled_from(births), "visit": st.sampled_from(visits),
    }  # fmt: skip
    return {name: draw(one) for name, one in values.items() if draw(st.integers(0, 15))}


@settings(max_examples=60)
@given(rulesets(), cases())
def test_day_by_day_with_random_rules(files: dict[str, Any], data: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(load(files, Path(folder)), compare=False)
        case = read_case(data, checker.library, BEFORE_ALL)
        try:
            found = calendar(checker, case)
        except CaseError:
            assume(False)
        for decision in checker.library.decisions:
            told = changing(found, decision)
            if not is_settled(checker, decision, case):
                assert not [one for one in found if decision in one.decisions]
                continue
            before = answer(checker, decision, case)
            for day in DAYS[1:]:
                now = answer(checker, decision, case.on(day))
                if now is None:
                    assert max(told, default=day) <= day
                    break
                assert (now != before) == (day in told), (decision, day)
                before = now
        checker.close()


def shipped_cases(topic: str) -> list[Case]:
    """The cases of the topic's examples, and some drawn ones."""
    library, chance = SHIPPED.library, random.Random(topic)
    decisions = library.topics[topic].decisions
    given_ = [one.case for one in library.examples.values() if set(one.expect) & set(decisions)]
    facts = facts_of(library, decisions)
    drawn = [completed(library, {"as_of": "2026-03-01"}, facts, chance) for _ in range(10)]
    every = [*chance.sample(given_, min(12, len(given_))), *drawn]
    return [read_case({**data, "topics": [topic]}, library, BEFORE_ALL) for data in every]


@pytest.mark.parametrize("topic", ["hospital_binding", "filing"])
def test_shipped_answers_change_on_the_days_told_and_on_no_others(topic: str) -> None:
    chance, seen, reasoned = random.Random(1), 0, 0
    for case in shipped_cases(topic):
        try:
            found = calendar(SHIPPED, case)
        except CaseError:
            continue
        for decision in SHIPPED.library.topics[topic].decisions:
            told = changing(found, decision)
            last = date.fromordinal(LAST_DAY)
            days = [case.as_of, *told, last]
            for day, part in told.items():
                eve = answer(SHIPPED, decision, case.on(day - timedelta(1)))
                now = answer(SHIPPED, decision, case.on(day))
                assert eve != now, (case, decision, day)
                assert eve is not None
                assert now is not None
                assert (eve[:2], now[:2]) == (
                    (part.before.verdict, part.before.outcome),
                    (part.after.verdict, part.after.outcome),
                )
                seen, reasoned = seen + 1, reasoned + bool(part.reasons)
            if not is_settled(SHIPPED, decision, case):
                assert not told
                continue
            for start, end in pairwise(days):
                first = answer(SHIPPED, decision, case.on(start))
                span = (end - start).days
                for ahead in {1, span - 1, *(chance.randrange(span) for _ in range(4))}:
                    if ahead < span:
                        same = answer(SHIPPED, decision, case.on(start + timedelta(ahead)))
                        assert same in (None, first), (case, decision, start, ahead)
    assert seen == reasoned, "every change has a reason"
    assert topic != "hospital_binding" or seen


def test_days_named_are_still_named_when_they_come() -> None:
    """In every topic, for the examples that stand beside the rules."""
    looked_at = 0
    for example in list(SHIPPED.library.examples.values())[::8]:
        case = read_case(dict(example.case), SHIPPED.library, BEFORE_ALL)
        for entry in calendar(SHIPPED, case, list(example.expect)):
            assert entry.day >= case.as_of
            for part in entry.parts:
                if isinstance(part, Named) and not part.moves:
                    eve = max(case.as_of, entry.day - timedelta(1))
                    then = SHIPPED.answer(part.decision, case.on(eve))
                    on_day = SHIPPED.answer(part.decision, case.on(entry.day))
                    field = {"from": "from_"}.get(part.kind, part.kind)
                    given_ = getattr(part.result, field)
                    assert given_ in (getattr(then, field), getattr(on_day, field))
                    looked_at += 1
    assert looked_at
