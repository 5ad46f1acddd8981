"""The examples beside the shipped rules notice nearly every small change of a rule.

One mutant in `EVERY` is judged: of each topic and kind as large a share, always the same ones. An
unnoticed one that is not among those known fails. `make rules-mutants` judges them all, and then
the known ones are exactly those that no example notices.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from functools import cache

import pytest

from engine.analysis.mutants import KINDS, Mutant, altered_library, altered_rules, mutants
from engine.analysis.mutation import Judge, Score
from engine.checker import Checker
from engine.examples import mismatches
from engine.ruleset import Example
from tests.support import loaded
from tests.support.folders import ROOT, golden

# Judged one and all they are minutes of work where other work is running.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
LIBRARY = loaded.library()
EVERY = int(os.environ.get("MUTANTS_EVERY", "4"))
LEAST = 0.95
"""The share of mutants that an example notices, of those neither equivalent nor refused."""
COMPARED = 4
KNOWN = ROOT / "tests" / "golden" / "mutants"


def sample(topic: str) -> list[Mutant]:
    """One mutant of a topic in `EVERY`, and of each kind at least one where there is any."""
    kinds: dict[str, list[Mutant]] = defaultdict(list)
    for one in mutants(LIBRARY, topic):
        kinds[one.kind].append(one)
    drawn = random.Random(topic)
    return [
        one for kind in KINDS for one in drawn.sample(kinds[kind], -(-len(kinds[kind]) // EVERY))
    ]


@cache
def score(topic: str) -> Score:
    return Judge(LIBRARY, sample(topic)).score()


def unnoticed(found: Score) -> list[str]:
    """Those that no example notices, by what does not move when a file grows."""
    return sorted(
        f"{one.mutant.key} {'/'.join(map(str, one.mutant.path))}: "
        f"{one.mutant.before} -> {one.mutant.after}"
        for one in found.survivors
    )


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
def test_examples_notice_mutants(topic: str) -> None:
    found = score(topic)
    lines = unnoticed(found)
    assert found.share >= LEAST, "\n".join(lines)
    path = KNOWN / f"{topic}.txt"
    if EVERY == 1:
        golden(path, "".join(f"{line}\n" for line in lines))
    assert set(lines) <= {*path.read_text("utf-8").splitlines()}


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
def test_fates_are_those_of_a_library_compiled_anew(topic: str) -> None:
    """A killed mutant fails its example; one neither killed nor refused fails none."""
    judged = score(topic).judged
    for one in judged[:: max(1, len(judged) // COMPARED)]:
        checker = Checker(altered_library(LIBRARY, one.mutant), compare=False)
        if one.example is not None:
            assert mismatches(checker, LIBRARY.examples[one.example]), one
        elif one.fate != "refused":
            told = [example.id for example in concerned(one.mutant) if mismatches(checker, example)]
            assert told == [], one


def concerned(mutant: Mutant) -> list[Example]:
    """The examples of decisions that build on one that a mutant changes."""
    changed = {rule.decision for rule in altered_rules(LIBRARY, mutant)}
    return [one for one in LIBRARY.examples.values()
            if any(changed & {*LIBRARY.upstream(name)} for name in one.expect)]  # fmt: skip
