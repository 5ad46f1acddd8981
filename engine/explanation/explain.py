"""The explanation of a case: for each decision the answer, why, why not, what if, what is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.case import carried, read_case
from engine.errors import CaseError
from engine.explanation.calendar import Change, Entry, calendar
from engine.explanation.space import Space
from engine.explanation.still_open import StillOpen, still_open
from engine.explanation.what_if import WhatIf, what_if
from engine.explanation.why import Why, why
from engine.explanation.why_not import WhyNot, why_not
from engine.result import CaseResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.case import Case
    from engine.checker import Checker
    from engine.result import DecisionResult


@dataclass(frozen=True)
class Explained:
    """The explanation of one decision."""

    result: DecisionResult
    why: tuple[Why, ...] = ()
    """First of the decision, then of the upstream decisions it rests on, each once."""
    why_not: tuple[WhyNot, ...] = ()
    what_if: tuple[WhatIf, ...] = ()
    still_open: StillOpen = field(default_factory=StillOpen)
    when: tuple[Entry, ...] = ()
    kept: tuple[str, ...] = ()
    """Facts that why not and what if take as given, because there are too many to free."""

    def to_json(self) -> dict[str, object]:
        """The result of the decision with what explains it."""
        out: dict[str, object] = {
            "result": self.result.to_json(),
            "why": [one.to_json() for one in self.why],
            "why_not": [one.to_json() for one in self.why_not],
            "what_if": [one.to_json() for one in self.what_if],
            "when": [_entry(one) for one in self.when],
            "still_open": self.still_open.to_json(),
        }
        return {**out, "kept": list(self.kept)} if self.kept else out


@dataclass(frozen=True)
class Explanation:
    """The explanation of a case: of each of its decisions, or of why it could not be decided."""

    result: CaseResult
    decisions: Mapping[str, Explained] = field(default_factory=dict)
    case: Case | None = None

    def to_json(self) -> dict[str, object]:
        """The result of the case, each decision with what explains it, and the answers."""
        out = self.result.to_json()
        if self.result.faults or self.case is None:
            return out
        told = {name: one.to_json() for name, one in self.decisions.items()}
        return {**out, "decisions": told, "case": _as_case(self.case)}


def explain(
    checker: Checker, case: Case, decisions: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
) -> Explanation:  # fmt: skip
    """The explanation of a case: of `decisions`, else of those of its topics, else of `topics`.

    A case whose facts contradict each other is explained as that error.
    """
    try:
        wanted = checker.wanted(case, topics)
        names = [one for one in decisions or wanted if one in wanted]
        # No more than is told, or the receipt would be of other rules.
        result = checker.decide(case, decisions=names)
        when = calendar(checker, case, names)
        told = {
            name: _explained(checker, case, name, one, when)
            for name, one in result.decisions.items()
        }
    except CaseError as error:
        faulty = CaseResult(case.id, case.as_of, faults=error.faults, extra=case.extra)
        return Explanation(faulty, case=case)
    return Explanation(result, told, case)


def explain_data(
    checker: Checker, data: object, as_of: date, decisions: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
) -> Explanation:  # fmt: skip
    """The explanation of one decoded JSON case; its faults are in the result, never raised."""
    try:
        case = read_case(data, checker.library, as_of)
    except CaseError as error:
        identity, extra = carried(data)
        return Explanation(CaseResult(identity, None, faults=error.faults, extra=extra))
    return explain(checker, case, decisions, topics)


def _explained(
    checker: Checker, case: Case, decision: str, result: DecisionResult, when: Sequence[Entry]
) -> Explained:
    if checker.lacking_places(decision, case):
        return Explained(result, still_open=still_open(case, (), result))
    readings = checker.readings(decision, case)
    spaces = [Space(one.program, decision, case) for one in readings]
    return Explained(
        result,
        why(readings),
        tuple(why_not(spaces)),
        tuple(what_if(spaces, result.verdict)),
        still_open(case, readings, result),
        tuple(one for one in when if decision in one.decisions),
        tuple(dict.fromkeys(fact for one in spaces for fact in one.kept)),
    )


def _as_case(case: Case) -> dict[str, object]:
    """What was answered, as a case that is decided alike on any day."""
    return {"as_of": case.as_of.isoformat(), **case.given}


def _entry(entry: Entry) -> dict[str, object]:
    parts = []
    for one in entry.parts:
        part: dict[str, object] = {"decision": one.decision, "kind": one.kind}
        if isinstance(one, Change):
            part |= {"before": one.before.outcome, "after": one.after.outcome}
        parts.append(part)
    return {"day": entry.day.isoformat(), "parts": parts}
