"""A scratch copy of the answers in which some things are assumed; the real ones stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import CaseError
from engine.vocabulary import NumberDomain
from tui.journey import Journey, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.errors import CaseFault
    from engine.interview import Interview
    from engine.result import CaseResult
    from engine.vocabulary import Fact
    from tui.desk import Desk
    from tui.journey import Answer

FEW = 12
"""A whole number of so few values is turned through as choices are."""


class Scratch:
    """What is assumed, and what the answers come to then."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._interview: Interview | None = None
        self._given: dict[str, object] = {}

    @property
    def assumed(self) -> dict[str, object]:
        """What is assumed; every scratch copy of a desk is the same."""
        return self.desk.thinking.assumed

    @assumed.setter
    def assumed(self, assumed: dict[str, object]) -> None:
        self.desk.thinking.assumed = assumed

    @property
    def answers(self) -> dict[str, object]:
        """The real answers with the assumed ones in their place."""
        return {**self.desk.journey.answers, **self.assumed}

    @property
    def interview(self) -> Interview:
        """An interview that was given these answers."""
        if self._interview is None or self._given != self.answers:
            self._given = self.answers
            self._interview = self.desk.interview((self.desk.journey.topic or "",))
            for fact, value in self.answers.items():
                self._interview.answer(fact, value)
        return self._interview

    def journey(self) -> Journey:
        """A journey of its own with these answers, to speak of them."""
        real = self.desk.journey
        found = Journey(real.library, real.as_of, self.desk.interview)
        found.topic, found.step, found.interview = real.topic, Step.RESULT, self.interview
        found.trail = list(real.trail)
        return found

    def result(self) -> CaseResult:
        """What the answers come to."""
        return self.interview.result()

    def facts(self) -> tuple[str, ...]:
        """What can be assumed otherwise: what was answered, and what turns out to matter then."""
        missing = [fact for one in self.result().decisions.values() for fact in one.missing]
        return tuple(dict.fromkeys([*self.desk.journey.trail, *self.assumed, *missing]))

    def suppose(self, fact: str, value: Answer) -> CaseFault | None:
        """Assume a value, or say why that cannot be; the real one is assumed no longer."""
        before = dict(self.assumed)
        real = self.desk.journey.answers
        if fact in real and real[fact] == self._as_kept(fact, value):
            self.reset(fact)
        else:
            self.assumed = {**before, fact: value}
        try:
            fault = self.interview.contradiction()
        except CaseError as error:
            fault = error.faults[0]
        if fault is not None:
            self.assumed = before
        return fault

    def reset(self, fact: str | None = None) -> None:
        """Assume nothing any more, of one fact or of all."""
        self.assumed = {} if fact is None else {k: v for k, v in self.assumed.items() if k != fact}

    def turn(self, fact: str, by: int) -> bool:
        """Assume the next choice that can be; False where there are no choices to turn through."""
        values = _choices(self.desk.library.vocabulary.facts[fact])
        if not values:
            return False
        now = self.answers.get(fact)
        at = values.index(now) if now in values else (-1 if by > 0 else 0)
        for step in range(1, len(values) + 1):
            if self.suppose(fact, values[(at + by * step) % len(values)]) is None:
                return True
        return False

    def _as_kept(self, fact: str, value: Answer) -> object:
        """An answer in the form in which an interview keeps it."""
        asked = self.desk.interview((self.desk.journey.topic or "",))
        try:
            asked.answer(fact, value)
        except CaseError:
            return value
        return asked.answers[fact]


def _choices(fact: Fact) -> Sequence[Answer]:
    if fact.type == "bool":
        return (True, False)
    if fact.type == "enum":
        return tuple(fact.values or ())
    if fact.type == "integer" and isinstance(fact.domain, NumberDomain):
        low, high = int(fact.domain.min), int(fact.domain.max)
        return tuple(range(low, high + 1)) if high - low < FEW else ()
    return ()
