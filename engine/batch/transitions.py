"""What two sets of rules say of the same cases: how many go from which answer to which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import tee
from typing import TYPE_CHECKING

from engine.batch.reader import open_input, read_items
from engine.batch.swift import answers, swift
from engine.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from engine.batch.reader import Item
    from engine.batch.swift import Told
    from engine.checker import Checker
    from engine.library import Library

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
        regions = _regions(library, tuple(decisions))
        out = {key: value for key, value in data.items() if key != "topics"}
        if self.place is not None:
            out |= dict.fromkeys(regions, self.place)
        if self.day is not None:
            out["as_of"] = self.day.isoformat()
        return out

    def answers(self, data: Mapping[str, object], decisions: Sequence[str]) -> dict[str, Said]:
        """The answer to each decision. Raises CaseError when the case cannot be decided."""
        case = self.checker.read(self.asked(data, decisions), self._today)
        found = self.checker.outcomes(decisions, case)
        return {name: _said(*one) for name, one in found.items()}

    def stream(self, items: Iterable[Item], decisions: Sequence[str]) -> Iterator[Told | str]:
        """What the scanner finds for each case, in order; nothing at all without decisions."""
        if not decisions:
            return ({} for _ in items)
        return answers(self.checker, self._today, decisions, items,
                       lambda data: self.asked(data, decisions))  # fmt: skip

    @property
    def _today(self) -> date:
        return self.day or self.default or self.checker.today

    def home(self, data: Mapping[str, object], decision: str) -> str | None:
        """The place a case itself names to have the rules of a decision chosen by, if it does."""
        library = self.checker.library
        name = data.get(library.decisions[decision].region)
        return library.places.resolve(name) if isinstance(name, str) else None


@dataclass
class Transition:
    """The cases that go from one answer to another: how many, where, and which the first were."""

    count: int = 0
    examples: list[str] = field(default_factory=list)
    places: Counter[str | None] = field(default_factory=Counter)
    """By the places the cases name themselves, None where they name none."""


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
    counting = _Counting(before, after, list(decisions))
    with open_input(file) as stream:
        items, *copies = tee(read_items(stream, file), 3)
        sides = [one.stream(copy, counting.swift)
                 for one, copy in zip((before, after), copies, strict=True)]  # fmt: skip
        for item, *told in zip(items, *sides, strict=True):
            counting.add(item, told)
    return counting.found


class _Counting:
    """Counts cases, each with what the scanner found on both sides."""

    def __init__(self, before: Judge, after: Judge, names: list[str]) -> None:
        self._judges, self._names = (before, after), names
        self.found = Transitions(decisions={name: {} for name in names})
        self.swift = [name for name in swift(names, before.checker)
                      if name in swift(names, after.checker)]  # fmt: skip

    def add(self, item: Item, told: Sequence[Told | str]) -> None:
        """Count a case."""
        self.found.cases += 1
        try:
            answers = self._answers(item, told)
        except CaseError as error:
            self.found.errors[error.faults[0].code] += 1
            return
        if isinstance(answers, str):
            self.found.errors[answers] += 1
            return
        identity = item.data.get("id")
        shown = identity if isinstance(identity, str) else f"#{item.line}"
        for name in self._names:
            key = answers[0][name], answers[1][name]
            one = self.found.decisions[name].setdefault(key, Transition())
            one.count += 1
            one.places[self._judges[0].home(item.data, name)] += 1
            if len(one.examples) < EXAMPLES:
                one.examples.append(shown)

    def _answers(self, item: Item, told: Sequence[Told | str]) -> list[dict[str, Said]] | str:
        """The answers of both sides, or the code of an error."""
        if item.faults or not isinstance(item.data, dict):
            return item.faults[0].code if item.faults else "not_an_object"
        known: list[Told] = []
        for one in told:
            if isinstance(one, str):
                return one
            known.append(one)
        open_ = [name for name in self._names if any(one.get(name) is None for one in known)]
        answers = []
        for judge, one in zip(self._judges, known, strict=True):
            mine = judge.answers(item.data, open_) if open_ else {}
            mine |= {name: _said(*column, ()) for name, column in one.items()
                     if column is not None and name not in mine}  # fmt: skip
            answers.append(mine)
        return answers


@lru_cache(8)
def _regions(library: Library, decisions: tuple[str, ...]) -> list[str]:
    """The place facts that choose the rules of decisions and of what they build on."""
    chains = {name for decision in decisions for name in library.upstream(decision)}
    return sorted({library.decisions[name].region for name in chains})


@lru_cache(1 << 14)
def _said(
    verdict: str, outcome: str | None, sides: tuple[str, ...],
    items: tuple[tuple[str, str | tuple[str, ...]], ...],
) -> Said:  # fmt: skip
    shown = ((item, state if isinstance(state, str) else "depends") for item, state in items)
    return Said(verdict, outcome, sides, tuple(shown))
