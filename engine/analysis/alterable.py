"""A program whose rules can be altered without compiling it anew."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import Adjudicator
from engine.coded import evaluate
from engine.coding import CodingError
from engine.program import Compiled, Program, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.coded import Bools
    from engine.coding import Coded
    from engine.condition import FactTest
    from engine.decision_table import DecisionTable
    from engine.library import Library
    from engine.program import Selection
    from engine.ruleset import Rule


class Alterable(Program):
    """A program in which rules may get other conditions or overrides, one may fall out or come in.

    `tests` gives for each rule the tests its conditions may come to hold: they cut axes and tables
    beforehand, so that an altered condition is a mask over the same classes. `guests` are rules of
    the last decision that are not in force, and may come in.
    """

    def __init__(
        self, library: Library, order: Sequence[str], selection: Selection,
        tests: Mapping[str, Sequence[FactTest]], guests: Sequence[Rule] = (),
    ) -> None:  # fmt: skip
        self._more, self.guests = tests, tuple(guests)
        super().__init__(library, order, selection)
        if guests:
            name = order[-1]
            own = {rule.id: None for rule in guests}
            self.compiled[name] = self._altered(self.compiled[name], own)

    def _in_force(self, name: str) -> list[Rule]:
        guests = [rule for rule in self.guests if rule.decision == name]
        return [*super()._in_force(name), *guests]

    def _tests(self, names: Iterable[str]) -> Iterator[Coded]:
        names = tuple(names)
        yield from super()._tests(names)
        for name in names:
            for rule in self.rules[name]:
                for test in self._more.get(rule.id, ()):
                    try:
                        yield self._coded(test, rule)
                    except CodingError:
                        # With the parameter's value of this place it does not fit; nor will it be.
                        continue

    def altered(self, rules: Mapping[str, Rule | None]) -> Alterable:
        """The program with some rules of the same ids put for others; None takes one out."""
        other = copy(self)
        other.__dict__.pop("engine", None)
        other.kept, other.compiled = {}, {**self.compiled}
        other.rules = {
            name: [new for one in mine if (new := rules.get(one.id, one)) is not None]
            for name, mine in self.rules.items()
        }
        other.recompile(
            {name: {one.id: rules[one.id] for one in mine if one.id in rules}
             for name, mine in self.rules.items()}
        )  # fmt: skip
        return other

    def recompile(self, altered: Mapping[str, Mapping[str, Rule | None]]) -> None:
        """Bring each decision up to its altered rules, and to what is handed down to it now."""
        passed: set[str] = set()
        for name in self.order:
            before = self.compiled[name]
            if passed & {one.source for one in before.coded.inputs}:
                self.compiled[name] = self._compile(name)
            elif altered[name]:
                self.compiled[name] = self._altered(before, altered[name])
            if self.compiled[name].states != before.states:
                passed.add(name)

    def found_of(self, decision: str, rules: Mapping[str, Rule | None]) -> DecisionTable:
        """The table of a decision with some of its own rules altered."""
        return self._altered(self.compiled[decision], rules).table

    def _altered(self, before: Compiled, rules: Mapping[str, Rule | None]) -> Compiled:
        coded = before.coded
        name = coded.decision.id
        maps = {one.source: cells for one, cells in zip(coded.inputs, before.maps, strict=True)
                if isinstance(one.source, int) and cells is not None}  # fmt: skip
        guests = {one.id for one in self.guests}
        matches: dict[str, Bools] = {}
        for key, rule in rules.items():
            if rule is None:
                matches[key] = np.zeros(coded.shape, dtype=bool)
            elif rule.when != self.library.rules[key].when or key in guests:
                expression = self._expression(rule.when, rule, coded.inputs, maps)
                matches[key] = evaluate(expression, coded.shape)
        weighed = {one.id: one for one in self.rules[name]}
        weighed.update({key: one for key, one in rules.items() if one is not None})
        other = any(one is not None and one.overrides != self.library.rules[one.id].overrides
                    for one in rules.values())  # fmt: skip
        # Where only guests are written, no rule was in force: what none answers was not covered.
        other = other or guests >= {one.id for one in self.rules[name]}
        adjudicator = (
            Adjudicator(self.library, coded.decision, [*weighed.values()]) if other else None
        )
        table = before.table.copied()
        table.alter(matches, adjudicator)
        left = {*weighed} - {key for key, one in rules.items() if one is None}
        left -= guests - {*rules}
        if not left:
            table.uncover()
        known = {*before.states}
        new = [one for one in table.states() if one not in known]
        states = table.states() if new else before.states
        return replace(
            before, coded=table.coded, table=table, states=states, state_of=state_of(table, states)
        )
