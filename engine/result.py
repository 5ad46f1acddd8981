"""The result of a case: for each decision its verdict, outcome, evidence and what stands behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from engine.adjudication import Dissent
    from engine.errors import CaseFault
    from engine.ruleset import Authority

Evidence = Literal["official", "reported", "unverified"]
EVIDENCE: Mapping[str, Evidence] = {
    "A": "official",
    "B": "official",
    "B*": "reported",
    "C": "reported",
    "C*": "reported",
    "D": "unverified",
}


def evidence_of(authority: Authority | None) -> Evidence | None:
    """The word shown for a grade."""
    return None if authority is None else EVIDENCE[authority]


@dataclass(frozen=True)
class DecisionResult:
    """The answer to one decision. `missing` is ordered by how much a fact would settle."""

    verdict: str
    outcome: str | None = None
    evidence: Evidence | None = None
    value: object = None
    from_: object = None
    until: object = None
    rules: tuple[str, ...] = ()
    dissent: tuple[Dissent, ...] = ()
    missing: tuple[str, ...] = ()
    changes_on: tuple[date, ...] = ()
    possible: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    safer: str | None = None
    disputes: tuple[str, ...] = ()
    items: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    gains: Mapping[str, float] = field(default_factory=dict)
    perhaps: frozenset[str] = frozenset()
    """Every unknown fact that may yet be missing, whatever is answered; it never grows."""

    def to_json(self) -> dict[str, object]:
        """The JSON object of the contract; what is empty is left out."""
        out: dict[str, object] = {
            "verdict": self.verdict,
            "outcome": self.outcome,
            "evidence": self.evidence,
        }
        optional: dict[str, object] = {
            "value": self.value,
            "from": self.from_,
            "until": self.until,
            "rules": list(self.rules),
            "dissent": [
                {"rule": one.rule, "outcome": one.outcome, "by": one.by} for one in self.dissent
            ],
            "missing": list(self.missing),
            "changes_on": [day.isoformat() for day in self.changes_on],
            "possible": list(self.possible),
            "sides": list(self.sides),
            "safer": self.safer,
            "disputes": list(self.disputes),
            "items": {
                item: list(state) if isinstance(state, tuple) else state
                for item, state in self.items.items()
            },
        }
        return out | {key: value for key, value in optional.items() if value not in (None, [], {})}


@dataclass(frozen=True)
class CaseResult:
    """What one case comes to, or why it could not be decided."""

    id: str | None
    as_of: date | None
    decisions: Mapping[str, DecisionResult] = field(default_factory=dict)
    receipt: str | None = None
    faults: tuple[CaseFault, ...] = ()
    line: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The JSON object of the contract: decisions and receipt, or an error."""
        out: dict[str, object] = {"id": self.id}
        if self.line is not None:
            out["line"] = self.line
        if self.as_of is not None:
            out["as_of"] = self.as_of.isoformat()
        out |= self.extra
        if self.faults:
            first, *others = self.faults
            out["error"] = first.to_json()
            if others:
                out["more_errors"] = [fault.to_json() for fault in others]
            return out
        out["decisions"] = {name: one.to_json() for name, one in self.decisions.items()}
        out["receipt"] = self.receipt
        return out
