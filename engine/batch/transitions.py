"""What two sets of rules say of the same cases: how many go from which answer to which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.batch.reader import open_input, read_items
from engine.case import read_case
from engine.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from engine.checker import Checker
    from engine.result import DecisionResult

EXAMPLES = 3


@dataclass(frozen=True)
class Said:
    """What a side says of one decision; values worked out for the one case are left out."""

    verdict: str
    outcome: str | None = None
    sides: tuple[str, ...] = ()
    items: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Judge:
    """One side as it decides cases: its rules, and what it puts in place of a case's own."""

    checker: Checker
    place: str | None = None
    """The place put for each place fact that selects rules; None leaves the case's own."""
    day: date | None = None
    """The day put for `as_of`; None leaves the case's own."""
    default: date | None = None
    """The day counted from where neither says one."""

    def asked(self, data: Mapping[str, object], decisions: Sequence[str]) -> dict[str, object]:
        """The case as this side decides it."""
        library = self.checker.library
        regions = {library.decisions[name].region
                   for decision in decisions for name in library.upstream(decision)}  # fmt: skip
        out = {key: value for key, value in data.items() if key != "topics"}
        if self.place is not None:
            out |= dict.fromkeys(sorted(regions), self.place)
        if self.day is not None:
            out["as_of"] = self.day.isoformat()
        return out

    def answers(self, data: Mapping[str, object], decisions: Sequence[str]) -> dict[str, Said]:
        """The answer to each decision. Raises CaseError when the case cannot be decided."""
        default = self.day or self.default or self.checker.today
        case = read_case(self.asked(data, decisions), self.checker.library, default)
        return {name: _said(self.checker.answer(name, case)) for name in decisions}


@dataclass
class Transition:
    """The cases that go from one answer to another: how many, and which the first were."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class Transitions:
    """The transitions of each decision, and the cases that could not be decided, by code."""

    cases: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    decisions: dict[str, dict[tuple[Said, Said], Transition]] = field(default_factory=dict)

    @property
    def decided(self) -> int:
        """How many cases both sides decided."""
        return self.cases - self.errors.total()


def transitions(file: str, before: Judge, after: Judge, decisions: Iterable[str]) -> Transitions:
    """Decide the cases of a file on both sides.

    A case that cannot be read or decided counts once, as an error. Raises InputError when the
    file cannot be read.
    """
    names = list(decisions)
    found = Transitions(decisions={name: {} for name in names})
    with open_input(file) as stream:
        for item in read_items(stream, file):
            found.cases += 1
            if item.faults or not isinstance(item.data, dict):
                found.errors[item.faults[0].code if item.faults else "not_an_object"] += 1
                continue
            try:
                pair = [one.answers(item.data, names) for one in (before, after)]
            except CaseError as error:
                found.errors[error.faults[0].code] += 1
                continue
            identity = item.data.get("id")
            shown = identity if isinstance(identity, str) else f"#{item.line}"
            for name in names:
                key = pair[0][name], pair[1][name]
                one = found.decisions[name].setdefault(key, Transition())
                one.count += 1
                if len(one.examples) < EXAMPLES:
                    one.examples.append(shown)
    return found


def _said(result: DecisionResult) -> Said:
    items = tuple((item, state if isinstance(state, str) else "depends")
                  for item, state in result.items.items())  # fmt: skip
    return Said(result.verdict, result.outcome, result.sides, items)
