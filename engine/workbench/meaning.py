"""What an answer is made from, as keys: where they are the same, what was worked out still holds.

Words and sources that only explain an answer are left out, what weighs rules is not.
"""

from __future__ import annotations

from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.invariant import Invariant
from engine.places import Group
from engine.ruleset import (
    Decision,
    Dispute,
    Example,
    ParameterValue,
    Rule,
    parameters_given,
    parameters_of,
)
from engine.vocabulary import Derived, Fact
from engine.workbench.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from engine.library import Library
    from engine.program import Selection
    from engine.ruleset import Answer, Then
    from engine.words import Model

    Key = Hashable

MAX_TEXTS = 50_000
# What only words an answer, explains it or says where to go with it.
_SAID = {"next_steps": True, "documents": True, "channels": True, "ask": True}
_LEFT_OUT: dict[type[Model], Any] = {
    Fact: {"label", "question", "help", "find_out", "unit", "privacy", "values"},
    Derived: {"label"},
    Group: {"name", "sources"},
    Decision: {"question": True, "verdicts": True,
               "outcomes": {"__all__": {"title": True, **_SAID}}},
    Rule: {"because": True, "sources": True, "see_also": True, "then": _SAID},
    ParameterValue: {"sources"},
    Dispute: {"because"},
    Invariant: {"because"},
    Example: {"title", "cites"},
}  # fmt: skip


class Numbers:
    """A number for everything that is ever asked about: the same only for what is equal."""

    def __init__(self) -> None:
        self._numbers: Kept[Key, int] = Kept(MAX_TEXTS)
        self._next = count(1)
        self._models: Kept[int, tuple[Model, int]] = Kept(MAX_TEXTS)

    def of(self, what: Key) -> int:
        """The number of a thing; another one where it was forgotten in between."""
        return self._numbers.get(what) or self._numbers.keep(what, next(self._next))

    def of_model(self, model: Model) -> int:
        """The number of what a model means."""
        # A model is kept with its number: while it is there, no other one has its id.
        found = self._models.get(id(model))
        if found is None:
            kind = type(model)
            text = model.model_dump_json(exclude=_LEFT_OUT.get(kind), by_alias=True)
            found = model, self.of((kind.__name__, text))
            self._models.keep(id(model), found)
        return found[1]


class Meaning:
    """The keys of one library."""

    def __init__(self, library: Library, numbers: Numbers) -> None:
        self.library, self._numbers = library, numbers
        self._chosen: dict[tuple[str, str, int], int] = {}
        self._given: dict[tuple[str, str], int] = {}
        self._decisions: dict[str, int] = {}

    @cached_property
    def vocabulary(self) -> int:
        """What facts, constraints and places mean."""
        library, of = self.library, self._numbers.of_model
        known = library.vocabulary
        facts = [(of(one), one.codes) for one in known.facts.values()]
        derived = [of(one) for one in known.derived.values()]
        never = [of(one) for one in known.constraints.values()]
        places = [of(one) for one in library.authored.places.values()]
        groups = [of(one) for one in library.authored.groups.values()]
        return self._numbers.of((
            "vocabulary", tuple(library.topics), tuple(facts), tuple(derived), tuple(never),
            tuple(places), tuple(groups),
        ))  # fmt: skip

    @cached_property
    def written(self) -> int:
        """Where rules of any kind are written: there a case is not the nation's."""
        regions = {rule.region for rule in self.library.rules.values()}
        regions |= {value.region for value in self.library.authored.values.values()}
        return self._numbers.of(("written", *sorted(regions)))

    def spread(self, decision: str) -> Key:
        """The places a case may lie in for the rules meant to be those that hold."""
        regions = (self.library.regions_of(name) for name in self.library.upstream(decision))
        return self.written, *map(tuple, map(sorted, regions))

    def rule(self, rule: Rule) -> Key:
        """A rule and what weighs it."""
        library = self.library
        number = self._numbers.of_model(rule)
        return number, library.authority(rule), library.issued(rule), rule.id in library.rejected

    def example(self, example: Example) -> int:
        """A case and what is expected."""
        return self._numbers.of_model(example)

    def in_force(self, decision: str, selection: Selection) -> Key:
        """All that decides the classes of a decision and of what it builds on."""
        chain = map(self.library.decisions.__getitem__, self.library.upstream(decision))
        return self.vocabulary, *(
            self._in_force(one.id, selection.place(one.region), selection.period(one.date)[0])
            for one in chain
        )

    def given(self, decision: str, place: str) -> int:
        """The values over time that the answers of a decision are worked out with in a place."""
        key = decision, place
        if key not in self._given:
            library = self.library
            names = sorted({name for one in self._voices(decision)
                            for name in parameters_given(one)})  # fmt: skip
            days = FIRST_DAY, LAST_DAY
            values = [(name, *map(repr, library.parameter_over(name, place, days)))
                      for name in names]  # fmt: skip
            self._given[key] = self._numbers.of(("given", *values))
        return self._given[key]

    def given_on(self, decision: str, place: str, day: int) -> Key:
        """The values that the answers of a decision are worked out with on one day."""
        names = {name for one in self._voices(decision) for name in parameters_given(one)}
        return tuple((name, self.library.parameter(name, place, day)) for name in sorted(names))

    def decision(self, decision: str) -> int:
        """All that a decision can be answered from, anywhere and at any time."""
        if decision not in self._decisions:
            library, of = self.library, self._numbers.of_model
            chain = library.upstream(decision)
            rules = [rule for name in chain for rule in library.rules_of(name)]
            used = {name for rule in rules for name in parameters_of(rule)}
            used |= {name for one in chain for voice in self._voices(one)
                     for name in parameters_given(voice)}  # fmt: skip
            values = [of(one) for one in library.authored.values.values()
                      if one.parameter in used]  # fmt: skip
            decisions = [of(library.decisions[name]) for name in chain]
            self._decisions[decision] = self._numbers.of((
                "decision", self.vocabulary, self.written, tuple(decisions),
                tuple(map(self.rule, rules)), tuple(values),
                self._disputes(rule.id for rule in rules),
            ))  # fmt: skip
        return self._decisions[decision]

    def own(self, decision: str) -> Key:
        """A decision and its own rules, wherever and whenever they hold."""
        own = self._numbers.of_model(self.library.decisions[decision])
        return own, tuple(map(self.rule, self.library.rules_of(decision)))

    def laws(self, decision: str) -> Key:
        """The laws of which a decision is the first that is named, and all those are made from."""
        mine = [one for one in self.library.invariants.values()
                if one.decisions[:1] == (decision,)]  # fmt: skip
        others = {name for one in mine for name in one.decisions}
        laws = tuple(self._numbers.of_model(one) for one in mine)
        return laws, tuple(self.decision(name) for name in sorted(others))

    def _voices(self, decision: str) -> list[Then | Answer]:
        rules = [rule.then for rule in self.library.rules_of(decision)]
        return [*rules, *self.library.decisions[decision].outcomes.values()]

    def _in_force(self, name: str, place: str, day: int) -> int:
        key = name, place, day
        if key not in self._chosen:
            library = self.library
            rules = library.in_force(name, place, day)
            used = sorted({one for rule in rules for one in parameters_of(rule)})
            self._chosen[key] = self._numbers.of((
                "in force", self._numbers.of_model(library.decisions[name]),
                tuple(map(self.rule, rules)),
                tuple((one, library.parameter(one, place, day)) for one in used),
                self._disputes(rule.id for rule in rules),
            ))  # fmt: skip
        return self._chosen[key]

    def _disputes(self, rules: Iterable[str]) -> tuple[int, ...]:
        among = {*rules}
        return tuple(self._numbers.of_model(one)
                     for one in self.library.disputes.values()
                     if among.issuperset(one.between))  # fmt: skip
