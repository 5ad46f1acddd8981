"""The result of a case: for each decision its verdict, outcome, evidence and what stands behind."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
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

_COMMA = ", "
_TEXT = json.JSONEncoder(ensure_ascii=False).encode
# Ids of decisions: the same few again and again.
_KNOWN = lru_cache(4096)(_TEXT)


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

    def dated(
        self, values: tuple[object, object, object], changes_on: tuple[date, ...]
    ) -> DecisionResult:
        """The same answer with other values and days of change, which hang on the one case."""
        out = object.__new__(DecisionResult)
        # Faster by far than `replace`; the texts are made before, and so once for all.
        out.__dict__.update(
            self.__dict__, _texts=self._texts, value=values[0], from_=values[1], until=values[2],
            changes_on=changes_on,
        )  # fmt: skip
        return out

    def to_json(self) -> dict[str, object]:
        """The JSON object of the contract; what is empty is left out."""
        return {
            "verdict": self.verdict,
            "outcome": self.outcome,
            "evidence": self.evidence,
            **_filled({"value": self.value, "from": self.from_, "until": self.until}),
            **self._before_changes(),
            **_filled({"changes_on": [day.isoformat() for day in self.changes_on]}),
            **self._after_changes(),
        }

    def text(self) -> str:
        """`to_json` as text; what many cases share of it is made once."""
        head, middle, tail = self._texts
        own = ""
        if not (self.value is self.from_ is self.until is None):
            values = {"value": self.value, "from": self.from_, "until": self.until}
            own = _members(_filled(values))
        changes = ""
        if self.changes_on:
            days = '", "'.join([day.isoformat() for day in self.changes_on])
            changes = f', "changes_on": ["{days}"]'
        return f"{{{head}{own}{middle}{changes}{tail}}}"

    @cached_property
    def _texts(self) -> tuple[str, str, str]:
        """The text before the values, between them and the days of change, and after these."""
        head = {"verdict": self.verdict, "outcome": self.outcome, "evidence": self.evidence}
        first = _members(head).removeprefix(_COMMA)
        return first, _members(self._before_changes()), _members(self._after_changes())

    def _before_changes(self) -> dict[str, object]:
        return _filled(
            {
                "rules": list(self.rules),
                "dissent": [
                    {"rule": one.rule, "outcome": one.outcome, "by": one.by} for one in self.dissent
                ],
                "missing": list(self.missing),
            }
        )

    def _after_changes(self) -> dict[str, object]:
        return _filled(
            {
                "possible": list(self.possible),
                "sides": list(self.sides),
                "safer": self.safer,
                "disputes": list(self.disputes),
                "items": {
                    item: list(state) if isinstance(state, tuple) else state
                    for item, state in self.items.items()
                },
            }
        )


def _filled(members: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in members.items() if value not in (None, [], {})}


def _members(members: Mapping[str, object]) -> str:
    """The members of an object as they follow on others."""
    return "".join(f"{_COMMA}{_TEXT(key)}: {_TEXT(value)}" for key, value in members.items())


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

    def at(self, line: int) -> CaseResult:
        """The same result, of the case on a line."""
        out = object.__new__(CaseResult)
        out.__dict__.update(self.__dict__, line=line)
        return out

    def text(self) -> str | None:
        """`to_json` as text, made of texts that many cases share.

        None where nothing is shared: of an error, and where keys of the case are carried, which
        may hold whatever JSON can.
        """
        if self.faults or self.extra:
            return None
        line = "" if self.line is None else f', "line": {self.line}'
        day = "" if self.as_of is None else f', "as_of": "{self.as_of.isoformat()}"'
        answers = ", ".join([f"{_KNOWN(key)}: {one.text()}" for key, one in self.decisions.items()])
        return (
            f'{{"id": {_TEXT(self.id)}{line}{day}, "decisions": {{{answers}}}, '
            f'"receipt": {_TEXT(self.receipt)}}}'
        )

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
