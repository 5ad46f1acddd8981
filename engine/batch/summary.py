"""What a batch came to: counts in and out, by verdict, by outcome, by error."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.errors import TongbaoError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.result import CaseResult


class CountError(TongbaoError):
    """A run wrote another number of results than it read cases: an internal error."""


@dataclass
class Summary:
    """What a run came to: counts in and out, errors, answers by decision, broken inputs."""

    cases: int = 0
    results: int = 0
    errors: int = 0
    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    """By decision; an answer without an outcome is counted by its verdict alone."""
    codes: Counter[str] = field(default_factory=Counter)
    """Cases with errors by the code of their first."""
    broken: list[str] = field(default_factory=list)
    compared: int = 0

    def add(self, result: CaseResult) -> None:
        """Count a result that went out."""
        self.results += 1
        if result.faults:
            self.errors += 1
            self.codes[result.faults[0].code] += 1
        for name, one in result.decisions.items():
            self.answered(name, one.verdict, one.outcome, 1)

    def refused(self, code: str) -> None:
        """Count a case whose only error went out."""
        self.cases += 1
        self.results += 1
        self.failed(code)

    def failed(self, code: str) -> None:
        """Count the error of a case that is counted already."""
        self.errors += 1
        self.codes[code] += 1

    def answered(self, decision: str, verdict: str, outcome: str | None, count: int) -> None:
        """Count answers to a decision; below 0 those that did not go out after all."""
        _count(self.verdicts, decision, verdict, count)
        if outcome is not None:
            _count(self.outcomes, decision, outcome, count)

    def merge(self, other: Summary) -> None:
        """Add the counts of another part of the run."""
        self.cases += other.cases
        self.results += other.results
        self.errors += other.errors
        self.codes.update(other.codes)
        for mine, theirs in ((self.verdicts, other.verdicts), (self.outcomes, other.outcomes)):
            for name, counts in theirs.items():
                mine.setdefault(name, Counter()).update(counts)

    def order(self, decisions: Sequence[str]) -> None:
        """Name the decisions in this order, whichever was met first."""
        for counts in (self.verdicts, self.outcomes):
            known = sorted(counts, key=[*decisions, *counts].index)
            for name in known:
                counts[name] = counts.pop(name)

    def dump(self) -> dict[str, Any]:
        """The counts as plain JSON that `load` reads again."""
        return {name: getattr(self, name) for name in (
            "cases", "results", "errors", "verdicts", "outcomes", "codes", "broken")}  # fmt: skip

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Summary:
        """The counts that were dumped."""
        verdicts, outcomes = ({name: Counter(counts) for name, counts in data[one].items()}
                              for one in ("verdicts", "outcomes"))  # fmt: skip
        return cls(data["cases"], data["results"], data["errors"], verdicts, outcomes,
                   Counter(data["codes"]), list(data["broken"]))  # fmt: skip

    def check(self) -> None:
        """Raise CountError when results and cases do not match in number."""
        if self.cases != self.results:
            raise CountError(f"{self.cases} cases came in, {self.results} results went out")

    def to_json(self) -> dict[str, object]:
        """The summary as JSON."""
        return {
            "cases": self.cases,
            "results": self.results,
            "errors": self.errors,
            "verdicts": {name: dict(sorted(one.items())) for name, one in self.verdicts.items()},
            "broken_inputs": self.broken,
            "classes_compared": self.compared,
        }


def _count(counts: dict[str, Counter[str]], decision: str, what: str, count: int) -> None:
    mine = counts.setdefault(decision, Counter())
    mine[what] += count
    if not mine[what]:
        del mine[what]
