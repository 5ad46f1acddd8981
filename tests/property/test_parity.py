"""One truth told three ways: to the bare interview, line by line, and in a batch."""

from __future__ import annotations

import io
import json
import random

import pytest

from engine.batch.encoding import encode
from engine.batch.reader import read_items
from tests.support import loaded
from tests.support.answers import AS_OF
from tests.support.plain import answered, begun, talk, truthful
from tui.desk import Desk
from tui.journey import Step

pytestmark = pytest.mark.slow
CHECKER = loaded.checker()
DESK = Desk(CHECKER, AS_OF)
TOPICS = list(CHECKER.library.topics)
WALKS = 200


@pytest.fixture
def desk() -> Desk:
    """A desk for a new family; what was worked out of the questions' order is kept."""
    DESK.clear()
    return DESK


@pytest.mark.parametrize("seed", range(WALKS))
def test_plain_mode_and_the_batch_agree_with_the_interview(seed: int, desk: Desk) -> None:
    topic = TOPICS[seed % len(TOPICS)]
    interview, asked = truthful(desk, topic, seed)
    typed = begun(CHECKER.library, topic)
    typed += [answered(CHECKER.library, fact, value) for fact, value in asked]
    lang = random.Random(seed).choice(["zh", "en"])
    plain, transcript = talk(desk, *typed, "", lang=lang)

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
