"""The interview: which fact to ask next, and what the answers so far come to.

It serves the terminal UI and the plain mode alike. Answers are kept by fact; one that no longer
matters is kept too, and counts again when a changed answer makes it matter.
"""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal, Self

from engine import answering
from engine.case import CaseReader
from engine.condition import FactTest, leaves
from engine.errors import CaseError, CaseFault
from engine.plan import Plan
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from engine.case import Case
    from engine.checker import Checker
    from engine.result import CaseResult, DecisionResult
    from engine.vocabulary import Fact

State = Literal["answered", "unknown", "not_asked", "not_needed"]


@dataclass(frozen=True)
class Question:
    """A fact to ask for, and the decisions its answer can still change."""

    fact: Fact
    decides: tuple[str, ...]


class Interview:
    """The answers of one person about some topics (or some of their decisions).

    Several interviews may share their `plans`; else each makes its own.
    """

    def __init__(
        self, checker: Checker, topics: Sequence[str], as_of: date,
        decisions: Sequence[str] | None = None, plans: dict[object, Plan] | None = None,
    ) -> None:  # fmt: skip
        self.checker, self.topics, self.as_of = checker, tuple(topics), as_of
        self._plans = {} if plans is None else plans
        every = [name for topic in topics for name in checker.library.topics[topic].decisions]
        self.decisions = tuple(decisions if decisions is not None else every)
        self._answers: dict[str, object] = {}
        self._results: dict[str, DecisionResult] | None = None
        self._relevant: dict[str, set[str]] = {}
        self._known: dict[object, DecisionResult] = {}
        self._reader = CaseReader(checker.library)

    @property
    def answers(self) -> Mapping[str, object]:
        """Every answer given, by fact; None stands for "asked, and not known"."""
        return dict(self._answers)

    def answer(self, fact: str, value: object) -> None:
        """Record an answer in the form a case has it; None when the person does not know.

        Raises CaseError, and records nothing, when the value does not fit the fact.
        """
        if isinstance(value, str) and self._fact(fact).type == "decimal":
            # What is no number stays text, and the reader of cases says what is wrong with it.
            with suppress(InvalidOperation):
                value = Decimal(value)
        case = self._read({fact: value})
        place = case.place(fact)
        if place is not None and any(
            self.checker.library.decisions[name].region == fact
            and self.checker.too_wide(place, [name])
            for name in self.decisions
        ):
            message = "the rules differ within this place: name the city"
            raise CaseError([CaseFault("place_too_wide", f"/{fact}", message, "a city")])
        self._answers[fact] = value
        self._results = None

    def clear(self, fact: str) -> None:
        """Forget an answer, as if it had never been asked for."""
        self._answers.pop(fact, None)
        self._results = None

    def case(self) -> dict[str, object]:
        """The answers as the JSON object of a case."""
        return {"as_of": self.as_of.isoformat(), "topics": list(self.topics), **self._answers}

    def contradiction(self) -> CaseFault | None:
        """Why the answers cannot all be true; None when they can."""
        try:
            self._decided()
        except CaseError as error:
            return error.faults[0]
        return None

    def question(self) -> Question | None:
        """The fact to ask for next; None when nothing left can change an outcome.

        Where the rules hold comes first; then, as long as it is known when they hold, the question
        of the plan; else decision by decision the date that tells, and what settles most.
        """
        if self.contradiction() is not None:
            return None
        wanted = self._wanted()
        if not wanted:
            return None
        fact = min(wanted, key=lambda name: self._priority(name, wanted))
        if not self._selects_place(fact):
            fact = self._by_plan(wanted) or fact
        return Question(self._fact(fact), tuple(wanted[fact]))

    def at_most(self) -> int:
        """An upper bound of the questions left; it never rises while answers are added."""
        if self.contradiction() is not None or not self._wanted():
            return 0
        open_facts = set(self._wanted())
        for name, result in self._decided().items():
            open_facts |= result.perhaps
            if self.checker.lacking_places(name, self._read(self._answers)):
                open_facts |= self._possible_facts(name)
        return len(open_facts - set(self._answers))

    def state(self, fact: str) -> State:
        """Answered, asked but not known, not asked yet, or not needed as things stand."""
        if self.contradiction() is None and not self._in_play(fact):
            return "not_needed"
        if fact not in self._answers:
            return "not_asked"
        return "unknown" if self._answers[fact] is None else "answered"

    def result(self) -> CaseResult:
        """The result for the answers so far, the same as a batch gives for the same case."""
        return self.checker.check(self.case(), self.as_of)

    def ahead(self, fact: str, value: object) -> Iterator[None]:
        """Work out, a little with each step, what all here come to once `fact` is answered so.

        Nothing is answered by it; what it finds is looked up when the answer is given.
        """
        after = copy(self)
        with suppress(CaseError):  # such an answer is refused when it is given
            after.answer(fact, value)
            yield from after.working_out()

    def working_out(self) -> Iterator[None]:
        """Find what was not looked for yet, a little with each step, the next question last.

        Raises CaseError where the answers contradict each other.
        """
        for name in self.decisions:
            self._found(name, self._answers)
            yield
        for given in self._answers:
            self.state(given)
            yield
        yield from self._choosing()

    def __copy__(self) -> Self:
        """Another with the same answers, for which all that was worked out is there as well."""
        other = self.__class__.__new__(self.__class__)
        other.__dict__.update(self.__dict__, _answers=dict(self._answers))
        return other

    # -- inside --------------------------------------------------------------------------------

    def _fact(self, name: str) -> Fact:
        return self.checker.library.vocabulary.facts[name]

    def _read(self, answers: Mapping[str, object]) -> Case:
        return self._reader.read(answers, self.as_of)

    def _decided(self) -> dict[str, DecisionResult]:
        if self._results is None:
            self._results = {name: self._found(name, self._answers) for name in self.decisions}
        return self._results

    def _found(self, decision: str, answers: Mapping[str, object]) -> DecisionResult:
        """The answer to a decision, worked out once for the same answers to what it looks at."""
        if decision not in self._relevant:
            self._relevant[decision] = self._related(self._possible_facts(decision))
        given = {fact: value for fact, value in answers.items()
                 if fact in self._relevant[decision]}  # fmt: skip
        key = decision, frozenset(given.items())
        if key not in self._known:
            self._known[key] = self.checker.answer(decision, self._read(given))
        return self._known[key]

    def _related(self, facts: set[str]) -> set[str]:
        """Some facts, and all that constraints tie to them."""
        vocabulary = self.checker.library.vocabulary
        tied = [
            {raw for _, leaf in leaves(one.never) if isinstance(leaf, FactTest)
             for raw in vocabulary.raw_facts(leaf.fact)} - {AS_OF}
            for one in vocabulary.constraints.values()
        ]  # fmt: skip
        before: set[str] = set()
        while facts != before:
            before = facts
            facts = facts.union(*(group for group in tied if group & facts))
        return facts

    def _wanted(self) -> dict[str, list[str]]:
        """The unasked facts that can still change something, with the decisions they can change."""
        wanted: dict[str, list[str]] = {}
        for name, result in self._decided().items():
            for fact in result.missing:
                if fact not in self._answers:
                    wanted.setdefault(fact, []).append(name)
        return wanted

    def _possible_facts(self, decision: str) -> set[str]:
        """Every fact a decision may turn out to need, while it is open where its rules hold."""
        library = self.checker.library
        facts: set[str] = set()
        for name in library.upstream(decision):
            authored = library.decisions[name]
            facts |= {authored.region, authored.date} | answering.value_facts(library, name)
            for fact in authored.inputs:
                facts |= set(library.vocabulary.raw_facts(fact))
        return facts - {AS_OF}

    def _choosing(self) -> Iterator[None]:
        """Find the next question, a little with each step."""
        wanted = self._wanted()
        if wanted and not any(self._selects_place(fact) for fact in wanted):
            case = self._read(self._answers)
            plan = self._plan(case)
            yield
            yield from plan.working_out(case, wanted)

    def _by_plan(self, wanted: Mapping[str, list[str]]) -> str | None:
        """The question of the plan for the decisions of which it is known which rules hold."""
        case = self._read(self._answers)
        return self._plan(case).next(case, self._answers, wanted)

    def _plan(self, case: Case) -> Plan:
        chosen = {}
        for name in self.decisions:
            if not self.checker.lacking_places(name, case):
                selections = self.checker.selections(name, case)
                if len(selections) == 1 and self.checker.program(name, selections[0]).covered(name):
                    chosen[name] = selections[0]
        start = self._start(case, chosen)
        key = self.as_of, *chosen.items(), *start.intervals.items(), *start.places.items()
        if key not in self._plans:
            self._plans[key] = Plan(self.checker.library, chosen, self.checker.program, start)
        return self._plans[key]

    def _start(self, case: Case, decisions: Iterable[str]) -> Case:
        """The case with nothing but what tells where and when the rules hold."""
        library = self.checker.library
        chain = [library.decisions[one] for name in decisions for one in library.upstream(name)]
        places, dates = {one.region for one in chain}, {one.date for one in chain}
        return replace(
            case, given={},
            intervals={fact: one for fact, one in case.intervals.items() if fact in dates},
            places={fact: one for fact, one in case.places.items() if fact in places},
        )  # fmt: skip

    def _selects_place(self, fact: str) -> bool:
        return any(self.checker.library.decisions[name].region == fact for name in self.decisions)

    def _priority(self, fact: str, wanted: Mapping[str, list[str]]) -> tuple[object, ...]:
        decisions = [self.checker.library.decisions[name] for name in self.decisions]
        selects_place = self._selects_place(fact)
        selects_rules = any(one.date == fact for one in decisions)
        gain = sum(self._decided()[name].gains.get(fact, 0.0) for name in wanted[fact])
        first = min(self.decisions.index(name) for name in wanted[fact])
        return not selects_place, first, not selects_rules, -round(gain, 9), fact

    def _in_play(self, fact: str) -> bool:
        """Whether another answer to `fact`, or having one, could change an outcome."""
        without = {name: value for name, value in self._answers.items() if name != fact}
        try:
            return any(fact in self._found(name, without).missing for name in self.decisions)
        except CaseError:
            return True
