"""One truth told three ways: to the bare interview, line by line, and as a case of a batch."""

from __future__ import annotations

import io
import json
import random

import pytest

from engine.batch.encoding import encode
from engine.batch.reader import read_items
from engine.checker import Checker
from tests.support.answers import AS_OF
from tests.support.plain import answered, begun, talk, truthful
from tui.desk import Desk
from tui.journey import Step

CHECKER = Checker.load()
TOPICS = list(CHECKER.library.topics)
SEEDS = range(30)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_three_ways_agree(seed: int) -> None:
    topic = TOPICS[seed % len(TOPICS)]
    interview, asked = truthful(CHECKER, topic, AS_OF, seed)
    typed = begun(CHECKER.library, topic)
    typed += [answered(CHECKER.library, fact, value) for fact, value in asked]
    lang = random.Random(seed).choice(["zh", "en"])
    plain, transcript = talk(Desk(CHECKER, AS_OF), *typed, "", lang=lang)

    assert plain.journey.step is Step.RESULT
    assert plain.journey.trail == [fact for fact, _ in asked]
    for fact, _ in asked:
        question = CHECKER.library.vocabulary.facts[fact].question.get(lang)
        assert transcript.count(question) >= 1, fact
    expected = encode(interview.result())
    assert encode(plain.journey.asking.result()) == expected

    case = {"as_of": AS_OF.isoformat(), "topics": [topic], **dict(asked)}
    written = json.dumps(case, default=float).encode()
    (item,) = read_items(io.BytesIO(written), "case")
    assert encode(CHECKER.check(item.data, AS_OF)) == expected
