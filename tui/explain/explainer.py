"""Works out what explains the answers on the desk, and puts it into view models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.views.result import cited
from tui.views.ways import ways
from tui.views.what_if import single_changes
from tui.views.when import when_view
from tui.views.why import decisions_of, why_view

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.speaker import Speaker
    from tui.views.when import DayView
    from tui.views.why import WhyView


@dataclass(frozen=True)
class Explainer:
    """The answers on the desk when a page was made, and what explains them, in one language."""

    desk: Desk
    say: Speaker
    answers: dict[str, object]
    topic: str

    @classmethod
    def of(cls, desk: Desk, say: Speaker) -> Explainer:
        """Of the present answers."""
        return cls(desk, say, dict(desk.journey.answers), desk.journey.topic or "")

    def known(self, *decisions: str) -> bool:
        """Whether what explains some decisions is there already."""
        return all(self.desk.thinking.knows(self.answers, one) for one in decisions)

    def why(self, decision: str) -> WhyView:
        """Why a decision came out."""
        thinking = self.desk.thinking
        sources = cited(self.say, thinking.result(self.answers, self.topic))
        told = thinking.explained(self.answers, decision)
        return why_view(self.say, thinking.case(self.answers), decision, told, sources)

    def single_changes(self, decision: str) -> tuple[str, ...]:
        """What changing one thing alone would make of a decision."""
        thinking = self.desk.thinking
        told = thinking.explained(self.answers, decision)
        return single_changes(self.say, thinking.case(self.answers), decision, told)

    def ways(self, *decisions: str) -> dict[str, tuple[str, ...]]:
        """The ways on from some answers that are a no."""
        thinking = self.desk.thinking
        case = thinking.case(self.answers)
        return {
            one: ways(self.say, case, one, thinking.explained(self.answers, one))
            for one in decisions
        }

    def days(self) -> tuple[DayView, ...]:
        """The days on which the answers of the topic change."""
        thinking = self.desk.thinking
        entries = thinking.days(self.answers, decisions_of(self.say))
        return when_view(self.say, thinking.case(self.answers), entries)
