"""A test of a condition counts as covered when a pair of examples shows that it alone decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.analysis.coverage import RuleTest, coverage
from engine.checker import Checker
from engine.library import Library
from tests.support import loaded
from tests.support.folders import ROOT

GOOD = loaded.library(ROOT / "tests" / "rulesets" / "good")


def without(library: Library, *names: str) -> Library:
    examples = {name: one for name, one in library.examples.items() if name not in names}
    return Library(replace(library.authored, examples=examples))


def shown(library: Library) -> dict[str, Any]:
    found = coverage(Checker(library, compare=False))
    return {
        "rules": {name for name in found.rules if found.shown.get(name)},
        "outcomes": {name for name, examples in found.outcomes.items() if examples},
        "tests": {test for test, both in found.tests.items() if both},
        "classes": sum(met for met, _ in found.classes.values()),
    }


def test_without_examples_nothing_is_shown() -> None:
    nothing = shown(without(GOOD, *GOOD.examples))
    assert nothing == {"rules": set(), "outcomes": set(), "tests": set(), "classes": 0}


def test_an_example_more_never_shows_less() -> None:
    names = list(GOOD.examples)
    for number in range(len(names)):
        fewer, more = (shown(without(GOOD, *names[one:])) for one in (number, number + 1))
        assert all(fewer[key] <= more[key] for key in fewer)


def test_what_there_is_to_show_does_not_hang_on_examples() -> None:
    whole, bare = (coverage(Checker(one, compare=False))
                   for one in (GOOD, without(GOOD, *GOOD.examples)))  # fmt: skip
    assert whole.tests.keys() == bare.tests.keys()
    assert whole.outcomes.keys() == bare.outcomes.keys()
    assert {name: every for name, (_, every) in whole.classes.items()} == {
        name: every for name, (_, every) in bare.classes.items()
    }
    assert all(isinstance(one, RuleTest) for one in whole.tests)
