"""Counts what a run comes to: answers by decision and place, the rules behind them, the errors.

What is kept grows with the rules and the places, never with the number of cases.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.receipt import rules_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engine.library import Library
    from engine.result import CaseResult

EXAMPLES = 5
"""So many cases are named for each kind of error."""
RECEIPTS = 5000
"""So many states of the rules are told apart; further ones are only counted."""
OTHER = ""
"""What stands for no place, no outcome, no evidence, and for rules beyond the limit."""


@dataclass(frozen=True)
class Example:
    """A case with an error: its line, and its id where that could be read."""

    line: int | None
    id: str | None = None


@dataclass
class Tally:
    """The counts of a run, or of a part of one: `merge` adds those of the next part."""

    answers: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """By decision, verdict, outcome and evidence."""
    places: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By decision, place (as the case names it, resolved) and verdict."""
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By decision, outcome and rule: the answers a rule was among the reasons of."""
    receipts: Counter[str] = field(default_factory=Counter)
    """By the part of the receipt that tells the rules; the answers of hardly two cases are one."""
    errors: Counter[str] = field(default_factory=Counter)
    """Cases by the code of their first error."""
    examples: dict[str, list[Example]] = field(default_factory=dict)

    def add(  # noqa: PLR0913, PLR0917 - what an answer is made of
        self, decision: str, region: str | None, verdict: str, outcome: str | None,
        evidence: str | None, rules: Iterable[str], count: int = 1,
    ) -> None:  # fmt: skip
        """Count an answer that `count` cases of a place got."""
        outcome = outcome or OTHER
        self.answers[decision, verdict, outcome, evidence or OTHER] += count
        self.places[decision, region or OTHER, verdict] += count
        for rule in rules:
            self.reasons[decision, outcome, rule] += count

    def answered(self, decision: str, verdict: str, outcome: str | None, count: int) -> None:
        """Count answers of which no more is known; below 0 those that are none after all."""
        key = decision, verdict, outcome or OTHER, OTHER
        self.answers[key] += count
        if not self.answers[key]:
            del self.answers[key]

    def receipt(self, text: str, count: int = 1) -> None:
        """Count what the receipts of `count` results say of the rules."""
        known = text in self.receipts or len(self.receipts) < RECEIPTS
        self.receipts[text if known else OTHER] += count

    def error(self, code: str, identity: str | None = None, line: int | None = None) -> None:
        """Count a case that could not be decided."""
        self.errors[code] += 1
        named = self.examples.setdefault(code, [])
        if len(named) < EXAMPLES:
            named.append(Example(line, identity))

    def merge(self, later: Tally) -> None:
        """Add the counts of a part of the run that comes after."""
        self.answers.update(later.answers)
        self.places.update(later.places)
        self.reasons.update(later.reasons)
        self.errors.update(later.errors)
        for text, count in later.receipts.items():
            self.receipt(text, count)
        for code, named in later.examples.items():
            mine = self.examples.setdefault(code, [])
            mine += named[: EXAMPLES - len(mine)]

    def dump(self) -> dict[str, Any]:
        """The counts as plain JSON that `load` reads again."""
        return {
            "answers": [[*key, count] for key, count in self.answers.items()],
            "places": [[*key, count] for key, count in self.places.items()],
            "reasons": [[*key, count] for key, count in self.reasons.items()],
            "receipts": dict(self.receipts),
            "errors": dict(self.errors),
            "examples": {code: [[one.line, one.id] for one in named]
                         for code, named in self.examples.items()},
        }  # fmt: skip

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Tally:
        """The counts that were dumped."""
        return cls(
            Counter({(a, b, c, d): count for a, b, c, d, count in data["answers"]}),
            Counter({(a, b, c): count for a, b, c, count in data["places"]}),
            Counter({(a, b, c): count for a, b, c, count in data["reasons"]}),
            Counter(data["receipts"]),
            Counter(data["errors"]),
            {code: [Example(*one) for one in named] for code, named in data["examples"].items()},
        )

    # -- questions -----------------------------------------------------------------------------

    @property
    def decisions(self) -> list[str]:
        """The decisions answered, by name."""
        return sorted({decision for decision, *_ in self.answers})

    def verdicts(self, decision: str) -> Counter[str]:
        """Cases by verdict."""
        return self._by(decision, lambda key: key[1])

    def outcomes(self, decision: str) -> Counter[str]:
        """Cases by outcome."""
        return self._by(decision, lambda key: key[2])

    def evidence(self, decision: str | None = None) -> Counter[str]:
        """Answers by evidence, of one decision or of all."""
        return self._by(decision, lambda key: key[3])

    def by_place(self) -> dict[str, Counter[str]]:
        """Answers by place and verdict, the place with most answers first."""
        out: dict[str, Counter[str]] = {}
        for (_, place, verdict), count in self.places.items():
            out.setdefault(place, Counter())[verdict] += count
        return dict(sorted(out.items(), key=lambda one: (-one[1].total(), one[0])))

    def _by(
        self, decision: str | None, part: Callable[[tuple[str, str, str, str]], str]
    ) -> Counter[str]:
        out: Counter[str] = Counter()
        for key, count in self.answers.items():
            if decision in (None, key[0]):
                out[part(key)] += count
        return out

    def to_json(self) -> dict[str, Any]:
        """The counts as the summary of a run shows them."""
        return {
            "decisions": {
                one: {
                    "verdicts": _ordered(self.verdicts(one)),
                    "outcomes": _ordered(self.outcomes(one)),
                    "evidence": _ordered(self.evidence(one)),
                }
                for one in self.decisions
            },
            "regions": {place: _ordered(counts) for place, counts in self.by_place().items()},
            "reasons": [
                {"decision": decision, "outcome": outcome or None, "rule": rule, "cases": count}
                for (decision, outcome, rule), count in _most(self.reasons)
            ],
            "error_codes": {
                code: {
                    "cases": count,
                    "examples": [{"line": one.line, "id": one.id} for one in self.examples[code]],
                }
                for code, count in _most(self.errors)
            },
            "receipts": _ordered(self.receipts),
        }


def record(tally: Tally, library: Library, data: object, result: CaseResult) -> None:
    """Count one result, with the case it is of as it was decoded (and mapped)."""
    if result.faults:
        tally.error(result.faults[0].code, result.id, result.line)
        return
    given = data if isinstance(data, dict) else {}
    for name, one in result.decisions.items():
        place = given.get(library.decisions[name].region)
        code = library.places.resolve(place) if isinstance(place, str) else None
        tally.add(name, code, one.verdict, one.outcome, one.evidence, one.rules)
    if result.receipt is not None:
        tally.receipt(rules_part(result.receipt))


def _most(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The highest count first; equal ones in the order of their keys, whoever counted."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {key or "none": count for key, count in _most(counts)}
