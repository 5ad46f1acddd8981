"""Answers, tests and values of a case in words, for explanations."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from engine.condition import FactTest
from engine.errors import CaseError
from engine.explanation.why import worked_out
from engine.interview import Interview
from engine.vocabulary import AS_OF
from tui.journey import Journey
from tui.rules.words import RuleWords
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE
from tui.text.safe import safe
from tui.verdicts import answer_words, verdict_words
from tui.views.result_words import told

if TYPE_CHECKING:
    from engine.case import Case
    from engine.checker import Checker
    from engine.explanation.why import Given, Tested
    from engine.explanation.why_not import Blame
    from engine.result import DecisionResult
    from engine.ruleset import Rule
    from tui.locale import Locale


def speaker(checker: Checker, case: Case, decision: str, locale: Locale) -> Speaker:
    """Who speaks of a case that is on nobody's journey."""
    library = checker.library
    topic = library.decisions[decision].topic
    journey = Journey(library, case.as_of, lambda topics: Interview(checker, topics, case.as_of))
    journey.topic = topic
    interview = Interview(checker, (topic,), case.as_of)
    for fact, code in case.places.items():
        # A province that is too wide is no answer of an interview, and no harm here.
        with suppress(CaseError):
            interview.answer(fact, code)
    journey.interview = interview
    return Speaker(journey, locale, UNICODE)


class Speaking:
    """What is said about one decision of one case."""

    def __init__(self, say: Speaker, case: Case, decision: str, *, signed: bool = True) -> None:
        """`signed` is whether answers begin with the sign of their verdict."""
        self.say, self.case, self.decision, self.signed = say, case, decision, signed
        self.locale, self.library = say.locale, say.library
        authored = self.library.decisions[decision]
        day = case.as_of if case.interval(authored.date) is None else None
        interval = case.interval(authored.date)
        if interval is not None and interval[0] == interval[1]:
            day = case.as_of.fromordinal(interval[0])
        self.rules = RuleWords(self.library, say.locale, case.place(authored.region), day)

    def question(self, decision: str) -> str:
        """The question a decision answers."""
        return self.rules.say(self.library.decisions[decision].question)

    def answer(self, result: DecisionResult) -> str:
        """An answer in one line: sign, if it has one, verdict, evidence, title."""
        t = self.locale
        evidence = t(f"evidence.{result.evidence}") if result.evidence else ""
        verdict = answer_words(t, self.library.decisions[self.decision], result)
        if self.signed:
            sign = self.say.glyphs.verdict(result.verdict)
            verdict = t("explain.verdict", sign=sign, word=verdict)
        if evidence:
            verdict = t("rules.labelled", text=verdict, note=t("evidence.shown", word=evidence))
        title = told(self.say, self.decision, result).title
        return t("explain.answered", verdict=verdict, title=title) if title else verdict

    def outcome(self, outcome: str, decision: str | None = None) -> str:
        """The title of an outcome, or of an item of a list."""
        library = self.library
        authored = library.decisions[decision or self.decision]
        if outcome in authored.outcomes:
            # Inside a sentence a title goes without the full stop of its own.
            return self.rules.title(authored.id, outcome).removesuffix(self.locale("explain.stop"))
        if outcome in library.documents:
            return self.rules.documents([outcome])
        known = f"explain.state.{outcome}"
        return self.locale(known) if known in self.locale else safe(outcome)

    def verdict(self, outcome: str) -> str:
        """Verdict and title of an outcome."""
        decision = self.library.decisions[self.decision]
        word = verdict_words(self.locale, decision, decision.outcomes[outcome].verdict)
        return self.locale("calendar.answer", verdict=word, title=self.outcome(outcome))

    def tested(self, one: Tested, rule: Rule) -> str:
        """A test of a rule, with what the person answered and whether it holds."""
        t = self.locale
        text = self.rules.phrase(one.condition, rule)
        given = self.given(one)
        if given and not self._says_it(one):
            text = t("explain.yours", test=text, given=given)
        state = {True: "holds", False: "fails", None: "open"}[one.holds]
        return t(f"explain.{state}", test=text)

    def given(self, one: Tested) -> str:
        """What the person answered to what a test looks at; what is worked out stands first."""
        t = self.locale
        if one.kind == "decision" or all(answer.value is None for answer in one.given):
            return ""
        answers = t("result.listed").join(
            self._answer(answer) for answer in one.given if answer.fact != AS_OF
        )
        if one.worked_out is None or not isinstance(one.condition, FactTest):
            return answers
        value = self._counted(one.condition.fact, one.worked_out)
        return t("explain.worked_out", value=value, answers=answers)

    def at_present(self, one: Blame) -> str:
        """What a fact that is blamed is now, in the terms of what is needed of it."""
        asked = {part.fact for box in one.needs for part in box}
        derived = asked & {*self.library.vocabulary.derived}
        if len(asked) == len(derived) == 1:
            (name,) = derived
            value = worked_out(self.library, self.case, name)
            if value is not None:
                return self._counted(name, value)
        return self.value(one.fact)

    def value(self, fact: str) -> str:
        """What the case says of a raw fact."""
        known = self.library.vocabulary.facts[fact]
        value = self.case.places.get(fact) or self.case.given.get(fact)
        return self.say.value(known, value)

    def _answer(self, answer: Given) -> str:
        fact = self.library.vocabulary.facts[answer.fact]
        value = self.say.value(fact, answer.value)
        if len(fact.codes) or fact.type in ("integer", "decimal"):
            return value
        return self.locale("result.answer_line", label=self.rules.label(fact.id), value=value)

    def _counted(self, name: str, value: object) -> str:
        """What a derived fact comes to."""
        derived = self.library.vocabulary.derived[name]
        head = "relation" if derived.relation else "comparison" if derived.compare else ""
        if head:
            return self.locale(f"rules.{head}.{value}")
        unit = derived.head.removesuffix("_between")
        # The label says already that years are those of an age.
        if unit == "years":
            return safe(value)
        return self.locale.count(f"rules.value.{unit}", int(str(value)))

    def _says_it(self, one: Tested) -> bool:
        """Whether the words of a test that holds already are what the person answered."""
        test = one.condition
        if not isinstance(test, FactTest) or one.holds is not True or one.worked_out is not None:
            return False
        fact = self.library.vocabulary.facts.get(test.fact)
        return fact is not None and bool(fact.codes) and len(test.operands) == 1
