"""Two versions of a library side by side: one vocabulary for both, and what differs in it."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.coding import Lying, subject_of
from engine.vocabulary import DateDomain, NumberDomain, Vocabulary

if TYPE_CHECKING:
    from engine.library import Library
    from engine.vocabulary import Derived, Domain, Fact

_OTHER = "_after"


@dataclass(frozen=True)
class Difference:
    """The ids of one kind that only one of two versions has, or that mean something else."""

    kind: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Versions:
    """Two libraries over one vocabulary: every fact and every value that either knows.

    Each keeps its own rules, constraints and places. Facts of another type cannot be brought
    together: what tests them cannot be compared.
    """

    before: Library
    after: Library
    own: tuple[Library, Library]
    """The two as they were loaded, each over its own vocabulary."""
    same: bool = False
    apart: frozenset[str] = frozenset()
    """Facts that have another type or precision in the other version."""
    lone: dict[str, frozenset[str]] = field(default_factory=dict)
    """For each enum the values that only one version knows."""
    differences: tuple[Difference, ...] = ()

    @property
    def alike(self) -> bool:
        """Whether the constraints of both, and all that they look at, mean the same."""
        return not any(
            one.kind == "constraint" or (one.kind in ("fact", "derived") and one.changed)
            for one in self.differences
        )


def versions(before: Library, after: Library) -> Versions:
    """The two libraries over a vocabulary they share."""
    if before is after:
        return Versions(before, after, (before, after), same=True)
    one, other = before.vocabulary, after.vocabulary
    apart = {name for name in one.facts.keys() & other.facts.keys()
             if _kind(one.facts[name]) != _kind(other.facts[name])}  # fmt: skip
    facts = {**other.facts, **one.facts}
    lone: dict[str, frozenset[str]] = {}
    for name in (one.facts.keys() & other.facts.keys()) - apart:
        facts[name] = _merged(one.facts[name], other.facts[name])
        only = frozenset({*one.facts[name].codes} ^ {*other.facts[name].codes})
        if only:
            lone[name] = only
    derived = dict(one.derived)
    for name, definition in other.derived.items():
        same = name not in derived or _meaning(derived[name]) == _meaning(definition)
        derived[name if same else name + _OTHER] = definition
    return Versions(
        _over(before, facts, {**derived, **one.derived}),
        _over(after, facts, {**derived, **other.derived}),
        (before, after),
        apart=frozenset(apart), lone=lone, differences=_differences(before, after),
    )  # fmt: skip


def _over(library: Library, facts: dict[str, Fact], derived: dict[str, Derived]) -> Library:
    own = copy(library)
    own.vocabulary = Vocabulary.model_construct(
        facts=facts, derived=derived, constraints=library.vocabulary.constraints
    )
    return own


def _kind(fact: Fact) -> object:
    return fact.type, fact.decimals if fact.type == "decimal" else 0


def _merged(one: Fact, other: Fact) -> Fact:
    """A fact with the values and the domain of both versions."""
    values = None if one.values is None else {**one.values, **{
        name: words for name, words in (other.values or {}).items() if name not in one.values
    }}  # fmt: skip
    return one.model_copy(update={"values": values, "domain": _wider(one.domain, other.domain)})


def _wider(one: Domain | None, other: Domain | None) -> Domain | None:
    if isinstance(one, DateDomain) and isinstance(other, DateDomain):
        first, last = min(one.from_, other.from_), max(one.to, other.to)
        return one.model_copy(update={"from_": first, "to": last})
    if isinstance(one, NumberDomain) and isinstance(other, NumberDomain):
        return NumberDomain(min=min(one.min, other.min), max=max(one.max, other.max))
    return one


def _meaning(definition: Derived) -> object:
    subject = subject_of(definition.id, definition)
    return subject if isinstance(subject, Lying) else (subject, definition.head)


def _differences(before: Library, after: Library) -> tuple[Difference, ...]:
    """What was added, removed or changed, a kind at a time; kinds without any are left out."""
    one, other = before.vocabulary, after.vocabulary
    derived = {name for name in one.derived.keys() & other.derived.keys()
               if _meaning(one.derived[name]) != _meaning(other.derived[name])}  # fmt: skip
    facts = {name for name in one.facts.keys() & other.facts.keys()
             if _shape(one.facts[name]) != _shape(other.facts[name])}  # fmt: skip
    rules = {name for name in before.rules.keys() & after.rules.keys()
             if before.rules[name] != after.rules[name]}  # fmt: skip
    limits = {name for name in one.constraints.keys() & other.constraints.keys()
              if one.constraints[name].never != other.constraints[name].never}  # fmt: skip
    found = []
    for kind, had, has, changed in (
        ("fact", one.facts, other.facts, facts), ("derived", one.derived, other.derived, derived),
        ("constraint", one.constraints, other.constraints, limits),
        ("decision", before.decisions, after.decisions, set[str]()),
        ("rule", before.rules, after.rules, rules),
    ):  # fmt: skip
        removed = tuple(name for name in had if name not in has)
        added = tuple(name for name in has if name not in had)
        if removed or added or changed:
            found.append(Difference(kind, removed, added, tuple(sorted(changed))))
    return tuple(found)


def _shape(fact: Fact) -> object:
    return _kind(fact), fact.codes, fact.domain
