"""From open classes to an answer: what they share, what is missing, which values follow."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from engine.adjudication import Dissent
from engine.answering import speaking, value_facts, work_out, workings
from engine.case import read_case
from engine.checker import Checker
from engine.errors import RulesetError
from engine.result import DecisionResult
from tests.support.one_decision import SOURCE, YEARS
from tests.support.random_rulesets import ALWAYS, DERIVED, FACTS, PLACES, TEXT, load

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 3, 1)
FLAG, NO_FLAG = ({"fact": "flag", "equals": one} for one in (True, False))
A, B, C = ({"fact": "kind", "equals": one} for one in "abc")
VERDICTS = {"yes": "eligible", "also": "eligible", "no": "not_eligible", "maybe": "unclear"}
INPUTS = ["kind", "flag", "count", "visit", "birth", "age"]


def rule(key: str, when: Any, then: Any, grade: str = "A", **more: Any) -> dict[str, Any]:
    return {
        "id": key, "decision": "asked", "when": when, "then": then, "because": TEXT,
        "sources": [{"source": f"s{grade[0]}", "clause": TEXT}], "in_force": ALWAYS, **more,
    }  # fmt: skip


def checker(
    folder: Path, rules: list[dict[str, Any]], disputes: dict[tuple[str, str], str] | None = None,
    **more: Any,
) -> Checker:  # fmt: skip
    """A checker of `asked`, which has the outcomes above, or of the papers d0 to d2."""
    collects = any(isinstance(one["then"], dict) and {"needs", "waives"} & {*one["then"]}
                   for one in rules)  # fmt: skip
    outcomes = {one: {"verdict": verdict, "title": TEXT, **more.get(one, {})}
                for one, verdict in VERDICTS.items()}  # fmt: skip
    policy = ({"hit_policy": "collect", "items": ["d0", "d1", "d2"]} if collects
              else {"hit_policy": "unique", "outcomes": outcomes})  # fmt: skip
    facts = {name: {**one, "domain": YEARS} if one["type"] == "date" else one
             for name, one in FACTS.items()}  # fmt: skip
    upstream = {"up": {"question": TEXT, "region": "region", "builds_on": [], "inputs": [],
                       **policy, **more["up"]}} if "up" in more else {}  # fmt: skip
    sourced = {"parameter": "limit", "sources": [{"source": "sA", "clause": TEXT}]}
    files: dict[str, Any] = {
        "regions": {**PLACES, "groups": {}},
        "vocabulary": {"facts": facts,
                       "derived": {"age": {"label": TEXT, **DERIVED["age"]}}},
        "documents": {"documents": {f"d{i}": {"title": TEXT, "form": "any"} for i in range(3)}},
        "sources": {"sources": {f"s{grade}": {**SOURCE, "authority": grade} for grade in "ABCD"}},
        "topic": {
            "topic": "topic", "title": TEXT, "about": TEXT,
            "parameters": {"limit": {"label": TEXT, "unit": TEXT}},
            "decisions": {"asked": {"question": TEXT, "region": "region", "builds_on": [],
                                    "date": more.get("date", "as_of"), "inputs": INPUTS, **policy}
                          | ({"builds_on": ["up"]} if "up" in more else {}), **upstream},
        },
        "national": {
            "topic": "topic", "region": "100000", "rules": rules,
            "disputes": [{"id": f"x{number}", "between": [*pair], "safer": safer, "because": TEXT}
                         for number, (pair, safer) in enumerate((disputes or {}).items())],
            "values": [{**sourced, **one} for one in more.get("values", [])],
        },
    }  # fmt: skip
    return Checker(load(files, folder))


def answer(one: Checker, **facts: Any) -> DecisionResult:
    return one.answer("asked", read_case({"region": "440300", **facts}, one.library, DAY))


def told(result: DecisionResult) -> dict[str, Any]:
    """What of an answer is not empty."""
    return {name: value for name, value in vars(result).items()
            if value not in (None, (), {}, frozenset())}  # fmt: skip


# -- what the open classes share ----------------------------------------------------------------


def test_what_all_open_classes_say_is_said_with_the_weakest_of_their_grades(
    tmp_path: Path,
) -> None:
    one = checker(tmp_path, [
        rule("on", FLAG, "yes", "A"), rule("off", NO_FLAG, "yes", "C"),
        rule("beaten", FLAG, "no", "D"), rule("later", NO_FLAG, "maybe", "D"),
    ])  # fmt: skip
    assert told(answer(one)) == {
        "verdict": "eligible", "outcome": "yes", "evidence": "reported", "rules": ("on", "off"),
        "dissent": (Dissent("beaten", "no", "grade"), Dissent("later", "maybe", "grade")),
    }  # fmt: skip
    assert told(answer(one, flag=True)) == {
        "verdict": "eligible", "outcome": "yes", "evidence": "official", "rules": ("on",),
        "dissent": (Dissent("beaten", "no", "grade"),),
    }  # fmt: skip


def test_outcomes_that_differ_may_share_their_verdict(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("on", FLAG, "yes", "B"), rule("off", NO_FLAG, "also", "D"),
        rule("beaten", FLAG, "no", "D"),
    ])  # fmt: skip
    assert told(answer(one)) == {
        "verdict": "eligible", "evidence": "unverified", "rules": ("off", "on"),
        "dissent": (Dissent("beaten", "no", "grade"),), "missing": ("flag",),
        "gains": {"flag": 1.0}, "possible": ("also", "yes"), "perhaps": frozenset({"flag"}),
    }  # fmt: skip


def test_verdicts_that_differ_are_undecided_and_what_tells_most_is_named_first(
    tmp_path: Path,
) -> None:
    both = {"all": [A, FLAG]}
    one = checker(tmp_path, [
        rule("on", both, "no"), rule("off", {"not": both}, "yes"),
    ])  # fmt: skip
    found = told(answer(one))
    assert found["gains"] == pytest.approx({"kind": 0.650022 - 1 / 3, "flag": 0.650022 - 0.459148},
                                           abs=1e-6)  # fmt: skip
    del found["gains"]
    assert found == {
        "verdict": "undecided", "missing": ("kind", "flag"), "possible": ("no", "yes"),
        "perhaps": frozenset({"kind", "flag"}),
    }  # fmt: skip


def test_of_facts_that_tell_as_much_the_first_input_is_named_first(tmp_path: Path) -> None:
    two = {"fact": "count", "gte": 2}
    for when in ({"all": [FLAG, two]}, {"all": [two, FLAG]}):
        one = checker(tmp_path, [rule("on", when, "no"), rule("off", {"not": when}, "yes")])
        assert answer(one).missing == ("flag", "count")


@pytest.mark.parametrize("safer", ["maybe", "yes"])
def test_disputes_between_other_sides_are_one_between_all_of_them(
    tmp_path: Path, safer: str
) -> None:
    one = checker(tmp_path, [
        rule("on", "always", "yes", "D"), rule("against", FLAG, "no", "D"),
        rule("perhaps", NO_FLAG, "maybe", "D"),
    ], {("on", "against"): "yes", ("on", "perhaps"): safer})  # fmt: skip
    found = answer(one)
    assert (found.verdict, found.outcome, found.evidence) == ("disputed", None, "unverified")
    assert (found.sides, found.disputes) == (("maybe", "no", "yes"), ("x0", "x1"))
    assert found.safer == ("yes" if safer == "yes" else None)
    assert (found.missing, found.possible) == (("flag",), ("maybe", "no", "yes"))
    assert told(answer(one, flag=True)) == {
        "verdict": "disputed", "evidence": "unverified", "rules": ("against", "on"),
        "sides": ("no", "yes"), "safer": "yes", "disputes": ("x0",),
    }  # fmt: skip


def test_which_version_is_in_force_is_asked_first_and_counts_for_all_of_them(
    tmp_path: Path,
) -> None:
    one = checker(tmp_path, [
        rule("old", FLAG, "no", in_force={"from": None, "to": "2025-12-31"}),
        rule("new", FLAG, "maybe", in_force={"from": "2026-01-01", "to": None}),
        rule("else", NO_FLAG, "yes"),
    ], date="visit")  # fmt: skip
    found = answer(one)
    assert (found.verdict, found.missing) == ("undecided", ("visit", "flag"))
    assert found.gains == {"visit": 2.0, "flag": 1.0}
    assert found.perhaps == {"visit", "flag"}
    assert answer(one, visit="2026").gains == {"flag": 1.0}
    assert answer(one, visit="2026").perhaps == {"flag"}
    # Where the versions agree, the date is not asked; it may come to matter.
    known = answer(one, flag=False)
    assert (known.outcome, known.missing) == ("yes", ())


def test_versions_that_say_the_same_do_not_ask_for_the_date(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("old", FLAG, "no", in_force={"from": None, "to": "2025-12-31"}),
        rule("new", FLAG, "no", in_force={"from": "2026-01-01", "to": None}),
        rule("else", NO_FLAG, "yes"),
    ], date="visit")  # fmt: skip
    assert answer(one).gains == {"flag": 1.0}
    assert answer(one).missing == ("flag",)


def test_a_date_that_is_known_is_not_asked_though_it_selects_rules(tmp_path: Path) -> None:
    since, before = {"from": "2026-01-01", "to": None}, {"from": None, "to": "2025-12-31"}
    one = checker(tmp_path, [
        rule("up", "always", "yes", decision="up"),
        rule("old", {"decision": "up", "equals": "yes"}, "no", in_force=before),
        rule("new", FLAG, "maybe", in_force=since), rule("else", NO_FLAG, "yes", in_force=since),
    ], date="visit", up={"date": "as_of"})  # fmt: skip
    found = answer(one)
    assert (found.missing, found.perhaps) == (
        ("visit", "flag"), frozenset({"visit", "flag"}),
    )  # fmt: skip


# -- lists --------------------------------------------------------------------------------------

PAPERS = [
    rule("base", "always", {"needs": ["d0"]}, "B"), rule("on", FLAG, {"needs": ["d1"]}, "A"),
    rule("kinds", A, {"needs": ["d1", "d2"]}, "C"),
    rule("waived", B, {"waives": ["d0"]}, "A", overrides=["base"]),
]  # fmt: skip


def test_each_paper_is_needed_not_needed_or_hangs_on_facts(tmp_path: Path) -> None:
    one = checker(tmp_path, PAPERS)
    found = answer(one)
    assert (found.verdict, found.outcome, found.evidence, found.rules) == (
        "undecided", None, None, (),
    )  # fmt: skip
    assert found.items == {"d0": ("kind",), "d1": ("flag", "kind"), "d2": ("kind",)}
    assert found.missing == ("kind", "flag")
    assert found.gains["kind"] > found.gains["flag"] > 0
    assert found.perhaps == {"kind", "flag"}
    assert found.dissent == (Dissent("base", "needed", "override"),)


def test_a_list_is_one_as_soon_as_a_paper_is_on_it(tmp_path: Path) -> None:
    one = checker(tmp_path, PAPERS)
    found = answer(one, flag=True)
    assert (found.verdict, found.outcome, found.evidence) == ("stated", "listed", "reported")
    assert found.items == {"d0": ("kind",), "d1": "needed", "d2": ("kind",)}
    assert (found.rules, found.missing) == (("base", "on", "kinds", "waived"), ("kind",))
    assert told(answer(one, flag=True, kind="b")) == {
        "verdict": "stated", "outcome": "listed", "evidence": "official", "rules": ("on", "waived"),
        "dissent": (Dissent("base", "needed", "override"),),
        "items": {"d0": "not_needed", "d1": "needed"},
    }  # fmt: skip
    assert told(answer(one, flag=False, kind="b")) == {
        "verdict": "not_applicable", "outcome": "none", "rules": ("waived",),
        "dissent": (Dissent("base", "needed", "override"),), "items": {"d0": "not_needed"},
    }  # fmt: skip


def test_a_list_of_which_no_paper_is_certain_is_undecided(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("on", FLAG, {"needs": ["d0"]}), rule("off", NO_FLAG, {"needs": ["d1"]}),
    ])  # fmt: skip
    found = answer(one)
    assert (found.verdict, found.outcome) == ("undecided", None)
    assert found.items == {"d0": ("flag",), "d1": ("flag",)}


def test_gains_of_papers_add_up(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("on", FLAG, {"needs": ["d0", "d1"]}), rule("a", A, {"needs": ["d2"]}),
    ])  # fmt: skip
    found = answer(one)
    assert found.gains == pytest.approx({"flag": 2.0, "kind": 0.918296}, abs=1e-6)
    assert found.missing == ("flag", "kind")


def test_whether_there_is_a_list_at_all_may_hang_on_the_version(tmp_path: Path) -> None:
    since = {"from": "2026-01-01", "to": None}
    one = checker(tmp_path, [rule("on", FLAG, {"needs": ["d0"]}, in_force=since)], date="visit")
    found = answer(one, flag=False)
    assert told(found) == {
        "verdict": "undecided", "missing": ("visit",), "gains": {"visit": 2.0},
        "perhaps": frozenset({"visit"}),
    }  # fmt: skip
    assert told(answer(one, visit="2025")) == {"verdict": "unclear", "outcome": "not_covered"}


# -- values -------------------------------------------------------------------------------------

SINCE = [
    {"value": 10, "in_force": {"from": None, "to": "2026-02-28"}},
    {"value": 20, "in_force": {"from": "2026-03-01", "to": None}},
]
LIMIT = {"date": "birth", "days": {"param": "limit"}}


def test_who_won_with_the_best_grade_speaks_first_and_then_the_outcome(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("weak", "always",
             {"outcome": "yes", "value": {"number": 1}, "from": {"date": "birth"}}, "C"),
        rule("strong", "always", {"outcome": "yes", "value": {"number": 2}}, "A"),
        rule("beaten", "always", {"outcome": "no", "value": {"number": 3}}, "D"),
    ], yes={"value": {"number": 4}, "from": {"date": "visit"}, "until": {"date": "visit"}},
    )  # fmt: skip
    found = answer(one, birth="2026-01-01", visit="2026-02-01")
    assert (found.value, found.from_, found.until) == (
        {"number": "2"}, "2026-01-01", "2026-02-01",
    )  # fmt: skip
    library = one.library
    voices = speaking(library, "asked", ["weak", "strong", "beaten"], "yes")
    assert voices == [library.rules["strong"].then, library.rules["weak"].then,
                      library.decisions["asked"].outcomes["yes"]]  # fmt: skip
    assert speaking(library, "asked", ["weak"], None) == []
    assert value_facts(library, "asked") == {"birth", "visit"}


def test_a_value_names_the_facts_it_lacks(tmp_path: Path) -> None:
    one = checker(tmp_path, [rule("base", "always", {
        "outcome": "yes", "value": {"date": "birth"}, "until": {"date": "visit"},
    })])  # fmt: skip
    found = answer(one)
    assert (found.verdict, found.outcome, found.missing) == ("eligible", "yes", ("birth", "visit"))
    assert found.gains == {"birth": 0.0, "visit": 0.0}
    assert (found.value, found.until) == (None, None)
    assert answer(one, birth="2026").missing == ("visit",)
    assert answer(one, birth="2026").value == {"range": ["2026-01-01", "2026-12-31"]}


def test_values_that_differ_are_told_no_more_than_what_they_hang_on(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("on", FLAG, {"outcome": "yes", "value": {"number": 1}, "until": {"date": "as_of"}}),
        rule("off", NO_FLAG, {"outcome": "yes", "value": {"number": 2},
                              "until": {"date": "as_of"}}),
    ])  # fmt: skip
    found = answer(one)
    assert (found.outcome, found.value, found.until) == ("yes", None, "2026-03-01")
    assert (found.missing, found.gains) == (("flag",), {"flag": 0.0})
    assert answer(one, flag=True).value == {"number": "1"}
    case = read_case({"region": "440300"}, one.library, DAY)
    readings = one.readings("asked", case)
    mine = workings(one.library, "asked", readings)
    assert [len(some) for some in mine] == [2, 1, 2]
    assert work_out(one.library, "asked", case, mine).differing == ("value",)
    assert work_out(one.library, "asked", case, ()).values == (None, None, None)


def test_values_that_differ_hang_on_all_that_any_of_them_does(tmp_path: Path) -> None:
    until = {"date": "as_of", "days": 1}
    one = checker(tmp_path, [
        rule("on", FLAG, {"outcome": "yes", "value": {"number": 1}}),
        rule("a", A, {"outcome": "yes", "until": until}), rule("else", "always", "yes"),
    ])  # fmt: skip
    found = answer(one)
    assert (found.outcome, found.value, found.until) == ("yes", None, None)
    assert found.missing == ("flag", "kind")
    case = read_case({"region": "440300"}, one.library, DAY)
    mine = workings(one.library, "asked", one.readings("asked", case))
    assert work_out(one.library, "asked", case, mine).differing == ("value", "until")


def test_no_value_is_worked_out_where_answers_differ_or_nobody_gives_one(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("on", FLAG, {"outcome": "yes", "value": {"number": 1}}), rule("off", NO_FLAG, "no"),
    ])  # fmt: skip
    case = read_case({"region": "440300"}, one.library, DAY)
    assert workings(one.library, "asked", one.readings("asked", case)) == ()
    assert answer(one).value is None
    off = read_case({"region": "440300", "flag": False}, one.library, DAY)
    assert workings(one.library, "asked", one.readings("asked", off)) == ()


def test_what_facts_a_value_of_any_open_outcome_needs_may_yet_matter(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("on", FLAG, {"outcome": "yes", "value": {"date": "birth"}}),
        rule("off", NO_FLAG, "no"),
    ], no={"until": {"date": "visit"}})  # fmt: skip
    assert answer(one).perhaps == {"flag", "birth", "visit"}
    assert answer(one, birth=None, visit="2026").perhaps == {"flag"}


def test_a_parameter_is_that_of_the_day_the_decision_is_on(tmp_path: Path) -> None:
    one = checker(tmp_path, [rule("base", "always", {"outcome": "yes", "value": LIMIT})],
                  date="visit", values=SINCE)  # fmt: skip
    known = {"birth": "2026-01-01"}
    for visit, value in (("2026-02-28", "2026-01-11"), ("2026-03-01", "2026-01-21"),
                         ("2026-01", "2026-01-11"), ("2026-04", "2026-01-21")):  # fmt: skip
        assert answer(one, **known, visit=visit).value == value
    for given in ({"visit": "2026"}, {}):
        found = answer(one, **known, **given)
        assert (found.outcome, found.value, found.missing) == ("yes", None, ("visit",))


def test_a_parameter_may_be_looked_up_by_another(tmp_path: Path) -> None:
    one = checker(tmp_path, [rule("base", "always", {"outcome": "yes", "value": LIMIT})],
                  values=SINCE)  # fmt: skip
    case = read_case({"region": "440300", "birth": "2026-01-01"}, one.library, DAY)
    mine = workings(one.library, "asked", one.readings("asked", case))
    asked = []

    def parameter(name: str, place: str, day: int) -> Decimal:
        asked.append((name, place, day))
        return Decimal(3)

    worked = work_out(one.library, "asked", case, mine, parameter)
    assert (worked.values, worked.lacking) == (("2026-01-04", None, None), [])
    assert {*asked} == {("limit", "100000", DAY.toordinal())}


def test_a_parameter_without_a_value_is_a_fault_of_the_rule(tmp_path: Path) -> None:
    one = checker(tmp_path, [
        rule("base", "always", {"outcome": "yes", "value": LIMIT},
             in_force={"from": "2026-03-01", "to": None}),
    ], values=SINCE[:1])  # fmt: skip
    with pytest.raises(RulesetError) as caught:
        answer(one, birth="2026-01-01")
    (fault,) = caught.value.faults
    assert fault.message == "parameter `limit` has no value here in the period of the rule"
    assert fault.place == one.library.authored.origins["rules", "base"].fault((), "").place
