"""The small values rulesets are written in: what each accepts and refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, TypeAdapter, ValidationError

from engine.scalars import (
    ClaimId,
    Day,
    Id,
    Number,
    PartialDay,
    Period,
    PlaceCode,
    _form,
    one_of,
    refusal,
)


def read(kind: Any, value: object) -> object:
    return TypeAdapter(kind).validate_python(value, strict=True)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Id, "a", "a"),
        (Id, "sz_rule_1", "sz_rule_1"),
        (Id, "a" * 64, "a" * 64),
        (ClaimId, "S1-01", "S1-01"),
        (ClaimId, "S2-12a", "S2-12a"),
        (PlaceCode, "440300", "440300"),
        (PlaceCode, 440300, "440300"),
        (Day, "2024-02-29", date(2024, 2, 29)),
        (PartialDay, "2024-02-29", "2024-02-29"),
        (PartialDay, "2024-02", "2024-02"),
        (PartialDay, 2024, "2024"),
        (Number, 5, 5),
        (Number, Decimal("0.5"), Decimal("0.5")),
    ],
)
def test_accepted(kind: Any, value: object, expected: object) -> None:
    assert read(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Id, ""),
        (Id, "1a"),
        (Id, "a-b"),
        (Id, "a\n"),
        (Id, "户口"),
        (Id, "a" * 65),
        (ClaimId, "S1-1"),
        (ClaimId, "T1-01"),
        (PlaceCode, "44030"),
        (PlaceCode, "044030"),
        (PlaceCode, "４４０３００"),
        (PlaceCode, True),
        (Day, "2023-02-29"),
        (Day, "20230201"),
        (Day, "2023-W01-1"),
        (Day, "2023-2-1"),
        (Day, 2023),
        (PartialDay, "2023-13"),
        (PartialDay, "2023-2"),
        (PartialDay, True),
        (Number, True),
        (Number, "5"),
        (Number, None),
    ],
)
def test_refused_in_our_own_words(kind: Any, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    (error,) = caught.value.errors()
    assert error["type"] in ("refused", "string_type")


def test_a_period_includes_both_ends_and_may_be_open() -> None:
    period = Period.model_validate({"from": "2024-01-01", "to": "2024-01-01"})
    assert period.days(1, 9) == (date(2024, 1, 1).toordinal(),) * 2
    assert Period.model_validate({"from": None, "to": None}).days(1, 9) == (1, 9)
    assert Period.model_validate({"from": None}).days(1, 9) == (1, 9)


def refused(kind: Any, value: object) -> tuple[str, str, tuple[str | int, ...]]:
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    (error,) = caught.value.errors()
    return error["msg"], error["ctx"]["help"], tuple(error["ctx"]["at"])


ID = "an id starts with a letter and holds letters, digits and `_`"
AS_DAY, AS_PARTIAL = "write a date as YYYY-MM-DD", "write YYYY-MM-DD, YYYY-MM, YYYY or null"


@pytest.mark.parametrize(
    ("kind", "value", "message", "help_"),
    [
        (Id, "1a", "`1a` is not an id", ID),
        (ClaimId, "S1-1", "`S1-1` is not the id of a claim", "write it like S1-01 or S1-01a"),
        (PlaceCode, 44030, "`44030` is not the code of a place", "a code has six digits"),
        (Day, "2023-02-29", "there is no day `2023-02-29`", "check the month and the day"),
        (Day, "2023-2-1", "`2023-2-1` is not a date", AS_DAY),
        (Day, 2023, "`2023` is not a date", AS_DAY),
        (PartialDay, "2023-13", "there is no day `2023-13`", "check the month and the day"),
        (PartialDay, "2023-02-30", "there is no day `2023-02-30`", "check the month and the day"),
        (PartialDay, "2023-2", "`2023-2` is not a date", AS_PARTIAL),
        (PartialDay, None, "`null` is not a date", AS_PARTIAL),
        (Number, "5", "a number is expected here (found: `5`)", "write digits without quotes"),
        (Number, None, "a number is expected here (found: `null`)", ""),
        (Number, [5], "a number is expected here", ""),
        (Number, {}, "a number is expected here", ""),
    ],
)  # fmt: skip
def test_what_is_refused_says_what_is_wanted(
    kind: Any, value: object, message: str, help_: str
) -> None:
    assert refused(kind, value) == (message, help_, ())


def test_a_day_may_be_one_already() -> None:
    assert read(Day, date(2024, 2, 29)) == date(2024, 2, 29)


def test_a_period_that_ends_before_it_starts_points_at_its_end() -> None:
    assert refused(Period, {"from": "2024-01-02", "to": "2024-01-01"}) == (
        "the period ends on 2024-01-01, before it starts on 2024-01-02",
        "both days are included; `to: null` leaves it open", ("to",),
    )  # fmt: skip
    period = Period.model_validate({"from": "2024-01-01", "to": "2024-01-03"})
    start = date(2024, 1, 1).toordinal()
    assert period.days(1, 9) == (start, start + 2)


def test_a_form_is_that_of_the_whole_text_in_ascii() -> None:
    kind = Annotated[str, AfterValidator(_form(r"[a-z]\d", "a thing", "write it so"))]
    assert read(kind, "a1") == "a1"
    for value in ("a11", "xa1", "A1", "a１"):
        assert refused(kind, value) == (f"`{value}` is not a thing", "write it so", ())


def test_one_of_several_types_is_told_as_one() -> None:
    kind = Annotated[int | bool, one_of("this or that")]
    assert (read(kind, 5), read(kind, False)) == (5, False)
    for value, found, help_ in (
        (None, " (found: `null`)", ""),
        ([1], "", ""),
        ({}, "", ""),
        ("5", " (found: `5`)", "write digits without quotes"),
    ):
        assert refused(kind, value) == (f"this or that is expected here{found}", help_, ())


def test_what_is_no_text_is_not_made_one() -> None:
    for value in (None, True, 440300.0):
        with pytest.raises(ValidationError) as caught:
            read(PlaceCode, value)
        assert [error["type"] for error in caught.value.errors()] == ["string_type"]
    assert refused(PartialDay, date(2024, 1, 1))[0] == "`2024-01-01` is not a date"


def test_a_refusal_has_what_it_is_given() -> None:
    assert refusal("wrong").context == {"message": "wrong", "help": "", "at": ()}
    assert refusal("wrong", "mend", "a", 1).context == {
        "message": "wrong", "help": "mend", "at": ("a", 1),
    }  # fmt: skip
