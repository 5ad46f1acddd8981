"""The small values rulesets are written in: what each accepts and refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from engine.scalars import ClaimId, Day, Id, Number, PartialDay, Period, PlaceCode


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
