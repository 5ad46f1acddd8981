"""Receipts: which rules, parameters and sources exactly an answer was made from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import TYPE_CHECKING

from pydantic import BaseModel

from engine import version
from engine.condition import FactTest, leaves
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.condition import Condition
    from engine.library import Library
    from engine.program import Program

VERSION = version.VERSION
LENGTH = 16
_HASHED = frozenset({
    "facts", "derived", "constraints", "places", "groups", "sources", "documents", "channels",
    "claims", "topics", "decisions", "parameters", "values", "rules", "disputes",
})  # fmt: skip


def program_hash(program: Program) -> str:
    """The hash of what is in force in a program, and of what its rules are understood by."""
    library = program.library
    in_force = {rule.id: rule for rules in program.rules.values() for rule in rules}
    never = [library.vocabulary.constraints[name].never for name in program.constraints]
    parts: list[object] = [
        *(library.decisions[name] for name in program.rules),
        *in_force.values(),
        *(library.sources[one.source] for rule in in_force.values() for one in rule.sources),
        *never,
        *(one for one in library.disputes.values() if set(one.between) <= in_force.keys()),
        sorted(library.rejected & in_force.keys()),
    ]
    conditions = [*(rule.when for rule in in_force.values()), *never]
    parts += _definitions(library, conditions)
    places = set(dict(program.selection.places).values())
    parts += library.values_in(places)
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _definitions(library: Library, conditions: Iterable[Condition]) -> Iterator[object]:
    """What the facts that are tested mean: their domains and functions, not their wording."""
    vocabulary = library.vocabulary
    tested = {
        leaf.fact
        for condition in conditions
        for _, leaf in leaves(condition)
        if isinstance(leaf, FactTest)
    }
    for name in sorted(tested):
        if name in vocabulary.derived:
            derived = vocabulary.derived[name]
            yield derived.model_dump(mode="json", exclude={"label"})
            if derived.relation and derived.relation.group:
                yield library.places.groups[derived.relation.group]
        for raw in vocabulary.raw_facts(name):
            if raw != AS_OF:
                fact = vocabulary.facts[raw]
                yield [raw, fact.type, fact.domain, fact.decimals, fact.codes]


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)


def receipt(hashes: Iterable[str]) -> str:
    """Sixteen hex digits for the programs that gave an answer and the engine's version."""
    text = "\n".join([VERSION, *sorted(set(hashes))])
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def library_hash(library: Library) -> str:
    """Sixteen hex digits for every rule, parameter, source and fact of a library."""
    if library.hash is not None:
        return library.hash
    tables = {one.name: dict(getattr(library.authored, one.name))
              for one in fields(library.authored) if one.name in _HASHED}  # fmt: skip
    text = json.dumps(tables, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(f"{VERSION}\n{text}".encode()).hexdigest()[:LENGTH]
