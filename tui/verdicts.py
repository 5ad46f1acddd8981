"""What a verdict is called in the answer to a question: by the question's own words, if it has any.

Where verdicts stand without a question, in tables and filters, they go by their usual words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.adjudication import NOT_COVERED
from tui.text.safe import safe

if TYPE_CHECKING:
    from engine.result import DecisionResult
    from engine.ruleset import Decision
    from tui.locale import Locale


def verdict_words(t: Locale, decision: Decision, verdict: str) -> str:
    """The words of a verdict of a decision."""
    for name, words in decision.verdicts.items():
        if name == verdict:
            return safe(t.of(words))
    return t(f"verdict.{verdict}")


def answer_words(t: Locale, decision: Decision, found: DecisionResult) -> str:
    """The words of the verdict of an answer, or that there are no rules it could come from."""
    if found.outcome == NOT_COVERED:
        return t(f"verdict.{NOT_COVERED}")
    return verdict_words(t, decision, found.verdict)
