"""Values worked out after the lookup: each function of the closed set, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.case import Case
from engine.ruleset import Value
from engine.values import UnknownFactError, compute

BORN, LEAPT, LATE = (date.fromisoformat(one).toordinal()
                     for one in ("2024-01-31", "2012-02-29", "2024-12-15"))  # fmt: skip
FROM, TO = date(2024, 3, 10).toordinal(), date(2024, 4, 20).toordinal()
CASE = Case(None, date(2026, 3, 1), intervals={
    "born": (BORN, BORN), "leapt": (LEAPT, LEAPT), "late": (LATE, LATE), "stay": (FROM, TO),
})  # fmt: skip
PARAMETERS: dict[str, int | Decimal | None] = {
    "two": 2, "cap": Decimal("1200.50"), "none": None,
}  # fmt: skip


def worked_out(value: dict[str, Any]) -> object:
    return compute(Value.model_validate(value), CASE, PARAMETERS.__getitem__)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"date": "born"}, "2024-01-31"),
        ({"date": "as_of", "days": 1}, "2026-03-02"),
        ({"date": "born", "days": 10}, "2024-02-10"),
        ({"date": "born", "days": -31}, "2023-12-31"),
        # The first day counts, or it does not.
        ({"date": "born", "days": 10, "first_day": "in"}, "2024-02-09"),
        ({"date": "born", "days": 10, "first_day": "out"}, "2024-02-10"),
        # A month that lacks the day ends on its last one, or the next one begins.
        ({"date": "born", "months": 1}, "2024-02-29"),
        ({"date": "born", "months": 1, "short_month": "next_day"}, "2024-03-01"),
        ({"date": "born", "months": {"param": "two"}}, "2024-03-31"),
        ({"date": "leapt", "years": 14}, "2026-02-28"),
        ({"date": "leapt", "years": 14, "short_month": "next_day"}, "2026-03-01"),
        ({"month_start": "late", "months": 0}, "2024-12-01"),
        ({"month_start": "late", "months": 1}, "2025-01-01"),
        ({"month_start": "born", "months": -1}, "2023-12-01"),
        ({"calendar": "late", "month": 12, "day": 31}, "2024-12-31"),
        ({"calendar": "late", "month": 1, "day": 1}, "2024-01-01"),
        ({"calendar": "late", "years": 1, "month": 6, "day": 30}, "2025-06-30"),
        ({"calendar": "late", "month": 2, "day": 29}, "2024-02-29"),
        ({"calendar": "late", "years": 1, "month": 2, "day": 29}, "2025-02-28"),
        # A date known to a stretch gives a stretch.
        ({"date": "stay", "days": 5}, {"range": ["2024-03-15", "2024-04-25"]}),
        ({"month_start": "stay", "months": 1}, {"range": ["2024-04-01", "2024-05-01"]}),
        ({"points": 10}, {"points": "10"}),
        ({"factor": Decimal("0.90")}, {"factor": "0.90"}),
        ({"amount": {"param": "cap"}}, {"amount": "1200.50"}),
        ({"rate": 0}, {"rate": "0"}),
        ({"range": [{"number": 1}, {"number": {"param": "two"}}]},
         {"range": [{"number": "1"}, {"number": "2"}]}),
        ({"range": [{"date": "born"}, {"date": "late"}]}, {"range": ["2024-01-31", "2024-12-15"]}),
        ({"range": [{"date": "stay"}, {"date": "stay", "days": 1}]},
         {"range": ["2024-03-10", "2024-04-21"]}),
        ({"range": [{"date": "born"}, {"number": 1}]}, {"range": ["2024-01-31", {"number": "1"}]}),
        ({"earliest": [{"date": "late"}, {"date": "born"}]}, "2024-01-31"),
        ({"latest": [{"date": "late"}, {"date": "born"}]}, "2024-12-15"),
        # Each end is the earliest, or the latest, that it can be.
        ({"earliest": [{"date": "stay"}, {"date": "stay", "days": 3}]},
         {"range": ["2024-03-10", "2024-04-20"]}),
        ({"latest": [{"date": "stay"}, {"date": "born", "months": 2}]},
         {"range": ["2024-03-31", "2024-04-20"]}),
    ],
)  # fmt: skip
def test_a_value_is_what_it_is_by_hand(value: dict[str, Any], found: object) -> None:
    assert worked_out(value) == found


def test_a_value_says_which_fact_it_lacks() -> None:
    with pytest.raises(UnknownFactError, match=r"^unknown$") as caught:
        worked_out({"earliest": [{"date": "born"}, {"date": "unknown"}]})
    assert caught.value.fact == "unknown"


def test_a_value_says_which_parameter_has_none() -> None:
    with pytest.raises(LookupError) as caught:
        worked_out({"date": "born", "days": {"param": "none"}})
    assert caught.value.args == ("none",)
