"""Looking names up: in entries and in conditions, with what is said of one that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.coding import CodingError, code_test
from engine.condition import (
    Condition,
    DecisionTest,
    FactTest,
    ParameterRef,
    constants_in,
    leaves,
)
from engine.fault import did_you_mean
from engine.vocabulary import AS_OF, Derived, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.loader import Authored
    from engine.ruleset import Decision
    from engine.scalars import Citation

MAX_HELPED = 100
MAX_CONSTANTS = 1_000
Path = tuple[str | int, ...]
Where = tuple[str, str, Path]


class Lookup:
    """What all checks share: looking a name up and saying what is wrong with it."""

    def __init__(self, authored: Authored) -> None:
        self.authored = authored

    def known(self, where: Where, name: str, table: Iterable[str], what: str) -> bool:
        """Whether `name` is in `table`; a fault at `where` otherwise."""
        if name in table:
            return True
        if name not in self.authored.refused:
            # A comparison with every name takes time, and more faults than these nobody reads.
            many = len(self.authored.faults) > MAX_HELPED
            help_ = "" if many else did_you_mean(name, table, what)
            self.authored.fault(*where, f"unknown {what} `{name}`", help_)
        return False

    def each(self, where: Where, names: Iterable[str], table: Iterable[str], what: str) -> None:
        """Every one of a list of names."""
        kind, key, path = where
        for index, name in enumerate(names):
            self.known((kind, key, (*path, index)), name, table, what)

    def cited(self, kind: str, key: str, section: str, citations: Iterable[Citation]) -> None:
        """The sources that are cited."""
        for index, one in enumerate(citations):
            where = kind, key, (section, index, "source")
            self.known(where, one.source, self.authored.sources, "source")

    def fact(self, where: Where, name: str, *types: str) -> None:
        """A raw fact of one of `types`."""
        if name == AS_OF and "date" in types:
            return
        if self.known(where, name, self.authored.facts, "fact"):
            found = self.authored.facts[name].type
            if found not in types:
                wanted = " or ".join(types)
                self.authored.fault(*where, f"`{name}` is a {found}, a {wanted} is needed here")


class ConditionCheck(Lookup):
    """One condition: facts declared as inputs, constants that fit, upstream outcomes that exist."""

    what = "a constraint"

    def __init__(self, authored: Authored, kind: str, key: str, decision: Decision | None) -> None:
        super().__init__(authored)
        self.kind, self.key, self.decision = kind, key, decision

    def check(self, condition: Condition, path: Path) -> None:
        """Every test in a condition that stands at `path`."""
        tests = [*leaves(condition)]
        many = constants_in(condition)
        if many > MAX_CONSTANTS:
            message = f"the condition compares with {many:,} values"
            help_ = f"at most {MAX_CONSTANTS:,} are read: split the rule, or a decision off"
            self.authored.fault(self.kind, self.key, path, message, help_)
            return
        for inner, leaf in tests:
            where = self.kind, self.key, (*path, *inner)
            if isinstance(leaf, DecisionTest):
                self.upstream(where, leaf)
                continue
            at_fact = self.kind, self.key, (*path, *inner, "fact")
            definition = self.definition(at_fact, leaf.fact)
            if definition is None:
                continue
            if self.decision is not None and leaf.fact not in self.decision.inputs:
                message = f"`{leaf.fact}` is not among the inputs of `{self.decision.id}`"
                self.authored.fault(*at_fact, message, "add it to `inputs` in topic.yaml")
            self.constants((*path, *inner, leaf.operator), leaf, definition)

    def definition(self, where: Where, name: str) -> Fact | Derived | None:
        """The fact or derived fact of that name; None, and a fault at `where`, without one."""
        a = self.authored
        found: Fact | Derived | None = a.facts.get(name) or a.derived.get(name)
        if found is None:
            self.known(where, name, (*a.derived, *a.facts), "fact")
        return found

    def constants(self, path: Path, leaf: FactTest, definition: Fact | Derived) -> None:
        """The constants fit the fact, and so does every value of the parameters among them."""
        a, many = self.authored, leaf.operator in ("in", "between")
        for index, operand in enumerate(leaf.operands):
            if isinstance(operand, ParameterRef):
                at: Path = (*path, index, "param") if many else (*path, "param")
                self.known((self.kind, self.key, at), operand.param, a.parameters, "parameter")
                if self.decision is None:
                    message = f"{self.what} holds everywhere and always: it takes no parameter"
                    a.fault(self.kind, self.key, at, message)
        try:
            code_test(leaf, definition, lambda _: None)
        except CodingError as error:
            at = path if error.index is None else (*path, error.index)
            a.fault(self.kind, self.key, at, error.message, error.help)
            return
        used = {one.param for one in leaf.operands if isinstance(one, ParameterRef)}
        for key, value in a.values.items() if used else ():
            if value.parameter in used:
                given = {value.parameter: value.value}
                try:
                    code_test(leaf, definition, given.get)
                except CodingError as error:
                    message = f"{error.message}, with which `{self.key}` compares it"
                    a.fault("values", key, ("value",), message, error.help)

    def upstream(self, where: Where, leaf: DecisionTest) -> None:
        """An upstream decision that is built on, and outcomes it has."""
        kind, key, path = where
        at = kind, key, (*path, "decision")
        if self.decision is None:
            self.authored.fault(*at, "a constraint tests facts, not decisions")
        elif self.known(at, leaf.decision, self.authored.decisions, "decision"):
            if leaf.decision not in self.decision.builds_on:
                message = f"`{self.decision.id}` does not build on `{leaf.decision}`"
                self.authored.fault(*at, message, "add it to `builds_on` in topic.yaml")
            self.outcomes(where, leaf, self.authored.decisions[leaf.decision].outcomes)

    def outcomes(self, where: Where, leaf: DecisionTest, outcomes: Iterable[str]) -> None:
        """The outcomes a test of a decision names."""
        kind, key, path = where
        if leaf.equals is not None:
            self.known((kind, key, (*path, "equals")), leaf.equals, outcomes, "outcome")
        self.each((kind, key, (*path, "in")), leaf.in_ or (), outcomes, "outcome")
