"""The words of an answer: what it says, what to do, which papers, why, on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from engine.answering import speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.library import Library
    from engine.result import CaseResult, DecisionResult
    from engine.ruleset import Answer, Then
    from engine.scalars import Citation
    from engine.words import Words

T = TypeVar("T")


@dataclass(frozen=True)
class Advice:
    """What the rules that won tell a person to do; ids of documents and channels."""

    title: Words | None
    next_steps: tuple[Words, ...] = ()
    documents: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


def advice(library: Library, decision: str, result: DecisionResult) -> Advice:
    """The advice of an answer: the best-graded rule that says something goes before the outcome.

    For a dispute it is that of the safer side.
    """
    outcome = result.outcome or result.safer
    voices = speaking(library, decision, result.rules, outcome)
    authored = library.decisions[decision].outcomes.get(outcome or "")

    def first(of: Callable[[Then | Answer], list[T] | None]) -> tuple[T, ...]:
        return tuple(next((said for one in voices if (said := of(one)) is not None), ()))

    needed = tuple(item for item, state in result.items.items() if state == "needed")
    return Advice(
        authored.title if authored else None,
        first(lambda one: one.next_steps),
        needed or first(lambda one: one.documents),
        first(lambda one: one.channels),
        first(lambda one: one.ask),
    )


@dataclass(frozen=True)
class Worded:
    """A result with its words in one language; written like a result."""

    library: Library
    result: CaseResult
    lang: str

    def to_json(self) -> dict[str, object]:
        """The result's JSON, each decision with its `words`."""
        out = self.result.to_json()
        decisions = {}
        for name, one in self.result.decisions.items():
            decisions[name] = {**one.to_json(), "words": self._words(name, one)}
        return out if self.result.faults else {**out, "decisions": decisions}

    def _words(self, decision: str, result: DecisionResult) -> dict[str, object]:
        library, lang = self.library, self.lang
        said = advice(library, decision, result)
        rules = [library.rules[name] for name in result.rules]
        words: dict[str, object] = {
            "question": library.decisions[decision].question.get(lang),
            "title": said.title.get(lang) if said.title else None,
            "next_steps": [step.get(lang) for step in said.next_steps],
            "documents": [library.documents[name].title.get(lang) for name in said.documents],
            "channels": [library.channels[name].title.get(lang) for name in said.channels],
            "ask": [library.channels[name].title.get(lang) for name in said.ask],
            "because": [rule.because.get(lang) for rule in rules],
            "sources": self._sources(one for rule in rules for one in rule.sources),
            "dissent": [
                {
                    "because": library.rules[one.rule].because.get(lang),
                    "sources": self._sources(library.rules[one.rule].sources),
                }
                for one in result.dissent
                if one.by != "override"
            ],
            "disputes": [library.disputes[name].because.get(lang) for name in result.disputes],
            "find_out": {
                fact: library.vocabulary.facts[fact].find_out.get(lang) for fact in result.missing
            },
        }
        return {key: value for key, value in words.items() if value}

    def _sources(self, citations: Iterable[Citation]) -> Sequence[dict[str, object]]:
        found: dict[tuple[str, str], dict[str, object]] = {}
        for one in citations:
            source = self.library.sources[one.source]
            found[one.source, one.clause.get(self.lang)] = {
                "title": source.title.get(self.lang),
                "body": source.body.get(self.lang) if source.body else None,
                "number": source.number,
                "clause": one.clause.get(self.lang),
                "authority": source.authority,
                "checked": source.checked.isoformat(),
                "address": source.address,
            }
        return list(found.values())


def with_words(library: Library, result: CaseResult, lang: str) -> Worded:
    """The result with its words in `lang`."""
    return Worded(library, result, lang)
