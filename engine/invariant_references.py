"""Checks that invariants name facts, decisions, outcomes and places that exist and fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.coding import CodingError, code_test
from engine.lookup import ConditionCheck, Lookup, Path, Where

if TYPE_CHECKING:
    from engine.condition import DecisionTest
    from engine.invariant import Monotone
    from engine.vocabulary import Derived, Fact

# What the engine answers by itself, beside the outcomes an author declares.
_UNIQUE_TOO, _COLLECTED = ("not_covered",), ("not_covered", "listed", "none")


class Invariants(Lookup):
    """The names in every invariant."""

    def check(self) -> None:
        """Add a fault for each name that leads nowhere or to the wrong kind of thing."""
        a = self.authored
        for key, one in a.invariants.items():
            self.known(("invariants", key, ("topic",)), one.topic, a.topics, "topic")
            if one.region is not None:
                self.known(("invariants", key, ("region",)), one.region, a.places, "place")
            if one.never is not None:
                _Never(a, "invariants", key, None).check(one.never, ("never",))
                if not one.decisions:
                    message = "this names no decision: it speaks of facts alone"
                    help_ = "what no case shows is a constraint of the vocabulary"
                    a.fault("invariants", key, ("never",), message, help_)
            elif one.settled is not None:
                where = "invariants", key, ("settled", "decision")
                self.known(where, one.settled.decision, a.decisions, "decision")
            elif one.monotone is not None:
                self.monotone(key, one.monotone)

    def monotone(self, key: str, law: Monotone) -> None:
        """A decision with verdicts to compare, a fact, and values it has."""
        a, path = self.authored, ("monotone",)
        if self.known(
            ("invariants", key, (*path, "decision")), law.decision, a.decisions, "decision"
        ):
            decision = a.decisions[law.decision]
            if decision.hit_policy == "collect":
                message = f"`{decision.id}` collects items: none of its verdicts is the better one"
                a.fault("invariants", key, (*path, "decision"), message)
        names: dict[str, Fact | Derived] = {**a.derived, **a.facts}
        if not self.known(("invariants", key, (*path, "fact")), law.fact, names, "fact"):
            return
        for index, test in enumerate(law.tests()):
            try:
                code_test(test, names[law.fact], lambda _: None)
            except CodingError as error:
                at: Path = (*path, "order", index)
                a.fault("invariants", key, at, error.message, error.help)


class _Never(ConditionCheck):
    """A condition over facts and over decisions of any topic."""

    what = "an invariant"

    def upstream(self, where: Where, leaf: DecisionTest) -> None:
        kind, key, path = where
        at = kind, key, (*path, "decision")
        if self.known(at, leaf.decision, self.authored.decisions, "decision"):
            decision = self.authored.decisions[leaf.decision]
            collects = decision.hit_policy == "collect"
            own = _COLLECTED if collects else _UNIQUE_TOO
            self.outcomes(where, leaf, (*decision.outcomes, *own))
