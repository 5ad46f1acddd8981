"""Counts of a run: the same however it is cut into parts, and kept small."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import tally
from engine.batch.tally import Example, Tally, record
from engine.checker import Checker
from tests.support import loaded
from tests.support.folders import RULESETS

LIBRARY = loaded.library(RULESETS)
ANSWER = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["440300", "110000", None]),
    st.sampled_from(["eligible", "undecided"]), st.sampled_from(["yes", None]),
    st.sampled_from(["official", None]), st.lists(st.sampled_from(["r", "s"]), unique=True),
    st.integers(1, 5),
)  # fmt: skip
ERROR = st.tuples(st.sampled_from(["not_json", "more"]), st.none() | st.text(max_size=3))


def counted(events: list[object], first: int = 0) -> Tally:
    out = Tally()
    for line, event in enumerate(events, first):
        assert isinstance(event, tuple)
        if len(event) == 2:
            out.error(*event, line)
        else:
            out.add(*event)
            out.receipt(f"{event[0]}{event[1]}", event[6])
    return out


@settings(max_examples=100, deadline=None)
@given(st.lists(ANSWER | ERROR, max_size=30), st.integers(0, 30))
def test_parts_add_up_to_the_whole(events: list[object], cut: int) -> None:
    whole, first = counted(events), counted(events[:cut])
    first.merge(counted(events[cut:], min(cut, len(events))))
    assert first == whole
    assert json.dumps(first.to_json()) == json.dumps(whole.to_json())
    assert Tally.load(json.loads(json.dumps(whole.dump()))) == whole


@given(st.lists(ANSWER, min_size=1, max_size=30))
def test_every_view_counts_every_answer(events: list[object]) -> None:
    found = counted(events)
    total = sum(event[6] for event in events)  # type: ignore[index]  # a tuple
    views = (
        sum(found.verdicts(one).total() for one in found.decisions),
        sum(found.outcomes(one).total() for one in found.decisions),
        found.evidence().total(),
        sum(one.total() for one in found.by_place().values()),
        found.receipts.total(),
    )
    assert set(views) == {total}


def test_results_are_counted_as_they_stand() -> None:
    checker, found = Checker(LIBRARY, compare=False), Tally()
    cases = [
        {"id": "1", "region": "深圳", "institution_kind": "centre", "birth_date": "2018-01-20"},
        {"id": "2", "region": "440300"},
        {"id": "3", "nothing": 1},
        [],
    ]
    results = [checker.check(case, date(2026, 3, 1)) for case in cases]
    for case, result in zip(cases, results, strict=True):
        record(found, LIBRARY, case, result)
    for name in results[0].decisions:
        expected = sorted(one.decisions[name].verdict for one in results[:2])
        assert sorted(found.verdicts(name).elements()) == expected
    assert set(found.by_place()) == {"440300"}
    assert found.errors == {"unknown_key": 1, "not_an_object": 1}
    assert found.examples["unknown_key"] == [Example(None, "3")]
    cited = {rule for one in results[:2] for answer in one.decisions.values()
             for rule in answer.rules}  # fmt: skip
    assert {rule for *_, rule in found.reasons} == cited
    assert found.receipts.total() == 2


def test_examples_and_receipts_are_limited() -> None:
    found = Tally()
    for line in range(100):
        found.error("not_json", None, line)
        for part in range(100):
            found.receipt(f"{line}-{part}")
    assert [one.line for one in found.examples["not_json"]] == list(range(tally.EXAMPLES))
    assert found.errors["not_json"] == 100
    assert len(found.receipts) == tally.RECEIPTS + 1
    assert found.receipts.total() == 10_000
