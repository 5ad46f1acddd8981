"""The examples beside the shipped rules notice nearly every small change of a rule."""

from __future__ import annotations

from functools import cache

import pytest

from engine.analysis.mutants import altered_library
from engine.analysis.mutation import Score, judge
from engine.checker import Checker
from engine.examples import mismatches
from engine.library import Library

# Thousands of mutants a topic: minutes where other work is running.
pytestmark = pytest.mark.timeout(900)
LIBRARY = Library.load()
LEAST = 0.95
"""The share of mutants that an example notices, of those neither equivalent nor refused."""
COMPARED = 6


@cache
def score(topic: str) -> Score:
    return judge(LIBRARY, topic)


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
def test_examples_notice_mutants(topic: str) -> None:
    found = score(topic)
    lines = [f"{one.mutant.place(LIBRARY)}: {one.mutant.before} -> {one.mutant.after}"
             for one in found.survivors[:10]]  # fmt: skip
    assert found.share >= LEAST, "\n".join(lines)


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
def test_fates_are_those_of_a_library_compiled_anew(topic: str) -> None:
    """A killed mutant fails its example; one neither killed nor refused fails none."""
    examples = [one for one in LIBRARY.examples.values()
                if any(LIBRARY.decisions[name].topic == topic for name in one.expect)]  # fmt: skip
    judged = score(topic).judged
    for one in judged[:: max(1, len(judged) // COMPARED)]:
        checker = Checker(altered_library(LIBRARY, one.mutant), compare=False)
        if one.example is not None:
            assert mismatches(checker, LIBRARY.examples[one.example]), one
        elif one.fate != "refused":
            assert [example.id for example in examples if mismatches(checker, example)] == [], one
