"""What a case may look like, and what is said of one that may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.batch.decoder import Decoder
from engine.batch.encoding import encode
from engine.case import MAX_FAULTS, CaseReader, carried, read_case
from engine.checker import Checker
from engine.errors import CaseError, CaseFault, pointer
from tests.support import loaded
from tests.support.folders import RULESETS
from tests.support.random_rulesets import FACTS, PLACES, load

LIBRARY = loaded.library(RULESETS)
CHECKER = Checker(LIBRARY)
TODAY = date(2026, 3, 1)


def faults(data: object) -> list[CaseFault]:
    try:
        read_case(data, LIBRARY, TODAY)
    except CaseError as error:
        return list(error.faults)
    return []


def refused(data: object) -> tuple[str, str]:
    (fault,) = faults(data)
    return fault.code, fault.field


def decoded(text: str) -> Any:
    data, found = Decoder().decode(text)
    assert not found
    return data


@pytest.mark.parametrize("data", [None, [], "text", 5, True, Decimal("1.5"), [{}]])
def test_a_case_is_an_object(data: object) -> None:
    assert refused(data) == ("not_an_object", "")


def test_the_empty_case_is_a_case() -> None:
    assert not faults({})


@pytest.mark.parametrize(
    ("key", "help_"),
    [
        ("birth_dat", "did you mean `birth_date`?"),
        ("Region", "did you mean `region`?"),
        ("age_now", "it is worked out from birth_date, as_of, not given"),
        ("", "allowed key here"),
        ("数", "allowed key here"),
        ("\x00", "allowed key here"),
        ("\ud800", "allowed key here"),
        ("X_a", "allowed key here"),
        ("line", "allowed key here"),
    ],
)
def test_an_unknown_key_is_named_with_help(key: str, help_: str) -> None:
    (fault,) = faults({key: 1})
    assert fault.code == "unknown_key"
    assert fault.field == "/" + key
    assert (fault.allowed or "").startswith(help_)


def test_an_unknown_key_is_refused_though_null() -> None:
    assert refused({"nothing": None}) == ("unknown_key", "/nothing")


@pytest.mark.parametrize(
    ("key", "field"),
    [("a/b", "/a~1b"), ("~", "/~0"), ("~1", "/~01"), ("/", "/~1"), ("a~b/c~1", "/a~0b~1c~01")],
)
def test_pointers_are_escaped(key: str, field: str) -> None:
    assert pointer(key) == field
    assert refused({key: 1}) == ("unknown_key", field)


@pytest.mark.parametrize("value", [1, 0, "true", "false", "", 1.0, [], {}, [True]])
def test_truth_is_true_or_false(value: object) -> None:
    assert refused({"emergency": value}) == ("wrong_type", "/emergency")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("clinic", "unknown_value"),
        ("Hospital", "unknown_value"),
        ("hospital ", "unknown_value"),
        ("", "unknown_value"),
        (1, "wrong_type"),
        (True, "wrong_type"),
        (["hospital"], "wrong_type"),
        ({}, "wrong_type"),
    ],
)
def test_a_choice_is_one_of_its_ids(value: object, code: str) -> None:
    (fault,) = faults({"institution_kind": value})
    assert (fault.code, fault.field) == (code, "/institution_kind")
    assert fault.allowed == "centre, hospital"


@pytest.mark.parametrize("value", [True, False, "3", "", [3], {}, float("nan"), float("-inf")])
@pytest.mark.parametrize("fact", ["institution_level", "bill_yuan"])
def test_a_number_is_a_number(fact: str, value: object) -> None:
    assert refused({fact: value}) == ("wrong_type", f"/{fact}")


@pytest.mark.parametrize(
    "text",
    [
        "0", "4", "-1", "1.5", "2.999999999999999999999999999999999999", "1e1", "1e999999",
        "-1e999999", "1e-999999", "1e-999999999", "1" + "0" * 900,
    ],
)  # fmt: skip
def test_a_whole_number_stays_in_its_domain(text: str) -> None:
    assert refused(decoded(f'{{"institution_level": {text}}}')) == (
        "outside_domain",
        "/institution_level",
    )


@pytest.mark.parametrize("text", ["3", "3.0", "3.000", "30e-1", "0.3e1"])
def test_a_whole_number_may_be_written_with_a_point(text: str) -> None:
    # JSON and its Schema know one kind of number; many programs write 3.0 for 3.
    case = read_case(decoded(f'{{"institution_level": {text}}}'), LIBRARY, TODAY)
    assert case.interval("institution_level") == (3, 3)


@pytest.mark.parametrize(
    "text",
    ["-0.01", "1000000.01", "0.001", "1e7", "1e999999", "-1e999999", "1e-999999", "1e-999999999",
     "12.34" + "0" * 60 + "1", "9" * 900],
)  # fmt: skip
def test_an_amount_stays_in_its_domain_exactly(text: str) -> None:
    assert refused(decoded(f'{{"bill_yuan": {text}}}')) == ("outside_domain", "/bill_yuan")


@pytest.mark.parametrize(
    ("text", "cents"),
    [("0", 0), ("-0", 0), ("0.0", 0), ("0e999999999", 0), ("1000000", 100_000_000), ("12.3", 1230),
     ("12.34", 1234), ("12.34" + "0" * 100, 1234), ("1e2", 10_000), ("1E-2", 1)],
)  # fmt: skip
def test_an_amount_is_read_exactly(text: str, cents: int) -> None:
    case = read_case(decoded(f'{{"bill_yuan": {text}}}'), LIBRARY, TODAY)
    assert case.interval("bill_yuan") == (cents, cents)


def test_floats_of_python_count_as_written() -> None:
    case = read_case({"bill_yuan": 0.29, "institution_level": 2.0}, LIBRARY, TODAY)
    assert case.interval("bill_yuan") == (29, 29)
    assert case.interval("institution_level") == (2, 2)
    assert refused({"bill_yuan": 0.1 + 0.2}) == ("outside_domain", "/bill_yuan")


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2012-03-02", "2012-03-02", "2012-03-02"),
        ("2012-02-29", "2012-02-29", "2012-02-29"),
        ("2012-02", "2012-02-01", "2012-02-29"),
        ("2012-12", "2012-12-01", "2012-12-31"),
        ("2012", "2012-01-01", "2012-12-31"),
        ("2099-12", "2099-12-01", "2099-12-31"),
        ("1990", "1990-01-01", "1990-12-31"),
    ],
)
def test_a_date_may_be_known_to_the_month_or_year(value: str, first: str, last: str) -> None:
    case = read_case({"birth_date": value}, LIBRARY, TODAY)
    days = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    assert case.interval("birth_date") == days


@pytest.mark.parametrize(
    "value",
    ["", "2012-3-2", "2012/03/02", "20120302", "2012-03-02T00:00:00", "2012-03-02 ", "2012-03-02\n",
     " 2012", "12-03-02", "2012-13", "2012-00", "2012-02-30", "2013-02-29", "1900-02-29",
     "2012-04-31", "2012-01-00", "0000-01-01", "0000", "２０１２-03-02", "2012-W10", "-2012",
     "2012-03-02\x00", "\ud800", "yesterday", "2012-", "1" * 100_000],
)  # fmt: skip
def test_what_is_no_date_is_refused(value: str) -> None:
    (fault,) = faults({"birth_date": value})
    assert (fault.code, fault.field) == ("not_a_date", "/birth_date")
    assert len(fault.message) < 100
    assert "from 1990-01-01 to 2099-12-31" in (fault.allowed or "")


@pytest.mark.parametrize("value", ["1989-12-31", "1989", "2100-01-01", "9999-12-31", "0001"])
def test_a_date_outside_its_domain_is_refused(value: str) -> None:
    assert refused({"birth_date": value}) == ("outside_domain", "/birth_date")


@pytest.mark.parametrize("value", [20120302, True, 1.5, [], {}])
def test_a_date_is_text(value: object) -> None:
    assert refused({"birth_date": value}) == ("wrong_type", "/birth_date")


@pytest.mark.parametrize("value", ["2026-03", "2026", "2026-02-30", "today", ""])
def test_the_day_counted_from_is_a_whole_day(value: str) -> None:
    assert refused({"as_of": value}) == ("not_a_date", "/as_of")


@pytest.mark.parametrize("value", ["1900-12-31", "2100-01-01"])
def test_the_day_counted_from_has_bounds(value: str) -> None:
    assert refused({"as_of": value}) == ("outside_domain", "/as_of")


def test_the_day_counted_from_may_be_given() -> None:
    assert read_case({"as_of": "2020-02-29"}, LIBRARY, TODAY).as_of == date(2020, 2, 29)
    assert read_case({"as_of": None}, LIBRARY, TODAY).as_of == TODAY
    assert read_case({}, LIBRARY, TODAY).as_of == TODAY


@pytest.mark.parametrize("value", ["440300", "深圳市", "深圳", " shenzhen ", "Shenzhen", "440305"])
def test_a_place_goes_by_code_or_name(value: str) -> None:
    assert read_case({"region": value}, LIBRARY, TODAY).place("region") == "440300"


@pytest.mark.parametrize(
    "value", ["", "000000", "999999", "44030", "4403000", "全国", "100000", "四四", "440300\x00",
              "\ud800", "٤٤٠٣٠٠", "x" * 100_000],
)  # fmt: skip
def test_an_unknown_place_is_refused(value: str) -> None:
    (fault,) = faults({"region": value})
    assert (fault.code, fault.field) == ("unknown_place", "/region")
    assert len(fault.message) < 100


@pytest.mark.parametrize("value", [440300, True, ["440300"], {}])
def test_a_place_is_text(value: object) -> None:
    assert refused({"region": value}) == ("wrong_type", "/region")


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        ("clinic", "wrong_type", "/topics"),
        ([1], "wrong_type", "/topics"),
        ([["clinic"]], "wrong_type", "/topics"),
        ({}, "wrong_type", "/topics"),
        ([], "outside_domain", "/topics"),
        (["clinics"], "unknown_value", "/topics/0"),
        (["clinic", ""], "unknown_value", "/topics/1"),
    ],
)
def test_topics_are_known_ids(value: object, code: str, field: str) -> None:
    (fault,) = faults({"topics": value})
    assert (fault.code, fault.field, fault.allowed) == (code, field, "clinic")


def test_topics_may_be_left_open() -> None:
    assert read_case({"topics": None}, LIBRARY, TODAY).topics is None
    assert read_case({"topics": ["clinic", "clinic"]}, LIBRARY, TODAY).topics


@pytest.mark.parametrize("value", [1, True, ["a"], {}])
def test_an_id_is_text(value: object) -> None:
    assert refused({"id": value}) == ("wrong_type", "/id")


def test_all_faults_of_a_case_are_told_at_once() -> None:
    data = {
        "id": "a", "region": 5, "birth_date": "2012-02-30", "emergency": 1, "nothing": 1,
        "institution_level": 9, "institution_kind": "x", "topics": ["y", "z"], "as_of": "2026",
    }  # fmt: skip
    found = {(fault.code, fault.field) for fault in faults(data)}
    assert found == {
        ("wrong_type", "/region"), ("not_a_date", "/birth_date"), ("wrong_type", "/emergency"),
        ("unknown_key", "/nothing"), ("outside_domain", "/institution_level"),
        ("unknown_value", "/institution_kind"), ("unknown_value", "/topics/0"),
        ("unknown_value", "/topics/1"), ("not_a_date", "/as_of"),
    }  # fmt: skip
    out = CHECKER.check(data, TODAY).to_json()
    assert out["id"] == "a"
    assert len(out["more_errors"]) == 8  # type: ignore[arg-type]  # a list
    assert "decisions" not in out


def test_so_many_faults_are_counted() -> None:
    found = faults({f"birth_dat{i}": 1 for i in range(100_000)} | {"k" * 1_000_000: 1})
    assert len(found) == MAX_FAULTS + 1
    assert found[-1].message == f"and {100_001 - MAX_FAULTS} faults more"


@pytest.mark.parametrize("broken", [False, True])
def test_extra_keys_are_carried_through_untouched(broken: bool) -> None:
    text = (
        '{"x_a": {"b": [1, 1.0, 1.10, 1E+400, 1E-999999, 0.1000000000000000055511151231257827,'
        ' null, true, "\\u0000\\u2028深", {}]}, "x_": "", "x_id": 12345678901234567890123}'
    )
    data = decoded(text)
    out = CHECKER.check(data | ({"region": 5} if broken else {"region": "440300"}), TODAY)
    assert bool(out.faults) == broken
    line = encode(out)
    assert "[1, 1.0, 1.10, 1E+400, 1E-999999, 0.1000000000000000055511151231257827," in line
    assert {key: value for key, value in decoded(line).items() if key.startswith("x_")} == data


def test_text_that_is_no_unicode_can_be_written() -> None:
    data = {"id": "\ud800", "x_a": "\udfff\x00", "region": "440300"}
    line = encode(CHECKER.check(data, TODAY))
    line.encode()
    assert {key: decoded(line)[key] for key in data if key != "region"} == {
        key: data[key] for key in data if key != "region"
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"region": "440300", "institution_kind": "hospital", "birth_date": "2012-03-02"},
        {"region": "440300", "emergency": True},
        {"region": "440300", "birth_date": "2026-03-02"},
    ],
)
def test_null_decides_like_absent(given: dict[str, object]) -> None:
    nulls = dict.fromkeys(LIBRARY.vocabulary.facts) | {"id": None, "as_of": None, "topics": None}
    assert encode(CHECKER.check(nulls | given, TODAY)) == encode(CHECKER.check(given, TODAY))


def test_a_contradiction_names_the_constraint_and_the_facts() -> None:
    data = {"id": "c", "x_a": 1, "region": "440300", "birth_date": "2026-03-02"}
    out = CHECKER.check(data, TODAY).to_json()
    assert out["error"] == {
        "code": "contradiction",
        "field": "/birth_date",
        "message": "constraint `not_born_after_today`: The date of birth is later than the day "
        "counted from. (birth_date)",
    }
    assert (out["id"], out["x_a"], out["as_of"]) == ("c", 1, "2026-03-01")


@pytest.mark.parametrize("make", [lambda: {5: 1}, lambda: {None: 1}, lambda: {("a",): 1}])
def test_keys_of_python_that_are_no_text_are_refused(make: Callable[[], object]) -> None:
    assert [fault.code for fault in faults(make())] == ["unknown_key"]


AMOUNT = "a number with at most 2 decimals from 0 to 1000000"
BIRTH = "YYYY-MM-DD, or YYYY-MM or YYYY when no more is known, from 1990-01-01 to 2099-12-31"
PLACE = "a six-digit code (GB/T 2260) or an official name"
LONG = "k" * 70


@pytest.mark.parametrize(
    ("data", "message", "allowed"),
    [
        (None, "a case is an object (found: null)", None),
        ([], "a case is an object (found: a list)", None),
        ({"id": 1}, "`id` is text (found: 1)", "text"),
        ({"id": {}}, "`id` is text (found: an object)", "text"),
        ({"as_of": "2026-03"}, 'found "2026-03"', "YYYY-MM-DD from 1901-01-01 to 2099-12-31"),
        ({"as_of": "2026-02-30"}, "there is no day 2026-02-30",
         "YYYY-MM-DD from 1901-01-01 to 2099-12-31"),
        ({"as_of": "1900-01-01"}, "found 1900-01-01", "YYYY-MM-DD from 1901-01-01 to 2099-12-31"),
        ({"birth_date": True}, "found true", BIRTH),
        ({"birth_date": "2012-02-30"}, "there is no day 2012-02-30", BIRTH),
        ({"birth_date": "1989"}, "found 1989", BIRTH),
        ({"topics": "clinic"}, "`topics` is a list of topic ids", "clinic"),
        ({"topics": []}, "`topics` names no topic", "clinic"),
        ({"topics": [LONG]}, f"unknown topic `{LONG[:60]}`", "clinic"),
        ({"region": 5}, "a place is text (found: 5)", PLACE),
        ({"region": LONG}, f"no place `{LONG[:60]}` is known", PLACE),
        ({"region": "100000"}, "no place `100000` is known", PLACE),
        ({"emergency": 0}, "found 0", "true or false"),
        ({"institution_kind": LONG}, f'found "{LONG[:60]}"', "centre, hospital"),
        ({"institution_kind": False}, "found false", "centre, hospital"),
        ({"institution_level": 9}, "found 9", "a whole number from 1 to 3"),
        ({"institution_level": "3"}, 'found "3"', "a whole number from 1 to 3"),
        ({"bill_yuan": Decimal("0.001")}, "found 0.001", AMOUNT),
        ({"bill_yuan": float("inf")}, "found inf", AMOUNT),
        ({"bill_yuan": 10**40}, "found a huge number", AMOUNT),
        ({"bill_yuan": 1 - 10**40}, f"found -{'9' * 40}", AMOUNT),
        ({"bill_yuan": Decimal("9" * 70)}, f"found {'9' * 60}", AMOUNT),
        ({"bill_yuan": -(10**40)}, "found a huge number", AMOUNT),
        ({"age_now": 5}, "unknown key `age_now`",
         "it is worked out from birth_date, as_of, not given"),
        ({"birth_dat": 5}, "unknown key `birth_dat`", "did you mean `birth_date`?"),
        ({"a_of": 5}, "unknown key `a_of`", "did you mean `as_of`?"),
        ({"topic": 5}, "unknown key `topic`", "did you mean `topics`?"),
        ({"idd": 5}, "unknown key `idd`", "did you mean `id`?"),
        ({LONG: 5}, f"unknown key `{LONG[:60]}`", None),
        ({"birth_date" + "e" * 50: 5}, f"unknown key `birth_date{'e' * 50}`", "allowed key here"),
    ],
)  # fmt: skip
def test_a_fault_says_what_was_found_and_what_is_allowed(
    data: object, message: str, allowed: str | None
) -> None:
    (fault,) = faults(data)
    assert fault.message == message
    assert (fault.allowed or "").startswith(allowed or "")
    assert (fault.allowed is None) == (allowed is None)


def test_what_is_kept_of_values_is_not_taken_for_one_of_another_type() -> None:
    reader = CaseReader(LIBRARY)
    for _ in range(2):
        for good in (1, 1.0, Decimal(1)):
            case = reader.read({"institution_level": good}, TODAY)
            assert case.interval("institution_level") == (1, 1)
        for bad in (True, "1"):
            with pytest.raises(CaseError, match="/institution_level: found "):
                reader.read({"institution_level": bad}, TODAY)


def test_a_case_says_what_is_pinned_down_and_of_what_shape_it_is() -> None:
    case = read_case(
        {"birth_date": "2012", "region": "440300", "institution_level": 2, "emergency": None},
        LIBRARY, TODAY,
    )  # fmt: skip
    facts = ("birth_date", "region", "institution_level", "emergency", "as_of")
    assert [case.pinned(fact) for fact in facts] == [False, True, True, False, True]
    assert case.shape == (
        ("birth_date", "region", "institution_level", "emergency"),
        ("birth_date", "institution_level"), ("region",), ("birth_date",),
    )  # fmt: skip
    later = case.on(date(2027, 1, 1))
    assert (later.interval("as_of"), later.place("region")) == ((739_982, 739_982), "440300")
    assert (case.id, case.topics, case.extra) == (None, None, {})


def test_what_a_result_carries_over() -> None:
    assert carried({"id": "a", "x_1": 1, "y": 2}) == ("a", {"x_1": 1})
    assert carried({"id": 5, 7: 1}) == (None, {})
    assert carried([]) == (None, {})


@pytest.mark.parametrize("more", [0, 2])
def test_the_first_faults_are_told_and_the_others_counted(more: int) -> None:
    found = faults({f"{LONG}{i}": 1 for i in range(MAX_FAULTS + more)})
    assert [fault.code for fault in found[:MAX_FAULTS]] == ["unknown_key"] * MAX_FAULTS
    last = [CaseFault("more", "", "and 2 faults more")] if more else []
    assert found[MAX_FAULTS:] == last


def test_all_topics_there_are_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIBRARY.topics, "other", LIBRARY.topics["clinic"])
    (fault,) = faults({"topics": 1})
    assert fault.allowed == "clinic, other"


def test_what_short_values_were_read_as_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = CaseReader(LIBRARY)
    kept = reader._columns["institution_level"]
    reader.read({"institution_level": 2, "emergency": True}, TODAY)
    assert kept == {str: {}, bool: {}, int: {2: (2, 2)}}
    kept[int][2] = (3, 3)
    assert reader.read({"institution_level": 2}, TODAY).interval("institution_level") == (3, 3)
    for spaces in (59, 58):
        reader.read({"region": "深圳" + " " * spaces}, TODAY)
    assert [*map(len, reader._columns["region"][str])] == [60]
    monkeypatch.setattr("engine.case.MAX_KEPT", 2)
    for level in (1, 3):
        reader.read({"institution_level": level}, TODAY)
    assert kept[int] == {3: (3, 3)}
    with pytest.raises(CaseError):
        reader.read({"institution_level": 4}, TODAY)
    assert 4 not in kept[int]


def test_a_fact_named_like_an_extra_key_is_both(tmp_path: Path) -> None:
    facts = {"region": FACTS["region"], "x_flag": FACTS["flag"]}
    library = load({"regions": {**PLACES, "groups": {}}, "vocabulary": {"facts": facts}}, tmp_path)
    case = read_case({"x_flag": True}, library, TODAY)
    assert (case.interval("x_flag"), case.extra) == ((1, 1), {"x_flag": True})
