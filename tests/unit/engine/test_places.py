"""Places by code and by name, and how two of them lie to each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.places import Group, Place, Places
from tests.support.random_rulesets import TEXT


def place(code: str, name: str, level: str, **more: Any) -> Place:
    words = {"zh": f"{name}市", "en": f"{name.title()} City"}
    return Place.model_validate({"code": code, "name": words, "level": level, **more})


def group(first: str | None, last: str | None, *members: str) -> Group:
    return Group.model_validate({
        "id": "pair", "name": TEXT, "members": [*members], "in_force": {"from": first, "to": last},
        "sources": [{"source": "s0", "clause": TEXT}],
    })  # fmt: skip


HELD = [
    place("100000", "whole", "nation"), place("110000", "jia", "province", pool=True),
    place("110101", "ward", "county"), place("130000", "yi", "province"),
    place("130100", "bing", "city", pool=True, aliases=["Old Bing"]),
    place("130102", "part", "county"), place("130200", "ding", "city", pool=True),
    place("130300", "third", "city", pool=True), place("440000", "wu", "province"),
    place("440300", "ji", "city", pool=True), place("520000", "bare", "province"),
    place("522300", "loose", "city"), place("522301", "lone", "county"),
    place("900000", "out", "abroad"),
]  # fmt: skip
START, END = "2026-02-10", "2026-02-20"
DAYS = tuple(date.fromisoformat(one).toordinal() for one in (START, END))
GROUPS = {
    "pair": group(START, END, "110000", "130000"), "city": group(None, None, "130100", "440300"),
}  # fmt: skip


@pytest.fixture
def places() -> Places:
    return Places({one.code: one for one in HELD}, GROUPS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("440300", "440300"), ("110101", "110101"), ("ji市", "440300"), (" JI city ", "440300"),
        ("old bing", "130100"), ("Ji", None), ("", None),
        # A county that is not listed is of its city, or of a province that is one pool.
        ("440305", "440300"), ("110105", "110000"), ("130299", "130200"), ("520115", None),
        ("522399", None), ("44030", None), ("4403000", None), ("４４０３０５", None),
        ("44030a", None),
    ],
)  # fmt: skip
def test_a_place_is_found_by_its_code_or_a_name(
    places: Places, text: str, code: str | None
) -> None:
    assert places.resolve(text) == code


def test_of_places_of_one_name_the_first_is_found() -> None:
    twins = [place("130100", "twin", "city"), place("440300", "twin", "city")]
    assert Places({one.code: one for one in twins}, {}).resolve("twin city") == "130100"


def test_what_there_is(places: Places) -> None:
    assert (places.nation, places.abroad) == ("100000", "900000")
    assert (Places({}, {}).nation, Places({}, {}).abroad) == ("", "")
    assert "440300" in places
    assert "440305" not in places
    assert places.get("440300").names == ["ji市", "Ji City"]
    assert places.layout[:3] == [
        ("100000", "nation", False), ("110000", "province", True), ("110101", "county", False),
    ]  # fmt: skip
    with pytest.raises(KeyError):
        places.get("440305")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ji", ["110000", "440300"]),
        # What starts with it comes first, then by code.
        ("ing", ["130100", "130200"]), ("bing", ["130100"]), ("old", ["130100"]),
        ("Old B", ["130100"]), ("1302", ["130200"]), ("whole", []), (" DING ", ["130200"]),
        ("oo", ["522300"]),
        ("o", ["130100", "900000", "522300", "522301"]),
    ],
)  # fmt: skip
def test_places_are_searched_by_a_part_of_their_names(
    places: Places, text: str, codes: list[str]
) -> None:
    assert [one.code for one in places.search(text)] == codes


@pytest.mark.parametrize(
    ("code", "pool"),
    [
        ("440300", "440300"), ("110000", "110000"), ("110101", "110000"), ("130102", "130100"),
        ("900000", "900000"), ("130000", None), ("522300", None), ("522301", "522301"),
        ("100000", None),
    ],
)  # fmt: skip
def test_the_pool_a_place_lies_in(places: Places, code: str, pool: str | None) -> None:
    assert places.pool(code) == pool


@pytest.mark.parametrize(
    ("region", "code", "applies"),
    [
        ("440300", "440300", True), ("440000", "440300", True), ("100000", "440300", True),
        ("100000", "900000", False), ("900000", "900000", True), ("130100", "440300", False),
        ("130200", "130100", False), ("130100", "130102", True), ("130000", "130102", True),
        ("110000", "110101", True), ("440300", "440000", False), ("440305", "440300", False),
        ("522300", "522301", True),
    ],
)  # fmt: skip
def test_where_rules_of_a_region_hold(
    places: Places, region: str, code: str, applies: bool
) -> None:
    assert places.applies(region, code) is applies


def test_a_province_does_not_lie_inside_itself(places: Places) -> None:
    assert places.inside("130100", "130000")
    assert not places.inside("130000", "130000")
    assert not places.inside("440300", "130000")


ELSEWHERE, GROUPED = {"elsewhere"}, {"same_group"}


@pytest.mark.parametrize(
    ("home", "away", "days", "found"),
    [
        ("900000", "440300", None, {"abroad"}), ("440300", "900000", None, {"abroad"}),
        ("440300", "440300", None, {"same_pool"}), ("110101", "110000", None, {"same_pool"}),
        ("130102", "130100", None, {"same_pool"}), ("130100", "130200", None, {"same_province"}),
        ("130000", "130200", None, {"same_pool", "same_province"}),
        ("130200", "130000", None, {"same_pool", "same_province"}),
        ("130000", "130000", None, {"same_pool", "same_province"}),
        ("440300", "130100", DAYS, ELSEWHERE), ("110000", "440300", DAYS, ELSEWHERE),
        # The period of a group holds both of its ends.
        ("110000", "130100", DAYS, GROUPED), ("130102", "110101", DAYS, GROUPED),
        ("110000", "130000", (DAYS[0], DAYS[0]), GROUPED),
        ("110000", "130000", (DAYS[1], DAYS[1]), GROUPED),
        ("110000", "130000", (DAYS[0] - 1, DAYS[0] - 1), ELSEWHERE),
        ("110000", "130000", (DAYS[1] + 1, DAYS[1] + 1), ELSEWHERE),
        ("110000", "130000", (DAYS[0] - 1, DAYS[0]), GROUPED | ELSEWHERE),
        ("110000", "130000", (DAYS[1], DAYS[1] + 1), GROUPED | ELSEWHERE),
        # Without a date: as long as it is in force.
        ("110000", "130000", None, GROUPED),
    ],
)  # fmt: skip
def test_how_two_places_lie(
    places: Places, home: str, away: str, days: tuple[int, int] | None, found: set[str]
) -> None:
    assert places.relations(home, away, "pair", days) == found
    if found & (GROUPED | ELSEWHERE):
        assert places.relations(home, away, None, days) == ELSEWHERE


def test_a_group_of_cities_without_ends_holds_on_every_day(places: Places) -> None:
    for days in (None, (FIRST_DAY, LAST_DAY), (1, 1)):
        assert places.relations("130102", "440300", "city", days) == GROUPED
        assert places.relations("130200", "440300", "city", days) == ELSEWHERE


def test_all_the_ways_in_which_places_lie(places: Places) -> None:
    assert places.all_relations((None,)) == [
        ("same_pool",), ("same_province",), ("elsewhere",), ("abroad",),
    ]  # fmt: skip
    assert places.all_relations((None, "pair")) == [
        ("same_pool", "same_pool"), ("same_province", "same_province"),
        ("elsewhere", "same_group"), ("elsewhere", "elsewhere"), ("abroad", "abroad"),
    ]  # fmt: skip
    assert places.all_relations((None,)) is places.all_relations((None,))


def test_a_group_of_all_there_is_does_not_hold_always() -> None:
    two = [place("110000", "jia", "province", pool=True), place("440300", "ji", "city", pool=True)]
    held = {"pair": group(START, END, "110000", "440300")}
    found = Places({one.code: one for one in two}, held).all_relations(("pair",))
    assert {lying for (lying,) in found} >= {"same_pool", "same_group", "elsewhere"}


def test_samples_are_two_pools_of_each_province_and_abroad(places: Places) -> None:
    assert places.samples() == ["110000", "130100", "130200", "440300", "900000"]
    assert places.near("130102") == ["130100", "130200", "130300"]
