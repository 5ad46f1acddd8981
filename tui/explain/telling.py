"""Tells the explanation of one decision in words: the answer, why, and what else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.adjudication import NOT_COVERED
from engine.explanation.calendar import Change, Entry
from engine.explanation.what_if import is_better, rank
from tui.explain.events import events
from tui.rules.box_words import in_words, joined
from tui.views.result_words import told, when_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from engine.analysis.boxes import Box
    from engine.explanation.explain import Explained
    from engine.explanation.still_open import Missing
    from engine.explanation.what_if import WhatIf
    from engine.explanation.why import Traced, Why
    from engine.explanation.why_not import Blame, WhyNot
    from tui.explain.speaking import Speaking

Row = tuple[str, tuple[str, ...]]
MOST = 3
"""So many other outcomes, and so many changes, are told; the JSON form has them all."""
MOST_REASONS = 4


class Telling:
    """Tells one decision, row by row; each part can be told by itself."""

    def __init__(self, say: Speaking, one: Explained, told_too: Collection[str] = ()) -> None:
        """`told_too` are the decisions that are told beside this one."""
        self.say, self.one, self.t, self.told_too = say, one, say.locale, told_too
        self.result, self.words = one.result, say.rules

    def rows(self) -> Iterator[Row]:
        """The answer, why, why not, what would change it, when it changes, what is open."""
        t = self.t
        yield t("explain.row.answer"), tuple(self.answer())
        yield t("explain.row.why"), tuple(self.why())
        yield t("explain.row.answers"), tuple(self.tests())
        yield t("explain.row.rests_on"), tuple(self.upstream())
        yield t("explain.row.dispute"), tuple(self.disputes())
        yield t("explain.row.dissent"), tuple(self.dissent())
        yield t("explain.row.why_not"), tuple(map(self.ruled_out, self.others()))
        yield t("explain.row.what_if"), tuple(map(self.change, self.changes()))
        yield t("explain.row.kept"), tuple(map(self.words.label, self.one.kept))
        yield t("explain.row.when"), tuple(self.when())
        yield t("explain.row.still_open"), tuple(self.still_open())

    # -- the answer --------------------------------------------------------------------------

    def answer(self) -> Iterator[str]:
        """The answer, what it names, and what to do next."""
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

    def why(self) -> Iterator[str]:
        """The reasons of the rules that won; a few of them while the answer is open."""
        for one in self.one.why[:1]:
            lines = [*dict.fromkeys(self.because(rule) for rule in one.rules)]
            if self.result.verdict == "undecided" and lines:
                yield self.t("explain.either_way")
            most = len(lines) if self.result.verdict != "undecided" else MOST_REASONS
            yield from lines[:most]
            if len(lines) > most:
                yield self.t("explain.more_reasons", n=len(lines) - most)

    def because(self, one: Traced) -> str:
        """The reason of a rule, how far to trust it, and where it is written."""
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

    def tests(self) -> Iterator[str]:
        """The tests that carried the rules that won, each once; too many while it is open."""
        if self.result.verdict == "undecided":
            return iter(())
        found = [
            self.say.tested(leaf, rule.rule)
            for one in self.one.why[:1] for rule in one.rules
            for leaf in rule.tests.leaves() if leaf.carries and leaf.kind == "fact"
        ]  # fmt: skip
        return iter(dict.fromkeys(found))

    def upstream(self) -> Iterator[str]:
        """What the upstream decisions come to, with the reason where it is told nowhere else."""
        for one in self.one.why[1:]:
            because = self.words.say(one.rules[0].rule.because) if len(one.rules) == 1 else ""
            told_ = one.decision in self.told_too or not because
            yield self.rests_on(one, "" if told_ else because)

    def rests_on(self, one: Why, because: str = "") -> str:
        """What an upstream decision comes to."""
        titles = self.t("explain.or").join(
            self.say.outcome(outcome, one.decision) for outcome in one.outcomes
        )
        key = "explain.upstream_because" if because else "explain.upstream"
        return self.t(key, question=self.say.question(one.decision), titles=titles,
                      because=because)  # fmt: skip

    def disputes(self) -> Iterator[str]:
        """Why the sources of a dispute cannot be told apart."""
        for why in self.one.why[:1]:
            for name in why.disputes:
                yield self.words.say(self.words.library.disputes[name].because)

    def dissent(self) -> Iterator[str]:
        """What was said otherwise, and why it was not followed."""
        for one in self.one.why[:1]:
            for loser in one.dissent:
                yield self.t(
                    "explain.dissent",
                    title=self.say.outcome(loser.outcome),
                    because=self.because(loser),
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

    def others(self) -> list[WhyNot]:
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

    def ruled_out(self, one: WhyNot) -> str:
        """An outcome and everything it would take."""
        t = self.t
        # Two facts of a set may need the same of what is worked out from both.
        sets = [t("explain.or").join(dict.fromkeys(map(self.blame, several)))
                for several in one.sets]  # fmt: skip
        text = t("explain.and").join(sets)
        if one.more:
            text = t("explain.more", text=text, n=one.more)
        return t("explain.not", title=self.say.verdict(one.outcome), needs=text)

    def blame(self, one: Blame) -> str:
        """What an outcome needs of a fact, and how that is now."""
        if one.needs:
            given = self.say.at_present(one)
            return self.t("explain.blame", needs=self._any(one.needs), given=given)
        given = self.say.value(one.fact)
        return self.t("explain.other", label=self.words.label(one.fact), given=given)

    def _any(self, found: Sequence[Box]) -> str:
        return self.t("explain.or").join(in_words(self.words, box) for box in found)

    # -- what if -----------------------------------------------------------------------------

    def changes(self) -> list[WhatIf]:
        """The changes to a better outcome, the best first."""
        found = sorted((one for one in self.one.what_if if one.better),
                       key=lambda one: (rank(self._verdict(one)), len(one.facts)))  # fmt: skip
        return found[:MOST]

    def change(self, one: WhatIf) -> str:
        """What follows if some facts are changed."""
        key = "explain.if_provided" if one.provided else "explain.if"
        return self.t(
            key, changes=joined(self.words, one.changes),
            provided=joined(self.words, one.provided), title=self.say.verdict(one.outcome),
        )  # fmt: skip

    # -- when, and what is open --------------------------------------------------------------

    def when(self) -> Iterator[str]:
        """The days to come that matter, and what changes on each."""
        for entry in self.one.when:
            mine = tuple(one for one in entry.parts if one.decision == self.say.decision)
            for event in events(self.words, [Entry(entry.day, mine)]):
                yield self.t("explain.on", date=self.t.day(event.day), title=event.title)
            for part in mine:
                if isinstance(part, Change):
                    yield self.t("calendar.after", answer=self.say.answer(part.after))

    def still_open(self) -> Iterator[str]:
        """What is not known and what each answer to it would leave."""
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
