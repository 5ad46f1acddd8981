"""The three evaluators agree: on every class of what is shipped, on random rules and chains."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.analysis.selections import programs
from engine.analysis.verification import verify
from engine.case import read_case
from engine.checker import Checker
from engine.errors import CaseError
from engine.library import Library
from engine.program import Program
from engine.ruleset import parameters_of
from engine.vocabulary import AS_OF
from tests.fuzz.evaluators import batch
from tests.support import loaded
from tests.support.evaluators import answer_of, comparable, raw, witnesses
from tests.support.naive import Answer, World
from tests.support.random_rulesets import CODES, CONSTANTS, FACTS, load, rulesets

pytestmark = pytest.mark.slow
SHIPPED = loaded.library()
TODAY = date(2026, 2, 28)


def every_class(program: Program, decision: str, *, engine: bool = True) -> int:
    """Compare table, inference engine and naive evaluator on each class of a decision's inputs."""
    compiled = program.compiled[decision]
    authored = program.library.decisions[decision]
    chosen = {
        authored.region: program.selection.place(authored.region),
        authored.date: date.fromordinal(program.selection.period(authored.date)[0]),
    }
    options = witnesses(program, decision)
    count = 0
    for cells in np.ndindex(*compiled.coded.shape):
        known: dict[str, Any] = {}
        for option, cell in zip(options, cells, strict=True):
            known |= option[cell]
        upstream = {name: known[name] for name in known if name in program.library.decisions}
        rules = {decision: program.rules[decision]}
        # What a witness says of place and date gives way only where it says nothing.
        world = World(program.library, {**chosen, **known}, upstream, rules)
        fired = compiled.table.fired(cells)
        matching = {rule.id for rule in world.matching(decision)}
        assert set(fired) == matching, (decision, known)
        if engine:
            assert set(program.engine.fire(decision, cells)) == matching, (decision, known)
        found = compiled.table.found[int(compiled.table.base[cells])]
        assert comparable(answer_of(found)) == comparable(world.decide(decision)), known
        assert compiled.coded.adjudicator.resolve(fired) == found
        count += 1
    return count


def in_force(program: Program, decision: str) -> tuple[object, ...]:
    """What the classes of a decision's own inputs depend on, beside the vocabulary."""
    coded = program.compiled[decision].coded
    authored = program.library.decisions[decision]
    place = program.selection.place(authored.region)
    day = program.selection.period(authored.date)[0]
    names = {name for rule in program.rules[decision] for name in parameters_of(rule)}
    values = tuple((name, program.library.parameter(name, place, day)) for name in sorted(names))
    return coded.rules, coded.inputs, values


@pytest.mark.parametrize("decision", sorted(SHIPPED.decisions))
def test_every_class_of_a_shipped_decision(decision: str) -> None:
    """Table and naive evaluator give the same on each class of its own inputs.

    The inference engine is compared with the table on each of them by the verification below.
    """
    seen, classes = set(), 0
    for program in programs(SHIPPED, decision):
        signature = in_force(program, decision)
        if signature not in seen and program.covered(decision):
            seen.add(signature)
            classes += every_class(program, decision, engine=False)
    assert classes > 0


@given(rulesets())
@settings(max_examples=60)
def test_every_class_of_a_random_chain(files: dict[str, Any]) -> None:
    """The same on random rulesets: every class of every decision of the chain."""
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    for decision in library.decisions:
        for program in programs(library, decision):
            if program.covered(decision) and np.prod(program.compiled[decision].coded.shape) < 400:
                every_class(program, decision)


FREE = sorted(set(FACTS) - {"region", "away"})


@st.composite
def complete_facts(draw: Any) -> dict[str, Any]:
    """Raw values for every fact of the random vocabulary, in the JSON form of a case."""
    facts: dict[str, Any] = {"region": draw(st.sampled_from(CODES[:4])),
                             "away": draw(st.sampled_from(CODES))}  # fmt: skip
    for name in FREE:
        definition = FACTS[name]
        if definition["type"] == "date":
            first, last = (date.fromisoformat(definition["domain"][end]) for end in ("from", "to"))
            day = draw(st.integers(first.toordinal(), last.toordinal()))
            facts[name] = date.fromordinal(day).isoformat()
        elif definition["type"] == "decimal":
            facts[name] = Decimal(draw(st.integers(0, 10))).scaleb(-1)
        else:
            facts[name] = draw(CONSTANTS[name])
    return facts


def naive_facts(case: dict[str, Any]) -> dict[str, Any]:
    """A case's values as the naive evaluator takes them."""
    dates = [name for name, one in FACTS.items() if one["type"] == "date"]
    return {name: date.fromisoformat(value) if name in dates else value
            for name, value in case.items()} | {AS_OF: TODAY}  # fmt: skip


def possible(library: Library, facts: dict[str, Any]) -> bool:
    """Whether a complete case breaks no constraint."""
    return not any(
        World(library, facts).holds(one.never, None)
        for one in library.vocabulary.constraints.values()
    )


@given(rulesets(), st.lists(complete_facts(), min_size=3, max_size=3))
@settings(max_examples=60)
def test_a_complete_case_through_a_random_chain(
    files: dict[str, Any], cases: list[dict[str, Any]]
) -> None:
    """The checker's answer through a chain of decisions is the naive evaluator's."""
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    checker = Checker(library)
    for case in cases:
        facts = naive_facts(case)
        for decision in library.decisions:
            expected = World(library, facts).chain(decision)
            assume(expected.fault is None)
            result = checker.check({"as_of": TODAY.isoformat(), **case}, TODAY)
            if not possible(library, facts):
                continue
            assert not result.faults, result.faults
            one = result.decisions[decision]
            dissent = frozenset((loser.rule, loser.outcome) for loser in one.dissent)
            got = Answer(one.outcome, one.sides, one.safer, frozenset(one.rules), dissent)
            if expected.items or one.outcome in ("none", "listed"):
                assert {item for item, state in one.items.items() if state == "needed"} == {
                    item for item, state in expected.items if state == "needed"
                }
            else:
                assert got == expected, (decision, case)
    checker.close()


def completions(library: Library, case: dict[str, Any], missing: list[str]) -> list[dict[str, Any]]:
    """Every way to fill in the missing facts."""
    options: list[list[Any]] = []
    for name in missing:
        if FACTS[name]["type"] == "place":
            options.append(list(CODES))
        else:
            low, high = library.vocabulary.facts[name].bounds()
            options.append([raw(library, name, code) for code in range(low, high + 1)])
    known = {name: value for name, value in naive_facts(case).items() if name not in missing}
    return [{**known, **dict(zip(missing, filled, strict=True))} for filled in product(*options)]


PAIRS = ({"birth", "visit"}, {"one_amount", "other_amount"})


@given(
    rulesets(decisions=2),
    complete_facts(),
    st.lists(st.sampled_from([*FREE, "away"]), min_size=1, max_size=3, unique=True),
)
@settings(max_examples=120)
def test_a_partial_case_is_what_its_completions_share(
    files: dict[str, Any], case: dict[str, Any], missing: list[str]
) -> None:
    """Settled exactly when all completions agree; contradictory exactly when there is none."""
    with tempfile.TemporaryDirectory() as folder:
        library = load(files, Path(folder))
    every = completions(library, case, missing)
    assume(len(every) <= 700)
    every = [facts for facts in every if possible(library, facts)]
    # Two unknown ends of one gap are cut to what each allows alone: sound, not always exact.
    exact = not any(pair <= set(missing) for pair in PAIRS)
    checker = Checker(library)
    partial = {name: value for name, value in case.items() if name not in missing}
    partial["as_of"] = TODAY.isoformat()
    for decision in library.decisions:
        if library.decisions[decision].hit_policy == "collect":
            continue
        answers = {World(library, facts).chain(decision) for facts in every}
        assume(not any(one.fault for one in answers))
        shared = {(one.outcome, one.sides) for one in answers}
        try:
            result = checker.answer(decision, read_case(partial, library, TODAY))
        except CaseError:
            # Facts that a decision does not look at may contradict each other unnoticed.
            assert not every or not exact
            continue
        settled = result.verdict != "undecided" and not result.possible
        if settled:
            assert shared <= {(result.outcome, result.sides)}
        elif exact and every:
            assert len(shared) > 1, (decision, partial, result)
        if every and not settled:
            assert set(result.missing) <= {*missing}
            assert result.missing
    checker.close()


@pytest.mark.parametrize("topic", sorted(SHIPPED.topics))
def test_the_shipped_library_verifies(topic: str) -> None:
    """No reachable class lacks a rule or ties undeclared; no rule is dead, every law is kept.

    In every class of every decision the inference engine fires the rules of the table.
    """
    found = verify(SHIPPED, topic)
    assert found.findings == []
    assert found.compared > found.decisions


def test_a_little_of_the_fuzzing_of_the_evaluators() -> None:
    """What `make fuzz` does on 10,000 rulesets: complete, partial and vague cases of a few."""
    counts, last, told = batch(1, 6, 25)
    assert last is None, told
    assert counts["complete"] > 50
    assert counts["partial"] > 20
    assert counts["rulesets"] == 6
