"""A program: what chooses the rules in force, what is compiled of them, what is refused."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from engine import axis, decision_table, inference, limits, program
from engine.adjudication import UNCOVERED, Resolution, Unresolved
from engine.axis import NumberAxis, PlaceAxis
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.case import read_case
from engine.coded import State
from engine.coding import Coded, Gap, Lying, Raw, Span
from engine.condition import FactTest
from engine.errors import RulesetError, TooLargeError
from engine.program import Program, Selection
from tests.support.one_decision import checker, rule

if TYPE_CHECKING:
    from pathlib import Path

    from engine.checker import Checker

DAY = date(2026, 3, 1)
FLAG, KIND = {"fact": "flag", "equals": True}, {"fact": "kind", "equals": "a"}
TWO, THREE = {"fact": "count", "gte": 2}, {"fact": "count", "equals": 3}
LATE, OLD = {"fact": "visit", "gte": "2026-02-26"}, {"fact": "age", "gte": 14}
LYING, AMOUNT = {"fact": "lying", "equals": "elsewhere"}, {"fact": "one_amount", "lt": 0.5}
VISIT = date(2026, 2, 26).toordinal()


def compiled(one: Checker, **facts: Any) -> Program:
    case = read_case({"region": "440300", **facts}, one.library, DAY)
    (selection,) = one.selections("asked", case)
    return one.program("asked", selection)


def two(tmp_path: Path, when: Any, **more: Any) -> Checker:
    return checker(tmp_path, [rule("yes", when, "a"), rule("no", {"not": when}, "b")], **more)


def test_a_selection_is_looked_up_by_fact() -> None:
    one = Selection((("home", "440300"), ("away", "130100")), (("visit", (1, 2)), ("day", (3, 4))))
    assert (one.place("away"), one.period("day")) == ("130100", (3, 4))


def test_facts_that_a_test_joins_have_one_axis(tmp_path: Path) -> None:
    every = {"all": [FLAG, LATE, OLD, TWO, THREE, LYING]}
    found = compiled(two(tmp_path, every), visit="2026-03-01")
    facts = {one.facts: one for one in found.axes}
    assert set(facts) == {("flag",), ("visit", "birth"), ("count",), ("region", "away", "visit")}
    dates = facts["visit", "birth"]
    assert isinstance(dates, NumberAxis)
    gap = Gap("birth", "visit", "months", "next_day")
    assert dates.cuts == {Raw("visit"): [VISIT], gap: [168]}
    count = facts["count",]
    assert isinstance(count, NumberAxis)
    assert (count.cuts, count.bounds) == ({Raw("count"): [2, 3, 4]}, {"count": (0, 4)})
    place = facts["region", "away", "visit"]
    assert isinstance(place, PlaceAxis)
    assert place.subjects == (Lying("region", "away", "pair", "visit"),)
    assert found.subjects_of("asked") == {
        Raw("flag"), Raw("visit"), Raw("count"), gap, place.subjects[0],
    }  # fmt: skip


def test_every_value_of_an_enum_is_a_cell(tmp_path: Path) -> None:
    for kind in "ac":
        (found,) = compiled(two(tmp_path, {"fact": "kind", "equals": kind})).axes
        assert isinstance(found, NumberAxis)
        assert found.cuts == {Raw("kind"): [1, 2]}
    one = compiled(two(tmp_path, KIND)).compiled["asked"]
    # The decision itself tells only those apart that its rules do.
    assert one.coded.shape == (2,)
    (cells,) = one.maps
    assert cells is not None
    assert (cells[0] != cells[1], cells[1] == cells[2]) == (True, True)


def test_cuts_beyond_the_bounds_are_none(tmp_path: Path) -> None:
    beyond = [{"fact": "count", "gt": 4}, {"fact": "count", "gte": 0}]
    (found,) = compiled(two(tmp_path, {"any": [*beyond, TWO]})).axes
    assert isinstance(found, NumberAxis)
    assert found.cuts == {Raw("count"): [2]}


def test_the_day_that_selects_the_rules_lies_in_their_period(tmp_path: Path) -> None:
    since = {"from": "2026-02-20", "to": "2026-03-10"}
    one = two(tmp_path, LATE, date="visit")
    (whole,) = compiled(one, visit="2026-03-01").axes
    years = tuple(date.fromisoformat(day).toordinal() for day in ("1990-01-01", "2099-12-31"))
    assert isinstance(whole, NumberAxis)
    assert whole.bounds == {"visit": years}
    other = checker(tmp_path, [rule("yes", LATE, "a", in_force=since),
                               rule("no", {"not": LATE}, "b")], date="visit")  # fmt: skip
    inside = compiled(other, visit="2026-03-01")
    period = tuple(date.fromisoformat(day).toordinal() for day in (since["from"], since["to"]))
    assert inside.selection.period("visit") == period
    assert isinstance(inside.axes[0], NumberAxis)
    assert inside.axes[0].bounds == {"visit": period}
    every = Program(other.library, ["asked"], inside.selection, every_day=True)
    assert isinstance(every.axes[0], NumberAxis)
    assert every.axes[0].bounds == {"visit": years}
    assert [one.id for one in every.rules["asked"]] == ["yes", "no"]
    assert [one.id for one in compiled(other, visit="2026-02-19").rules["asked"]] == ["no"]
    (today,) = compiled(two(tmp_path, {"fact": "age_now", "lt": 5})).axes
    assert isinstance(today, NumberAxis)
    assert today.bounds["as_of"] == (FIRST_DAY, LAST_DAY)


def test_what_is_watched_cuts_axes_and_no_table(tmp_path: Path) -> None:
    one = compiled(two(tmp_path, FLAG))
    watched: list[FactTest | Coded]
    watched = [FactTest.model_validate(TWO), *compiled(two(tmp_path / ".", KIND)).tests()]
    found = Program(one.library, ["asked"], one.selection, watched)
    assert [some.facts for some in found.axes] == [("flag",), ("count",), ("kind",)]
    assert found.deciding("asked") == [0, 1, 2]
    assert one.deciding("asked") == [0]
    assert found.compiled["asked"].coded.shape == (2,)
    assert [some.subject for some in found.tests()] == [
        Raw("flag"), Raw("flag"), Raw("count"), Raw("kind"), Raw("kind"),
    ]  # fmt: skip


def test_the_axes_that_constraints_tie_are_in_one_group(tmp_path: Path) -> None:
    never = {"any": [{"all": [FLAG, TWO]}, {"all": [KIND, AMOUNT]}]}
    found = compiled(two(tmp_path, FLAG, never=never))
    assert found.tied("asked") == [[1, 2, 3]]
    assert [some.subject for some in found.limiting()] == [
        Raw("flag"), Raw("count"), Raw("kind"), Raw("one_amount"),
    ]  # fmt: skip
    (limit,) = found.limits
    assert (limit.id, limit.axes, limit.never.shape) == ("limit0", (0, 1, 2, 3), (2, 2, 3, 2))
    assert limit.never.sum() == 6 + 4 - 1
    assert compiled(two(tmp_path, FLAG, never={"all": [KIND, AMOUNT]})).limits == ()
    assert compiled(two(tmp_path, {"all": [FLAG, TWO]}, never={"all": [FLAG, TWO]})).tied(
        "asked") == []  # fmt: skip


def test_the_engine_is_made_once_and_closed(tmp_path: Path) -> None:
    found = compiled(two(tmp_path, FLAG))
    found.close()
    assert "engine" not in vars(found)
    assert found.engine is found.engine
    assert found.engine.fire("asked", (1,)) == ("yes",)
    found.close()
    assert found.engine._handle == 0


def refused(one: Checker, **facts: Any) -> tuple[str, str, type]:
    with pytest.raises(RulesetError) as caught:
        compiled(one, **facts)
    (fault,) = caught.value.faults
    return fault.message, fault.help, type(caught.value)


SPLIT = "split a decision on some of these off, and build on its outcome: "


def test_more_cells_or_classes_than_are_enumerated_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    axis.number_axis.cache_clear()
    monkeypatch.setattr(axis, "MAX_CELLS", 0)
    assert refused(two(tmp_path, {"all": [LATE, OLD]})) == (
        "visit, birth: more than 0 combinations of what is asked of them",
        SPLIT + "`visit` (2 cells), `birth and visit` (2 cells)", TooLargeError,
    )  # fmt: skip
    monkeypatch.undo()
    axis.number_axis.cache_clear()
    monkeypatch.setattr(decision_table, "MAX_PATTERNS", 1)
    assert refused(two(tmp_path, {"all": [FLAG, KIND]})) == (
        "`asked` has more than 1 different sets of matching rules",
        SPLIT + "`flag` (2 cells), `kind` (2 cells)",
        TooLargeError,
    )
    assert refused(two(tmp_path, {"all": [FLAG, OLD]}))[1] == (
        SPLIT + "`flag` (2 cells), `birth and visit` (2 cells)"
    )
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MAX_CLASSES", 5)
    assert refused(two(tmp_path, FLAG, never={"all": [FLAG, KIND]})) == (
        "the constraint `limit0` is on 6 combinations", "at most 5 are enumerated: split it",
        TooLargeError,
    )  # fmt: skip


def test_rules_that_the_engine_cannot_hold_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = compiled(two(tmp_path, FLAG))
    monkeypatch.setattr(inference, "MAX_TESTS", 1)
    with pytest.raises(RulesetError) as caught:
        _ = found.engine
    (fault,) = caught.value.faults
    assert fault.message == "`yes` has too many tests"
    assert fault.place == found.library.authored.origins["rules", "yes"].fault((), "").place


def test_a_parameter_is_that_of_the_place_and_the_first_day(tmp_path: Path) -> None:
    values = [{"value": 1, "in_force": {"from": None, "to": "2026-02-28"}},
              {"value": 3, "in_force": {"from": "2026-03-01", "to": None}}]  # fmt: skip
    one = two(tmp_path, {"fact": "count", "gte": {"param": "limit"}}, values=values)
    for day, cut in (("2026-02-28", 1), ("2026-03-01", 3)):
        (found,) = compiled(one, as_of=day).axes
        assert isinstance(found, NumberAxis)
        assert found.cuts == {Raw("count"): [cut]}
    lacking = two(tmp_path, {"fact": "count", "gte": {"param": "limit"}}, values=values[:1])
    with pytest.raises(RulesetError) as caught:
        compiled(lacking, as_of="2026-03-01")
    (fault,) = caught.value.faults
    assert fault.message == "parameter `limit` has no value here in the period of the rule"
    assert fault.place == lacking.library.authored.origins["rules", "yes"].fault((), "").place


def test_tests_are_coded_once_unless_they_name_a_parameter(tmp_path: Path) -> None:
    values = [{"value": 1, "in_force": {"from": None, "to": None}}]
    when = {"all": [FLAG, {"fact": "count", "gte": {"param": "limit"}}]}
    one = two(tmp_path, when, values=values)
    found = compiled(one)
    shared = [coded.subject for _, coded in one.library.coded.values()]
    assert {*shared} == {Raw("flag")}
    assert {coded.subject for _, coded in found._known.values()} == {Raw("count")}
    again = [*Program(one.library, ["asked"], found.selection).tests()]
    before = [*found.tests()]
    assert [some is other for some, other in zip(again, before, strict=True)] == [
        some.subject == Raw("flag") for some in before
    ]
    assert [some is other for some, other in zip(found.tests(), before, strict=True)] == [True] * 4


def test_tests_of_one_rule_with_parameters_are_told_apart(tmp_path: Path) -> None:
    values = [{"value": 2, "in_force": {"from": None, "to": None}}]
    limit = {"param": "limit"}
    when = {"any": [{"fact": "count", "gte": limit}, {"fact": "age", "gte": limit}]}
    found = compiled(two(tmp_path, when, values=values))
    assert {(some.subject, some.spans) for some in found.tests()} == {
        (Raw("count"), (Span(2, None),)),
        (Gap("birth", "visit", "months", "next_day"), (Span(24, None),)),
    }


def test_facts_joined_late_still_have_one_axis(tmp_path: Path) -> None:
    born = {"fact": "birth", "gte": "2012-03-01"}
    (found,) = compiled(two(tmp_path, {"all": [LATE, OLD, born]})).axes
    assert found.facts == ("visit", "birth")


def test_each_pair_of_places_has_an_axis(tmp_path: Path) -> None:
    back = {"back": {"relation": {"of": "away", "to": "region"}}}
    when = {"all": [LYING, {"fact": "back", "equals": "abroad"}]}
    found = compiled(two(tmp_path, when, derived=back))
    assert [some.facts for some in found.axes] == [("region", "away", "visit"), ("away", "region")]


def test_a_decision_of_which_no_rule_is_in_force_is_not_covered(tmp_path: Path) -> None:
    since = {"from": "2026-03-02", "to": None}
    found = compiled(checker(tmp_path, [rule("yes", FLAG, "a", in_force=since)]))
    assert not found.covered("asked")
    assert found.compiled["asked"].table.found == [UNCOVERED]
    assert found.compiled["asked"].states[0].outcomes == ("not_covered",)
    assert compiled(two(tmp_path, FLAG)).covered("asked")


def test_states_are_numbered_and_a_fault_is_none(tmp_path: Path) -> None:
    found = compiled(checker(tmp_path, [
        rule("yes", FLAG, "a"), rule("b", {"all": [FLAG, KIND]}, "a"),
        rule("c", KIND, "c", overrides=["yes", "b"]),
    ]))  # fmt: skip
    one = found.compiled["asked"]
    outcomes = [getattr(some, "outcome", None) for some in one.table.found]
    states = [state.outcomes[0] for state in one.states]
    assert states == ["a", "c"]
    assert one.state_of.tolist() == [states.index(some) if some else -1 for some in outcomes]
    assert -1 in one.state_of
    torn = Resolution("disputed", sides=("a", "c"), safer="c")
    known = [Resolution("stated", "c"), torn, Unresolved("tie"), Resolution("stated", "a")]
    table: Any = SimpleNamespace(found=known)
    given = [State(("a",), "a"), State(("c",), "c"), State(("a", "c"), "c")]
    assert program.state_of(table, given).tolist() == [1, 2, -1, 0]
