"""View models of the rules of a place on a day, and of one of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from tui.rules.showing import conclusion, holds, place_and_date, statements
from tui.rules.words import RuleWords
from tui.rules_pages.asked import Asked
from tui.rules_pages.proving import examples_of
from tui.speaker import Frame
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.checker import Checker
    from engine.ruleset import ParameterValue, Rule
    from engine.scalars import Citation
    from tui.speaker import Speaker

    Holding = TypeVar("Holding", Rule, ParameterValue)

_VALUE = "#"
"""What an id of a value in force holds, and that of a rule cannot."""
Statements = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Line:
    """One rule of a list, or one number: what opens it, what it says, and a quieter word on it."""

    about: str
    text: str
    note: str


@dataclass(frozen=True)
class Section:
    """The rules that answer one question."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class RulesView:
    """The page of the rules that hold in a place on a day."""

    frame: Frame
    hint: str
    count: int
    no_match: str


@dataclass(frozen=True)
class RuleView:
    """The page of one rule: its question, what it says, everything behind it."""

    frame: Frame
    heading: str
    verdict: str
    notice: str
    answer: str
    rows: Statements
    examples: str
    working: str
    none: str


class Checks(Protocol):
    """What the examples of a rule are decided by; a desk is one."""

    checker: Checker


class Reading:
    """The rules of a topic that hold in a place on a day, in words."""

    def __init__(self, say: Speaker, desk: Checks, about: str) -> None:
        self.say, self.t, self.desk, self.asked = say, say.locale, desk, Asked.read(about)
        self.library = say.library
        self.words = RuleWords(self.library, say.locale, self.asked.place or None, self.asked.day)
        self._told: dict[str, str] = {}

    def _frame(self) -> Frame:
        say, asked = self.say, self.asked
        context = f"{say.place(asked.place)} {say.glyphs.dot} {asked.day.isoformat()}"
        return Frame(say.topic(asked.topic), context, "")

    # -- the list ------------------------------------------------------------------------------

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every question with its rules, then the numbers."""
        asked, words = self.asked, self.words
        found = []
        rules: dict[str, list[Rule]] = {}
        for rule in self.library.rules.values():
            if rule.topic == asked.topic and holds(words, rule):
                rules.setdefault(rule.decision, []).append(rule)
        for name in self.library.topics[asked.topic].decisions:
            mine = sorted(rules.get(name, ()), key=place_and_date)
            if mine:
                question = words.say(self.library.decisions[name].question)
                found.append(Section(question, tuple(map(self._line, mine))))
        values = sorted(self._values(), key=lambda one: one[1].parameter)
        if values:
            lines = tuple(self._number(name, value) for name, value in values)
            found.append(Section(self.t("rules.parameters"), lines))
        return tuple(found)

    def _values(self) -> Iterator[tuple[str, ParameterValue]]:
        for name, value in self.library.authored.values.items():
            of = self.library.parameters[value.parameter].topic
            if of == self.asked.topic and holds(self.words, value):
                yield name, value

    def _line(self, rule: Rule) -> Line:
        about = Asked(self.asked.topic, self.asked.place, self.asked.day, rule.id).about
        told = conclusion(self.words, rule, ids=False)
        note, standing = self.words.say(rule.because), self._standing(rule)
        if standing:
            note = self.t(f"rules_pages.list.{standing}", text=note)
        return Line(about, f"{self._sign(rule)} {told}", note)

    def _standing(self, rule: Rule) -> str:
        """Whether what a rule says is rejected or disputed; else empty."""
        if rule.id in self.library.rejected:
            return "rejected"
        disputes = self.library.disputes.values()
        return "disputed" if any(rule.id in one.between for one in disputes) else ""

    def _number(self, name: str, value: ParameterValue) -> Line:
        about = Asked(self.asked.topic, self.asked.place, self.asked.day, name).about
        parameter, words = self.library.parameters[value.parameter], self.words
        shown = words.with_unit(value.value, parameter.unit)
        label = words.say(parameter.label)
        text = self.t("result.answer_line", label=label, value=shown)
        note = self.t("rules.placed", place=words.place_name(value.region),
                      period=words.period(value.in_force))  # fmt: skip
        return Line(about, f"{self.say.glyphs.bullet} {text}", note)

    def _verdict(self, rule: Rule) -> str:
        outcomes = self.library.decisions[rule.decision].outcomes
        return outcomes[rule.then.outcome].verdict if rule.then.outcome else ""

    def _sign(self, rule: Rule) -> str:
        verdict, glyphs = self._verdict(rule), self.say.glyphs
        return glyphs.verdict(verdict) if verdict else glyphs.bullet

    def view(self) -> RulesView:
        """The page of the list."""
        t = self.t
        count = sum(len(one.lines) for one in self.sections)
        hint = t("rules_pages.list.hint") if count else t("rules.nothing")
        return RulesView(self._frame(), hint, count, t("rules_pages.list.no_match"))

    def find(self, text: str) -> tuple[Section, ...]:
        """The sections with the rules that hold every word typed, in any of their texts."""
        wanted = _plain(text).split()
        if not wanted:
            return self.sections
        found = []
        for section in self.sections:
            heading = _plain(section.heading)
            lines = tuple(
                line for line in section.lines
                if all(one in heading or one in self._searched(line) for one in wanted)
            )  # fmt: skip
            if lines:
                found.append(Section(section.heading, lines))
        return tuple(found)

    def _searched(self, line: Line) -> str:
        """Everything a line is found by: what it shows, the conditions, the sources."""
        if line.about not in self._told:
            item = Asked.read(line.about).item
            texts = [line.text, line.note]
            if _VALUE in item:
                value = self.library.authored.values[item]
                texts += map(self.words.cited, value.sources)
            else:
                rule = self.library.rules[item]
                texts += self.words.condition(rule)
                texts += map(self.words.cited, rule.sources)
            self._told[line.about] = _plain(" ".join(texts))
        return self._told[line.about]

    def status(self, lines: int) -> str:
        """How many rules are shown."""
        return self.t.count("rules_pages.shown", lines)

    # -- one rule ------------------------------------------------------------------------------

    def one(self) -> RuleView:
        """The page of the rule, or of the number, that the route names."""
        item, t = self.asked.item, self.t
        shown = partial(
            RuleView, self._frame(), examples=t("rules_pages.rule.examples"),
            working=t("rules_pages.rule.working"), none=t("rules_pages.rule.no_examples"),
        )  # fmt: skip
        if _VALUE in item:
            value = self.library.authored.values[item]
            line = self._number(item, value)
            return shown(t("rules.parameters"), "", "", line.text, self._number_rows(value))
        rule = self.library.rules[item]
        question = self.words.say(self.library.decisions[rule.decision].question)
        answer = f"{self._sign(rule)} {conclusion(self.words, rule, ids=False)}"
        standing = self._standing(rule)
        notice = t(f"rules_pages.rule.{standing}") if standing else ""
        return shown(question, self._verdict(rule), notice, answer, self._rule_rows(rule))

    def _rule_rows(self, rule: Rule) -> Statements:
        t = self.t
        # The conclusion stands above already.
        told = [
            (label, texts)
            for label, texts in statements(self.words, rule, ids=False)
            if texts and label != t("rules.row.then")
        ]
        own = (
            (t("rules_pages.rule.place"), (self.words.place_name(rule.region),)),
            (t("rules_pages.rule.addresses"), tuple(self._addresses(rule.sources))),
            (t("rules_pages.rule.id"), (rule.id,)),
        )
        return (*told, *((label, texts) for label, texts in own if texts))

    def _number_rows(self, value: ParameterValue) -> Statements:
        t, words = self.t, self.words
        rows = (
            (t("rules_pages.rule.place"), (words.place_name(value.region),)),
            (t("rules.row.in_force"), (words.period(value.in_force),)),
            (t("rules.row.sources"), tuple(map(words.source, value.sources))),
            (t("rules_pages.rule.addresses"), tuple(self._addresses(value.sources))),
        )
        return tuple((label, texts) for label, texts in rows if texts)

    def _addresses(self, citations: Iterable[Citation]) -> Iterator[str]:
        for name in dict.fromkeys(one.source for one in citations):
            source = self.library.sources[name]
            if source.host == "mirror":
                yield self.t("result.mirror")
            elif source.address:
                yield safe(source.address)

    @property
    def proved(self) -> bool:
        """Whether examples are there to be looked for: numbers have none of their own."""
        return _VALUE not in self.asked.item

    def examples(self) -> tuple[str, ...]:
        """The examples beside the rules whose answer rests on this rule, in words."""
        rule = self.library.rules[self.asked.item]
        texts = []
        for example in examples_of(self.desk.checker, rule):
            facts = self._facts(example.case)
            told = self.t(
                "rules_pages.rule.example", title=self.words.say(example.title), facts=facts
            )
            texts.append(told)
        return tuple(texts)

    def _facts(self, case: Mapping[str, object]) -> str:
        known = self.library.vocabulary.facts
        told = [
            self.t("result.answer_line", label=self.say.label(name),
                   value=self.say.value(known[name], value))
            for name, value in case.items() if name in known
        ]  # fmt: skip
        return self.t("rules_pages.rule.and").join(told)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
