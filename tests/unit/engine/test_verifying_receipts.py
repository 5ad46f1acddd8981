"""Results judged by their receipts: every change is seen for what it is, and nothing else is."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from engine.batch.encoding import encode
from engine.batch.reader import Item
from engine.case import read_case
from engine.checker import Checker
from engine.condition import FactTest
from engine.explanation.advice import with_words
from engine.explanation.explain import explain_data
from engine.library import Library
from engine.verification.held import NotAResultError, held
from engine.verification.joining import Joined, opened
from engine.verification.verifier import Judged, Verifier
from tests.support.folders import RULESETS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIBRARY = Library.load(RULESETS)
CHECKER = Checker(LIBRARY)
VERIFIER = Verifier(LIBRARY)
DAY = date(2026, 3, 1)
CASE: dict[str, Any] = {
    "id": "one", "region": "440300", "birth_date": "2012-03-02", "institution_kind": "hospital",
    "institution_level": 3, "emergency": True,
}  # fmt: skip
RESULT: dict[str, Any] = json.loads(encode(CHECKER.check(CASE, DAY)))


def judged(
    result: Any, case: Any = CASE, verifier: Verifier = VERIFIER, *, own: bool = False
) -> Judged:
    one = held(Item(1, result), verifier.library.decisions)
    joined = Joined(one.case, "own") if own else None if case is None else Joined(case, "id")
    return verifier.judge(one, joined)


def test_whatever_is_left_alone_is_the_same() -> None:
    for example in LIBRARY.examples.values():
        result = CHECKER.check(example.case, DAY)
        for text in (encode(result), *(encode(with_words(LIBRARY, result, one))
                                       for one in ("zh", "en"))):  # fmt: skip
            assert judged(json.loads(text), example.case).verdict == "same", example.id
    for decisions in (None, ["may_bind"]):
        told = encode(explain_data(CHECKER, CASE, DAY, decisions))
        assert judged(json.loads(told), own=True).verdict == "same"


def _said(result: Any) -> Any:
    return result["decisions"]["may_bind"]


TAMPERED: list[Callable[[Any], object]] = [
    lambda one: _said(one).update(verdict="eligible"),
    lambda one: _said(one).update(outcome="bindable"),
    lambda one: _said(one).update(evidence="official" if _said(one)["evidence"] != "official"
                                  else "reported"),
    lambda one: _said(one).update(rules=["article_any_hospital"]),
    lambda one: _said(one).pop("rules"),
    lambda one: _said(one).update(dissent=[]),
    lambda one: _said(one).update(until="2030-01-01"),
    lambda one: _said(one).update(missing=["region"]),
    lambda one: one["decisions"].pop("may_bind"),
    lambda one: one.update(as_of="2026-03-02"),
]  # fmt: skip


@pytest.mark.parametrize("change", TAMPERED)
def test_what_was_written_over_is_altered(change: Callable[[Any], object]) -> None:
    result = deepcopy(RESULT)
    change(result)
    # The day of the case is known: it is that of its own, not that of the result.
    assert judged(result, {**CASE, "as_of": "2026-03-01"}).verdict == "altered"


def test_words_that_the_rules_do_not_say_are_altered() -> None:
    result = json.loads(encode(with_words(LIBRARY, CHECKER.check(CASE, DAY), "en")))
    _said(result)["words"]["title"] = "Bind whatever you like"
    found = judged(result)
    assert found.verdict == "altered"
    assert [one.parts for one in found.causes] == [("words/title",)]


def test_every_other_answer_is_seen() -> None:
    for other in ({"emergency": False}, {"birth_date": "2012-03"}, {"as_of": "2026-03-02"},
                  {"institution_kind": None}, {"bill_yuan": 1}):  # fmt: skip
        assert judged(RESULT, {**CASE, **other}).verdict == "answers_differ"
    same = {**CASE, "id": "two", "x_a": 1, "topics": ["clinic"], "region": "深圳市"}
    assert judged(RESULT, same).verdict == "same"


def test_what_cannot_be_checked_is_told_apart() -> None:
    rules, answers, _ = RESULT["receipt"].split("-")
    assert judged({**RESULT, "receipt": None}).verdict == "no_receipt"
    assert judged({**RESULT, "receipt": rules}).verdict == "no_receipt"
    assert judged({"id": "one", "may_bind": "bindable"}).verdict == "no_receipt"
    assert judged(RESULT, None).verdict == "no_case"
    assert judged(RESULT, {**CASE, "institution_kind": "?"}).verdict == "case_error"
    assert judged({"id": "one", "error": {"code": "wrong_type"}}).verdict == "error"
    older = judged({**RESULT, "receipt": f"{rules}-{answers}-0.0.1"})
    assert older.verdict == "engine_changed_same_answer"
    later = deepcopy(RESULT)
    _said(later)["changes_on"] = ["2027-01-01"]
    found = judged(later)
    assert (found.verdict, found.later) == ("rules_changed_same_answer", ("may_bind",))


@pytest.mark.parametrize(
    "data",
    [[], "text", {}, {"id": "one"}, {"decisions": {}}, {"decisions": {"may_bind": 1}},
     {"decisions": {"may_bind": {"verdict": "yes"}}}, {"receipt": "x", "may_bind": "y"},
     {"decisions": {"may_bind": {"verdict": "eligible", "rules": [1]}}},
     {"decisions": {"may_bind": {"verdict": "eligible", "items": {"a": [1]}}}}],
)  # fmt: skip
def test_what_is_no_result_is_refused(data: object) -> None:
    with pytest.raises(NotAResultError):
        held(Item(1, data), LIBRARY.decisions)


def under(**changes: dict[str, dict[str, Any] | None]) -> Judged:
    """The result judged by rules that were changed in memory; None takes an entry away."""
    tables: Any = {}
    for table, entries in changes.items():
        new = dict(getattr(LIBRARY.authored, table))
        for key, update in entries.items():
            one = new.pop(key)
            if update is not None:
                new[key] = one.model_copy(update=update)
        tables[table] = new
    return judged(RESULT, verifier=Verifier(Library(replace(LIBRARY.authored, **tables))))


def test_it_is_said_what_became_of_the_rules_that_decided() -> None:
    (rule,) = _said(RESULT)["rules"]
    authored = LIBRARY.rules[rule]
    words = authored.because.model_copy(update={"zh": "改"})
    assert under(rules={rule: {"because": words}}).verdict == "rules_changed_same_answer"
    ended = authored.in_force.model_copy(update={"to": date(2026, 1, 1)})
    never = FactTest.model_validate({"fact": "institution_level", "equals": 1})
    for update, state in (
        (None, "gone"), ({"in_force": ended}, "not_in_force"), ({"when": never}, "does_not_hold"),
    ):  # fmt: skip
        found = under(rules={rule: update})
        assert found.verdict == "rules_changed_answer_differs"
        (cause,) = [one for one in found.causes if one.decision == "may_bind"]
        assert [(one.rule, one.state) for one in cause.then] == [(rule, state)]
        assert cause.now
        assert rule not in cause.now
        assert "outcome" in cause.parts
    winner = next(one.rule for one in CHECKER.check(CASE, DAY).decisions["may_bind"].dissent)
    over = LIBRARY.rules[winner].model_copy(update={"overrides": [rule]})
    found = under(rules={winner: {"overrides": over.overrides}, rule: {"overrides": []}})
    (cause,) = [one for one in found.causes if one.decision == "may_bind"]
    assert [(one.rule, one.state, one.by) for one in cause.then] == [(rule, "beaten", "override")]
    assert cause.now == (winner,)


def test_both_engines_decide_every_class_that_is_open() -> None:
    verifier = Verifier(LIBRARY)
    case = {"region": "440300", "institution_kind": "hospital"}
    result = json.loads(encode(CHECKER.check(case, DAY)))
    assert judged(result, case, verifier).verdict == "same"
    (reading,) = verifier.checker.readings("may_bind", read_case(case, LIBRARY, DAY))
    assert len(reading.classes_of("may_bind")) > 1
    before = verifier.checker.classes
    assert before >= sum(len(reading.classes_of(one)) for one in LIBRARY.upstream("may_bind"))
    judged(result, case, verifier)
    assert verifier.checker.classes == before


def test_cases_are_found_by_id_in_any_order_and_by_line_without_one(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    lines = [{"id": "a", "n": 1}, {"id": "twice", "n": 2}, {"n": 3}, {"id": "twice", "n": 4}]
    file.write_text("\n".join(map(json.dumps, lines)) + "\nnot json\n", "utf-8")
    asked = [("twice", 4), ("a", 9), (None, 3), ("twice", 9), ("b", 1), (None, 9), (None, 5)]
    with opened(str(file), LIBRARY) as cases:
        found = [cases.find(replace(held(Item(1, RESULT), ()), id=one, line=line))
                 for one, line in asked]  # fmt: skip
    ways = [(one.way, one.data) if one else None for one in found]
    assert ways == [("id", lines[3]), ("id", lines[0]), ("line", lines[2]), None, None, None,
                    ("line", None)]  # fmt: skip
