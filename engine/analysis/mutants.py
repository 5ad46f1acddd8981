"""Mutants of a library: each small change of a rule or parameter that an example should notice.

Of every rule: thresholds a step up and down, `lt` for `lte`, a test negated, a member of a list
taken out or put in, a part of `all` or `any` left out, an override left out, each end of the
period a day earlier and later. Of every parameter that rules test: its values a step up and down,
wherever such a rule holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.coding import CodingError, code_test
from engine.condition import OPERATORS, All, Any_, DecisionTest, FactTest, Not, ParameterRef, leaves
from engine.fault import quoted
from engine.library import Library
from engine.ruleset import ParameterValue, Rule, parameters_of
from engine.vocabulary import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.condition import Condition, Path, Threshold
    from engine.fault import Place
    from engine.program import Program
    from engine.vocabulary import Derived, Vocabulary

Kind = Literal["threshold", "operator", "member", "part", "override", "date", "parameter"]
KINDS: tuple[Kind, ...] = (
    "threshold", "operator", "member", "part", "override", "date", "parameter",
)  # fmt: skip
_SWAPPED = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}


@dataclass(frozen=True)
class Mutant:
    """One change: what stood there, what stands there now, and the entry as changed."""

    kind: Kind
    key: str
    """The id of the rule, or the key of the parameter's value."""
    path: Path
    """From the entry to what is changed, for its place in the file."""
    before: str
    after: str
    changed: Rule | ParameterValue
    day: int | None = None
    """Of a date: the one day on which the rule is or is not in force any more."""

    def place(self, library: Library) -> Place:
        """Where what is changed stands."""
        section = "rules" if isinstance(self.changed, Rule) else "values"
        origin = library.authored.origins[section, self.key]
        return origin.file.place((*origin.path, *self.path))

    def rules_in(self, program: Program, library: Library) -> dict[str, Rule | None]:
        """The rules in force in a program that the mutant changes; `library` is the mutated one."""
        if isinstance(self.changed, Rule):
            rule = self.changed
            mine = [one for one in program.rules.get(rule.decision, ()) if one.id == rule.id]
            if not mine or self.day is None:
                return dict.fromkeys([one.id for one in mine], rule)
            first, last = rule.in_force.days(FIRST_DAY, LAST_DAY)
            return {rule.id: rule if first <= self.day <= last else None}
        found: dict[str, Rule | None] = {}
        for name, rules in program.rules.items():
            authored = library.decisions[name]
            place = program.selection.place(authored.region)
            day = program.selection.period(authored.date)[0]
            if library.parameter(self.changed.parameter, place, day) != program.library.parameter(
                self.changed.parameter, place, day
            ):
                found.update({rule.id: _settled(rule, self.changed) for rule in rules
                              if self.changed.parameter in parameters_of(rule)})  # fmt: skip
        return found


def altered_rules(library: Library, mutant: Mutant) -> list[Rule]:
    """The rules, as written, that a mutant changes or that look at the parameter it changes."""
    if isinstance(mutant.changed, Rule):
        return [library.rules[mutant.key]]
    value = mutant.changed
    return [rule for rule in library.rules.values() if value.parameter in parameters_of(rule)]


def altered_library(library: Library, mutant: Mutant) -> Library:
    """The library with the mutant in it."""
    authored = library.authored
    if isinstance(mutant.changed, Rule):
        rules = {**authored.rules, mutant.key: mutant.changed}
        return Library(replace(authored, rules=rules))
    values = {**authored.values, mutant.key: mutant.changed}
    return Library(replace(authored, values=values))


def tests_of(library: Library, every: Iterable[Mutant]) -> dict[str, list[FactTest]]:
    """For each rule, the tests that its condition holds in some mutant only."""
    found: dict[str, list[FactTest]] = {}
    for mutant in every:
        if mutant.day is not None or mutant.kind == "override":
            continue
        for rule in altered_rules(library, mutant):
            changed = (
                mutant.changed
                if isinstance(mutant.changed, Rule) else _settled(rule, mutant.changed)
            )  # fmt: skip
            mine = found.setdefault(rule.id, [])
            known = [leaf for _, leaf in leaves(rule.when)]
            mine += [leaf for _, leaf in leaves(changed.when) if isinstance(leaf, FactTest)
                     and leaf not in known and leaf not in mine]  # fmt: skip
    return found


def _parts(condition: All | Any_) -> list[Condition]:
    return condition.all if isinstance(condition, All) else condition.any


def _with(condition: All | Any_, parts: list[Condition]) -> All | Any_:
    """A condition of the same kind with other parts."""
    if isinstance(condition, All):
        return All.model_construct(all=parts)
    return Any_.model_construct(any=parts)


def _settled(rule: Rule, value: ParameterValue) -> Rule:
    """The rule with a parameter's value in its place."""

    def constant(one: Threshold) -> Threshold:
        named = isinstance(one, ParameterRef) and one.param == value.parameter
        return value.value if named else one

    def put(one: Condition) -> Condition:
        if isinstance(one, All | Any_):
            return _with(one, [put(part) for part in _parts(one)])
        if isinstance(one, Not):
            return Not.model_construct(not_=put(one.not_))
        if isinstance(one, FactTest):
            operands = [constant(operand) for operand in one.operands]
            several = {"in": operands, "between": tuple(operands)}
            return _made(one.fact, one.operator, several.get(one.operator, operands[0]))
        return one

    return rule.model_copy(update={"when": put(rule.when)})


def mutants(library: Library, topic: str | None = None) -> list[Mutant]:
    """Every mutant of the rules (of `topic`) and of the parameters that they test."""
    found: list[Mutant] = []
    rules = [one for one in library.rules.values() if topic in (None, one.topic)]
    for rule in rules:
        found += _of_condition(library, rule)
        found += _of_overrides(rule)
        found += _of_period(library, rule)
    found += _of_parameters(library, rules)
    return found


def step(definition: Fact | Derived) -> Decimal:
    """The smallest difference between two values of a numeric fact."""
    fine = isinstance(definition, Fact) and definition.type == "decimal"
    decimals = definition.decimals if isinstance(definition, Fact) and fine else 0
    return Decimal(1).scaleb(-decimals)


def shown(condition: Condition) -> str:
    """A condition as it is written, in one line."""
    if isinstance(condition, str):
        return condition
    data = condition.model_dump(mode="json", by_alias=True, exclude_none=True)
    return _flow(data)


def _flow(data: object) -> str:
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in data.items()) + "}"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(_flow(one) for one in data) + "]"
    return quoted(data).strip("`")


# -- conditions --------------------------------------------------------------------------------


def _of_condition(library: Library, rule: Rule) -> Iterator[Mutant]:
    seen: set[str] = {repr(rule.when)}
    for kind, path, before, after, when in _conditions(library, rule.when, ()):
        if repr(when) not in seen:
            seen.add(repr(when))
            changed = rule.model_copy(update={"when": when})
            yield Mutant(kind, rule.id, ("when", *path), before, after, changed)


Change = tuple[Kind, "Path", str, str, "Condition"]


def _conditions(library: Library, condition: Condition, path: Path) -> Iterator[Change]:
    """Each condition that differs in one element."""
    if isinstance(condition, All | Any_):
        word = "all" if isinstance(condition, All) else "any"
        parts = _parts(condition)
        for index, part in enumerate(parts):
            if len(parts) > 1:
                rest = [*parts[:index], *parts[index + 1 :]]
                yield "part", (*path, word, index), shown(part), "", _with(condition, rest)
            for kind, at, before, after, one in _conditions(library, part, (*path, word, index)):
                several = [*parts[:index], one, *parts[index + 1 :]]
                yield kind, at, before, after, _with(condition, several)
    elif isinstance(condition, Not):
        inner = condition.not_
        yield "operator", path, shown(condition), shown(inner), inner
        for kind, at, before, after, one in _conditions(library, inner, (*path, "not")):
            if not isinstance(one, Not) or one.not_ != inner:
                yield kind, at, before, after, Not.model_construct(not_=one)
    elif isinstance(condition, FactTest):
        yield from _fact_test(library.vocabulary, condition, path)
    elif isinstance(condition, DecisionTest):
        yield from _decision_test(library, condition, path)


def _negated(condition: FactTest | DecisionTest, path: Path) -> Change:
    after = Not.model_construct(not_=condition)
    return "operator", path, shown(condition), shown(after), after


def _fact_test(vocabulary: Vocabulary, test: FactTest, path: Path) -> Iterator[Change]:
    definition = vocabulary.derived.get(test.fact) or vocabulary.facts[test.fact]
    known = {_meaning(test, definition)}
    for kind, at, one in _variants(test, definition):
        meaning = _meaning(one, definition)
        if meaning is not None and meaning not in known:
            known.add(meaning)
            yield kind, (*path, *at), shown(test), shown(one), one
    if test.operator == "equals":
        yield _negated(test, path)


def _meaning(test: FactTest, definition: Fact | Derived) -> object:
    """What a test comes to; None where it does not fit. Parameters stand for themselves."""
    try:
        spans = code_test(test, definition, lambda _: None).spans
    except CodingError:
        return None
    named = tuple(one.param for one in test.operands if isinstance(one, ParameterRef))
    return (test.operator, *named) if named else frozenset(spans)


def _variants(
    test: FactTest, definition: Fact | Derived
) -> Iterator[tuple[Kind, Path, FactTest]]:  # fmt: skip
    operator, operands = test.operator, test.operands
    if operator in _SWAPPED:
        swapped = _SWAPPED[operator]
        yield "operator", (operator,), _made(test.fact, swapped, operands[0])
    ordered = not isinstance(definition, Fact) or definition.type not in ("bool", "enum")
    if ordered and operator != "in":
        for index, operand in enumerate(operands):
            at: Path = (operator, index) if operator == "between" else (operator,)
            for near in _near(operand, definition):
                several = [*operands[:index], near, *operands[index + 1 :]]
                value = tuple(several) if operator == "between" else near
                yield "threshold", at, _made(test.fact, operator, value)
    if operator == "in":
        for index in range(len(operands)):
            if len(operands) > 1:
                rest = [*operands[:index], *operands[index + 1 :]]
                yield "member", ("in", index), _made(test.fact, "in", rest)
        more = _another(operands, definition)
        if more is not None:
            yield "member", ("in",), _made(test.fact, "in", [*operands, more])


def _made(fact: str, operator: str, value: object) -> FactTest:
    fields: dict[str, Any] = {name + "_" * (name == "in"): None for name in OPERATORS}
    return FactTest.model_construct(
        {"fact", operator + "_" * (operator == "in")},
        **{**fields, "fact": fact, operator + "_" * (operator == "in"): value},
    )  # fmt: skip


def _near(operand: object, definition: Fact | Derived) -> list[object]:
    """The values a step below and above a constant; none for a parameter."""
    if isinstance(operand, ParameterRef | bool):
        return []
    if isinstance(operand, int | Decimal):
        one = step(definition)
        near = (operand - one, operand + one)
        return [int(value) if value == int(value) else value for value in near]
    if isinstance(definition, Fact) and definition.type == "date":
        day = date.fromisoformat(str(operand))
        return [(day + timedelta(by)).isoformat() for by in (-1, 1)]
    return []


def _another(operands: list[Any], definition: Fact | Derived) -> object:
    """The first value that a list does not hold; None where it is not one of fixed values."""
    codes = definition.codes if isinstance(definition, Fact) else definition.values
    rest = [one for one in codes or () if one not in operands]
    # A list of all values but one becomes a test of nothing: leaving the part out is a mutant.
    return rest[0] if len(rest) > 1 else None


def _decision_test(library: Library, test: DecisionTest, path: Path) -> Iterator[Change]:
    outcomes = test.outcomes
    if test.in_ is None:
        yield _negated(test, path)
        return
    listed = [(("in", index), [*outcomes[:index], *outcomes[index + 1 :]])
              for index in range(len(outcomes)) if len(outcomes) > 1]  # fmt: skip
    rest = [one for one in library.decisions[test.decision].outcomes if one not in outcomes]
    several: list[tuple[Path, list[str]]] = [*listed]
    if len(rest) > 1:
        several.append((("in",), [*outcomes, rest[0]]))
    for at, members in several:
        one = DecisionTest.model_construct(decision=test.decision, equals=None, in_=members)
        yield "member", (*path, *at), shown(test), shown(one), one


# -- the rest of a rule ------------------------------------------------------------------------


def _of_overrides(rule: Rule) -> Iterator[Mutant]:
    for index, name in enumerate(rule.overrides):
        rest = [*rule.overrides[:index], *rule.overrides[index + 1 :]]
        changed = rule.model_copy(update={"overrides": rest})
        yield Mutant("override", rule.id, ("overrides", index), name, "", changed)


def _of_period(library: Library, rule: Rule) -> Iterator[Mutant]:
    period = rule.in_force
    first, last = period.days(FIRST_DAY, LAST_DAY)
    ends: list[tuple[str, str, date | None, tuple[tuple[int, int], ...]]] = [
        # A period that starts a day earlier holds on the day before it started, and so on.
        ("from", "from_", period.from_, ((-1, first - 1), (1, first))),
        ("to", "to", period.to, ((-1, last), (1, last + 1))),
    ]
    for name, attribute, day, moves in ends:
        for by, alters in moves if day else ():
            moved = (day or date.min) + timedelta(by)
            other = period.model_copy(update={attribute: moved})
            span = other.days(FIRST_DAY, LAST_DAY)
            # A rule cannot hold on a day on which a parameter it tests has no value.
            told = all(library.parameter(one, rule.region, alters) is not None
                       for one in parameters_of(rule))  # fmt: skip
            if span[0] <= span[1] and FIRST_DAY <= alters <= LAST_DAY and told:
                changed = rule.model_copy(update={"in_force": other})
                yield Mutant(
                    "date", rule.id, ("in_force", name), str(day), str(moved), changed, alters
                )


def _of_parameters(library: Library, rules: list[Rule]) -> Iterator[Mutant]:
    tested = [(name, rule.region) for rule in rules for name in parameters_of(rule)]
    applies = library.places.applies
    for key, value in library.authored.values.items():
        # Elsewhere it may be stated only: no rule that tests it ever meets this value.
        if not any(name == value.parameter
                   and (applies(place, value.region) or applies(value.region, place))
                   for name, place in tested):  # fmt: skip
            continue
        one = max(_steps(library, rules, value.parameter))
        for moved in (value.value - one, value.value + one):
            number = int(moved) if moved == int(moved) else moved
            changed = value.model_copy(update={"value": number})
            if not _fits(library, rules, changed):
                continue
            yield Mutant("parameter", key, ("value",), str(value.value), str(number), changed)


def _fits(library: Library, rules: list[Rule], value: ParameterValue) -> bool:
    """Whether every fact compared with a parameter can take a value of it."""
    vocabulary = library.vocabulary
    settled = [_settled(rule, value).when for rule in rules
               if value.parameter in parameters_of(rule)]  # fmt: skip
    tests = [leaf for when in settled for _, leaf in leaves(when) if isinstance(leaf, FactTest)]
    return all(
        _meaning(one, vocabulary.derived.get(one.fact) or vocabulary.facts[one.fact]) is not None
        for one in tests
    )


def _steps(library: Library, rules: list[Rule], parameter: str) -> Iterator[Decimal]:
    """The steps of the facts that are compared with a parameter."""
    vocabulary = library.vocabulary
    for rule in rules:
        for _, leaf in leaves(rule.when):
            if isinstance(leaf, FactTest) and ParameterRef(param=parameter) in leaf.operands:
                yield step(vocabulary.derived.get(leaf.fact) or vocabulary.facts[leaf.fact])
