"""Plain mode in a test: typed lines in, the transcript out; and what a person types to answer."""

from __future__ import annotations

import io
import random
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.errors import CaseError
from engine.interview import Interview
from tests.support.answers import values
from tui.plain.console import Console
from tui.plain.mode import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.checker import Checker
    from engine.library import Library
    from tui.desk import Desk

Asked = list[tuple[str, object]]


def talk(desk: Desk, *typed: str, lang: str = "zh", ended: bool = True) -> tuple[Plain, str]:
    """Type lines into plain mode; `ended` is whether they run out before it quits."""
    heard = io.StringIO()
    source = io.StringIO("".join(f"{line}\n" for line in typed))
    plain = Plain(desk, lang, Console(source, heard, typed=False))
    try:
        plain.run()
    except EOFError:
        assert ended
    else:
        assert not ended
    return plain, heard.getvalue()


def answered(library: Library, fact_id: str, value: object) -> str:
    """What a person types to give an answer."""
    fact = library.vocabulary.facts[fact_id]
    if value is None:
        return "u"
    if fact.type == "bool":
        return "1" if value else "2"
    if fact.type == "enum":
        return str(1 + list(fact.codes).index(str(value)))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def begun(library: Library, topic: str) -> list[str]:
    """What a person types to come to the first question of a topic."""
    return ["1", str(1 + list(library.topics).index(topic))]


def told(checker: Checker, topic: str, as_of: date, known: Mapping[str, object]) -> Asked:
    """The questions of the bare interview and the answers of a person who knows `known`."""
    interview = Interview(checker, (topic,), as_of)
    asked: Asked = []
    while question := interview.question():
        fact = question.fact.id
        interview.answer(fact, known.get(fact))
        asked.append((fact, known.get(fact)))
    return asked


def truthful(desk: Desk, topic: str, seed: int) -> tuple[Interview, Asked]:
    """A bare interview with random answers that do not contradict each other."""
    chance = random.Random(seed)
    interview = desk.interview((topic,))
    asked: Asked = []
    while question := interview.question():
        fact = question.fact.id
        asked.append((fact, _truth(interview, fact, chance)))
    return interview, asked


def _truth(interview: Interview, fact: str, chance: random.Random) -> object:
    library = interview.checker.library
    every: Sequence[object] = values(library, library.vocabulary.facts[fact])
    unknown = chance.random() < 0.1
    for value in [] if unknown else chance.sample(every, len(every)):
        try:
            interview.answer(fact, value)
        except CaseError:
            continue  # a place too wide to answer for
        if interview.contradiction() is None:
            return value
    interview.answer(fact, None)
    return None
