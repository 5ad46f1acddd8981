"""How much a ruleset may ask of memory and time: what is beyond is refused before either is taken.

Whoever shares rulesets can at worst be refused. The limits are many times what is shipped.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from engine.condition import constants_in
from engine.errors import RulesetError, TooLargeError
from engine.expression import members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.coded import CodedDecision
    from engine.errors import BeyondEngineError
    from engine.library import Library
    from engine.ruleset import Rule

MAX_RULES = 500
"""Of one decision, in force at once."""
MAX_CONSTANTS = 3_000
"""That the rules of one decision in force compare with."""
MAX_CLASSES = 2_000_000
MAX_TRIALS = 1_000_000_000
"""Classes times tests: so many are tried within some seconds."""
MAX_INPUTS = 60
MAX_PATTERNS = 20_000
MAX_DISPUTED = 20_000
_NAMED = 3


def too_large(
    library: Library, decision: str, message: str, sizes: Mapping[str, int]
) -> TooLargeError:
    """An error at a decision that names what has the most cells, to split off."""
    most = sorted(sizes, key=lambda one: -sizes[one])[:_NAMED]
    listed = ", ".join(f"`{one}` ({sizes[one]:,} cells)" for one in most)
    help_ = f"split a decision on some of these off, and build on its outcome: {listed}"
    return TooLargeError(
        [library.authored.origins["decisions", decision].fault((), message, help_)]
    )


def beyond_engine(library: Library, error: BeyondEngineError) -> RulesetError:
    """The error of an inference engine that cannot hold the rules, at the rule or its decision."""
    at = ("rules", error.rule) if error.rule else ("decisions", error.decision)
    help_ = "split it: the inference engine holds no more"
    return RulesetError([library.authored.origins[at].fault((), str(error), help_)])


def refuse_many_rules(library: Library, rules: Mapping[str, Sequence[Rule]]) -> None:
    """Raise TooLargeError where the rules of a decision in force would take long to code."""
    for name, some in rules.items():
        many, message = sum(constants_in(rule.when) for rule in some), ""
        if len(some) > MAX_RULES:
            message = f"`{name}` has {len(some):,} rules in force at once: at most {MAX_RULES}"
        elif many > MAX_CONSTANTS:
            message = f"`{name}` compares with {many:,} values: at most {MAX_CONSTANTS:,}"
        if message:
            origin = library.authored.origins["decisions", name]
            raise TooLargeError([origin.fault((), message, "split a decision off")])


def refuse_wide_constraint(library: Library, name: str, shape: Sequence[int]) -> None:
    """Raise TooLargeError for a constraint on more combinations than are laid out."""
    if prod(shape) > MAX_CLASSES:
        message = f"the constraint `{name}` is on {prod(shape):,} combinations"
        origin = library.authored.origins["constraints", name]
        help_ = f"at most {MAX_CLASSES:,} are enumerated: split it"
        raise TooLargeError([origin.fault((), message, help_)])


def refuse_large_table(coded: CodedDecision) -> None:
    """Raise OverflowError for more than a table holds, or is made of in a bounded time."""
    name, inputs = coded.decision.id, coded.inputs
    classes = prod(one.size for one in inputs)
    whole = prod(len(one.states) or one.size for one in inputs)
    if max(classes, whole) > MAX_CLASSES:
        message = f"`{name}` has {max(classes, whole):,} classes, more than {MAX_CLASSES:,} classes"
        raise OverflowError(message)
    if len(inputs) > MAX_INPUTS:
        raise OverflowError(f"`{name}` looks at {len(inputs)} facts, and at most {MAX_INPUTS} do")
    tests = sum(members(expression) for _, expression in coded.rules)
    if classes * tests > MAX_TRIALS:
        message = f"`{name}` has {tests:,} tests over {classes:,} classes"
        raise OverflowError(f"{message}, and at most {MAX_TRIALS:,} trials are made")
    choices = prod(len(one.states) for one in inputs if one.states)
    if choices > MAX_DISPUTED:
        message = f"`{name}` builds on {choices:,} combinations of outcomes and disputes"
        raise OverflowError(f"{message}, and at most {MAX_DISPUTED:,} are told apart")
