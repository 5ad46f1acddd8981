"""Every example that stands beside the rules comes out as its author worked it out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.checker import Checker
from engine.library import Library
from engine.ruleset import Example

LIBRARY = Library.load()
CHECKER = Checker(LIBRARY)
# Every example says its own day; one that forgot would come out differently every day.
NO_DAY = date(1901, 1, 1)


@pytest.mark.parametrize("name", sorted(LIBRARY.examples))
def test_example(name: str) -> None:
    example = LIBRARY.examples[name]
    assert "as_of" in example.case
    topics = {LIBRARY.decisions[decision].topic for decision in example.expect}
    result = CHECKER.check(dict(example.case), NO_DAY, sorted(topics))
    assert not result.faults, result.faults
    for decision, expected in example.expect.items():
        got = result.decisions[decision].to_json()
        for key, value in _written(example, decision).items():
            assert _comparable(got, key) == value, (decision, key, expected)


def _written(example: Example, decision: str) -> dict[str, Any]:
    """What the author wrote of one expectation, and nothing else."""
    return example.expect[decision].model_dump(mode="json", by_alias=True, exclude_unset=True)


def _comparable(got: dict[str, Any], key: str) -> object:
    if key == "dissent":
        return [one["rule"] for one in got.get("dissent", [])]
    if key == "needed":
        return [item for item, state in got.get("items", {}).items() if state == "needed"]
    if key == "missing":
        return got.get(key, [])
    return got.get(key)
