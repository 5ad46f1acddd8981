"""A ruleset of one decision, for what is worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.checker import Checker
from tests.support.random_rulesets import ALWAYS, DERIVED, FACTS, PLACES, TEXT, load

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = {
    "title": TEXT, "body": TEXT, "number": None, "issued": None, "address": None,
    "host": "original", "checked": "2026-01-01", "read": "whole", "authority": "A",
}  # fmt: skip
YEARS = {"from": "1990-01-01", "to": "2099-12-31"}


def rule(key: str, when: Any, then: Any, **more: Any) -> dict[str, Any]:
    """A rule of the decision `asked`."""
    return {
        "id": key, "decision": "asked", "when": when, "then": then, "because": TEXT,
        "sources": [{"source": "s0", "clause": TEXT}], "in_force": ALWAYS, **more,
    }  # fmt: skip


def checker(  # noqa: PLR0913 - what differs from test to test
    folder: Path,
    rules: list[dict[str, Any]],
    derived: dict[str, Any] | None = None,
    values: list[dict[str, Any]] | None = None,
    *,
    date: str = "as_of",
    never: Any = None,
) -> Checker:
    """A checker of one decision with the outcomes a, b and c; `date` selects its rules.

    Its parameter is `limit`; dates may be of any year.
    """
    facts = {name: {**one, "domain": YEARS} if one["type"] == "date" else one
             for name, one in FACTS.items()}  # fmt: skip
    more = {**DERIVED, **(derived or {})}
    files: dict[str, Any] = {
        "regions": PLACES,
        "vocabulary": {
            "facts": facts,
            "derived": {name: {"label": TEXT, **one} for name, one in more.items()},
            "constraints": [{"id": "limit0", "because": TEXT, "never": never}] if never else [],
        },
        "sources": {"sources": {"s0": SOURCE}},
        "topic": {
            "topic": "topic", "title": TEXT, "about": TEXT,
            "decisions": {
                "asked": {
                    "question": TEXT, "hit_policy": "unique", "region": "region", "date": date,
                    "inputs": [*facts, *more], "builds_on": [],
                    "outcomes": {one: {"verdict": "stated", "title": TEXT} for one in "abc"},
                }
            },
        },
        "national": {"topic": "topic", "region": "100000", "rules": rules, "disputes": []},
    }  # fmt: skip
    if values is not None:
        files["topic"]["parameters"] = {"limit": {"label": TEXT, "unit": TEXT}}
        sourced = {"parameter": "limit", "sources": [{"source": "s0", "clause": TEXT}]}
        files["national"]["values"] = [{**sourced, **one} for one in values]
    return Checker(load(files, folder))
