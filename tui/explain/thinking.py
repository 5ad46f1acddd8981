"""Works out what explains the present answers, when a page asks for it, and keeps it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from engine.case import read_case
from engine.checker import Checker
from engine.explanation.calendar import calendar
from engine.explanation.explain import explain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.case import Case
    from engine.explanation.calendar import Entry
    from engine.explanation.explain import Explained
    from engine.library import Library
    from engine.result import CaseResult


class Thinking:
    """Explanations of one case at a time; safe to be asked beside the interface, not by it alone.

    It has a checker of its own: that of the interface goes on deciding while this one works.
    """

    def __init__(self, library: Library, as_of: date) -> None:
        self.library, self.as_of = library, as_of
        self.assumed: dict[str, object] = {}
        """What is assumed otherwise for the time being; no answer of anybody."""
        self._lock = threading.Lock()
        self._checker: Checker | None = None
        self._answers: dict[str, object] = {}
        self._explained: dict[str, Explained] = {}
        self._days: dict[tuple[str, ...], list[Entry]] = {}
        self._results: dict[str, CaseResult] = {}

    def case(self, answers: Mapping[str, object]) -> Case:
        """The case that the answers make."""
        return read_case({"as_of": self.as_of.isoformat(), **answers}, self.library, self.as_of)

    def knows(self, answers: Mapping[str, object], decision: str) -> bool:
        """Whether what explains a decision is there already."""
        return answers == self._answers and decision in self._explained

    def knows_days(self, answers: Mapping[str, object], decisions: Sequence[str]) -> bool:
        """Whether the days of some decisions are there already."""
        return answers == self._answers and tuple(decisions) in self._days

    def result(self, answers: Mapping[str, object], topic: str) -> CaseResult:
        """The answers to the decisions of a topic."""
        with self._lock:
            checker = self._of(answers)
            if topic not in self._results:
                self._results[topic] = checker.decide(self.case(answers), [topic])
            return self._results[topic]

    def explained(self, answers: Mapping[str, object], decision: str) -> Explained:
        """What explains the answer to one decision."""
        with self._lock:
            checker = self._of(answers)
            if decision not in self._explained:
                topic = self.library.decisions[decision].topic
                found = explain(checker, self.case(answers), [decision], [topic])
                self._explained[decision] = found.decisions[decision]
            return self._explained[decision]

    def days(self, answers: Mapping[str, object], decisions: Sequence[str]) -> list[Entry]:
        """The days on which the answers to some decisions change."""
        with self._lock:
            checker, names = self._of(answers), tuple(decisions)
            if names not in self._days:
                self._days[names] = calendar(checker, self.case(answers), names)
            return self._days[names]

    def _of(self, answers: Mapping[str, object]) -> Checker:
        """The checker; what was kept of other answers is forgotten."""
        if self._checker is None:
            self._checker = Checker(self.library)
        if answers != self._answers:
            self._answers = dict(answers)
            self._explained, self._days, self._results = {}, {}, {}
        return self._checker
