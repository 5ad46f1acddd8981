"""What the batch benchmark is about: three decisions, 18 facts, places, the day counted from."""

from __future__ import annotations

DECISIONS = ("may_bind", "available", "filing_required")
DAY = "2026-06-01"
UNDECIDED = "undecided"

# How often each value is drawn. The last place has no rules of its own in any of the decisions.
REGIONS = {"440300": 88, "120000": 4, "110000": 3, "310000": 3, "360100": 2}
PAYER_REGIONS = {"440300": 50, "440100": 20, "120000": 8, "110000": 8, "310000": 8, "360100": 6}
CARE_REGIONS = {
    "440300": 10, "440100": 30, "441900": 10, "110000": 10, "120000": 6, "130100": 5, "310000": 8,
    "360100": 5, "430100": 8, "450100": 4, "510100": 4,
}  # fmt: skip
CHOICES: dict[str, dict[object, int]] = {
    "scheme": {"resident": 90, "employee_tier_one": 3, "employee_tier_two": 2, "not_enrolled": 5},
    "institution_kind": {
        "community_centre": 35, "general_hospital": 30, "tcm_hospital": 10,
        "specialist_hospital": 20, "clinic": 5,
    },
    "institution_level": {0: 10, 1: 40, 2: 30, 3: 20},
    "in_city": {True: 93, False: 7},
    "bound_hospital": {0: 75, 1: 23, 2: 2},
    "relation": {
        "parent": 70, "grandparent": 17, "sibling": 3, "step_parent": 3, "other_relative": 4,
        "spouse": 1, "child": 1, "grandchild": 1,
    },
    "payer_has_account": {True: 85, False: 15},
    "authorised": {True: 60, False: 40},
    "kin_account_bound": {True: 40, False: 60},
    "stay_kind": {"temporary": 70, "long_term": 30},
    "referral": {True: 30, False: 70},
    "emergency": {True: 10, False: 90},
}  # fmt: skip
BIRTHS = ("2008-06-01", "2026-04-30")
BINDINGS = ("2023-10-01", "2026-05-31")
VISITS = ("2022-10-01", "2026-08-31")
FACTS = (
    "region", "birth_date", "scheme", "institution_kind", "institution_level", "in_city",
    "bound_hospital", "last_bound_on", "payer_region", "relation", "payer_has_account",
    "authorised", "kin_account_bound", "care_region", "visit_date", "stay_kind", "referral",
    "emergency",
)  # fmt: skip

RELATIONS = ("same_pool", "same_province", "same_group", "elsewhere")
_GROUP = frozenset({"11", "12", "13"})
Lying = dict[tuple[str | None, str | None], str | None]


def lies(home: str | None, away: str | None) -> str | None:
    """How two of the places above lie to each other; None when one of them is not known."""
    if home is None or away is None:
        return None
    if home == away:
        return "same_pool"
    if home[:2] == away[:2]:
        return "same_province"
    return "same_group" if {home[:2], away[:2]} <= _GROUP else "elsewhere"


def lying() -> Lying:
    """The relation of every two places that a case can name, and of one with an unknown one."""
    places = {None, *REGIONS, *PAYER_REGIONS, *CARE_REGIONS}
    return {(home, away): lies(home, away) for home in places for away in places}
