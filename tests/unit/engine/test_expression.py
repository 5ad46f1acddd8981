"""The disjunctive normal form of a condition: it holds in the same classes, nothing idle in it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.coded import evaluate
from engine.expression import (
    MAX_DISJUNCTS,
    Both,
    Either,
    Expression,
    Member,
    Negated,
    TooDisjunctiveError,
    members,
    normal_form,
)

SIZES = (2, 3, 4)
TESTS = st.builds(
    lambda axis, bits: Member(axis, frozenset(i for i in range(5) if bits >> i & 1)),
    st.integers(0, 2), st.integers(0, 31),
)  # fmt: skip
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    TESTS,
    lambda inner: (
        st.builds(Negated, inner)
        | st.builds(Both, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Either, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@given(EXPRESSIONS)
@settings(max_examples=150)
def test_a_normal_form_holds_in_the_same_classes(expression: Expression) -> None:
    found = normal_form(expression, SIZES)
    held = np.zeros(SIZES, dtype=bool)
    for cells in product(*map(range, SIZES)):
        held[cells] = any(all(cells[axis] in one for axis, one in conjunction.items())
                          for conjunction in found)  # fmt: skip
    assert (held == evaluate(expression, SIZES)).all()
    for conjunction in found:
        for axis, one in conjunction.items():
            assert 0 < len(one) < SIZES[axis]
    assert len({frozenset(one.items()) for one in found}) == len(found)


A, B, C = Member(0, frozenset({0})), Member(1, frozenset({1})), Member(2, frozenset({0, 3}))


@pytest.mark.parametrize(
    ("expression", "count"),
    [(A, 1), (Negated(A), 1), (Both((A, Negated(Either((B, C))))), 3), (Both(()), 0)],
)
def test_the_tests_of_an_expression_are_counted(expression: Expression, count: int) -> None:
    assert members(expression) == count


def test_the_same_alternative_is_told_once_whatever_its_order() -> None:
    twice = Either((Both((A, B)), Both((B, A)), Both((A, B, A))))
    assert normal_form(twice, SIZES) == [{0: frozenset({0}), 1: frozenset({1})}]


def test_more_alternatives_than_the_engine_holds_are_refused_while_they_are_made() -> None:
    most = Either(tuple(Member(0, frozenset({one})) for one in range(MAX_DISJUNCTS)))
    assert len(normal_form(most, (MAX_DISJUNCTS + 1,))) == MAX_DISJUNCTS
    one_more = Either((*most.parts, Member(0, frozenset({MAX_DISJUNCTS}))))
    message = "^the condition has too many alternatives; split the rule$"
    with pytest.raises(TooDisjunctiveError, match=message):
        normal_form(one_more, (MAX_DISJUNCTS + 2,))
    pairs = Both(tuple(Either((Member(axis, frozenset({0})), Member(axis + 1, frozenset({0}))))
                       for axis in range(0, 60, 2)))  # fmt: skip
    with pytest.raises(TooDisjunctiveError, match=message):
        normal_form(pairs, (2,) * 60)
