"""Receipts: what the answers' part stands for, and what the rules' part does."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from engine.case import read_case
from engine.checker import Checker
from engine.library import Library
from engine.receipt import VERSION, Answers, Receipt, parse, rules_part
from tests.support.folders import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = Library.load(ROOT / "tests" / "rulesets" / "good")
DAY = date(2026, 3, 1)
CASE: dict[str, Any] = {
    "region": "440300", "birth_date": "2012-03", "institution_kind": "hospital",
    "institution_level": 3, "emergency": True, "bill_yuan": Decimal("1200.50"),
}  # fmt: skip
NAMES = LIBRARY.places.get("440300").name


def canonical(case: dict[str, Any], day: date = DAY) -> str:
    return Answers(LIBRARY).canonical(read_case(case, LIBRARY, day))


def test_the_canonical_case_is_json_with_its_keys_in_order_and_no_spaces() -> None:
    text = canonical(CASE)
    assert text == (
        '{"as_of":"2026-03-01","bill_yuan":1200.5,"birth_date":"2012-03","emergency":true,'
        '"institution_kind":"hospital","institution_level":3,"region":"440300"}'
    )
    data = json.loads(text, parse_float=Decimal)
    again = json.dumps(data, sort_keys=True, separators=(",", ":"), default=float)
    assert again == text


@pytest.mark.parametrize(
    "other",
    [
        {"id": "a", "x_note": [1], "topics": ["clinic"], "as_of": "2026-03-01"},
        {"region": NAMES.zh}, {"region": f" {NAMES.en.upper()} "},
        {"bill_yuan": Decimal("1200.5")}, {"bill_yuan": 1200.5}, {"bill_yuan": Decimal("12005E-1")},
        {"institution_level": Decimal("3.0")}, {"institution_level": Decimal(3)},
        {"visit_date": None},
    ],
)  # fmt: skip
def test_what_decides_alike_is_the_same(other: dict[str, Any]) -> None:
    assert canonical({**CASE, **other}) == canonical(CASE)
    backwards = dict(reversed({**CASE, **other}.items()))
    assert canonical(backwards) == canonical(CASE)


@pytest.mark.parametrize(
    "other",
    [
        {"as_of": "2026-03-02"}, {"region": "110000"}, {"birth_date": "2012-03-01"},
        {"birth_date": "2012"}, {"emergency": False}, {"emergency": None},
        {"institution_kind": "clinic"}, {"institution_level": 2}, {"bill_yuan": Decimal("1200.51")},
        {"bill_yuan": 12005}, {"bill_yuan": Decimal("0.5")}, {"visit_date": "2026-03-01"},
    ],
)  # fmt: skip
def test_what_may_decide_otherwise_is_not(other: dict[str, Any]) -> None:
    answers = Answers(LIBRARY)
    cases = [read_case(one, LIBRARY, DAY) for one in (CASE, {**CASE, **other}, CASE)]
    first, second, again = map(answers.hash, cases)
    assert first == again != second


def test_a_receipt_can_be_taken_apart() -> None:
    text = str(Checker(LIBRARY).check(CASE, DAY).receipt)
    found = parse(text)
    assert found is not None
    assert str(found) == text
    assert found.version == VERSION
    assert found.rules == rules_part(text)
    assert found.answers == Answers(LIBRARY).hash(read_case(CASE, LIBRARY, DAY))


@pytest.mark.parametrize(
    "text",
    [None, 1, "", "0" * 16, f"{'0' * 16}-{'1' * 16}", f"{'0' * 16}-{'1' * 16}-",
     f"{'A' * 16}-{'1' * 16}-0.1.0", f"{'0' * 16}-{'1' * 16}-0.1.0\n"],
)  # fmt: skip
def test_what_is_no_receipt_is_none(text: object) -> None:
    assert parse(text) is None


def test_the_version_is_no_part_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    before = parse(Checker(LIBRARY).check(CASE, DAY).receipt)
    monkeypatch.setattr("engine.checker.VERSION", "9.9.9")
    after = parse(Checker(LIBRARY).check(CASE, DAY).receipt)
    assert before is not None
    assert after == Receipt(before.rules, before.answers, "9.9.9")


def test_where_the_region_is_not_known_the_decisions_are_what_is_in_force() -> None:
    checker = Checker(LIBRARY)
    texts = [str(checker.check(case, DAY).receipt) for case in ({}, {"as_of": "2020-01-01"})]
    assert len({rules_part(one) for one in texts}) == 1
    known = str(checker.check({"region": "440300"}, DAY).receipt)
    assert rules_part(known) != rules_part(texts[0])


def _fresh(change: Callable[[Any], None]) -> str:
    """The rules' part for the case under rules that were changed in memory."""
    library = Library.load(ROOT / "tests" / "rulesets" / "good")
    change(library)
    return rules_part(str(Checker(library, compare=False).check(CASE, DAY).receipt))


def test_what_a_verdict_is_called_is_not_in_it() -> None:
    def called(library: Any) -> None:
        for name, one in library.decisions.items():
            words = {outcome.verdict: one.question for outcome in one.outcomes.values()}
            changed = one.model_copy(update={"verdicts": words})
            library.authored.decisions[name] = library.decisions[name] = changed

    def asked(library: Any) -> None:
        for name, one in library.decisions.items():
            changed = one.model_copy(update={"question": one.question.model_copy(
                update={"zh": "?"})})  # fmt: skip
            library.authored.decisions[name] = library.decisions[name] = changed

    before = _fresh(lambda _library: None)
    assert _fresh(called) == before
    assert _fresh(asked) != before


def test_what_the_ledger_says_of_a_rejected_claim_is_in_it() -> None:
    def nothing(_library: Any) -> None:
        """As it is."""

    before = _fresh(nothing)
    cited = next(one for one in LIBRARY.claims.values() if one.status == "rejected" and one.rules)

    def claim(library: Any) -> None:
        library.authored.claims[cited.id] = cited.model_copy(update={"article": "another"})

    assert _fresh(nothing) == before
    assert _fresh(claim) != before
