"""The checker: one case in, its result out. The way in for everything else."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING

from engine import answering
from engine.agreement import Comparing, Here
from engine.case import Case, CaseReader, carried
from engine.changes import with_changes
from engine.clock import today
from engine.contradiction import contradiction
from engine.errors import CaseError
from engine.library import Library
from engine.loader import RULESETS
from engine.memo import Memo
from engine.open_classes import OpenClasses
from engine.program import Program, Selection
from engine.receipt import VERSION, Answers, InForce, Receipt, lacking_hash, rules_hash
from engine.result import CaseResult, DecisionResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    Agreed = dict[tuple[str, str, Selection, tuple[int, ...]], int]

MAX_PROGRAMS, MAX_RECEIPTS = 256, 4096


class Checker:
    """Decides cases with a library of rules.

    With `compare` the inference engine decides each distinct complete class that is met, once,
    and must agree with the table.
    """

    def __init__(self, library: Library, *, compare: bool = True) -> None:
        self.library, self.compare = library, compare
        self.comparing: Comparing = Here()
        self.agreed: Agreed = {}
        """The classes both engines were compared on, with the runs that took."""
        self._programs: OrderedDict[tuple[object, ...], Program] = OrderedDict()
        self.in_force = lru_cache(MAX_PROGRAMS)(InForce)
        self._rules = lru_cache(MAX_RECEIPTS)(rules_hash)
        self._answers = Answers(library)
        self._reader, self._memo = CaseReader(library), Memo(self)

    @classmethod
    def load(
        cls, folder: Path = RULESETS, *, compare: bool = True, from_snapshot: bool = False
    ) -> Checker:
        """A checker over the rulesets below `folder`; `from_snapshot` as in `Library.load`.

        Raises RulesetError with every fault found in them.
        """
        return cls(Library.load(folder, from_snapshot=from_snapshot), compare=compare)

    @property
    def compared(self) -> int:
        """How often the inference engine was run for a comparison."""
        return sum(self.agreed.values())

    @cached_property
    def today(self) -> date:
        """The day a case without one is counted from: asked of the clock once, then kept."""
        return today()

    def check(
        self,
        data: object,
        default_as_of: date | None = None,
        topics: Sequence[str] | None = None,
        decisions: Sequence[str] | None = None,
    ) -> CaseResult:
        """The result of one decoded JSON case; its faults are in the result, never raised.

        A case without `as_of` is counted from `default_as_of`, else from today. With `decisions`
        these are answered, whatever topics it names.
        """
        try:
            case = self._reader.read(data, default_as_of or self.today)
        except CaseError as error:
            identity, extra = carried(data)
            return CaseResult(identity, None, faults=error.faults, extra=extra)
        try:
            return self.decide(case, topics, decisions)
        except CaseError as error:
            return CaseResult(case.id, case.as_of, faults=error.faults, extra=case.extra)

    def decide(
        self, case: Case, topics: Sequence[str] | None = None,
        decisions: Sequence[str] | None = None,
    ) -> CaseResult:  # fmt: skip
        """The result over `decisions`, else a case's own topics (else `topics`, else all).

        Raises CaseError when its facts contradict each other, DisagreementError when the two
        engines do.
        """
        names = self.wanted(case, topics) if decisions is None else decisions
        results, hashes = self._memo.answers(names, case)
        return CaseResult(
            case.id, case.as_of, results, str(self.receipt(case, hashes)), extra=case.extra
        )

    def outcomes(self, decisions: Sequence[str], case: Case) -> dict[str, tuple[object, ...]]:
        """Of each answer verdict, outcome, sides and items alone, as `answer_of` tells them.

        Raises CaseError when the facts contradict each other.
        """
        return self._memo.outcomes(decisions, case)

    def read(self, data: object, default_as_of: date) -> Case:
        """One decoded JSON object as a case, as `read_case` reads it, and faster.

        Raises CaseError with every fault.
        """
        return self._reader.read(data, default_as_of)

    def receipt(self, case: Case, hashes: frozenset[str]) -> Receipt:
        """The receipt for what a case says and the hashes of what was in force for it."""
        return Receipt(self._rules(hashes), self._answers.hash(case), VERSION)

    def wanted(self, case: Case, topics: Sequence[str] | None = None) -> list[str]:
        """The decisions of a case's own topics, else of `topics`, else all."""
        wanted = case.topics if case.topics is not None else topics
        return [
            decision
            for topic in (wanted if wanted is not None else self.library.topics)
            for decision in self.library.topics[topic].decisions
        ]

    def answer(self, decision: str, case: Case, hashes: set[str] | None = None) -> DecisionResult:
        """The answer to one decision, in full; the hashes of what is in force go to `hashes`.

        `decide` comes to the same, and keeps what it finds for other cases.
        """
        lacking = self.lacking_places(decision, case)
        if lacking:
            if hashes is not None:
                hashes.add(lacking_hash(self.library, decision, lacking))
            return DecisionResult("undecided", missing=tuple(lacking))
        readings = self.readings(decision, case)
        if hashes is not None:
            hashes.update(self.in_force(one.program).hash(case) for one in readings)
        result = answering.combine(self.library, decision, case, readings)
        return with_changes(self.library, self.readings, decision, case, readings, result)

    def readings(self, decision: str, case: Case) -> list[OpenClasses]:
        """The classes a case leaves open in each program it may fall in.

        Raises CaseError when there is none, DisagreementError when the engines differ.
        """
        every = [OpenClasses(self.program(decision, one), decision, case)
                 for one in self.selections(decision, case)]  # fmt: skip
        readings = [one for one in every if not one.empty]
        if not readings:
            raise CaseError([contradiction(every)])
        if self.compare and len(readings) == 1:
            self._compare(readings[0])
        return readings

    def lacking_places(self, decision: str, case: Case) -> list[str]:
        """The place facts that select rules and are not known, or not closely enough."""
        chain = self.library.upstream(decision)
        facts: dict[str, list[str]] = {}
        for name in chain:
            facts.setdefault(self.library.decisions[name].region, []).append(name)
        return [fact for fact, names in facts.items() if self.too_wide(case.place(fact), names)]

    def too_wide(self, place: str | None, decisions: Sequence[str]) -> bool:
        """Whether a place is unknown, or a province in whose parts other rules hold."""
        if place is None:
            return True
        return self.library.places.pool(place) is None and any(
            self.library.differs_within(name, place) for name in decisions
        )

    def selections(self, decision: str, case: Case) -> list[Selection]:
        """The choices of rules in force a case may fall in: one for each open period."""
        chain = self.library.upstream(decision)
        decisions = [self.library.decisions[name] for name in chain]
        codes = {one.region: self._place(case.place(one.region) or "") for one in decisions}
        places = tuple(sorted(codes.items()))
        options = []
        for fact in dict.fromkeys(one.date for one in decisions):
            mine = [one for one in decisions if one.date == fact]
            regions = [codes[one.region] for one in mine]
            days = self.library.days(fact)
            known = case.interval(fact) or days
            segments = self.library.segments([one.id for one in mine], regions, days)
            options.append([(fact, one) for one in segments
                            if one[0] <= known[1] and known[0] <= one[1]])  # fmt: skip
        return [Selection(places, periods) for periods in product(*options)]

    def covered(self, decision: str, case: Case) -> bool:
        """Whether any rule answers a decision for the place and dates a case may fall in."""
        if self.lacking_places(decision, case):
            return True
        programs = [self.program(decision, one) for one in self.selections(decision, case)]
        return any(program.covered(decision) for program in programs)

    def program(self, decision: str, selection: Selection) -> Program:
        """The compiled program of a decision; kept, and its engine closed when it is evicted."""
        key = (decision, selection)
        if key in self._programs:
            self._programs.move_to_end(key)
            return self._programs[key]
        program = Program(self.library, self.library.upstream(decision), selection)
        self._programs[key] = program
        if len(self._programs) > MAX_PROGRAMS:
            self._programs.popitem(last=False)[1].close()
        return program

    def close(self) -> None:
        """Free every inference engine."""
        for program in self._programs.values():
            program.close()
        self._programs.clear()

    def _place(self, code: str) -> str:
        """The code whose rules hold in a place: itself, or the nation where nothing is local."""
        places = self.library.places
        return code if code == places.abroad or self.library.local(code) else places.nation

    def _compare(self, reading: OpenClasses) -> None:
        """Let the inference engine decide a complete class and compare, once a class."""
        cells = reading.single()
        if cells is not None:
            self.agree(reading.decision, reading.program.selection, cells)

    def agree(
        self, decision: str, selection: Selection, cells: Mapping[str, tuple[int, ...]]
    ) -> None:
        """Compare both engines on one class of a decision and of what it builds on, once a class.

        Raises DisagreementError when they differ.
        """
        for name in self.library.upstream(decision):
            key = (decision, name, selection, cells[name])
            if key not in self.agreed:
                program = self.program(decision, selection)
                self.agreed[key] = self.comparing.compare(program, name, cells[name])
