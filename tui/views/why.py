"""The view model of the why page: an outline of what made an answer, and what would make others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.explanation.calendar import Change
from engine.explanation.why import worked_out
from engine.vocabulary import AS_OF
from tui.explain.speaking import Speaking
from tui.explain.telling import Telling
from tui.views.outline import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.case import Case
    from engine.explanation.explain import Explained
    from engine.explanation.why import Tested, Traced, Why
    from engine.explanation.why_not import Blame, WhyNot
    from engine.vocabulary import Derived
    from tui.speaker import Frame, Speaker
    from tui.views.result_words import Sources


@dataclass(frozen=True)
class WhyHead:
    """What stands on the why page before anything is worked out: which answer it is about."""

    frame: Frame
    decision: str
    heading: str
    question: str
    others: tuple[tuple[str, str], ...]
    """Every decision of the topic with its question; the page can turn to each."""
    hint: str
    working: str


@dataclass(frozen=True)
class WhyView:
    """Why one decision came out as it did."""

    verdict: str
    answer: str
    nodes: tuple[Node, ...]


def decisions_of(say: Speaker) -> tuple[str, ...]:
    """The decisions of the topic, in the order of the result."""
    return tuple(say.library.topics[say.journey.topic or ""].decisions)


def why_head(say: Speaker, decision: str) -> WhyHead:
    """The head of the why page of a decision."""
    t, names = say.locale, decisions_of(say)
    asked = tuple((one, say.words(say.library.decisions[one].question)) for one in names)
    at = names.index(decision)
    several = len(names) > 1
    heading = t("why.heading_of", n=at + 1, all=len(names)) if several else t("why.heading")
    return WhyHead(
        say.frame(t("app.disclaimer")), decision, heading, dict(asked)[decision], asked,
        t("why.hint") if several else "", t("why.working"),
    )  # fmt: skip


def why_view(say: Speaker, case: Case, decision: str, told: Explained, cited: Sources) -> WhyView:
    """Why a decision came out; the marks of its sources are those of the result in `cited`."""
    speaking = Speaking(say, case, decision, signed=False)
    outline = _Outline(say, Telling(speaking, told, decisions_of(say)), cited)
    nodes = tuple(one for one in outline.sections() if one.nodes)
    return WhyView(told.result.verdict, speaking.answer(told.result), nodes)


class _Outline:
    """Builds the outline of one decision, section by section."""

    def __init__(self, say: Speaker, telling: Telling, cited: Sources) -> None:
        self.t, self.telling, self.cited = say.locale, telling, cited
        self.one, self.result = telling.one, telling.one.result
        self.words, self.speaking = telling.words, telling.say
        self.library, self.case = say.library, telling.say.case
        self._used: dict[str, None] = {}

    def sections(self) -> Iterator[Node]:
        """Why, what it rests on, what was not followed, why not, what would change it, sources."""
        row = self._row
        yield row("why", self._reasons())
        yield row("rests_on", map(self._upstream, self.one.why[1:]))
        yield row("dispute", map(Node, self.telling.disputes()))
        yield row("dissent", self._dissent())
        yield row("why_not", self._others())
        yield row("what_if", map(Node, map(self.telling.change, self.telling.changes())))
        yield row("kept", map(Node, map(self.words.label, self.one.kept)))
        yield row("when", map(Node, self.telling.when()))
        yield row("still_open", map(Node, self.telling.still_open()))
        marks = dict(self.cited.lines())
        told = (Node(f"{one} {marks[one]}") for one in self._used)
        yield Node(self.t("result.sources"), nodes=tuple(told), is_open=False)

    def _row(self, name: str, nodes: Iterable[Node]) -> Node:
        return Node(self.t(f"explain.row.{name}"), nodes=tuple(nodes))

    # -- why -----------------------------------------------------------------------------------

    def _reasons(self) -> Iterator[Node]:
        """The rules that won; those of each side of a dispute below it."""
        for why in self.one.why[:1]:
            if not self.result.sides:
                folded = self.result.verdict == "undecided" or len(why.rules) > 1
                yield from (self._rule(rule, folded=folded) for rule in why.rules)
            for number, side in enumerate(self.result.sides, 1):
                title = self.t("result.side", n=number, title=self.speaking.outcome(side))
                mine = [rule for rule in why.rules if rule.outcome == side]
                yield Node(title, "disputed", nodes=tuple(map(self._rule, mine)))

    def _rule(self, one: Traced, *, folded: bool = False) -> Node:
        """A rule with its reason and marks, and below it each thing it looks at."""
        refs = self.cited.refs(one.rule)
        self._used |= dict.fromkeys(self.cited.marks(one.rule))
        because = self.words.say(one.rule.because)
        text = self.t("result.rule_says", because=because, refs=refs)
        return Node(
            text, _mark(one.tests), nodes=self._tests(one), is_open=False if folded else None
        )

    def _upstream(self, one: Why) -> Node:
        verdicts = {
            authored.outcomes[outcome].verdict
            for authored in (self.library.decisions[one.decision],)
            for outcome in one.outcomes
            if outcome in authored.outcomes
        }
        mark = verdicts.pop() if len(verdicts) == 1 else ""
        rules = tuple(self._rule(rule, folded=True) for rule in one.rules)
        return Node(self.telling.rests_on(one), mark, nodes=rules)

    def _dissent(self) -> Iterator[Node]:
        losers = [loser for why in self.one.why[:1] for loser in why.dissent]
        for loser, text in zip(losers, self.telling.dissent(), strict=True):
            self.cited.refs(loser.rule)
            self._used |= dict.fromkeys(self.cited.marks(loser.rule))
            yield Node(text, nodes=self._tests(loser), is_open=False)

    def _tests(self, one: Traced) -> tuple[Node, ...]:
        parts = one.tests.parts if one.tests.kind == "all" else (one.tests,)
        return tuple(self._test(part, one) for part in parts)

    def _test(self, one: Tested, of: Traced) -> Node:
        """A test with what was answered to it; of several tests how they belong together."""
        mark = _mark(one)
        if one.kind in ("all", "any"):
            parts = tuple(self._test(part, of) for part in one.parts)
            return Node(self.t.count(f"why.{one.kind}", len(parts)), mark, nodes=parts)
        if one.kind == "not" and one.parts[0].kind in ("all", "any", "not"):
            parts = tuple(self._test(part, of) for part in one.parts)
            return Node(self.t("why.not"), mark, nodes=parts)
        leaf = one.parts[0] if one.kind == "not" else one
        text = self.words.phrase(one.condition, of.rule)
        return Node(text, mark, self._yours(leaf, mark))

    def _yours(self, leaf: Tested, mark: str) -> str:
        """What was answered to a test, or that it was not needed, or is not known."""
        given = self.speaking.given(leaf)
        if given:
            key = "why.yours" if leaf.worked_out is None else "why.worked_out"
            return self.t(key, given=given)
        if mark == "idle":
            return self.t("why.not_needed")
        return self.t("why.unknown") if mark == "open" and leaf.kind == "fact" else ""

    # -- why not -------------------------------------------------------------------------------

    def _others(self) -> Iterator[Node]:
        """Every other outcome that some case comes to; those that are better are open."""
        first = {one.outcome for one in self.telling.others()}
        rest = [one for one in self.one.why_not if not one.never and one.outcome not in first]
        for one in (*self.telling.others(), *rest):
            if one.sets and all(one.sets) and self._verdict(one):
                yield self._other(one, is_open=None if one.outcome in first else False)

    def _verdict(self, one: WhyNot) -> str:
        outcomes = self.library.decisions[self.speaking.decision].outcomes
        return outcomes[one.outcome].verdict if one.outcome in outcomes else ""

    def _other(self, one: WhyNot, *, is_open: bool | None) -> Node:
        sets = [self._set(several) for several in one.sets]
        if one.more:
            sets.append(Node(self.t("why.more_sets", n=one.more)))
        days = [
            entry.day
            for entry in self.one.when
            for part in entry.parts
            if isinstance(part, Change) and part.after.outcome == one.outcome
        ]
        note = self.t("result.from", date=self.t.day(days[0])) if days else ""
        title = self.speaking.verdict(one.outcome)
        return Node(title, "", note, tuple(sets), is_open)

    def _set(self, several: Sequence[Blame]) -> Node:
        """What stands in the way of an outcome: one thing, or several of which one is enough."""
        if len(several) == 1:
            return self._blame(several[0])
        return Node(self.t("why.one_of"), "fails", nodes=tuple(map(self._blame, several)))

    def _blame(self, one: Blame) -> Node:
        if self.library.vocabulary.facts[one.fact].changeable:
            key = "action"
        else:
            key = "time" if self._comes(one) else "fixed"
        return Node(self.telling.blame(one), "fails", self.t(f"why.by.{key}"))

    def _comes(self, one: Blame) -> bool:
        """Whether the day counted from alone brings about what is needed of a fact."""
        for part in (part for box in one.needs for part in box):
            derived = self.library.vocabulary.derived.get(part.fact)
            if derived is None or not _runs(derived):
                continue
            now = worked_out(self.library, self.case, part.fact)
            lows = [span.low for span in part.spans if span.low is not None]
            if isinstance(now, int) and any(low > now for low in lows):
                return True
        return False


def _runs(derived: Derived) -> bool:
    """Whether a count grows from day to day."""
    counted = derived.years_between or derived.months_between or derived.days_between
    return counted is not None and counted.to == AS_OF


def _mark(one: Tested) -> str:
    if one.holds is None:
        return "open" if one.carries else "idle"
    return "holds" if one.holds else "fails"
