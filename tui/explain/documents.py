"""The explanation of a case as a document: for each decision the answer, why, and what else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.explanation.calendar import Change, Entry
from engine.explanation.what_if import is_better, rank
from engine.vocabulary import NumberDomain
from tui.explain.events import events
from tui.explain.speaking import Speaking
from tui.result_words import NOT_COVERED, told, when_lines
from tui.rules.box_words import in_words, joined
from tui.rules.document import Heading, Paragraph, Rows
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.analysis.boxes import Box
    from engine.checker import Checker
    from engine.errors import CaseFault
    from engine.explanation.explain import Explained, Explanation
    from engine.explanation.still_open import Missing
    from engine.explanation.what_if import WhatIf
    from engine.explanation.why import Traced, Why
    from engine.explanation.why_not import Blame, WhyNot
    from engine.vocabulary import Fact
    from tui.locale import Locale
    from tui.rules.document import Block

Row = tuple[str, tuple[str, ...]]
MOST = 3
"""So many other outcomes, and so many changes, are told; the JSON form has them all."""
MOST_REASONS = 4
_FOUND = "found "
"""How the engine begins what it says of a value that does not fit."""


def document(checker: Checker, told_: Explanation, t: Locale) -> list[Block]:
    """The explanation of one case."""
    result, case = told_.result, told_.case
    name = safe(result.id) if result.id is not None else t("explain.unnamed")
    blocks: list[Block] = [Heading(1, t("explain.title", id=name))]
    if result.as_of is not None:
        blocks.append(Paragraph(t("app.as_of", date=result.as_of.isoformat())))
    if result.faults or case is None:
        blocks.append(Paragraph(t("explain.not_decided")))
        return [*blocks, Rows(tuple(_fault(checker, one, t) for one in result.faults))]
    for decision, one in told_.decisions.items():
        telling = _Telling(Speaking(checker, case, decision, t), one, told_)
        blocks.append(Heading(2, telling.say.question(decision)))
        blocks.append(Rows(tuple(row for row in telling.rows() if row[1])))
    return blocks


def _fault(checker: Checker, fault: CaseFault, t: Locale) -> Row:
    """What is wrong with a case: the fact, what was found, what is allowed."""
    vocabulary = checker.library.vocabulary
    if fault.constraint is not None:
        because = safe(t.of(vocabulary.constraints[fault.constraint].because))
        lines = [t("explain.contradiction", because=because)]
        names = [name for name in fault.facts if name in vocabulary.facts]
        facts = t("result.listed").join(_named(vocabulary.facts[one], t) for one in names)
        lines += [t("explain.at_odds", facts=facts)] if facts else []
        return t("explain.fault.contradiction"), tuple(lines)
    key = fault.field.removeprefix("/")
    fact = vocabulary.facts.get(key)
    where = _named(fact, t) if fact else safe(key) or t("explain.whole_case")
    code = f"explain.fault.{fault.code}"
    what = t(code) if code in t else safe(fault.code)
    message = safe(fault.message)
    if message.startswith(_FOUND):
        message = t("explain.found_value", value=message.removeprefix(_FOUND))
    lines = [t("explain.found", where=where, what=message)]
    allowed = _hint(fact, t) if fact else safe(fault.allowed) if fault.allowed else ""
    return what, (*lines, *([t("explain.allowed", allowed=allowed)] if allowed else ()))


def _named(fact: Fact, t: Locale) -> str:
    """A fact by its label and the key it has in a case."""
    return t("rules.labelled", text=safe(t.of(fact.label)), note=safe(fact.id))


def _hint(fact: Fact, t: Locale) -> str:
    """What may be written for a fact in a case."""
    if fact.values:
        choices = (t("rules.labelled", text=safe(name), note=safe(t.of(words)))
                   for name, words in fact.values.items())  # fmt: skip
        return t("result.listed").join(choices)
    if isinstance(fact.domain, NumberDomain):
        low, high = fact.domain.min, fact.domain.max
        kind = "number" if fact.type == "integer" else "decimal"
        return t(f"question.{kind}_hint", min=low, max=high, decimals=fact.decimals)
    return t(f"explain.hint.{fact.type}", domain=fact.domain or "")


class _Telling:
    """Tells one decision, row by row."""

    def __init__(self, say: Speaking, one: Explained, whole: Explanation) -> None:
        self.say, self.one, self.t, self.whole = say, one, say.locale, whole
        self.result, self.words = one.result, say.rules

    def rows(self) -> Iterator[Row]:
        """The answer, why, why not, what would change it, when it changes, what is open."""
        t = self.t
        yield t("explain.row.answer"), tuple(self._answer())
        yield t("explain.row.why"), tuple(self._why())
        yield t("explain.row.answers"), tuple(self._tests())
        yield t("explain.row.rests_on"), tuple(self._upstream())
        yield t("explain.row.dispute"), tuple(
            self.words.say(self.words.library.disputes[name].because)
            for why in self.one.why[:1] for name in why.disputes
        )  # fmt: skip
        yield t("explain.row.dissent"), tuple(self._dissent())
        yield t("explain.row.why_not"), tuple(map(self._not, self._others()))
        yield t("explain.row.what_if"), tuple(map(self._if, self._changes()))
        yield t("explain.row.kept"), tuple(map(self.words.label, self.one.kept))
        yield t("explain.row.when"), tuple(self._when())
        yield t("explain.row.still_open"), tuple(self._open())

    # -- the answer --------------------------------------------------------------------------

    def _answer(self) -> Iterator[str]:
        yield self.say.answer(self.result)
        needed = [item for item, state in self.result.items.items() if state == "needed"]
        if needed:
            yield self.words.documents(needed)
        if self.result.sides:
            titles = [self.say.outcome(side) for side in self.result.sides]
            yield self.t("explain.sides", titles=self.t("explain.or").join(titles))
        _, lines = when_lines(self.say.say, self.result)
        yield from (line for line in lines if self.result.changes_on == () or line)
        yield from told(self.say.say, self.say.decision, self.result).steps

    # -- why ---------------------------------------------------------------------------------

    def _why(self) -> Iterator[str]:
        for one in self.one.why[:1]:
            lines = [*dict.fromkeys(self._because(rule) for rule in one.rules)]
            if self.result.verdict == "undecided" and lines:
                yield self.t("explain.either_way")
            most = len(lines) if self.result.verdict != "undecided" else MOST_REASONS
            yield from lines[:most]
            if len(lines) > most:
                yield self.t("explain.more_reasons", n=len(lines) - most)

    def _because(self, one: Traced) -> str:
        cited = [
            self.t("explain.cited", title=self.words.say(source.title),
                   clause=self.words.say(citation.clause))
            for citation in one.rule.sources
            for source in (self.words.library.sources[citation.source],)
        ]  # fmt: skip
        return self.t(
            "explain.because", because=self.words.say(one.rule.because),
            grade=self.words.grade(one.authority), sources=self.t("result.listed").join(cited),
        )  # fmt: skip

    def _tests(self) -> Iterator[str]:
        """The tests that carried the rules that won, each once; too many while it is open."""
        if self.result.verdict == "undecided":
            return iter(())
        found = [
            self.say.tested(leaf, rule.rule)
            for one in self.one.why[:1] for rule in one.rules
            for leaf in rule.tests.leaves() if leaf.carries and leaf.kind == "fact"
        ]  # fmt: skip
        return iter(dict.fromkeys(found))

    def _upstream(self) -> Iterator[str]:
        for one in self.one.why[1:]:
            titles = self.t("explain.or").join(
                self.say.outcome(outcome, one.decision) for outcome in one.outcomes
            )
            because = self.words.say(one.rules[0].rule.because) if len(one.rules) == 1 else ""
            told_ = one.decision in self.whole.decisions or not because
            key = "explain.upstream" if told_ else "explain.upstream_because"
            yield self.t(key, question=self.say.question(one.decision), titles=titles,
                         because=because)  # fmt: skip

    def _dissent(self) -> Iterator[str]:
        for one in self.one.why[:1]:
            for loser in one.dissent:
                yield self.t(
                    "explain.dissent",
                    title=self.say.outcome(loser.outcome),
                    because=self._because(loser),
                    by=self.t(f"result.by.{loser.beaten}"),
                    better=self._better(one, loser),
                )

    def _better(self, why: Why, loser: Traced) -> str:
        """The reasons of the rules that beat one, where they are not those of the answer."""
        own = {one.rule.id for one in why.rules}
        lines = [self.words.say(self.words.library.rules[name].because) for name in loser.by
                 if name not in own]  # fmt: skip
        return self.t("explain.better", because=lines[0]) if lines else ""

    # -- why not -----------------------------------------------------------------------------

    def _others(self) -> list[WhyNot]:
        """Better outcomes, the best first; of a plain statement the others that state."""
        if self.result.outcome == NOT_COVERED or self.result.items:
            return []
        found = [one for one in self.one.why_not if not one.never and all(one.sets)]
        better = [one for one in found if is_better(self._verdict(one), self.result.verdict)]
        if not better and self.result.verdict == "stated":
            better = [one for one in found if self._verdict(one) == "stated"]
        better.sort(key=lambda one: (rank(self._verdict(one)), len(one.sets)))
        return better[:MOST]

    def _verdict(self, one: WhyNot | WhatIf) -> str:
        outcomes = self.words.library.decisions[self.say.decision].outcomes
        return outcomes[one.outcome].verdict if one.outcome in outcomes else ""

    def _not(self, one: WhyNot) -> str:
        t = self.t
        # Two facts of a set may need the same of what is worked out from both.
        sets = [t("explain.or").join(dict.fromkeys(map(self._blame, several)))
                for several in one.sets]  # fmt: skip
        text = t("explain.and").join(sets)
        if one.more:
            text = t("explain.more", text=text, n=one.more)
        return t("explain.not", title=self.say.verdict(one.outcome), needs=text)

    def _blame(self, one: Blame) -> str:
        if one.needs:
            given = self.say.at_present(one)
            return self.t("explain.blame", needs=self._any(one.needs), given=given)
        given = self.say.value(one.fact)
        return self.t("explain.other", label=self.words.label(one.fact), given=given)

    def _any(self, found: Sequence[Box]) -> str:
        return self.t("explain.or").join(in_words(self.words, box) for box in found)

    # -- what if -----------------------------------------------------------------------------

    def _changes(self) -> list[WhatIf]:
        found = sorted((one for one in self.one.what_if if one.better),
                       key=lambda one: (rank(self._verdict(one)), len(one.facts)))  # fmt: skip
        return found[:MOST]

    def _if(self, one: WhatIf) -> str:
        key = "explain.if_provided" if one.provided else "explain.if"
        return self.t(
            key, changes=joined(self.words, one.changes),
            provided=joined(self.words, one.provided), title=self.say.verdict(one.outcome),
        )  # fmt: skip

    # -- when, and what is open --------------------------------------------------------------

    def _when(self) -> Iterator[str]:
        for entry in self.one.when:
            mine = tuple(one for one in entry.parts if one.decision == self.say.decision)
            for event in events(self.words, [Entry(entry.day, mine)]):
                yield self.t("explain.on", date=self.t.day(event.day), title=event.title)
            for part in mine:
                if isinstance(part, Change):
                    yield self.t("calendar.after", answer=self.say.answer(part.after))

    def _open(self) -> Iterator[str]:
        still = self.one.still_open
        if still.settled:
            yield self.t("explain.settled")
        for one in still.missing:
            yield from self._missing(one)
        if still.possible:
            titles = [self.say.outcome(one) for one in still.possible]
            yield self.t("explain.possible", titles=self.t("explain.or").join(titles))

    def _missing(self, one: Missing) -> Iterator[str]:
        fact = self.words.library.vocabulary.facts[one.fact]
        label = self.words.say(fact.label)
        if one.state == "unknown":
            label = self.t("explain.asked", label=label)
        yield self.t("result.missing_line", label=label, find_out=self.words.say(fact.find_out))
        for narrowed in one.narrows:
            if set(narrowed.left) != set(self.one.still_open.possible) and narrowed.left:
                titles = self.t("explain.or").join(map(self.say.outcome, narrowed.left))
                answers = self._any(narrowed.answers)
                yield self.t("explain.narrowed", answers=answers, titles=titles)
