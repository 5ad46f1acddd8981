"""Receipts: which rules an answer was made from, of which answers, by which version.

A receipt is three parts with "-" between: sixteen hex digits of the rules, parameters and sources
in force, sixteen of what the case says, and the version of the engine.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel

from engine import version
from engine.condition import FactTest, leaves
from engine.entries import column
from engine.ruleset import parameters_given, parameters_of, value_facts
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.case import Case
    from engine.library import Days, Library
    from engine.places import Places
    from engine.program import Program
    from engine.ruleset import Answer, Claim, Decision, Rule, Then
    from engine.vocabulary import Fact

VERSION = version.VERSION
LENGTH = 16
MAX_TEXTS = 1 << 16
"""So many values of facts are kept as text."""
_FORM = re.compile(r"([0-9a-f]{16})-([0-9a-f]{16})-([0-9A-Za-z.+!_]{1,40})", re.ASCII)
_HASHED = frozenset({
    "facts", "derived", "constraints", "places", "groups", "sources", "documents", "channels",
    "claims", "topics", "decisions", "parameters", "values", "rules", "disputes",
})  # fmt: skip


class Receipt(NamedTuple):
    """A receipt in its parts."""

    rules: str
    answers: str
    version: str

    def __str__(self) -> str:
        return f"{self.rules}-{self.answers}-{self.version}"


def parse(text: object) -> Receipt | None:
    """The parts of a receipt; None for what is none."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    return Receipt(*found.groups()) if found else None


def rules_part(text: str) -> str:
    """The part of a receipt that tells the rules."""
    return text.partition("-")[0]


def rules_hash(hashes: Iterable[str]) -> str:
    """Sixteen hex digits for what was in force for all decisions of a result."""
    return hashlib.sha256("\n".join(sorted(set(hashes))).encode()).hexdigest()[:LENGTH]


class InForce:
    """What is in force in a program, and of it on the days that a case may fall in.

    The rules and what conditions compare with stay the same over the period of a program; the
    parameters that only values are worked out with may change within it.
    """

    def __init__(self, program: Program) -> None:
        library, decision = program.library, program.order[-1]
        authored = library.decisions[decision]
        place = program.selection.place(authored.region)
        self._fact, self._period = authored.date, program.selection.period(authored.date)
        self._fixed = _digest([*_always(program)])
        self._starts: list[int] = []
        self._values: list[str] = []
        names = sorted({name for voice in _voices(program) for name in parameters_given(voice)})
        for start in _starts(library, names, place, self._period):
            values = _digest([*_values(library, names, place, start)])
            if values not in self._values[-1:]:
                self._starts.append(start)
                self._values.append(values)
        self._hashes: dict[tuple[int, int], str] = {}

    @property
    def steady(self) -> bool:
        """Whether the same is in force for every case of the program."""
        return len(self._starts) == 1

    def hash(self, case: Case) -> str:
        """The hash of what is in force for a case."""
        number = 0, 0
        if not self.steady:
            low, high = case.interval(self._fact) or self._period
            number = (max(0, bisect_right(self._starts, low) - 1),
                      max(0, bisect_right(self._starts, high) - 1))  # fmt: skip
        found = self._hashes.get(number)
        if found is None:
            first, last = number
            found = _digest([self._fixed, self._values[first : last + 1]])
            self._hashes[number] = found
        return found


def _starts(library: Library, names: Iterable[str], place: str, period: Days) -> list[int]:
    """The first day of a period, and those in it from which a parameter may have another value."""
    first, last = period
    days = {day for name in names for day in library.parameter_starts(name, place)}
    return [first, *sorted(day for day in days if first < day <= last)]


def _values(library: Library, names: Iterable[str], place: str, day: int) -> Iterator[object]:
    """Parameters, their values in a place on a day, and the sources of those."""
    for name in names:
        value = library.parameter_value(name, place, day)
        yield library.parameters[name]
        if value is not None:
            yield [value, *(library.sources[one.source] for one in value.sources)]


def _voices(program: Program) -> list[Answer | Then]:
    """Whatever may give the answer of a program's decision its values."""
    decision = program.order[-1]
    rules = (rule.then for rule in program.rules[decision])
    return [*rules, *program.library.decisions[decision].outcomes.values()]


def _always(program: Program) -> Iterator[object]:
    """What is in force in a program whatever day of its period it is."""
    library, vocabulary = program.library, program.library.vocabulary
    in_force = {rule.id: rule for rules in program.rules.values() for rule in rules}
    never = [vocabulary.constraints[name].never for name in program.constraints]
    yield [_asked(library.decisions[name]) for name in program.rules]
    yield [*in_force.values()]
    yield never
    yield [one for one in library.disputes.values() if set(one.between) <= in_force.keys()]
    rejecting = [claim for name in in_force for claim in _rejecting(library).get(name, ())]
    yield rejecting
    conditions = [*(rule.when for rule in in_force.values()), *never]
    tested = {leaf.fact for condition in conditions for _, leaf in leaves(condition)
              if isinstance(leaf, FactTest)}  # fmt: skip
    worked = {fact for voice in _voices(program) for fact in value_facts(voice)} - {AS_OF}
    groups = set[str]()
    yield [*_definitions(library, tested | worked, groups)]
    cited = {one.source for rule in in_force.values() for one in (*rule.sources, *rule.see_also)}
    cited |= {name for claim in rejecting for name in claim.better}
    cited |= {one.source for name in groups for one in library.places.groups[name].sources}
    yield [library.sources[name] for name in sorted(cited)]
    yield [library.documents[name] for name in sorted(_papers(program, in_force.values()))]
    for decision, rules in program.rules.items():
        authored = library.decisions[decision]
        place = program.selection.place(authored.region)
        day = program.selection.period(authored.date)[0]
        compared = sorted({name for rule in rules for name in parameters_of(rule)})
        yield [*_values(library, compared, place, day)]


def _asked(decision: Decision) -> dict[str, object]:
    """A decision without the words its verdicts are shown with."""
    return decision.model_dump(mode="json", exclude={"verdicts"})


def _papers(program: Program, rules: Iterable[Rule]) -> set[str]:
    """The papers that decisions and rules speak of, and what may stand in for them."""
    library, named = program.library, set[str]()
    for decision in map(library.decisions.__getitem__, program.rules):
        named.update(decision.items)
        named.update(name for one in decision.outcomes.values() for name in one.documents)
    named.update(name for rule in rules for name in rule.then.documents or ())
    return named | {other for name in named for other in library.documents[name].alternatives}


@lru_cache(8)
def _rejecting(library: Library) -> dict[str, list[Claim]]:
    """For each rule that states a rejected claim: those claims."""
    out: dict[str, list[Claim]] = {}
    for key, status in column(library.claims, "status").items():
        if status == "rejected":
            for rule in library.claims[key].rules:
                out.setdefault(rule, []).append(library.claims[key])
    return out


def _definitions(library: Library, names: Iterable[str], groups: set[str]) -> Iterator[object]:
    """What facts mean: their domains and functions, not their wording.

    The groups of places that they look at go to `groups`.
    """
    vocabulary = library.vocabulary
    for name in sorted(names):
        if name in vocabulary.derived:
            derived = vocabulary.derived[name]
            yield derived.model_dump(mode="json", exclude={"label"})
            if derived.relation and derived.relation.group:
                groups.add(derived.relation.group)
                yield library.places.groups[derived.relation.group]
        for raw in vocabulary.raw_facts(name):
            if raw != AS_OF:
                fact = vocabulary.facts[raw]
                yield [raw, fact.type, fact.domain, fact.decimals, fact.codes]
                if fact.type == "place":
                    yield _map(library.places)


@lru_cache(8)
def _map(places: Places) -> str:
    """A hash of which places there are and what they lie in, whatever they are called."""
    return _digest(places.layout)


def _digest(parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)


def lacking_hash(library: Library, decision: str, facts: Sequence[str]) -> str:
    """The hash of what an answer is made from for which no rules can be chosen yet."""
    chain = [_asked(library.decisions[name]) for name in library.upstream(decision)]
    return _digest([chain, list(facts)])


class Answers:
    """Hashes what cases say that can decide, however it was written; keeps the text of values."""

    def __init__(self, library: Library) -> None:
        self._facts = library.vocabulary.facts
        self._texts: dict[tuple[str, object], str] = {}

    def hash(self, case: Case) -> str:
        """Sixteen hex digits for the day counted from and every fact known.

        What is not known and what was not asked decide alike: both are left out.
        """
        return hashlib.sha256(self.canonical(case).encode()).hexdigest()[:LENGTH]

    def canonical(self, case: Case) -> str:
        """The JSON that is hashed: keys in order, no spaces, numbers without zeros at the end."""
        texts, places = self._texts, case.places
        members = [f'"{AS_OF}":"{case.as_of.isoformat()}"']
        for fact, value in case.given.items():
            if value is None:
                continue
            # A place may be written in many ways; its code is known already.
            key = fact, places.get(fact, value)
            text = texts.get(key)
            if text is None:
                if len(texts) >= MAX_TEXTS:
                    texts.clear()
                text = texts[key] = self._member(case, self._facts[fact], key[1])
            members.append(text)
        # Ids hold nothing that comes before a quotation mark, so these sort as their keys do.
        members.sort()
        return f"{{{','.join(members)}}}"

    def _member(self, case: Case, fact: Fact, value: object) -> str:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else (
            _number(case.intervals[fact.id][0], fact))  # fmt: skip
        return f'"{fact.id}":{text}'


def _number(scaled: int, fact: Fact) -> str:
    """A number as it was read, exactly, without zeros at the end."""
    if fact.type != "decimal" or not fact.decimals:
        return str(scaled)
    whole, rest = divmod(abs(scaled), 10**fact.decimals)
    text = f"{whole}.{rest:0{fact.decimals}}".rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text


def library_hash(library: Library) -> str:
    """Sixteen hex digits for every rule, parameter, source and fact of a library."""
    if library.hash is not None:
        return library.hash
    tables = {one.name: dict(getattr(library.authored, one.name))
              for one in fields(library.authored) if one.name in _HASHED}  # fmt: skip
    text = json.dumps(tables, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(f"{VERSION}\n{text}".encode()).hexdigest()[:LENGTH]
