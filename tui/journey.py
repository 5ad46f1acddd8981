"""A person's way through the questions: what was answered, where they stand, back and change.

No terminal in here. The interview of the engine decides what is asked; the journey adds the order
in which it was asked, the place on the way, and the papers ticked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal, Protocol

from engine.errors import CaseError, CaseFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from engine.interview import Question
    from engine.library import Library
    from engine.result import CaseResult

Answer = bool | int | str | None
FactState = Literal["answered", "unknown", "not_asked", "not_needed"]
_UNSET = object()


class Asking(Protocol):
    """What the journey needs of an interview (engine.interview.Interview has it)."""

    @property
    def answers(self) -> Mapping[str, object]:
        """Answers by fact; None where the person does not know."""

    def question(self) -> Question | None:
        """The next question, or None when nothing left can change an outcome."""

    def at_most(self) -> int:
        """No more questions than this are left."""

    def answer(self, fact: str, value: object, /) -> None:
        """Take an answer; raises CaseError when the value cannot be one."""

    def contradiction(self) -> CaseFault | None:
        """Why the answers cannot all be true."""

    def clear(self, fact: str, /) -> None:
        """Forget an answer."""

    def state(self, fact: str, /) -> FactState:
        """How the fact stands."""

    def result(self) -> CaseResult:
        """The answers to the topic's decisions as far as they are known."""


class Step(Enum):
    """The places on the way."""

    START = "start"
    TOPIC = "topic"
    QUESTION = "question"
    REVIEW = "review"
    RESULT = "result"


@dataclass(frozen=True)
class Refusal:
    """Why an answer was not taken; `clash` when it contradicts another one."""

    fault: CaseFault
    clash: bool


@dataclass(frozen=True)
class Dropped:
    """What was not taken over of an earlier session."""

    again: tuple[str, ...] = ()
    """Facts to be asked again: what was answered cannot be an answer any more."""
    gone: tuple[str, ...] = ()
    """Facts that no rule knows any more."""


class Journey:
    """Where the person stands and everything they said."""

    def __init__(
        self, library: Library, as_of: date, interview: Callable[[tuple[str, ...]], Asking]
    ) -> None:
        self.library = library
        self.as_of = as_of
        self._new = interview
        self.step = Step.START
        self.topic: str | None = None
        self.fact: str | None = None
        self.interview: Asking | None = None
        self.trail: list[str] = []
        self.changed: set[str] = set()
        self.ticks: set[str] = set()
        self._changing = False
        self._elsewhere: dict[str, object] = {}

    @property
    def asking(self) -> Asking:
        """The interview of the topic chosen; there is one from then on."""
        if self.interview is None:
            raise LookupError("no topic has been chosen yet")
        return self.interview

    @property
    def answers(self) -> Mapping[str, object]:
        """What was answered so far."""
        return self.interview.answers if self.interview else {}

    @property
    def changing(self) -> bool:
        """Whether an earlier answer is being changed, after which the review follows."""
        return self._changing

    def said(self, fact: str) -> tuple[bool, object]:
        """Whether `fact` was answered before, here or in another topic, and what."""
        known = self.answers if fact in self.answers else self._elsewhere
        return fact in known, known.get(fact)

    def begin(self) -> None:
        """Leave the start page."""
        self.step = Step.TOPIC

    def resume(self) -> None:
        """Go on with the questions of the topic begun."""
        self.proceed() if self.interview else self.begin()

    def choose(self, topic: str) -> None:
        """Choose what to ask about; the answers of the same topic are kept."""
        if topic != self.topic or self.interview is None:
            self._elsewhere.update(self.answers)
            self.topic = topic
            self.interview = self._new((topic,))
            self.trail, self.changed, self.ticks = [], set(), set()
        self._changing = False
        self._ask(self._first_known() or self._open())

    def answer(self, value: Answer) -> Refusal | None:
        """Take the answer to the question shown and move on, or say why it is not taken."""
        fact = self.fact
        if fact is None:
            raise LookupError("no question is being asked")
        before = self.answers.get(fact, _UNSET)
        refusal = self._give(fact, value, before)
        if refusal is not None:
            return refusal
        if fact not in self.trail:
            self.trail.append(fact)
        elif before != value and before is not _UNSET:
            self.changed.add(fact)
        self._move_on(fact)
        return None

    def take_up(
        self, topic: str, given: Iterable[tuple[str, Answer]], ticks: Iterable[str]
    ) -> Dropped:
        """Go on with an earlier session of a topic, as far as its answers still hold."""
        self.topic, self.interview = topic, self._new((topic,))
        self.trail, self.changed, self.ticks = [], set(), set(ticks)
        known = self.library.vocabulary.facts
        again: list[str] = []
        gone: list[str] = []
        for fact, value in given:
            if fact not in known:
                gone.append(fact)
            elif self._give(fact, value) is None:
                self.trail.append(fact)
            else:
                again.append(fact)
        self.proceed()
        return Dropped(tuple(again), tuple(gone))

    def back(self) -> None:
        """One screen back; never out of the program, and nothing is forgotten."""
        if self.step is Step.RESULT:
            self.step = Step.REVIEW
        elif self.step is Step.REVIEW:
            shown = self.fact or next(reversed(self._walked()), None)
            self._ask(shown) if shown else self.begin()
        elif self.step is Step.QUESTION and self._changing:
            self.review()
        elif self.step is Step.QUESTION:
            walked = self._walked()
            index = walked.index(self.fact) if self.fact in walked else len(walked)
            self._ask(walked[index - 1]) if index else self.begin()
        else:
            self.step = Step.START

    def review(self) -> None:
        """Show the answers; the question being asked is kept for the way back."""
        if self.interview is None:
            return
        if self._changing:
            self.fact = None
        self._changing = False
        self.step = Step.REVIEW

    def change(self, fact: str) -> None:
        """Ask an answered question again; after it, only what is newly needed."""
        self._changing = True
        self._ask(fact)

    def proceed(self) -> None:
        """From the review on: to the next open question, or to the result."""
        self._changing = False
        fact = self._open()
        if fact is None:
            self.fact = None
            self.step = Step.RESULT
        else:
            self._ask(fact)

    def tick(self, paper: str) -> None:
        """Tick a paper, or take the tick back."""
        self.ticks ^= {paper}

    def facts(self) -> tuple[str, ...]:
        """Every raw fact the topic's decisions can ask for, in their order."""
        vocabulary = self.library.vocabulary
        found: dict[str, None] = {}
        todo = list(self.library.topics[self.topic].decisions) if self.topic else []
        for decision_id in todo:
            decision = self.library.decisions[decision_id]
            todo.extend(one for one in decision.builds_on if one not in todo)
            for fact in (decision.region, decision.date, *decision.inputs):
                found |= dict.fromkeys(vocabulary.raw_facts(fact))
        return tuple(fact for fact in found if fact in vocabulary.facts)

    def _give(self, fact: str, value: Answer, before: object = _UNSET) -> Refusal | None:
        """Give the interview an answer; where it is refused, all is as before."""
        try:
            self.asking.answer(fact, value)
        except CaseError as error:
            return Refusal(error.faults[0], clash=False)
        clash = self.asking.contradiction()
        if clash is None:
            return None
        if before is _UNSET:
            self.asking.clear(fact)
        else:
            self.asking.answer(fact, before)
        return Refusal(clash, clash=True)

    def _walked(self) -> list[str]:
        """The questions answered whose answers still count."""
        counted = ("answered", "unknown")
        return [fact for fact in self.trail if self.asking.state(fact) in counted]

    def _first_known(self) -> str | None:
        return next(iter(self._walked()), None)

    def _open(self) -> str | None:
        question = self.asking.question()
        return question.fact.id if question else None

    def _ask(self, fact: str | None) -> None:
        self.fact = fact
        self.step = Step.QUESTION if fact else Step.REVIEW

    def _move_on(self, fact: str) -> None:
        walked = self._walked()
        if not self._changing and fact in walked[:-1]:
            self._ask(walked[walked.index(fact) + 1])
            return
        self._ask(self._open())
        if self.fact is None:
            self._changing = False
