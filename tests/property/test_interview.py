"""The interview over the shipped rulesets: it answers like a batch, and asks only what matters."""

from __future__ import annotations

import io
import json
import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch.encoding import encode
from engine.batch.reader import read_items
from engine.case import read_case
from engine.errors import CaseError
from engine.interview import Interview
from tests.support import loaded
from tests.support.answers import AS_OF, completed, facts_of, values

CHECKER = loaded.checker(compare=False)
LIBRARY = CHECKER.library
TOPICS = list(LIBRARY.topics)
FACTS = {topic: facts_of(LIBRARY, LIBRARY.topics[topic].decisions) for topic in TOPICS}
UNIQUE = {
    topic: [name for name in authored.decisions if LIBRARY.decisions[name].hit_policy == "unique"]
    for topic, authored in LIBRARY.topics.items()
}
WALKS = 2
TRIES = 200


def written(case: dict[str, object]) -> bytes:
    return json.dumps(case, default=float).encode()


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, list[tuple[str, object]], list[int]]:
    topic = draw(st.sampled_from(TOPICS))
    facts = draw(st.permutations(FACTS[topic]))
    skipped = draw(st.integers(0, 4))
    given_ = [
        (fact, draw(st.none() | st.sampled_from(values(LIBRARY, LIBRARY.vocabulary.facts[fact]))))
        for fact in facts[skipped:]
    ]
    return topic, given_, draw(st.permutations(range(len(given_))))


@settings(max_examples=100)
@given(answers())
def test_answers_in_any_order_give_the_result_of_a_batch(
    drawn: tuple[str, list[tuple[str, object]], list[int]],
) -> None:
    topic, given_, order = drawn
    interview = Interview(CHECKER, [topic], AS_OF)
    again = Interview(CHECKER, [topic], AS_OF)
    for fact, value in given_:
        interview.answer(fact, value)
    for index in order:
        fact, value = given_[index]
        # A changed mind leaves no trace.
        again.answer(fact, values(LIBRARY, LIBRARY.vocabulary.facts[fact])[0])
        again.answer(fact, value)
    case = {"as_of": AS_OF.isoformat(), "topics": [topic], **dict(given_)}
    (item,) = read_items(io.BytesIO(written(case)), "case")
    expected = encode(CHECKER.check(item.data, AS_OF))
    assert encode(interview.result()) == expected
    assert encode(again.result()) == expected
    # Asked and not known decides like not asked.
    for fact, value in given_:
        if value is None:
            again.clear(fact)
    assert encode(again.result()) == expected


@pytest.mark.parametrize("seed", range(WALKS))
@pytest.mark.parametrize("topic", TOPICS)
def test_a_truthful_interview_gets_shorter(topic: str, seed: int) -> None:
    chance = random.Random(seed)
    interview = Interview(CHECKER, [topic], AS_OF)
    left = interview.at_most()
    asked: list[str] = []
    while question := interview.question():
        fact = question.fact.id
        assert fact not in asked
        assert interview.state(fact) == "not_asked"
        assert question.decides
        assert set(question.decides) <= set(interview.decisions)
        asked.append(fact)
        answer_truthfully(interview, fact, chance)
        assert interview.state(fact) != "not_asked"
        assert interview.at_most() < left
        left = interview.at_most()
    assert left == 0
    unknown = {fact for fact, value in interview.answers.items() if value is None}
    for one in interview.result().decisions.values():
        assert set(one.missing) <= unknown
        assert one.verdict != "undecided" or one.missing
    others = [fact for fact in FACTS[topic] if fact not in asked]
    for fact in chance.sample(others, min(4, len(others))):
        assert interview.state(fact) == "not_needed", fact


def answer_truthfully(interview: Interview, fact: str, chance: random.Random) -> None:
    """Give an answer that does not contradict the others; now and then "not known"."""
    every = values(LIBRARY, LIBRARY.vocabulary.facts[fact])
    if chance.random() < 0.1:
        interview.answer(fact, None)
        return
    for value in chance.sample(every, len(every)):
        interview.answer(fact, value)
        if interview.contradiction() is None:
            return
    interview.answer(fact, None)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_question_can_change_an_answer(topic: str) -> None:
    # A difference that is shown proves it; a question for which none is found is doubtful.
    chance = random.Random(5)
    interview = Interview(CHECKER, [topic], AS_OF, UNIQUE[topic])
    while question := interview.question():
        if question.fact.type != "place":
            proven = any(
                matters(interview, decision, question.fact.id, chance)
                for decision in question.decides
            )
            assert proven, (question.fact.id, question.decides, interview.answers)
        answer_truthfully(interview, question.fact.id, chance)


def matters(interview: Interview, decision: str, fact: str, chance: random.Random) -> bool:
    """Whether two cases, complete for a decision, that differ in `fact` alone differ in it."""
    every = values(LIBRARY, LIBRARY.vocabulary.facts[fact])
    others = [one for one in facts_of(LIBRARY, [decision]) if one != fact]
    for _ in range(TRIES):
        case = completed(LIBRARY, interview.answers, others, chance)
        seen: set[str] = set()
        for value in every:
            try:
                read = read_case({**case, fact: value}, LIBRARY, AS_OF)
                found = CHECKER.answer(decision, read)
            except CaseError:
                continue
            seen.add(repr((found.verdict, found.outcome, found.sides, found.items, found.value,
                           found.from_, found.until)))  # fmt: skip
        if len(seen) > 1:
            return True
    return False


def test_a_decimal_may_be_given_as_text() -> None:
    topic = next(one for one in TOPICS if any(
        LIBRARY.vocabulary.facts[fact].type == "decimal" for fact in FACTS[one]))  # fmt: skip
    fact = next(one for one in FACTS[topic] if LIBRARY.vocabulary.facts[one].type == "decimal")
    interview = Interview(CHECKER, [topic], AS_OF)
    interview.answer(fact, "12.50")
    assert interview.answers[fact] == Decimal("12.5")
