"""Judges a result by its receipt: decides its case again, with both engines, and compares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from engine.agreement import compare_class
from engine.case import CaseReader
from engine.checker import Checker
from engine.errors import CaseError
from engine.explanation.advice import with_words
from engine.receipt import Answers, Receipt, parse
from engine.verification.causes import (
    LATER,
    Cause,
    answer_parts,
    said_otherwise,
    then_of,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from engine.case import Case
    from engine.errors import CaseFault
    from engine.library import Library
    from engine.open_classes import OpenClasses
    from engine.program import Selection
    from engine.result import CaseResult
    from engine.verification.held import Held
    from engine.verification.joining import Joined, Way

Verdict = Literal[
    "same", "rules_changed_same_answer", "rules_changed_answer_differs",
    "engine_changed_same_answer", "engine_changed_answer_differs", "answers_differ", "altered",
    "no_receipt", "no_case", "case_error", "error",
]  # fmt: skip
GOOD = frozenset({"same", "rules_changed_same_answer", "engine_changed_same_answer", "error"})
"""The verdicts that leave nothing to look into; an error answers nothing."""
MAX_AGREED = 1_000_000
"""So many classes are remembered as compared; then all are forgotten."""
_LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Judged:
    """What a result comes to: the verdict, its receipt and the one it would get now."""

    held: Held
    verdict: Verdict
    receipt: Receipt | None = None
    now: Receipt | None = None
    way: Way | None = None
    causes: tuple[Cause, ...] = ()
    later: tuple[str, ...] = ()
    """The decisions whose days of change differ, and nothing else of them."""
    parts: tuple[str, ...] = ()
    """What else of the result is not as its case says it."""
    faults: tuple[CaseFault, ...] = ()
    case: Case | None = None

    @property
    def good(self) -> bool:
        """Whether nothing is left to look into."""
        return self.verdict in GOOD


class OpenChecker(Checker):
    """A checker that lets the inference engine decide every class that a case leaves open."""

    def __init__(self, library: Library) -> None:
        super().__init__(library, compare=False)
        self.classes = 0
        """How many classes both engines decided."""
        self._seen: dict[tuple[str, str, Selection], set[int]] = {}
        self._room = MAX_AGREED

    def readings(self, decision: str, case: Case) -> list[OpenClasses]:
        """The classes a case leaves open, all of them compared.

        Raises CaseError when there is none, DisagreementError when the engines differ.
        """
        readings = super().readings(decision, case)
        for one in readings:
            for name in self.library.upstream(decision):
                self._agree(one, name)
        return readings

    def _agree(self, reading: OpenClasses, name: str) -> None:
        program = reading.program
        key = reading.decision, name, program.selection
        seen = self._seen.setdefault(key, set())
        fresh = [one for one in reading.classes_of(name).tolist() if one not in seen]
        shape = program.compiled[name].table.codes.shape
        for number in fresh:
            cells = tuple(map(int, np.unravel_index(number, shape))) if shape else ()
            compare_class(program, name, cells)
        self.classes += len(fresh)
        self._room -= len(fresh)
        seen.update(fresh)
        if self._room < 0:
            self._seen.clear()
            self._room = MAX_AGREED


class Verifier:
    """Judges results by the rules of a library."""

    def __init__(self, library: Library) -> None:
        self.library, self.checker = library, OpenChecker(library)
        self._reader, self._answers = CaseReader(library), Answers(library)

    def judge(self, held: Held, joined: Joined | None) -> Judged:
        """The verdict on a result, with its case where that was found.

        Raises DisagreementError when the engines differ.
        """
        receipt = parse(held.receipt)
        if held.kind == "error":
            return Judged(held, "error")
        if held.decisions is None or receipt is None:
            return Judged(held, "no_receipt")
        judged = Judged(held, "no_case", receipt)
        if joined is None:
            return judged
        judged = replace(judged, way=joined.way)
        try:
            case = self._reader.read(joined.data, self._day(held))
        except CaseError as error:
            return replace(judged, verdict="case_error", faults=error.faults)
        judged = replace(judged, case=case)
        if self._answers.hash(case) != receipt.answers:
            return replace(judged, verdict="answers_differ")
        return self._decided(judged, receipt, held.decisions, case)

    def _day(self, held: Held) -> date:
        """The day a case without one was counted from."""
        try:
            return date.fromisoformat(held.as_of or "")
        except ValueError:
            return self.checker.today

    def _decided(
        self, judged: Judged, receipt: Receipt, decisions: Mapping[str, Mapping[str, Any]],
        case: Case,
    ) -> Judged:  # fmt: skip
        """The verdict on a result whose answers are those of its receipt."""
        names = [name for name in decisions if name in self.library.decisions]
        try:
            result = self.checker.decide(case, decisions=names)
        except CaseError as error:
            return replace(judged, verdict="rules_changed_answer_differs", faults=error.faults)
        now = parse(result.receipt)
        assert now is not None  # noqa: S101 - it was made a moment ago
        judged = replace(judged, now=now)
        if now.rules != receipt.rules:
            lost = self._lost(case, decisions, receipt)
            if lost:
                gone = tuple(Cause(name, (), None, one) for name, one in lost.items())
                return replace(judged, verdict="altered", causes=gone, now=receipt)
        fresh = self._fresh(result, decisions)
        if now == receipt and judged.held.as_of in (None, case.as_of.isoformat()):
            return self._unchanged(judged, decisions, fresh, case, result)
        if now == receipt:
            return replace(judged, verdict="altered", parts=("as_of",))
        causes = tuple(self._causes(decisions, fresh, case, result, said=False))
        what = "engine" if now.rules == receipt.rules else "rules"
        how = "answer_differs" if causes else "same_answer"
        verdict: Any = f"{what}_changed_{how}"
        later = _later(decisions, fresh, {one.decision for one in causes})
        return replace(judged, verdict=verdict, causes=causes, later=later)

    def _unchanged(
        self, judged: Judged, decisions: Mapping[str, Mapping[str, Any]],
        fresh: Mapping[str, Mapping[str, Any]], case: Case, result: CaseResult,
    ) -> Judged:  # fmt: skip
        """The verdict where nothing has changed, so that the result must say the same."""
        causes = tuple(self._causes(decisions, fresh, case, result, said=True))
        if causes:
            return replace(judged, verdict="altered", causes=causes)
        later = _later(decisions, fresh, ())
        verdict: Verdict = "rules_changed_same_answer" if later else "same"
        return replace(judged, verdict=verdict, later=later)

    def _causes(
        self, decisions: Mapping[str, Mapping[str, Any]], fresh: Mapping[str, Mapping[str, Any]],
        case: Case, result: CaseResult, *, said: bool,
    ) -> Iterator[Cause]:  # fmt: skip
        """The decisions that differ: in their answer, or with `said` in anything."""
        for name, before in decisions.items():
            after = fresh.get(name)
            if after is None:
                yield Cause(name, (), before, None)
                continue
            parts = said_otherwise(before, after) if said else answer_parts(before, after)
            if parts:
                one = result.decisions[name]
                then = then_of(self.checker, name, case, before, one)
                yield Cause(name, parts, before, after, then, one.rules)

    def _fresh(
        self, result: CaseResult, decisions: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, dict[str, Any]]:
        """The decisions as they come out now; with their words where the result has some."""
        fresh = {name: one.to_json() for name, one in result.decisions.items()}
        if any("words" in one for one in decisions.values()):
            for lang in _LANGUAGES:
                told: Any = with_words(self.library, result, lang).to_json()["decisions"]
                for name, one in fresh.items():
                    spoken: Any = one.setdefault("words", {})
                    spoken[lang] = told[name]["words"]
        return fresh

    def _lost(
        self, case: Case, decisions: Mapping[str, object], receipt: Receipt
    ) -> Mapping[str, Mapping[str, Any]]:
        """The decisions that stood in the result when the receipt was made, and do no longer.

        None are found where the rules have changed as well.
        """
        topics = {self.library.decisions[name].topic for name in decisions
                  if name in self.library.decisions}  # fmt: skip
        ours = [one for topic in self.library.topics if topic in topics
                for one in self.library.topics[topic].decisions]  # fmt: skip
        for names in dict.fromkeys((tuple(ours), tuple(self.checker.wanted(case)))):
            found = self._if_made_by(case, names, receipt)
            lost = {name: one for name, one in found.items() if name not in decisions}
            if lost:
                return lost
        return {}

    def _if_made_by(
        self, case: Case, names: Sequence[str], receipt: Receipt
    ) -> Mapping[str, Mapping[str, Any]]:
        """The answers to some decisions, where those are what a receipt was made from."""
        try:
            result = self.checker.decide(case, decisions=names)
        except CaseError:
            return {}
        made = parse(result.receipt)
        if made is None or made.rules != receipt.rules:
            return {}
        return {name: one.to_json() for name, one in result.decisions.items()}


def _later(
    decisions: Mapping[str, Mapping[str, Any]], fresh: Mapping[str, Mapping[str, Any]],
    differing: Container[str],
) -> tuple[str, ...]:  # fmt: skip
    """The decisions of which only the days of change differ."""
    return tuple(name for name, one in decisions.items()
                 if name in fresh and name not in differing
                 and one.get(LATER) != fresh[name].get(LATER))  # fmt: skip
