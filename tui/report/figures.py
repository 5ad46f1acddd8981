"""What a run came to, as the report tells it and `--json-summary` gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.batch.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.batch.attended import Spot
    from engine.batch.privacy import PrivateColumn
    from tui.locale import Locale


@dataclass(frozen=True)
class Figures:
    """The counts of a whole run and what it was made with."""

    cases: int
    results: int
    errors: int
    as_of: date
    inputs: Sequence[str]
    rules: str
    """The hash of all rules, parameters, sources and facts that were loaded."""
    version: str
    tally: Tally = field(default_factory=Tally)
    compared: int = 0
    broken: Sequence[str] = ()
    duplicates: int | None = None
    """Cases whose id an earlier one has; None where ids were not compared."""
    listed: Sequence[tuple[Spot, Sequence[Spot]]] = ()
    """Where the first of them stand, and the cases with the same id."""
    private: Sequence[PrivateColumn] = ()
    brief: bool = False
    """Whether of the answers no more than verdict and outcome is known."""
    glanced: bool = False
    """Whether private columns were looked for in the first cases only."""

    def to_json(self) -> dict[str, Any]:
        """The same as data."""
        out: dict[str, Any] = {
            "cases": self.cases,
            "results": self.results,
            "errors": self.errors,
            "as_of": self.as_of.isoformat(),
            "inputs": list(self.inputs),
            "broken_inputs": list(self.broken),
            "classes_compared": self.compared,
            "rules": self.rules,
            "version": self.version,
            **self._counted(),
            "private_columns": [
                {"column": one.column, "cases": one.cases, "kept": one.kept} for one in self.private
            ],
        }
        if self.duplicates is not None:
            out["duplicate_ids"] = {
                "cases": self.duplicates,
                "lines": [{"first": _spot(first), "later": [*map(_spot, later)]}
                          for first, later in self.listed],
            }  # fmt: skip
        return out

    def _counted(self) -> dict[str, Any]:
        counts = self.tally.to_json()
        if self.brief:
            for name in ("regions", "reasons", "receipts"):
                del counts[name]
            for one in counts["decisions"].values():
                del one["evidence"]
        return counts


def _spot(spot: Spot) -> dict[str, object]:
    return {"line": spot.line} | ({"file": spot.file} if spot.file else {})


def spot_words(spot: Spot, t: Locale) -> str:
    """A line of an input, in words."""
    line = t("report.line", n=spot.line)
    return t("report.coded", name=spot.file, code=line) if spot.file else line
