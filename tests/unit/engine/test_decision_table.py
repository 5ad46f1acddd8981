"""The decision table: every class against its rules, resolved one class at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from engine import decision_table
from engine.adjudication import UNCOVERED, Adjudicator, Resolution, Unresolved, merge_sides
from engine.coded import CodedDecision, Input, State, evaluate
from engine.decision_table import DecisionTable
from engine.expression import Both, Either, Expression, Member, Negated
from tests.support.one_decision import checker, rule

if TYPE_CHECKING:
    from collections.abc import Hashable

    from engine.adjudication import Found

COUNT = 70
"""More rules than there are bits in a number."""
YES, NO, TORN = State(("a",), "a"), State(("b",), "b"), State(("a", "b"), "b")
SILENT, DISPUTED = State(("not_covered",), "not_covered"), State(("a", "not_covered"), "a")


def member(axis: int, *cells: int) -> Member:
    return Member(axis, frozenset(cells))


@pytest.fixture(scope="module")
def adjudicator(tmp_path_factory: pytest.TempPathFactory) -> Adjudicator:
    """Of r0, which says c, and of exceptions to it; r1 and r2 contradict each other."""
    rules = [rule("r0", "always", "c")]
    rules += [rule(f"r{i}", "always", "ab"[i % 2], overrides=["r0"]) for i in range(1, COUNT)]
    one = checker(tmp_path_factory.mktemp("rules"), rules)
    found = one.library
    return Adjudicator(found, found.decisions["asked"], [*found.rules.values()])


def table_of(
    adjudicator: Adjudicator, inputs: list[Input], rules: dict[str, Expression]
) -> DecisionTable:
    coded = CodedDecision(adjudicator.decision, tuple(inputs), tuple(rules.items()), adjudicator)
    return DecisionTable(coded)


def compare(table: DecisionTable) -> None:
    """Each class of a table without disputes: who fired, and what that comes to."""
    coded = table.coded
    held = {name: evaluate(expression, coded.shape) for name, expression in coded.rules}
    for cells in np.ndindex(*coded.shape):
        fired = tuple(name for name, _ in coded.rules if held[name][cells])
        assert table.fired(cells) == fired
        assert table.found[int(table.base[cells])] == coded.adjudicator.resolve(fired)
    assert len(table.found) == len({*table.found}) == len(table.numbers)
    assert all(table.found[number] == one for one, number in table.numbers.items())


RULES: dict[str, Expression] = {
    "r0": Both(()), "r1": member(0, 1, 2), "r2": Both((member(0, 2), member(1, 0, 3))),
    "r3": Negated(Either((member(0, 0), member(1, 1)))),
}  # fmt: skip
INPUTS = [Input(0, 3), Input(1, 4)]


def test_every_class_is_what_its_rules_come_to(adjudicator: Adjudicator) -> None:
    table = table_of(adjudicator, INPUTS, RULES)
    compare(table)
    assert table.codes is table.base
    assert table.fired((0, 1)) == ("r0",)
    assert table.fired((2, 0)) == ("r0", "r1", "r2", "r3")


def test_there_may_be_more_rules_than_bits(adjudicator: Adjudicator) -> None:
    many: dict[str, Expression] = {f"r{i}": member(i % 2, i % 3) for i in range(COUNT)}
    many["r62"] = many["r63"] = many["r64"] = member(0, 2)
    table = table_of(adjudicator, INPUTS, many)
    compare(table)
    assert "r69" in table.fired((0, 0))


def test_without_inputs_there_is_one_class(adjudicator: Adjudicator) -> None:
    table = table_of(adjudicator, [], {"r0": Both(())})
    assert (table.codes.shape, table.fired(())) == ((), ("r0",))


def test_too_many_sets_of_matching_rules_are_refused(
    adjudicator: Adjudicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules: dict[str, Expression] = {f"r{i}": member(0, i) for i in range(3)}
    monkeypatch.setattr(decision_table, "MAX_PATTERNS", 3)
    assert len(table_of(adjudicator, [Input(0, 3)], rules).patterns) == 3
    monkeypatch.setattr(decision_table, "MAX_PATTERNS", 2)
    with pytest.raises(OverflowError) as caught:
        table_of(adjudicator, [Input(0, 3)], rules)
    assert str(caught.value) == "`asked` has more than 2 different sets of matching rules"


# -- disputes upstream ----------------------------------------------------------------------------

UPSTREAM = Input("up", 2, (YES, NO, TORN))
OTHER = Input("other", 2, (YES, SILENT, DISPUTED))


def world(table: DecisionTable, cells: tuple[int, ...], choice: dict[int, str]) -> Found:
    """What is found where upstream answers are certain; not covered where nothing else is said."""
    mine = list(cells)
    for axis, outcome in choice.items():
        mine[axis] = table.single(axis, outcome)
    found = table.found[int(table.base[tuple(mine)])]
    silent = isinstance(found, Unresolved) and "not_covered" in choice.values()
    return UNCOVERED if silent else found


def test_a_dispute_upstream_is_decided_under_each_of_its_sides(adjudicator: Adjudicator) -> None:
    rules: dict[str, Expression] = {
        "r1": Both((member(0, 0), member(2, 0))), "r2": Both((member(0, 1), member(2, 0))),
        "r3": Both((member(1, 1), member(3, 0))), "r5": Both((member(0, 0), member(1, 0, 2))),
        "r7": member(1, 2),
    }  # fmt: skip
    inputs = [UPSTREAM, Input(4, 3), OTHER, Input(5, 2)]
    table = table_of(adjudicator, inputs, rules)
    compare(table)
    assert table.codes.shape == (3, 3, 3, 2)
    for cells in np.ndindex(*table.codes.shape):
        states = {axis: inputs[axis].states[cells[axis]] for axis in (0, 2)}
        worlds: dict[Hashable, Found] = {
            choice: world(table, cells, dict(zip(states, choice, strict=True)))
            for choice in product(*(one.outcomes for one in states.values()))
        }
        expected = merge_sides(worlds, tuple(one.safer for one in states.values()))
        assert table.found[int(table.codes[cells])] == expected
    assert {one.reason for one in table.found if isinstance(one, Unresolved)} == {
        "no_rule", "tie",
    }  # fmt: skip
    assert any(isinstance(one, Resolution) and one.sides for one in table.found)


def test_what_is_handed_down(adjudicator: Adjudicator) -> None:
    rules: dict[str, Expression] = {"r1": member(0, 0), "r2": member(0, 1), "r3": member(1, 1)}
    table = table_of(adjudicator, [UPSTREAM, Input(1, 2)], rules)
    assert [one.outcomes for one in table.states()] == [("a",), ("b",), ("a", "b")]
    assert [one.safer for one in table.states()] == ["a", "b", "a"]
    used = table.codes[:1]
    assert table.states(used) == (State(("b",), "b"),)
    assert (table.single(0, "a"), table.single(0, "b")) == (0, 1)


# -- alterations ----------------------------------------------------------------------------------


@pytest.mark.parametrize("upstream", [False, True])
def test_an_altered_table_is_the_one_built_anew(adjudicator: Adjudicator, upstream: bool) -> None:
    inputs = [UPSTREAM if upstream else Input(0, 2), Input(1, 4)]
    rules: dict[str, Expression] = {
        "r0": Both(()), "r1": member(0, 1), "r3": Both((member(0, 0), member(1, 0, 3))),
    }  # fmt: skip
    other: dict[str, Expression] = {**rules, "r1": member(1, 3), "r3": Both((member(0, 0),))}
    table, anew = (table_of(adjudicator, inputs, some) for some in (rules, other))
    before = [*table.found], table.codes.copy(), [*table.patterns]
    altered = table.copied()
    altered.alter({name: evaluate(other[name], table.coded.shape) for name in ("r1", "r3")})
    for cells in np.ndindex(*anew.codes.shape):
        assert altered.found[int(altered.codes[cells])] == anew.found[int(anew.codes[cells])]
    for cells in np.ndindex(*anew.base.shape):
        assert altered.fired(cells) == anew.fired(cells)
    # What the copy was made from is as it was.
    assert (table.found, table.patterns) == (before[0], before[2])
    assert (table.codes == before[1]).all()
    again = table.copied()
    again.alter({"r1": evaluate(rules["r1"], table.coded.shape)})
    assert (again.codes == table.codes).all()
    assert again.patterns == table.patterns


def test_a_table_weighed_anew(adjudicator: Adjudicator) -> None:
    table = table_of(adjudicator, INPUTS, RULES)
    library = adjudicator.library
    bare = [one.model_copy(update={"overrides": []}) for one in library.rules.values()]
    other = Adjudicator(library, adjudicator.decision, bare)
    altered = table.copied()
    altered.alter({"r1": evaluate(member(0, 0), (3, 4))}, other)
    assert altered.coded.adjudicator is other
    altered.coded = replace(altered.coded, rules=tuple({**RULES, "r1": member(0, 0)}.items()))
    held: dict[str, Any] = {name: evaluate(one, (3, 4)) for name, one in altered.coded.rules}
    for cells in np.ndindex(3, 4):
        fired = tuple(name for name in held if held[name][cells])
        assert altered.fired(cells) == fired
        assert altered.found[int(altered.base[cells])] == other.resolve(fired)


def test_a_table_of_which_no_rule_is_in_force(adjudicator: Adjudicator) -> None:
    table = table_of(adjudicator, [UPSTREAM, Input(1, 4)], {"r0": member(1, 1)})
    table.uncover()
    for codes, shape in ((table.base, (2, 4)), (table.codes, (3, 4))):
        assert codes.shape == shape
        assert {table.found[one] for one in codes.ravel().tolist()} == {UNCOVERED}
