"""Checks what single entries cannot know: that every name used exists and fits where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.circles import circles, lengths, shown
from engine.condition import ParameterRef
from engine.fault import did_you_mean, quoted
from engine.invariant_references import Invariants
from engine.lookup import ConditionCheck, Lookup, Path, Where
from engine.ruleset import AMOUNTS, Answer, Value
from engine.vocabulary import AS_OF, Derived

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.loader import Authored
    from engine.ruleset import Decision, Expected, Picture, Rule, Then

MAX_CHAIN = 40
_CASE_KEYS = ("id", "as_of", "topics")
_RESERVED = ("id", "topics", AS_OF)
# Outcomes that the engine gives by itself.
_OWN_OUTCOMES = ("not_covered", "listed", "none")


def check(authored: Authored) -> None:
    """Add to `authored.faults` every reference that leads nowhere or to the wrong kind of thing.

    While a file cannot be read nobody knows what it declares, so nothing is checked.
    """
    if not authored.unread:
        for one in (_Vocabulary, _Decisions, _Rules, _Records, Invariants):
            one(authored).check()


class _Vocabulary(Lookup):
    """Derived facts and constraints."""

    def check(self) -> None:
        for kind in ("facts", "derived"):
            for name in {*_RESERVED} & {*getattr(self.authored, kind)}:
                message = f"`{name}` is built in and cannot be declared"
                self.authored.fault(kind, name, (), message)
        for name in {*self.authored.facts} & {*self.authored.derived}:
            self.authored.fault("derived", name, (), f"`{name}` is a fact already")
        for key, derived in self.authored.derived.items():
            self.function(key, derived)
        for key, constraint in self.authored.constraints.items():
            if constraint.never == "always":
                message = "this rules out every case"
                self.authored.fault("constraints", key, ("never",), message, "name a combination")
            tests = ConditionCheck(self.authored, "constraints", key, None)
            tests.check(constraint.never, ("never",))

    def function(self, key: str, derived: Derived) -> None:
        """The facts a derived fact is worked out from."""
        arguments = derived.function.model_dump(by_alias=True)
        for argument, name in arguments.items():
            where = "derived", key, (derived.head, argument)
            if argument == "group" and name is not None:
                self.known(where, name, self.authored.groups, "group")
            elif derived.relation and argument in ("of", "to"):
                self.fact(where, name, "place")
            elif derived.compare:
                self.fact(where, name, "integer", "decimal")
            elif argument in ("from", "to", "on") and name is not None:
                self.fact(where, name, "date")
        if derived.compare:
            compared = [self.authored.facts.get(name) for name in derived.raw_facts]
            scales = {fact.decimals if fact.type == "decimal" else 0 for fact in compared if fact}
            if len(scales) > 1:
                message = "amounts that are compared need the same number of decimals"
                self.authored.fault("derived", key, (derived.head,), message)


class _Decisions(Lookup):
    """Decisions: their facts, what they build on, the words of their outcomes."""

    def check(self) -> None:
        a = self.authored
        for key, decision in a.decisions.items():
            self.fact(("decisions", key, ("region",)), decision.region, "place")
            self.fact(("decisions", key, ("date",)), decision.date, "date")
            names = {**a.facts, **a.derived}
            self.each(("decisions", key, ("inputs",)), decision.inputs, names, "fact")
            self.each(("decisions", key, ("items",)), decision.items, a.documents, "document")
            for index, name in enumerate(decision.builds_on):
                where = "decisions", key, ("builds_on", index)
                found = self.known(where, name, a.decisions, "decision")
                if found and a.decisions[name].hit_policy == "collect":
                    message = f"`{name}` collects items: nothing can build on it"
                    a.fault(*where, message, "build on decisions with outcomes")
            for name, outcome in decision.outcomes.items():
                if name in _OWN_OUTCOMES:
                    message = f"`{name}` is an outcome the engine gives by itself"
                    a.fault("decisions", key, ("outcomes", name), message, "choose another id")
                self.answer("decisions", key, ("outcomes", name), outcome)
        self.acyclic()
        for key, topic in a.topics.items():
            if topic.picture is not None:
                self.picture(key, topic.picture, topic.decisions)

    def picture(self, key: str, picture: Picture, decisions: Iterable[str]) -> None:
        """What a topic is drawn by: a decision of its own, and facts."""
        names = {**self.authored.facts, **self.authored.derived}
        where = "topics", key, ("picture", "decision")
        self.known(where, picture.decision, decisions, "decision")
        self.each(("topics", key, ("picture", "rows")), picture.rows, names, "fact")
        self.known(("topics", key, ("picture", "columns")), picture.columns, names, "fact")
        for name in picture.given:
            at: Where = "topics", key, ("picture", "given", name)
            self.known(at, name, self.authored.facts, "fact")

    def acyclic(self) -> None:
        """The decision requirements graph has no cycle."""
        decisions = self.authored.decisions
        graph = {key: one.builds_on for key, one in decisions.items()}
        found = [*circles(graph)]
        for circle in found:
            message = f"decisions in a cycle: {shown(circle)}"
            self.authored.fault("decisions", circle[0], ("builds_on",), message)
        if not found:
            longest = lengths(graph)
            for key in [key for key, length in longest.items() if length > MAX_CHAIN][:1]:
                message = f"`{key}` builds on a chain of {longest[key] - 1} decisions"
                help_ = f"at most {MAX_CHAIN} decisions build on each other"
                self.authored.fault("decisions", key, ("builds_on",), message, help_)

    def answer(self, kind: str, key: str, path: Path, answer: Answer | Then) -> None:
        for section, table, what in (
            ("documents", self.authored.documents, "document"),
            ("channels", self.authored.channels, "channel"),
            ("ask", self.authored.channels, "channel"),
        ):
            self.each((kind, key, (*path, section)), getattr(answer, section) or (), table, what)
        for name in ("value", "from", "until"):
            value = getattr(answer, name + "_" * (name == "from"))
            if value is not None:
                self.value((kind, key, (*path, name)), value, dates=name != "value")

    def value(self, where: Where, value: Value, *, dates: bool) -> None:
        """A computed value and its parts; with `dates`, amounts have no place in it."""
        kind, key, path = where
        if value.head in AMOUNTS:
            if dates:
                message = f"a date is needed here, and `{value.head}` is an amount"
                self.authored.fault(kind, key, (*path, value.head), message)
        elif not value.parts:
            self.fact((kind, key, (*path, value.head)), getattr(value, value.head), "date")
        for name in ("days", "months", "years", *AMOUNTS):
            operand = getattr(value, name)
            if isinstance(operand, ParameterRef):
                inner = kind, key, (*path, name, "param")
                self.known(inner, operand.param, self.authored.parameters, "parameter")
        ordered = value.head in ("earliest", "latest") or _has_dates(value)
        for index, part in enumerate(value.parts):
            inner = kind, key, (*path, value.head, index)
            self.value(inner, part, dates=dates or ordered)


class _Rules(_Decisions):
    """Rules: conditions, conclusions, sources, exceptions, disputes."""

    def check(self) -> None:
        a = self.authored
        for key, head in a.heads.items():
            self.known(("heads", key, ("topic",)), head.topic, a.topics, "topic")
            self.known(("heads", key, ("region",)), head.region, a.places, "place")
        for key, rule in a.rules.items():
            if self.known(("rules", key, ("decision",)), rule.decision, a.decisions, "decision"):
                decision = a.decisions[rule.decision]
                if decision.topic != rule.topic and rule.topic in a.topics:
                    message = f"`{decision.id}` is a decision of the topic `{decision.topic}`"
                    a.fault("rules", key, ("decision",), message)
                ConditionCheck(a, "rules", key, decision).check(rule.when, ("when",))
                self.conclusion(key, rule, decision)
            self.answer("rules", key, ("then",), rule.then)
            self.cited("rules", key, "sources", rule.sources)
            self.cited("rules", key, "see_also", rule.see_also)
            for index, name in enumerate(rule.overrides):
                where = "rules", key, ("overrides", index)
                if self.known(where, name, a.rules, "rule"):
                    self.same_decision(where, rule, a.rules[name])
        self.override_cycles()
        self.disputes()

    def conclusion(self, key: str, rule: Rule, decision: Decision) -> None:
        """What the rule concludes is of the kind its decision has."""
        then, items = rule.then, dict.fromkeys(decision.items)
        if decision.hit_policy == "unique":
            if then.outcome is None:
                at: Path = ("then", "needs" if then.needs else "waives")
                message = f"`{decision.id}` has outcomes, and collects no items"
                help_ = did_you_mean("", decision.outcomes, "outcome")
                self.authored.fault("rules", key, at, message, help_)
            else:
                where: Where = ("rules", key, ("then", "outcome"))
                self.known(where, then.outcome, decision.outcomes, "outcome")
            return
        if then.outcome is not None:
            message = f"`{decision.id}` collects items, and has no outcomes"
            help_ = "write `{needs: [...]}` or `{waives: [...]}`"
            self.authored.fault("rules", key, ("then", "outcome"), message, help_)
        for section in ("needs", "waives"):
            self.each(("rules", key, ("then", section)), getattr(then, section), items, "item")
        if then.waives and not rule.overrides:
            message = "a waiver names in `overrides` the rules it is an exception to"
            self.authored.fault("rules", key, ("then", "waives"), message)

    def same_decision(self, where: Where, rule: Rule, other: Rule) -> None:
        if other.decision != rule.decision:
            message = f"`{other.id}` belongs to `{other.decision}`, not to `{rule.decision}`"
            self.authored.fault(*where, message)

    def override_cycles(self) -> None:
        """No rule is, by way of others, an exception to itself; each circle is told once."""
        for circle in circles({key: one.overrides for key, one in self.authored.rules.items()}):
            message = f"rules override each other in a circle: {shown(circle)}"
            self.authored.fault("rules", circle[0], ("overrides",), message)

    def disputes(self) -> None:
        for key, dispute in self.authored.disputes.items():
            rules = []
            for index, name in enumerate(dispute.between):
                if self.known(
                    ("disputes", key, ("between", index)), name, self.authored.rules, "rule"
                ):
                    rules.append(self.authored.rules[name])
            if len(rules) == len(dispute.between):
                self.same_decision(("disputes", key, ("between", 1)), *rules)
                outcomes = [rule.then.outcome for rule in rules]
                if len(set(outcomes)) == 1:
                    message = "the two rules conclude the same: nothing is disputed"
                    self.authored.fault("disputes", key, ("between",), message)
                elif dispute.safer not in outcomes:
                    help_ = did_you_mean(dispute.safer, filter(None, outcomes), "outcome")
                    message = f"`{dispute.safer}` is the outcome of neither rule"
                    self.authored.fault("disputes", key, ("safer",), message, help_)


class _Records(Lookup):
    """Claims, parameters' values, documents, groups, examples."""

    def check(self) -> None:
        self.articles()
        self.claims()
        self.parameter_values()
        self.documents()
        self.places()
        self.examples()

    def articles(self) -> None:
        """An article is a source, and each number stands for one claim of one article."""
        a = self.authored
        taken: dict[str, str] = {}
        for key, article in a.articles.items():
            self.known(("articles", key, ()), key, a.sources, "source")
            for place in ("main", "sidebar"):
                for index, number in enumerate(getattr(article, place)):
                    if number in taken:
                        message = f"`{number}` is numbered twice"
                        help_ = f"it is a claim of `{taken[number]}` already"
                        a.fault("articles", key, (place, index), message, help_)
                    taken.setdefault(number, key)

    def claims(self) -> None:
        """Claims have a number in their article, and name the rules and better sources."""
        a = self.authored
        for key, claim in a.claims.items():
            article = a.articles.get(claim.article)
            if claim.article not in a.refused:
                numbers = (*article.main, *article.sidebar) if article else ()
                self.known(("claims", key, ()), key, numbers, f"claim of `{claim.article}`")
            self.known(("claims", key, ("article",)), claim.article, a.sources, "source")
            self.each(("claims", key, ("rules",)), claim.rules, a.rules, "rule")
            self.each(("claims", key, ("better",)), claim.better, a.sources, "source")

    def documents(self) -> None:
        """Documents, channels and groups of places."""
        a = self.authored
        for key, document in a.documents.items():
            alternatives: Where = ("documents", key, ("alternatives",))
            self.each(alternatives, document.alternatives, a.documents, "document")
        for key, channel in a.channels.items():
            if channel.region is not None:
                self.known(("channels", key, ("region",)), channel.region, a.places, "place")
        for key, group in a.groups.items():
            self.each(("groups", key, ("members",)), group.members, a.places, "place")
            self.cited("groups", key, "sources", group.sources)

    def places(self) -> None:
        """A name stands for one place, and there is one nation and one abroad."""
        named: dict[str, str] = {}
        single: dict[str, str] = {}
        for key, place in self.authored.places.items():
            names = [name.casefold() for name in (place.name.zh, place.name.en, *place.aliases)]
            for name in dict.fromkeys(names):
                other = named.setdefault(name, key)
                if other != key:
                    message = f"{quoted(name)} stands for `{other}` already"
                    self.authored.fault("places", key, ("name",), message)
            if place.level in ("nation", "abroad") and single.setdefault(place.level, key) != key:
                message = f"`{single[place.level]}` is of the level `{place.level}` already"
                self.authored.fault("places", key, ("level",), message)

    def examples(self) -> None:
        """Examples give declared facts, and expect what can come out at all."""
        a = self.authored
        for key, example in a.examples.items():
            self.cited("examples", key, "cites", example.cites)
            for name in example.case:
                if name not in _CASE_KEYS and not name.startswith("x_"):
                    self.known(("examples", key, ("case", name)), name, a.facts, "fact")
            for name, expected in example.expect.items():
                where = "examples", key, ("expect", name)
                if self.known(where, name, a.decisions, "decision"):
                    self.expected(key, expected, a.decisions[name])

    def expected(self, key: str, expected: Expected, decision: Decision) -> None:
        """What an example expects of a decision can come out at all."""
        a, path = self.authored, ("expect", decision.id)
        if expected.outcome is not None:
            own = _OWN_OUTCOMES[: 1 if decision.outcomes else None]
            where: Where = ("examples", key, (*path, "outcome"))
            self.known(where, expected.outcome, (*decision.outcomes, *own), "outcome")
        for section, table, what in (
            ("dissent", a.rules, "rule"),
            ("missing", (*a.facts, AS_OF), "fact"),
            ("needed", decision.items, "item"),
        ):
            names = getattr(expected, section) or ()
            self.each(("examples", key, (*path, section)), names, table, what)

    def parameter_values(self) -> None:
        """Each value has its parameter, and in each place and period there is but one."""
        a = self.authored
        seen: dict[tuple[str, str], list[tuple[tuple[int, int], int, str]]] = {}
        for number, (key, value) in enumerate(a.values.items()):
            self.known(("values", key, ("parameter",)), value.parameter, a.parameters, "parameter")
            self.cited("values", key, "sources", value.sources)
            days = value.in_force.days(FIRST_DAY, LAST_DAY)
            seen.setdefault((value.parameter, value.region), []).append((days, number, key))
        for (parameter, _), values in seen.items():
            furthest: tuple[tuple[int, int], int, str] | None = None
            for one in sorted(values):
                if furthest is not None and one[0][0] <= furthest[0][1]:
                    (_, _, first), (_, _, later) = sorted((furthest, one), key=lambda two: two[1])
                    place = a.origins["values", first].place
                    message = f"`{parameter}` has another value on the same days"
                    help_ = f"it stands in {place.file}:{place.line}"
                    a.fault("values", later, ("in_force",), message, help_)
                if furthest is None or one[0][1] > furthest[0][1]:
                    furthest = one


def _has_dates(value: Value) -> bool:
    """Whether a value is, or is made of, dates."""
    parts = value.parts
    return any(map(_has_dates, parts)) if parts else value.head not in AMOUNTS
