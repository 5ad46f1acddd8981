"""The inference engine: what fires in each class, and what is refused before it sees a rule."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from engine import inference
from engine.coded import CodedDecision, Input, State, evaluate
from engine.errors import BeyondEngineError, InferenceError
from engine.expression import MAX_DISJUNCTS, Both, Either, Expression, Member, Negated
from engine.inference import InferenceEngine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STATES = (State(("a",), "a"), State(("b",), "b"), State(("c",), "c"), State(("a", "b"), "a"))


def decision(name: str, inputs: Sequence[Input], rules: Mapping[str, Expression]) -> CodedDecision:
    # Of a decision and who adjudicates it the engine sees nothing but its id.
    asked = cast("Any", SimpleNamespace(id=name))
    return CodedDecision(asked, tuple(inputs), tuple(rules.items()), cast("Any", None))


def member(axis: int, *cells: int) -> Member:
    return Member(axis, frozenset(cells))


FIRST = decision("first", [Input(0, 2), Input(7, 6)], {
    "always": Both(()), "edge": member(1, 0), "top": member(1, 5), "low": member(1, 0, 1, 2),
    "high": member(1, 3, 4, 5), "holes": member(1, 1, 4), "ends": member(1, 0, 2, 5),
    "not": Negated(Both((member(0, 1), member(1, 2, 3)))),
    "either": Either((member(0, 0), member(1, 4), Both((member(0, 1), member(1, 0))))),
    "never": Both((member(0, 0), member(0, 1))),
})  # fmt: skip
SECOND = decision("second", [Input("first", 3, STATES), Input(0, 2)], {
    "from_a": member(0, 0), "from_some": member(0, 1, 2),
    "both": Both((member(0, 0, 2), member(1, 1))),
})  # fmt: skip
THIRD = decision("third", [Input(7, 6), Input("second", 3, STATES), Input("first", 3, STATES)], {
    "mixed": Both((member(0, 2, 3), member(1, 1), Negated(member(2, 1)))),
    "each": Either((member(1, 0), member(2, 0))),
})  # fmt: skip
EMPTY = decision("empty", [Input(0, 2)], {})
ALL = (FIRST, SECOND, THIRD, EMPTY)


def fires_as_evaluated(engine: InferenceEngine, decisions: Sequence[CodedDecision]) -> None:
    for one in decisions:
        held = {name: evaluate(expression, one.shape) for name, expression in one.rules}
        for cells in np.ndindex(*one.shape):
            expected = [name for name in held if held[name][cells]]
            assert sorted(engine.fire(one.decision.id, cells)) == sorted(expected)


@pytest.mark.parametrize("most", [inference.MAX_CONDITIONS_A_SHARD, 1, 3])
def test_the_rules_that_fire_are_those_that_hold(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(inference, "MAX_CONDITIONS_A_SHARD", most)
    engine = InferenceEngine(ALL)
    shards = [len(engine._strata[one.decision.id].shards) for one in ALL]
    conjunctions = (12, 3, 3, 0)
    assert shards == [-(-count // most) for count in conjunctions]
    fires_as_evaluated(engine, ALL)
    engine.close()


def test_rules_fire_in_the_order_written_within_a_shard() -> None:
    engine = InferenceEngine([FIRST])
    assert engine.fire("first", (0, 4)) == ("always", "high", "holes", "not", "either")
    engine.close()


def test_a_closed_engine_fires_no_more() -> None:
    engine = InferenceEngine([FIRST])
    engine.close()
    engine.close()
    with pytest.raises(InferenceError, match=r"^the inference engine is closed$"):
        engine.fire("first", (0, 0))


def limit(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    monkeypatch.setattr(inference, name, most)


@pytest.mark.parametrize(
    ("name", "most", "message", "at"),
    [
        ("MAX_INPUTS", 2, "`third` has more than 2 inputs", ("third", None)),
        ("MAX_TESTS", 4, "`holes` has too many tests", ("first", "holes")),
        ("MAX_UPSTREAM", 1, "`mixed` has too many tests", ("third", "mixed")),
        ("MAX_USES", 1, "`first`: one condition is used by too many rules", ("first", "either")),
        ("MAX_FIRST_TESTS", 5, "18 engine rules in 3 shards are more than one holds",
         ("empty", None)),
        ("MAX_RULES", 17, "18 engine rules in 3 shards are more than one holds", ("empty", None)),
    ],
)  # fmt: skip
def test_what_the_engine_cannot_hold_is_refused_and_no_less(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int, message: str, at: tuple[str, str | None]
) -> None:
    limit(monkeypatch, name, most)
    with pytest.raises(BeyondEngineError) as caught:
        InferenceEngine(ALL)
    assert (str(caught.value), (caught.value.decision, caught.value.rule)) == (message, at)
    limit(monkeypatch, name, most + 1)
    InferenceEngine(ALL).close()


def test_a_rule_of_too_many_alternatives_is_named() -> None:
    many = Either(tuple(member(0, one) for one in range(MAX_DISJUNCTS + 1)))
    asked = decision("asked", [Input(0, MAX_DISJUNCTS + 2)], {"some": member(0, 0), "many": many})
    with pytest.raises(BeyondEngineError) as caught:
        InferenceEngine([asked])
    assert (caught.value.decision, caught.value.rule) == ("asked", "many")
    assert str(caught.value) == "the condition has too many alternatives; split the rule"


def test_names_of_one_hash_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # The published vectors of FNV-1a.
    assert [inference._fnv(text) for text in ("", "a", "foobar")] == [
        0x811C9DC5, 0xE40C292C, 0xBF9CF968,
    ]  # fmt: skip
    hashed = inference._fnv
    words = [
        "id",
        "sid",
        "k",
        "d",
        "v",
        "prime",
        "$s",
        "$and",
        "$lt",
        "$lte",
        "$gt",
        "$gte",
        "$neq",
    ]
    identities = [("c1", "p"), ("c3", "sid-0"), ("d2", "c2"), ("d1", "d2"), ("c1", "c3")]
    for one, other in [("a0", "a7"), *(("a7", word) for word in words), *identities]:
        twins = {one: hashed(other)}
        monkeypatch.setattr(inference, "_fnv", lambda name, twins=twins: (
            twins[name] if name in twins else hashed(name)))  # fmt: skip
        with pytest.raises(InferenceError, match=r"^two names of the engine have the same hash$"):
            InferenceEngine(ALL)


class Faulty:
    """The library, of which one call goes wrong once."""

    def __init__(self, name: str, found: object) -> None:
        self.name, self.found, self.deleted = name, found, 0

    def __getattr__(self, name: str) -> Any:
        if name == "delete_state":
            self.deleted += 1
        if name == self.name:
            self.name = ""
            return lambda *_: self.found
        return getattr(REAL, name)


REAL: Any = vars(inference)["library"]


@pytest.mark.parametrize(
    ("name", "found", "message"),
    [
        ("assert_fact", (2, 0), "^asserting d1 gave code 2$"),
        ("assert_fact", (0, -5), "^asserting d1 gave code 0$"),
    ],
)
def test_a_fact_that_is_lost_is_told_and_the_engine_goes_on(
    monkeypatch: pytest.MonkeyPatch, name: str, found: object, message: str
) -> None:
    engine = InferenceEngine(ALL)
    faulty = Faulty(name, found)
    monkeypatch.setattr(inference, "library", faulty)
    with pytest.raises(InferenceError, match=message):
        engine.fire("second", (0, 0))
    assert faulty.deleted == 1
    fires_as_evaluated(engine, [SECOND])
    engine.close()


def test_an_activation_left_behind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = InferenceEngine(ALL)
    monkeypatch.setattr(engine, "_drain", lambda: ())
    monkeypatch.setattr(inference, "library", Faulty("start_action_for_state", ("", "")))
    with pytest.raises(InferenceError, match=r"^`second`: an activation was left behind$"):
        engine.fire("second", (0, 0))
    monkeypatch.undo()
    fires_as_evaluated(engine, [SECOND])
    engine.close()


@pytest.mark.parametrize("name", ["start_action_for_state", "complete_and_start_action"])
def test_an_engine_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    found = None if name.startswith("start") else "more"
    monkeypatch.setattr(inference, "library", Faulty(name, found))
    with pytest.raises(InferenceError, match=r"^the inference engine does not start$"):
        InferenceEngine(ALL)
