"""The laws a ruleset keeps: what no class may show, what never gets worse, what never flips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from engine.condition import Condition, Constant, DecisionTest, FactTest, leaves
from engine.fault import quoted
from engine.ruleset import Verdict
from engine.scalars import Id, PlaceCode, refusal
from engine.words import Model, Words

LAWS = ("never", "monotone", "settled")
BEST_FIRST: tuple[Verdict, ...] = ("eligible", "action_needed", "not_eligible")


class Monotone(Model):
    """Moving a fact along `order`, all else equal, never makes the verdict of a decision worse.

    `verdicts` runs from the best to the worst; a verdict not among them is not compared.
    """

    decision: Id
    fact: Id
    order: Annotated[list[Constant], Field(min_length=2)]
    verdicts: Annotated[list[Verdict], Field(min_length=2)] = [*BEST_FIRST]

    @model_validator(mode="after")
    def _each_once(self) -> Monotone:
        for name in ("order", "verdicts"):
            told = [repr(one) for one in getattr(self, name)]
            for index, one in enumerate(told):
                if one in told[:index]:
                    message = f"{quoted(getattr(self, name)[index])} stands here twice"
                    raise refusal(message, "name each once", name, index)
        return self

    def tests(self) -> list[FactTest]:
        """A test for each value of the order."""
        return [FactTest(fact=self.fact, equals=one) for one in self.order]


class Settled(Model):
    """What is answered before all facts are known stays so, whatever the others turn out to be."""

    decision: Id


Law = Condition | Monotone | Settled
"""What no class may show, what never gets worse, what never flips."""


class Invariant(Model):
    """One law of a topic, in a place or wherever its rules hold, and why it is one."""

    id: Id
    topic: Id
    region: PlaceCode | None = None
    because: Words
    never: Condition | None = None
    monotone: Monotone | None = None
    settled: Settled | None = None

    @model_validator(mode="after")
    def _one_law(self) -> Invariant:
        given = [name for name in LAWS if getattr(self, name) is not None]
        if len(given) != 1:
            found = ", ".join(f"`{name}`" for name in given) or "none"
            allowed = ", ".join(f"`{name}`" for name in LAWS)
            message = f"an invariant states exactly one law (found: {found})"
            raise refusal(message, f"allowed here: {allowed}", *given[1:2])
        return self

    @property
    def law(self) -> str:
        """The name of the law given."""
        return next(name for name in LAWS if getattr(self, name) is not None)

    @property
    def stated(self) -> Law:
        """The law given."""
        given: Law = getattr(self, self.law)
        return given

    @property
    def decisions(self) -> tuple[str, ...]:
        """The decisions it speaks of, in the order named."""
        if isinstance(self.stated, Monotone | Settled):
            return (self.stated.decision,)
        tests = [leaf for leaf in self._leaves() if isinstance(leaf, DecisionTest)]
        return tuple(dict.fromkeys(one.decision for one in tests))

    @property
    def watched(self) -> tuple[Condition, ...]:
        """The conditions whose tests of facts tell apart what the law speaks of."""
        if self.monotone:
            return tuple(self.monotone.tests())
        return tuple(leaf for leaf in self._leaves() if isinstance(leaf, FactTest))

    def _leaves(self) -> Iterator[FactTest | DecisionTest]:
        return (leaf for _, leaf in leaves(self.never)) if self.never else iter(())
