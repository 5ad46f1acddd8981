"""What of a decision differs between a result and its receipt's rules as they are now, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from engine.adjudication import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from engine.case import Case
    from engine.checker import Checker
    from engine.result import DecisionResult

ANSWER = ("verdict", "outcome", "evidence", "value", "from", "until", "items", "safer")
"""The parts of a result that are the answer; and those that are sets of it."""
SETS = ("missing", "possible", "sides")
REASONS = ("rules", "dissent", "disputes")
LATER = "changes_on"
"""It hangs on rules to come as well, which are not in force."""
_WORDS = ("question", "title", "next_steps", "documents", "because", "sources", "dissent",
          "disputes")  # fmt: skip
"""The words that are made from what a receipt is made from."""

State = Literal["decides", "beaten", "does_not_hold", "not_in_force", "gone"]


@dataclass(frozen=True)
class RuleThen:
    """A rule that decided then, and what it does now; `by` tells how it is beaten."""

    rule: str
    state: State
    by: Reason | None = None


@dataclass(frozen=True)
class Cause:
    """A decision that a result and the rules as they are now say different things of."""

    decision: str
    parts: tuple[str, ...]
    """The parts of the result that differ; none where one side does not have the decision."""
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    then: tuple[RuleThen, ...] = ()
    now: tuple[str, ...] = ()
    """The rules that decide now."""


def answer_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of two answers that differ."""
    plain = [key for key in ANSWER if before.get(key) != after.get(key)]
    sets = [key for key in SETS if set(before.get(key, ())) != set(after.get(key, ()))]
    return (*plain, *sets)


def said_otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts that differ where rules and answers are the same, so that nothing may.

    The days of change apart; a part that only a result with words has is not looked for.
    """
    parts = (*ANSWER, *SETS, *REASONS)
    found = tuple(key for key in parts if before.get(key) != after.get(key))
    return (*found, *(f"words/{key}" for key in _words(before, after)))


def _words(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The words of a result that none of the languages has; `after` has them by language."""
    words, spoken = before.get("words"), after.get("words", {})
    if isinstance(words, dict) and spoken:
        for key in _WORDS:
            if all(words.get(key) != one.get(key) for one in spoken.values()):
                yield key


def then_of(
    checker: Checker, decision: str, case: Case, before: Mapping[str, Any], after: DecisionResult
) -> tuple[RuleThen, ...]:
    """What became of the rules that decided then."""
    beaten = {one.rule: one.by for one in after.dissent}
    in_force = _in_force(checker, decision, case)
    return tuple(
        RuleThen(rule, "gone") if rule not in checker.library.rules
        else RuleThen(rule, "decides") if rule in after.rules
        else RuleThen(rule, "beaten", beaten[rule]) if rule in beaten
        else RuleThen(rule, "does_not_hold") if rule in in_force
        else RuleThen(rule, "not_in_force")
        for rule in before.get("rules", ())
    )  # fmt: skip


def _in_force(checker: Checker, decision: str, case: Case) -> Collection[str]:
    """The rules of a decision in force in some period that the case may fall in."""
    if checker.lacking_places(decision, case):
        return ()
    programs = [checker.program(decision, one) for one in checker.selections(decision, case)]
    return {rule.id for program in programs for rule in program.rules[decision]}
