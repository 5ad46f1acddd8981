"""Brief results: for each decision named its outcome, or where it has none its verdict.

The exact path: every case is read and decided by the checker. It answers whatever the compiled
scanner hands back, and everything where there is no scanner.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine import answering
from engine.batch.reader import read_item
from engine.batch.tabulated import Tabulated, tabulate
from engine.case import Case, carried, read_case
from engine.errors import CaseError
from engine.result import CaseResult, DecisionResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from engine.batch.reader import Item
    from engine.checker import Checker
    from engine.program import Selection


class Decider:
    """Decides cases briefly, counted from `as_of` where they name no day of their own.

    With `decisions` these are answered, else those of a case's topics, else those of `topics`.
    """

    def __init__(
        self, checker: Checker, as_of: date, topics: Sequence[str] | None = None,
        decisions: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        self.checker, self.as_of, self.topics, self.decisions = checker, as_of, topics, decisions
        nobody = Case(None, as_of)
        self.names = tuple(decisions or dict.fromkeys(checker.wanted(nobody, topics)))
        self._tables: dict[tuple[str, Selection], Tabulated | None] = {}

    def result(self, item: Item) -> CaseResult:
        """The answers to one case, or its errors."""
        if item.faults:
            return CaseResult(item.id, None, faults=item.faults, line=item.line)
        return replace(self._decided(item.data), line=item.line)

    def decide_line(self, line: bytes, decision: str) -> tuple[str, str | None] | None:
        """Verdict and outcome of one decision for a line; None where it has an error."""
        item = read_item(0, line)
        if item.faults:
            return None
        try:
            found = self.answer(decision, read_case(item.data, self.checker.library, self.as_of))
        except CaseError:
            return None
        return found.verdict, found.outcome

    def answer(self, decision: str, case: Case) -> DecisionResult:
        """Verdict and outcome alone, which cost less than all that stands behind them."""
        library = self.checker.library
        if self.checker.lacking_places(decision, case):
            return DecisionResult("undecided")
        readings = self.checker.readings(decision, case)
        if library.decisions[decision].hit_policy == "collect":
            return answering.combine(library, decision, case, readings)
        found = [one for reading in readings for one in reading.found()]
        if len({(one.verdict, one.outcome, one.sides) for one in found}) == 1:
            return DecisionResult(found[0].verdict, found[0].outcome)
        verdicts = {one.verdict for one in found}
        return DecisionResult(verdicts.pop() if len(verdicts) == 1 else "undecided")

    def tabulated(self, decision: str, selection: Selection) -> Tabulated | None:
        """The scanner's table of a decision; None where it holds none."""
        key = decision, selection
        if key not in self._tables:
            self._tables[key] = tabulate(self.checker.program(decision, selection), decision)
        return self._tables[key]

    def forget(self) -> None:
        """Keep no table any longer."""
        self._tables.clear()

    def compare(self, table: Tabulated, classes: Iterable[Mapping[str, tuple[int, ...]]]) -> None:
        """Let the inference engine decide classes of a table, and compare."""
        if self.checker.compare:
            for cells in classes:
                self.checker.agree(table.decision, table.selection, cells)

    def _decided(self, data: object) -> CaseResult:
        identity, extra = carried(data)
        try:
            case = read_case(data, self.checker.library, self.as_of)
        except CaseError as error:
            return CaseResult(identity, None, faults=error.faults, extra=extra)
        wanted = self.names if self.decisions else self.checker.wanted(case, self.topics)
        try:
            results = {name: self.answer(name, case) for name in dict.fromkeys(wanted)}
        except CaseError as error:
            return CaseResult(case.id, case.as_of, faults=error.faults, extra=extra)
        return CaseResult(case.id, case.as_of, results, extra=extra)
