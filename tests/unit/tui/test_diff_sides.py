"""What `rules diff` is asked for: every way to name a side, what is taken over, what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import InputError
from tests.support.folders import ROOT
from tui.locale import Locale
from tui.rules.sides import Asked, Plan, compared, plan

GOOD = str(ROOT / "tests" / "rulesets" / "good")
TODAY = date(2026, 3, 1)
DAY, LATER = date(2024, 12, 31), date(2025, 1, 1)


def planned(  # noqa: PLR0913 - what a command line says
    before: str, after: str, *, region: str | None = None, as_of: date | None = None,
    topic: str | None = None, decision: str | None = None,
) -> Plan:  # fmt: skip
    return plan((GOOD + before, GOOD + after), region=region, as_of=as_of, topic=topic,
                decision=decision, today=TODAY, t=Locale("en"))  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "region", "as_of"),
    [
        ("@440300@2024-12-31", "@440300@2025-01-01", None, None),
        ("@2024-12-31", "@2025-01-01", "440300", None),
        ("@\u6df1\u5733\u5e02@2024-12-31", "@2025-01-01", None, None),
        ("@2024-12-31", "@2025-01-01", "\u6df1\u5733", None),
        ("@440300", "@2025-01-01", None, DAY),
    ],
)
def test_ways_to_name_the_same_sides(
    before: str, after: str, region: str | None, as_of: date | None
) -> None:
    asked = planned(before, after, region=region, as_of=as_of).asked
    assert asked == (Asked(GOOD, "440300", DAY), Asked(GOOD, "440300", LATER))


def test_what_nobody_says() -> None:
    """Every place with rules of its own and the nation, as of today."""
    found = planned("", "")
    assert found.every_place
    assert [one.place for one, _ in found.pairs] == ["100000", "110000", "440300"]
    assert {side.day for pair in found.pairs for side in pair} == {TODAY}
    assert found.both.same is False
    assert {one.status for pair in compared(found) for one in pair.comparisons} == {"unchanged"}


@pytest.mark.parametrize(
    "side", ["@soon", "@440300@soon", "@Atlantis", "@2023-02-30", "@1800-01-01"]
)
def test_a_side_that_is_not_understood(side: str) -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        planned(side, "@2025-01-01")


def test_what_there_is_not() -> None:
    with pytest.raises(InputError, match="Atlantis"):
        planned("", "", region="Atlantis")
    with pytest.raises(InputError, match="clinic"):
        planned("", "", topic="nothing")
    with pytest.raises(InputError, match="may_visit"):
        planned("", "", decision="nothing")
    with pytest.raises(InputError, match="may_visit"):
        planned("", "", topic="clinic", decision="nothing")
