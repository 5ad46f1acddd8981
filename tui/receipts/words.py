"""What became of a result's receipt, in words: the verdict, and why an answer differs now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.analysis.difference import Reply
from tui.explain.speaking import speaker
from tui.rules.differing import said
from tui.rules.document import Heading, Paragraph, Rows, as_text
from tui.rules.words import RuleWords
from tui.text.safe import safe
from tui.views.result_words import value_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.case import Case
    from engine.checker import Checker
    from engine.verification.causes import Cause, RuleThen
    from engine.verification.verifier import Judged
    from tui.locale import Locale
    from tui.rules.document import Block

Row = tuple[str, tuple[str, ...]]
_FIGURES = ("value", "from", "until")
_MALFORMED = (LookupError, TypeError, ValueError, ArithmeticError)
"""What a value that others wrote may lead to: nobody has checked what stands in it."""


class Told:
    """Tells results of one run, in one language."""

    def __init__(self, checker: Checker, locale: Locale) -> None:
        self._checker, self._library, self.t = checker, checker.library, locale
        self._words = RuleWords(checker.library, locale)

    def text(self, judged: Judged) -> str:
        """A line, and for a result to look into what stands behind its verdict."""
        t, held = self.t, judged.held
        line = t("receipt.line", line=held.at)
        where = line if held.id is None else t("receipt.named", id=safe(held.id), line=line)
        verdict = t(f"receipt.verdict.{judged.verdict}")
        head = t("receipt.told", where=where, verdict=verdict) + "\n"
        blocks = [*self._blocks(judged)]
        return head + as_text(blocks) + "\n" if blocks else head

    def _blocks(self, judged: Judged) -> Iterator[Block]:
        t = self.t
        rows = [*self._receipts(judged), *self._notes(judged)]
        if rows:
            yield Rows(tuple(rows))
        for cause in judged.causes:
            if cause.decision in self._library.decisions:
                yield Heading(3, self._words.say(self._library.decisions[cause.decision].question))
            else:
                yield Heading(3, safe(cause.decision))
            altered = judged.verdict == "altered"
            if altered and cause.parts:
                yield Paragraph(t("receipt.parts", parts=t("result.listed").join(cause.parts)))
            yield Rows(tuple(self._cause(cause, judged.case, altered=altered)))

    def _receipts(self, judged: Judged) -> Iterator[Row]:
        t, receipt, now = self.t, judged.receipt, judged.now
        if receipt and now and receipt != now:
            yield t("receipt.row.receipt"), (str(receipt),)
            yield t("receipt.row.now"), (str(now),)
            if receipt.version != now.version:
                told = t("receipt.versions", then=receipt.version, now=now.version)
                yield t("receipt.row.engine"), (told,)

    def _notes(self, judged: Judged) -> Iterator[Row]:
        t = self.t
        key = f"receipt.note.{judged.verdict}"
        if key in t:
            yield t("receipt.row.means"), (t(key),)
        if judged.parts:
            listed = t("result.listed").join(judged.parts)
            yield t("receipt.row.differs"), (t("receipt.parts", parts=listed),)
        if judged.faults:
            lines = (safe(f"{one.field}: {one.message}" if one.field else one.message)
                     for one in judged.faults)  # fmt: skip
            yield t("receipt.row.errors"), tuple(lines)
        if judged.later:
            listed = t("result.listed").join(map(safe, judged.later))
            yield t("receipt.row.later"), (t("receipt.later", decisions=listed),)

    def _cause(self, cause: Cause, case: Case | None, *, altered: bool) -> Iterator[Row]:
        t = self.t
        keys = ("says", "should") if altered else ("then", "answer")
        for key, answer in zip(keys, (cause.before, cause.after), strict=True):
            yield t(f"receipt.row.{key}"), tuple(self._answer(cause.decision, answer, case))
        if cause.before is None or cause.after is None:
            return
        if not altered:
            became = [self._became(one) for one in cause.then]
            if cause.then and all(one.state == "decides" for one in cause.then):
                became.append(t("receipt.same_rules"))
            yield t("receipt.row.rules_then"), tuple(became)
        for name in cause.now:
            rule = self._library.rules[name]
            stands = t("receipt.rule", rule=name, period=self._words.period(rule.in_force))
            sources = map(self._words.source, rule.sources)
            yield t("receipt.row.rules_now"), (stands, self._words.say(rule.because), *sources)

    def _became(self, one: RuleThen) -> str:
        """What became of a rule that decided then."""
        t = self.t
        by = t(f"result.by.{one.by}") if one.by else ""
        rule = self._library.rules.get(one.rule)
        period = self._words.period(rule.in_force) if rule else ""
        return t(f"receipt.state.{one.state}", rule=safe(one.rule), by=by, period=period)

    def _answer(
        self, decision: str, answer: Mapping[str, Any] | None, case: Case | None
    ) -> Iterator[str]:
        """What an answer says: the outcome, on whose word, its values, what it lacks."""
        t = self.t
        if answer is None or decision not in self._library.decisions:
            yield t("receipt.no_answer")
            return
        items = tuple((name, state) for name, state in answer.get("items", {}).items()
                      if isinstance(state, str) and name in self._library.documents)  # fmt: skip
        sides = tuple(answer.get("sides", ()))
        text = said(self._words, decision,
                    Reply(answer["verdict"], answer.get("outcome"), sides, items))  # fmt: skip
        key = f"evidence.{answer.get('evidence')}"
        yield t("rules.labelled", text=text, note=t(key)) if key in t else text
        for name in _FIGURES:
            if answer.get(name) is not None and case is not None:
                yield t("diff.figure", name=t(f"rules.row.{name}"),
                        value=self._value(decision, answer[name], case))  # fmt: skip
        lacking = [
            one for one in answer.get("missing", ()) if one in self._library.vocabulary.facts
        ]
        if lacking:
            labels = t("result.listed").join(map(self._words.label, lacking))
            yield t("receipt.missing", labels=labels)

    def _value(self, decision: str, value: object, case: Case) -> str:
        try:
            return value_words(speaker(self._checker, case, decision, self.t), value)
        except _MALFORMED:
            return safe(value)
