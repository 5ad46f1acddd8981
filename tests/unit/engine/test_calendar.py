"""The calendar of a case: days worked out by hand, with what changes on them and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.case import read_case
from engine.changes import Step
from engine.checker import Checker
from engine.errors import CaseError
from engine.explanation.calendar import Change, Entry, Named, calendar
from engine.explanation.reasons import Reason
from engine.result import DecisionResult
from tests.support import loaded
from tests.support.folders import RULESETS
from tests.support.one_decision import checker, rule

CLINIC = loaded.checker(RULESETS)
SHIPPED = loaded.checker(compare=False)
AS_OF = date(2026, 3, 1)
FOURTEEN = Reason("fact", "age_now", 14)
SHENZHEN = {"region": "440300", "scheme": "resident", "institution_kind": "general_hospital",
            "institution_level": 2, "in_city": True, "bound_community": 1, "bound_hospital": 0,
            "last_bound_on": "2020-01-01", "topics": ["hospital_binding"]}  # fmt: skip


def entries(one: Checker, case: dict[str, Any], as_of: date = AS_OF) -> list[Entry]:
    return calendar(one, read_case(case, one.library, as_of))


def changes(found: list[Entry]) -> dict[date, list[tuple[str | None, str | None]]]:
    """For each day the outcomes before and after."""
    return {
        entry.day: [(part.before.outcome, part.after.outcome)
                    for part in entry.parts if isinstance(part, Change)]
        for entry in found
    }  # fmt: skip


def why(found: list[Entry], day: date) -> tuple[Reason, ...]:
    (entry,) = [one for one in found if one.day == day]
    (part,) = [one for one in entry.parts if isinstance(one, Change)]
    return part.reasons


def named(found: list[Entry]) -> list[tuple[date, str, date | None, bool]]:
    return [(entry.day, part.kind, part.latest, part.moves)
            for entry in found for part in entry.parts if isinstance(part, Named)]  # fmt: skip


@pytest.mark.parametrize(
    ("born", "birthday"),
    [
        ("2012-03-02", date(2026, 3, 2)),
        # The 14th year is complete on 1 March where there is no 29 February.
        ("2012-02-29", date(2026, 3, 1)),
        ("2016-02-29", date(2030, 3, 1)),
        ("2018-02-28", date(2032, 2, 28)),
        ("2014-12-31", date(2028, 12, 31)),
    ],
)
def test_the_14th_birthday(born: str, birthday: date) -> None:
    found = entries(SHIPPED, {**SHENZHEN, "birth_date": born}, date(2026, 2, 28))
    (entry,) = found
    assert entry.day == birthday
    assert entry.kinds == ("answer_changes",)
    assert "may_bind" in entry.decisions
    for part in entry.parts:
        assert isinstance(part, Change)
        assert part.before.verdict != part.after.verdict
        assert part.reasons == (FOURTEEN,)


def test_no_birthday_is_left_after_it() -> None:
    case = {**SHENZHEN, "birth_date": "2012-03-02"}
    assert entries(SHIPPED, case, date(2026, 3, 1))
    assert entries(SHIPPED, case, date(2026, 3, 2)) == []


def test_a_birth_month_leaves_the_answer_open_between_two_days(tmp_path: Path) -> None:
    one = checker(tmp_path, _by_age("2012-01-01"))
    found = entries(one, {"region": "440300", "birth": "2012-04"})
    # 14 at the earliest on 1 April, at the latest on 30 April.
    assert changes(found) == {date(2026, 4, 1): [("a", None)], date(2026, 4, 30): [(None, "b")]}
    assert why(found, date(2026, 4, 1)) == why(found, date(2026, 4, 30)) == (FOURTEEN,)


def _by_age(start: str) -> list[dict[str, Any]]:
    period = {"in_force": {"from": start, "to": None}}
    return [rule("young", {"fact": "age_now", "lt": 14}, "a", **period),
            rule("old", {"fact": "age_now", "gte": 14}, "b", **period)]  # fmt: skip


def test_a_missing_fact_leaves_nothing_to_say(tmp_path: Path) -> None:
    one = checker(tmp_path, _by_age("2012-01-01"))
    assert entries(one, {"region": "440300"}) == []
    assert entries(one, {"region": "440300", "birth": None}) == []
    assert entries(one, {"birth": "2012-04-05"}) == []


def test_the_last_day_of_a_rule_and_the_first_of_the_next(tmp_path: Path) -> None:
    old = rule("old", "always", "a", in_force={"from": None, "to": "2026-06-30"})
    new = rule("new", "always", "b", in_force={"from": "2026-07-01", "to": None})
    found = entries(checker(tmp_path, [old, new]), {"region": "440300"})
    day = date(2026, 7, 1)
    assert changes(found) == {day: [("a", "b")]}
    assert why(found, day) == (
        Reason("rule_ends", "old", in_force=date(2026, 6, 30)),
        Reason("rule_starts", "new", in_force=day),
    )


def test_a_rule_that_gives_the_same_answer_is_no_entry(tmp_path: Path) -> None:
    old = rule("old", "always", "a", in_force={"from": None, "to": "2026-06-30"})
    new = rule("new", "always", "a", in_force={"from": "2026-07-01", "to": None})
    one = checker(tmp_path, [old, new])
    assert entries(one, {"region": "440300"}) == []


def test_the_birthday_counts_from_the_day_a_later_rule_looks_at_it(tmp_path: Path) -> None:
    """The rules in force today know no age; those of next year do."""
    old = rule("before", "always", "a", in_force={"from": None, "to": "2026-12-31"})
    one = checker(tmp_path, [old, *_by_age("2027-01-01")])
    found = entries(one, {"region": "440300", "birth": "2014-05-06"})
    assert changes(found) == {date(2028, 5, 6): [("a", "b")]}
    assert why(found, date(2028, 5, 6)) == (FOURTEEN,)
    result = one.check({"region": "440300", "birth": "2014-05-06"}, AS_OF)
    assert result.decisions["asked"].changes_on == (date(2028, 5, 6),)


def test_a_rules_date_that_is_given_stands_still(tmp_path: Path) -> None:
    """What hangs on the day of the visit alone does not change as time goes by."""
    young = [rule("young", {"fact": "age", "lt": 14}, "a"),
             rule("old", {"fact": "age", "gte": 14}, "b")]  # fmt: skip
    case = {"region": "440300", "birth": "2012-05-06", "visit": "2026-05-05"}
    assert entries(checker(tmp_path, young), case) == []


def test_a_parameter_that_changes(tmp_path: Path) -> None:
    rules = [rule("young", {"fact": "age_now", "lt": {"param": "limit"}}, "a"),
             rule("old", {"fact": "age_now", "gte": {"param": "limit"}}, "b")]  # fmt: skip
    values = [{"value": 14, "in_force": {"from": None, "to": "2026-12-31"}},
              {"value": 16, "in_force": {"from": "2027-01-01", "to": None}}]  # fmt: skip
    one = checker(tmp_path, rules, values=values)
    found = entries(one, {"region": "440300", "birth": "2012-05-06"})
    assert changes(found) == {
        date(2026, 5, 6): [("a", "b")], date(2027, 1, 1): [("b", "a")],
        date(2028, 5, 6): [("a", "b")],
    }  # fmt: skip
    assert why(found, date(2026, 5, 6)) == (FOURTEEN,)
    assert why(found, date(2027, 1, 1)) == (Reason("parameter", "limit", 16, 14),)
    assert why(found, date(2028, 5, 6)) == (Reason("fact", "age_now", 16),)


def test_a_window_counted_in_days_both_ways(tmp_path: Path) -> None:
    derived = {"until_visit": {"days_between": {"from": "as_of", "to": "visit"}}}
    rules = [
        rule("early", {"fact": "until_visit", "gt": 10}, "a"),
        rule("window", {"fact": "until_visit", "between": [0, 10]}, "b"),
        rule("late", {"fact": "until_visit", "lt": 0}, "c"),
    ]
    found = entries(checker(tmp_path, rules, derived), {"region": "440300", "visit": "2026-04-20"})
    assert changes(found) == {
        date(2026, 4, 10): [("a", "b")], date(2026, 4, 21): [("b", "c")],
    }  # fmt: skip
    assert why(found, date(2026, 4, 10)) == (Reason("fact", "until_visit", 10),)
    assert why(found, date(2026, 4, 21)) == (Reason("fact", "until_visit", -1),)


def test_a_group_of_places_that_comes_into_force(tmp_path: Path) -> None:
    """Which the ruleset dates from 2026-02-26."""
    lying = {"relation": {"of": "region", "to": "away", "group": "pair", "on": "as_of"}}
    rules = [rule("near", {"fact": "lying_now", "equals": "same_group"}, "a"),
             rule("far", {"not": {"fact": "lying_now", "equals": "same_group"}}, "b")]  # fmt: skip
    one = checker(tmp_path, rules, {"lying_now": lying})
    case = {"region": "110000", "away": "130100"}
    found = entries(one, case, date(2026, 2, 1))
    assert changes(found) == {date(2026, 2, 26): [("b", "a")]}
    assert why(found, date(2026, 2, 26)) == (Reason("fact", "lying_now", "same_group"),)
    assert entries(one, case, date(2026, 2, 26)) == []


def _with_deadline(value: Any, **more: Any) -> dict[str, Any]:
    return rule("told", "always", {"outcome": "a", "until": value}, **more)


def test_a_deadline_is_told_until_its_last_day_and_not_after(tmp_path: Path) -> None:
    one = checker(tmp_path, [_with_deadline({"date": "visit", "days": 30})])
    case = {"region": "440300", "visit": "2026-02-10"}
    deadline = date(2026, 3, 12)
    assert named(entries(one, case)) == [(deadline, "until", None, False)]
    assert named(entries(one, case, deadline)) == [(deadline, "until", None, False)]
    assert entries(one, case, date(2026, 3, 13)) == []


def test_a_deadline_after_which_the_answer_is_another(tmp_path: Path) -> None:
    inside = {"fact": "until_today", "lte": 30}
    rules = [
        rule("in_time", inside, {"outcome": "a", "until": {"date": "visit", "days": 30}}),
        rule("too_late", {"not": inside}, "b"),
    ]
    found = entries(checker(tmp_path, rules), {"region": "440300", "visit": "2026-02-10"})
    assert named(found) == [(date(2026, 3, 12), "until", None, False)]
    assert changes(found) == {date(2026, 3, 12): [], date(2026, 3, 13): [("a", "b")]}


def test_a_deadline_known_to_the_month_is_a_range(tmp_path: Path) -> None:
    one = checker(tmp_path, [_with_deadline({"date": "visit", "days": 30})])
    case = {"region": "440300", "visit": "2026-02"}
    span = date(2026, 3, 3), date(2026, 3, 30)
    assert named(entries(one, case)) == [(span[0], "until", span[1], False)]
    today = date(2026, 3, 10)
    assert named(entries(one, case, today)) == [(today, "until", span[1], False)]


def test_a_deadline_that_the_rules_take_back_before_is_not_told(tmp_path: Path) -> None:
    old = _with_deadline({"date": "visit", "days": 60}, in_force={"from": None, "to": "2026-03-31"})
    new = rule("new", "always", "b", in_force={"from": "2026-04-01", "to": None})
    one = checker(tmp_path, [old, new])
    found = entries(one, {"region": "440300", "visit": "2026-02-10"})
    assert named(found) == []
    assert changes(found) == {date(2026, 4, 1): [("a", "b")]}


def test_a_day_counted_from_today_is_told_as_such_and_only_for_today(tmp_path: Path) -> None:
    rules = [
        rule("young", {"fact": "age_now", "lt": 14},
             {"outcome": "a", "from": {"month_start": "as_of", "months": 1}}),
        rule("old", {"fact": "age_now", "gte": 14},
             {"outcome": "b", "from": {"month_start": "as_of", "months": 1}}),
    ]  # fmt: skip
    case = {"region": "440300", "birth": "2012-05-06"}
    found = entries(checker(tmp_path, rules), case, date(2026, 3, 15))
    assert named(found) == [(date(2026, 4, 1), "from", None, True)]
    assert changes(found)[date(2026, 5, 6)] == [("a", "b")]


def test_a_day_that_is_today_at_the_earliest_stands_still(tmp_path: Path) -> None:
    """The later of today and a month after the visit: until then it is the same day."""
    value = {"latest": [{"date": "as_of"}, {"date": "visit", "days": 30}]}
    one = checker(tmp_path, [rule("told", "always", {"outcome": "a", "from": value})])
    case = {"region": "440300", "visit": "2026-02-10"}
    assert named(entries(one, case)) == [(date(2026, 3, 12), "from", None, False)]
    assert entries(one, case, date(2026, 3, 13)) == []


def test_a_deadline_that_a_later_answer_brings(tmp_path: Path) -> None:
    rules = [
        rule("young", {"fact": "age_now", "lt": 14}, "a"),
        rule("old", {"fact": "age_now", "gte": 14},
             {"outcome": "b", "until": {"date": "birth", "months": 171,
                                        "short_month": "last_day"}}),
    ]  # fmt: skip
    found = entries(checker(tmp_path, rules), {"region": "440300", "birth": "2012-05-06"})
    assert changes(found) == {date(2026, 5, 6): [("a", "b")], date(2026, 8, 6): []}
    assert named(found) == [(date(2026, 8, 6), "until", None, False)]


def test_what_falls_on_one_day_is_one_entry_and_changes_come_first() -> None:
    found = entries(SHIPPED, {**SHENZHEN, "birth_date": "2012-03-02"})
    assert len(found) == 1
    assert len(found[0].parts) == len(found[0].decisions) > 1


def test_more_changes_than_a_result_tells(tmp_path: Path) -> None:
    even = {"fact": "age_now", "in": list(range(0, 40, 2))}
    rules = [rule("even", even, "a"), rule("odd", {"not": even}, "b")]
    one, case = checker(tmp_path, rules), {"region": "440300", "birth": "2020-06-01"}
    found = entries(one, case)
    assert [entry.day for entry in found] == [date(2020 + age, 6, 1) for age in range(6, 40)]
    told = one.check(case, AS_OF).decisions["asked"].changes_on
    assert told == tuple(entry.day for entry in found)[:8]


def test_decisions_can_be_picked() -> None:
    case = read_case({**SHENZHEN, "birth_date": "2012-03-02"}, SHIPPED.library, AS_OF)
    (entry,) = calendar(SHIPPED, case, ["may_bind"])
    assert entry.decisions == ("may_bind",)
    assert calendar(SHIPPED, case, []) == []


def test_facts_that_contradict_each_other_are_an_error() -> None:
    case = {"region": "440300", "birth_date": "2026-03-05", "institution_kind": "hospital",
            "institution_level": 3}  # fmt: skip
    with pytest.raises(CaseError):
        entries(CLINIC, case)


def test_a_paper_no_longer_needed_is_a_change() -> None:
    """Although the list names it before and after."""
    before = DecisionResult("stated", "listed", items={"d0": "needed", "d1": "needed"})
    after = DecisionResult("stated", "listed", items={"d0": "needed", "d1": "waived"})
    assert Step(AS_OF, before, after).changed
    assert not Step(AS_OF, before, before).changed
