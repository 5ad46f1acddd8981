"""Two sets of rules compared: classes counted by hand, versions of unlike vocabularies, cases."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from engine.analysis.boxes import Part
from engine.analysis.difference import Comparison, Side, compare
from engine.analysis.versions import versions
from engine.batch.transitions import Judge, Said, transitions
from engine.checker import Checker
from engine.coding import Span
from engine.errors import CaseError
from engine.library import Library
from tests.benchmarks.batch.generate import cases as drawn
from tests.support import loaded
from tests.support.folders import ROOT

GOOD = ROOT / "tests" / "rulesets" / "good"
NATION, SHENZHEN = "100000", "440300"
OLD, NEW = date(2024, 12, 31), date(2025, 1, 1)
LIBRARY = loaded.library(GOOD)


def over_days(decision: str, place: str = NATION) -> Comparison:
    return compare(versions(LIBRARY, LIBRARY), decision, Side(place, OLD), Side(place, NEW))


def changed(folder: Path, *replaced: tuple[str, str, str]) -> Library:
    """The good library with some text replaced, each in its file."""
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    for name, old, new in replaced:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return Library.load(folder)


def over_versions(new: Library, decision: str, place: str = NATION) -> Comparison:
    return compare(versions(LIBRARY, new), decision, Side(place, NEW), Side(place, NEW))


def test_classes_counted_by_hand() -> None:
    """From 2025 adults start at 14: in a hospital, two levels, five relations, emergency or not."""
    found = over_days("may_visit")
    assert (found.status, found.differing) == ("changed", 20)
    big, small = found.changes
    # Of the ten classes at level three, a filing is lacking elsewhere (one) and abroad (two).
    assert (big.classes, small.classes) == (17, 3)
    assert (big.before.outcome, small.before.outcome) == ("may", "ask_first")
    assert [one.written for one in big.before.figures] == ['{"factor":"0.9"}']
    assert big.after.sides == small.after.sides == ("ask_first", "may_not")
    assert big.rules_before == ("cn_child_hospital",)
    assert set(big.rules_after) == {"cn_adult_ask", "cn_adult_may_not"}
    hospital = Part("institution_kind", ("hospital",))
    ages = Part("age_at_visit", spans=(Span(14, 18),))
    for change in found.changes:
        assert change.rest == 0
        assert all({hospital, ages} <= {*box} for box in change.boxes)


def test_the_same_rules_are_not_looked_at() -> None:
    assert over_days("needs_filing") == Comparison("needs_filing", "unchanged")
    # Adults start at 16 there all the time.
    assert over_days("may_visit", SHENZHEN).status == "unchanged"


def test_two_places() -> None:
    """Shenzhen asks for no filing elsewhere: one class, where the nation wants one first."""
    sides = Side("120000", date(2026, 3, 1)), Side(SHENZHEN, date(2026, 3, 1))
    found = compare(versions(LIBRARY, LIBRARY), "needs_filing", *sides)
    (change,) = found.changes
    assert (change.before.outcome, change.after.outcome) == ("file_first", "no_filing")
    assert (change.classes, change.boxes) == (
        1,
        ((Part("emergency", ("false",)), Part("care_relation", ("elsewhere",))),),
    )


def test_rules_on_one_side_only() -> None:
    shipped = loaded.library()
    both = versions(shipped, shipped)
    none, some = Side(NATION, NEW), Side(SHENZHEN, NEW)
    assert compare(both, "may_bind", none, some) == Comparison("may_bind", "only_after")
    assert compare(both, "may_bind", some, none) == Comparison("may_bind", "only_before")
    assert compare(both, "may_bind", none, none) == Comparison("may_bind", "neither")


def test_a_figure_is_part_of_an_answer(tmp_path: Path) -> None:
    factor = ("clinic/100000-national.yaml", "value: 0.9", "value: 0.8")
    changes = over_versions(changed(tmp_path, factor), "may_visit").changes
    assert changes
    for change in changes:
        assert change.before.outcome == change.after.outcome == "may"
        written = [{one.written for one in reply.figures}
                   for reply in (change.before, change.after)]  # fmt: skip
        assert written[0] - written[1] == {'{"factor":"0.9"}'}
        assert written[1] - written[0] == {'{"factor":"0.8"}'}


def test_another_value_of_an_enum(tmp_path: Path) -> None:
    """What both versions know of is compared; the value that only one knows is named."""
    value = (
        "vocabulary.yaml",
        "      hospital: {zh: 医院,",
        "      ward: {zh: 站, en: ward}\n      hospital: {zh: 医院,",
    )
    new = changed(tmp_path, value)
    both = versions(LIBRARY, new)
    assert both.lone == {"institution_kind": frozenset({"ward"})}
    assert [(one.kind, one.changed) for one in both.differences] == [
        ("fact", ("institution_kind",))
    ]
    found = compare(both, "may_visit", Side(NATION, OLD), Side(NATION, NEW))
    assert [one.classes for one in found.changes] == [17, 3]
    # Each version is left as it was.
    assert "ward" not in LIBRARY.vocabulary.facts["institution_kind"].codes
    assert new.vocabulary.facts["institution_kind"].codes == ("clinic", "ward", "hospital")


def test_a_fact_of_another_type_cannot_be_compared(tmp_path: Path) -> None:
    decimals = ("vocabulary.yaml", "decimals: 2", "decimals: 1")
    other = ("vocabulary.yaml", "bill_yuan:\n    type: decimal\n",
             "bill_yuan:\n    type: decimal\n    decimals: 1\n")  # fmt: skip
    new = changed(tmp_path, decimals, other)
    assert over_versions(new, "payment").status == "apart"
    assert over_versions(new, "needs_filing").status == "unchanged"


def test_another_constraint_counts(tmp_path: Path) -> None:
    """A class that one version rules out is no change of an answer."""
    text = (GOOD / "vocabulary.yaml").read_text("utf-8")
    assert "constraints:" in text
    extra = (
        "constraints:\n"
        "  - {id: no_clinics, never: {fact: institution_kind, equals: clinic}, "
        "because: {zh: 没有。, en: None.}}"
    )
    kept = ("vocabulary.yaml", "constraints:", extra)
    age = (
        "clinic/100000-national.yaml",
        "then: {outcome: may, until",
        "then: {outcome: ask_first, until",
    )
    loose, tight = tmp_path / "loose", tmp_path / "tight"
    assert over_versions(changed(loose, age), "may_visit").status == "changed"
    assert over_versions(changed(tight, age, kept), "may_visit").status == "unchanged"


def case_file(folder: Path, *cases: object) -> str:
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in cases) + "{broken\n", "utf-8")
    return str(path)


def test_cases_go_from_answer_to_answer(tmp_path: Path) -> None:
    teen = {"region": "120000", "care_region": "120000", "emergency": False,
            "institution_kind": "hospital", "institution_level": 2,
            "birth_date": "2009-01-01"}  # fmt: skip
    cases = [{"id": f"a{n}", "visit_date": "2024-06-01", **teen} for n in range(4)]
    cases += [{"id": "b", "visit_date": "2025-06-01", **teen}, {"id": "c", "nope": 1}]
    file = case_file(tmp_path, *cases, [1])
    checker = Checker(LIBRARY)
    sides = Judge(checker, day=OLD), Judge(checker, day=NEW)
    found = transitions(file, *sides, ["may_visit"])
    assert (found.cases, found.decided) == (8, 4)
    # The visit of 2025 lies after the day counted from, on one side: it counts as an error.
    kinds = ("contradiction", "unknown_key", "not_an_object", "not_json")
    assert found.errors == dict.fromkeys(kinds, 1)
    # The rules are those of the day of the visit, which stays as given.
    may = Said("eligible", "may")
    assert found.decisions["may_visit"][may, may].count == 4
    assert found.decisions["may_visit"][may, may].examples == ["a0", "a1", "a2"]
    assert found.decisions["may_visit"][may, may].places == {"120000": 4}
    assert len(found.decisions["may_visit"]) == 1


@pytest.mark.parametrize("place", [None, SHENZHEN])
def test_a_place_replaces_the_places_of_a_case(tmp_path: Path, place: str | None) -> None:
    away = {"region": "120000", "care_region": "110000", "emergency": False,
            "visit_date": "2026-03-01"}  # fmt: skip
    checker = Checker(LIBRARY)
    sides = Judge(checker), Judge(checker, place=place)
    found = transitions(case_file(tmp_path, away), *sides, ["needs_filing"])
    (((before, after), one),) = found.decisions["needs_filing"].items()
    assert (before == after) == (place is None)
    assert one.examples == ["#1"]


def test_the_scanner_counts_as_the_exact_way_does(tmp_path: Path) -> None:
    """Places, days, disputes, lists of papers, errors: every case goes where it goes alone."""
    checker = loaded.checker()
    days = date(2023, 9, 30), date(2026, 3, 1)
    sides = Judge(checker, day=days[0]), Judge(checker, SHENZHEN, days[1])
    names = ["may_bind", "takes_effect", "claim_documents", "available"]
    cases: list[object] = [{**one, "x_note": "\u7532", "topics": 7} for one in drawn(150, 5)]
    cases += [{"id": 3}, {"id": "a", "region": "Atlantis"}, {"x_y": 1}, [], {}]
    found = transitions(case_file(tmp_path, *cases), *sides, names)
    ways: dict[str, Counter[tuple[Said, Said]]] = {name: Counter() for name in names}
    errors = Counter({"not_json": 1})
    for one in cases:
        if not isinstance(one, dict):
            errors["not_an_object"] += 1
            continue
        try:
            pair = [side.answers(one, names) for side in sides]
        except CaseError as error:
            errors[error.faults[0].code] += 1
            continue
        for name in names:
            ways[name][pair[0][name], pair[1][name]] += 1
    assert found.errors == errors
    for name in names:
        counted = {pair: one.count for pair, one in found.decisions[name].items()}
        assert counted == ways[name]
    verdicts = {said.verdict for name in names for pair in ways[name] for said in pair}
    assert {"disputed", "undecided", "eligible"} <= verdicts
