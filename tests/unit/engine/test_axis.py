"""The cells of facts: against every combination of values there is, one by one."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.axis import MAX_CELLS, NumberAxis, PlaceAxis, number_axis
from engine.calendar import months_between
from engine.coding import Gap, Lying, Numeric, Raw, Span
from engine.places import RELATIONS, Group, Place, Places
from tests.support.random_rulesets import CODES, PLACES

if TYPE_CHECKING:
    from engine.axis import Interval
    from engine.calendar import ShortMonth, Unit

# Around the end of a leap February, so that months have their odd ends.
DAY = date(2024, 2, 27).toordinal()
FACTS = ("a", "b", "c")
WIDTH = 4
UNITS: list[tuple[Unit, ShortMonth]] = [
    ("days", "next_day"), ("months", "next_day"), ("months", "last_day"),
]  # fmt: skip


@dataclass
class Known:
    """What is known of a case."""

    intervals: dict[str, Interval]
    places: dict[str, str]

    def interval(self, fact: str) -> Interval | None:
        return self.intervals.get(fact)

    def place(self, fact: str) -> str | None:
        return self.places.get(fact)


def value_of(subject: Numeric, values: dict[str, int]) -> int:
    if isinstance(subject, Raw):
        return values[subject.fact]
    first, second = values[subject.first], values[subject.second]
    if subject.unit == "days":
        return second - first
    return months_between(first, second, subject.short_month)


def cell_of(axis: NumberAxis, values: dict[str, int]) -> tuple[int, ...]:
    return tuple(bisect_right(axis.cuts[one], value_of(one, values)) for one in axis.subjects)


def boxes(bounds: dict[str, Interval]) -> list[dict[str, int]]:
    """Every combination of the values inside intervals."""
    ranges = [range(low, high + 1) for low, high in bounds.values()]
    return [dict(zip(bounds, values, strict=True)) for values in product(*ranges)]


@st.composite
def axes(draw: st.DrawFn) -> NumberAxis:
    facts = FACTS[: draw(st.integers(1, 3))]
    bounds = {}
    for fact in facts:
        low = DAY + draw(st.integers(0, 3)) + 366 * draw(st.integers(0, 1))
        bounds[fact] = low, low + draw(st.integers(0, WIDTH))
    cuts: dict[Numeric, list[int]] = {}
    for fact in facts:
        cuts[Raw(fact)] = sorted(draw(st.sets(st.integers(*bounds[fact]), max_size=2)))
    for first, second in pairwise(facts):
        unit, rule = draw(st.sampled_from(UNITS))
        least, most = ({fact: ends[end] for fact, ends in bounds.items()} for end in (0, 1))
        gap = Gap(first, second, unit, rule)
        low = value_of(gap, {**least, first: most[first]})
        high = value_of(gap, {**most, first: least[first]})
        cuts[gap] = sorted(draw(st.sets(st.integers(low, high + 1), min_size=1, max_size=2)))
    used = {subject: some for subject, some in cuts.items() if some}
    return NumberAxis(facts, bounds, used or {Raw("a"): [bounds["a"][0]]})


def holding(axis: NumberAxis, box: dict[str, Interval]) -> dict[tuple[int, ...], list[Any]]:
    """For each cell the values in a box that lie in it."""
    found: dict[tuple[int, ...], list[Any]] = {}
    for values in boxes(box):
        found.setdefault(cell_of(axis, values), []).append(values)
    return found


@given(axes(), st.data())
@settings(max_examples=60)
def test_the_open_cells_are_those_of_the_values_left(axis: NumberAxis, data: st.DataObject) -> None:
    """None is lost; and none too many where no more than one fact is open, or all gaps are days."""
    every = holding(axis, axis.bounds)
    assert every.keys() <= {*axis.cells}
    assert axis.cells == sorted(axis.cells)
    assert axis.size == len(axis.cells)
    days = all(gap.unit == "days" for gap in axis.gaps)
    if days:
        assert every.keys() == {*axis.cells}
    known: dict[str, Interval] = {}
    for fact, (low, high) in axis.bounds.items():
        # Beyond the bounds too: what is known is cut down to them.
        start = data.draw(st.integers(low - 1, high))
        if data.draw(st.integers(0, 3)):
            known[fact] = start, start + data.draw(st.sampled_from([0, 0, 1, 9]))
    found = [axis.cells[index] for index in axis.open(Known(known, {})).tolist()]
    box = {fact: (max(ends[0], known.get(fact, ends)[0]), min(ends[1], known.get(fact, ends)[1]))
           for fact, ends in axis.bounds.items()}  # fmt: skip
    left = holding(axis, box)
    assert left.keys() <= {*found}
    if sum(low < high for low, high in box.values()) <= 1:
        assert left.keys() == {*found}
    for cell in axis.cells:
        narrowed = axis.narrowed(cell, box)
        if cell in left:
            assert narrowed is not None
            assert list(narrowed) == list(box)
            for fact, (low, high) in narrowed.items():
                mine = [values[fact] for values in left[cell]]
                assert box[fact][0] <= low <= min(mine)
                assert max(mine) <= high <= box[fact][1]
                if len(axis.facts) == 1:
                    assert (low, high) == (min(mine), max(mine))
        elif len(axis.facts) == 1:
            assert narrowed is None
        witness = axis.witness(cell, box)
        assert (witness is not None) == (cell in left)
        assert witness is None or witness in left[cell]
    assert all((axis.witness(cell) is not None) == (cell in every) for cell in axis.cells)


@given(axes())
@settings(max_examples=40)
def test_a_test_holds_in_the_cells_of_the_values_that_pass_it(axis: NumberAxis) -> None:
    every = holding(axis, axis.bounds)
    for subject, cuts in axis.cuts.items():
        ends = [None, *cuts, None]
        for low, high in pairwise(ends):
            spans = [Span(low, high)]
            held = axis.holds(subject, spans)
            for cell, found in every.items():
                index = axis.cells.index(cell)
                span = axis.span(cell, subject)
                values = {value_of(subject, one) for one in found}
                assert {spans[0].holds(value) for value in values} == {held[index]}
                assert all(span.holds(value) for value in values)


def test_a_narrow_gap_is_followed_through_a_chain_of_facts() -> None:
    gaps = [Gap(one, other, "days", "next_day") for one, other in zip("abc", "bcd", strict=True)]
    bounds = dict.fromkeys("abcd", (0, 9))
    axis = NumberAxis(tuple("abcd"), bounds, {gap: [3, 4] for gap in gaps})
    assert axis.narrowed((1, 1, 1), bounds) == {
        "a": (0, 0), "b": (3, 3), "c": (6, 6), "d": (9, 9),
    }  # fmt: skip
    assert axis.witness((1, 1, 1)) == {"a": 0, "b": 3, "c": 6, "d": 9}
    assert axis.narrowed((2, 2, 2), bounds) is None
    assert (2, 2, 2) not in axis.cells


@pytest.mark.parametrize("start", [date(2021, 4, 1), date(2022, 9, 1), date(2023, 6, 15)])
def test_a_month_as_short_as_february_is_found_further_on(start: date) -> None:
    # A month is complete after 28 days in February alone, where neither end nor middle lies.
    low = start.toordinal()
    bounds = {"a": (low, low + 1_000), "b": (low, low + 1_100)}
    days, months = Gap("a", "b", "days", "next_day"), Gap("a", "b", "months", "next_day")
    axis = NumberAxis(("a", "b"), bounds, {days: [28, 29], months: [1]})
    found = axis.witness((1, 1))
    assert found is not None
    assert date.fromordinal(found["a"]).month == 2
    assert cell_of(axis, found) == (1, 1)


def test_more_cells_than_can_be_enumerated_are_refused_before_they_are() -> None:
    bounds = dict.fromkeys(FACTS, (0, 1_000))
    cuts: dict[Numeric, list[int]] = {Raw(fact): [*range(1, 50)] for fact in FACTS}
    with pytest.raises(OverflowError) as caught:
        NumberAxis(FACTS, bounds, cuts)
    assert str(caught.value) == "more than 50,000 combinations of what is asked of them"
    assert MAX_CELLS * 10 == 50_000
    assert NumberAxis(("a",), {"a": (0, 1_000)}, {Raw("a"): [*range(1, 800)]}).size == 800


def test_as_many_cells_as_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.axis.MAX_CELLS", 1)
    assert NumberAxis(("a",), {"a": (0, 99)}, {Raw("a"): [*range(1, 10)]}).size == 10
    with pytest.raises(OverflowError, match=r"^more than 10 combinations"):
        NumberAxis(("a",), {"a": (0, 99)}, {Raw("a"): [*range(1, 11)]})


def test_a_fact_that_no_test_cuts_has_one_cell() -> None:
    axis = NumberAxis(("a",), {"a": (0, 3)}, {Raw("a"): []})
    assert axis.holds(Raw("a"), [Span(0, None)]).tolist() == [True]
    assert axis.holds(Raw("a"), [Span(4, None)]).tolist() == [False]


def test_what_two_tests_say_of_one_fact_is_taken_together() -> None:
    gap = Gap("a", "b", "days", "next_day")
    axis = NumberAxis(("a", "b"), {"a": (0, 9), "b": (0, 9)}, {Raw("a"): [5], gap: [2, 5]})
    # From 5 on there are no five days left.
    assert axis.cells == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    found = axis.open(Known({"b": (9, 9)}, {})).tolist()
    assert [axis.cells[index] for index in found] == [(0, 2), (1, 0), (1, 1)]


@pytest.mark.parametrize("rule", ["next_day", "last_day"])
@pytest.mark.parametrize("known", ["a", "b"])
def test_the_values_left_of_one_end_of_a_gap_are_exact(rule: ShortMonth, known: str) -> None:
    first, last = date(2024, 1, 27).toordinal(), date(2024, 3, 31).toordinal()
    gap = Gap("a", "b", "months", rule)
    axis = NumberAxis(("a", "b"), {"a": (first, last), "b": (first, last)}, {gap: [1, 2]})
    for day in range(first, last + 1):
        box = {"a": (first, last), "b": (first, last), known: (day, day)}
        left = holding(axis, box)
        for cell in ((0,), (1,), (2,)):
            narrowed = axis.narrowed(cell, box)
            assert (narrowed is not None) == (cell in left)
            for fact in ("a", "b") if narrowed else ():
                mine = [values[fact] for values in left[cell]]
                assert narrowed is not None
                assert narrowed[fact] == (min(mine), max(mine))


def test_an_axis_is_made_once() -> None:
    asked = ("a",), (("a", (0, 3)),), ((Raw("a"), (1, 2)),)
    one = number_axis(*asked)
    assert one is number_axis(*asked)
    assert (one.facts, one.bounds, one.cuts) == (("a",), {"a": (0, 3)}, {Raw("a"): [1, 2]})


# -- places ---------------------------------------------------------------------------------------

PLACED: dict[str, Any] = PLACES
THIRD = {"code": "130300", "name": {"zh": "庚", "en": "Geng"}, "level": "city", "pool": True}
THERE = Places(
    {one["code"]: Place.model_validate(one) for one in (*PLACED["places"], THIRD)},
    {name: Group.model_validate({"id": name, **one}) for name, one in PLACED["groups"].items()},
)
PLAIN, GROUPED = Lying("home", "away", None, None), Lying("home", "away", "pair", "day")
START = date(2026, 2, 26).toordinal()
DATES = {"day": (START - 30, START + 30)}


def lying(home: str, away: str, day: int) -> tuple[str, str]:
    plain = THERE.relations(home, away, None, None)
    return *plain, *THERE.relations(home, away, "pair", (day, day))  # type: ignore[return-value]


@pytest.mark.parametrize("day", [START - 1, START])
def test_the_open_relations_are_those_of_the_places_left(day: int) -> None:
    axis = PlaceAxis((PLAIN, GROUPED), THERE, DATES)
    assert axis.facts == ("home", "away", "day")
    assert axis.size == len(axis.cells)
    for home, away in product([*CODES, None], repeat=2):
        places = {name: code for name, code in (("home", home), ("away", away)) if code}
        found = axis.open(Known({"day": (day, day)}, places)).tolist()
        open_ = {lying(one, other, day) for one in ([home] if home else CODES)
                 for other in ([away] if away else CODES)}  # fmt: skip
        if places:
            assert {axis.cells[index] for index in found} == open_
        else:
            assert found == [*range(axis.size)]
    either = axis.open(Known({}, {"home": "110000", "away": "130100"})).tolist()
    assert {axis.cells[index] for index in either} == {
        ("elsewhere", "same_group"), ("elsewhere", "elsewhere"),
    }  # fmt: skip


def test_a_relation_holds_in_its_cells() -> None:
    axis = PlaceAxis((PLAIN, GROUPED), THERE, DATES)
    for subject, position in ((PLAIN, 0), (GROUPED, 1)):
        for index, relation in enumerate(RELATIONS):
            held = axis.holds(subject, [Span(index, index + 1), Span(9, None)])
            assert held.tolist() == [cell[position] == relation for cell in axis.cells]


def test_a_place_that_stands_for_no_province_still_lies_in_its_own() -> None:
    axis = PlaceAxis((PLAIN,), THERE, {})
    for places in ({"home": "130300"}, {"away": "130300"}):
        found = axis.open(Known({}, places)).tolist()
        assert [axis.cells[index][0] for index in found] == [
            "same_pool", "same_province", "elsewhere", "abroad",
        ]  # fmt: skip


def test_a_date_lies_in_the_days_on_which_the_rules_are_in_force() -> None:
    axis = PlaceAxis((PLAIN, GROUPED), THERE, {"day": (10, 20)})
    assert [axis.days("day", one) for one in (None, (5, 15), (15, 25), (12, 14), (5, 5), (20, 20))
            ] == [(10, 20), (10, 15), (15, 20), (12, 14), (5, 5), (20, 20)]  # fmt: skip


def test_candidates_show_every_relation_that_a_place_can_have() -> None:
    axis = PlaceAxis((PLAIN,), THERE, {})
    assert axis.candidates("130100", "440300") == ["130100"]
    assert axis.candidates(None, "130100")[:4] == ["130100", "130100", "130200", "130300"]
    assert {*axis.candidates(None, None)} == {*CODES}
