"""A hand-written interview: questions in a fixed order, some of which depend on earlier answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from engine.errors import CaseError, CaseFault
from engine.interview import Question
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.vocabulary import Fact
    from tui.journey import FactState


@dataclass(frozen=True)
class _Fact:
    id: str


class ScriptedInterview:
    """Asks `script`'s facts in order, each while its condition on the answers holds."""

    def __init__(self, script: Mapping[str, Callable[[Mapping[str, object]], bool]]) -> None:
        self.script = script
        self.given: dict[str, object] = {}
        self.refused: dict[str, object] = {}
        self.clashing: tuple[tuple[str, object], ...] = ()

    @property
    def answers(self) -> Mapping[str, object]:
        return dict(self.given)

    def _open(self) -> list[str]:
        return [
            fact for fact, needed in self.script.items()
            if fact not in self.given and needed(self.given)
        ]  # fmt: skip

    def question(self) -> Question | None:
        found = self._open()
        return Question(cast("Fact", _Fact(found[0])), ("one",)) if found else None

    def at_most(self) -> int:
        return len(self._open())

    def answer(self, fact: str, value: object, /) -> None:
        if fact in self.refused and self.refused[fact] == value:
            raise CaseError([CaseFault("wrong_type", f"/{fact}", "not allowed")])
        self.given[fact] = value

    def contradiction(self) -> CaseFault | None:
        if self.clashing and all(self.given.get(fact) == value for fact, value in self.clashing):
            return CaseFault("contradiction", "", "cannot both be")
        return None

    def clear(self, fact: str, /) -> None:
        self.given.pop(fact, None)

    def state(self, fact: str, /) -> FactState:
        if not self.script[fact](self.given):
            return "not_needed"
        if fact not in self.given:
            return "not_asked"
        return "unknown" if self.given[fact] is None else "answered"

    def result(self) -> CaseResult:
        return CaseResult(None, None)
