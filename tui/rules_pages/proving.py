"""Which of the examples beside the rules show a rule at work: those whose answer rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.examples import NO_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.checker import Checker
    from engine.ruleset import Example, Rule

MANY = 6
"""So many examples are enough to understand a rule."""


def examples_of(checker: Checker, rule: Rule) -> list[Example]:
    """The first examples in whose answer the rule is cited."""
    found: list[Example] = []
    for example in _candidates(checker, rule):
        result = checker.check(dict(example.case), NO_DAY, [rule.topic])
        answer = result.decisions.get(rule.decision)
        if answer is not None and rule.id in answer.rules:
            found.append(example)
            if len(found) == MANY:
                break
    return found


def _candidates(checker: Checker, rule: Rule) -> Iterator[Example]:
    """The examples in which the rule may win: of its decision, its outcome and its place."""
    library = checker.library
    selects = library.decisions[rule.decision].region
    for example in library.examples.values():
        expected = example.expect.get(rule.decision)
        if expected is None or expected.outcome not in (None, rule.then.outcome):
            continue
        place = library.places.resolve(str(example.case.get(selects, "")))
        if place is not None and library.places.applies(rule.region, place):
            yield example
