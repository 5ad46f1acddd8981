"""The view model of the what-if page: what is so now, what is assumed, what comes out then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.speaker import Speaker
from tui.text.width import cell_len
from tui.verdicts import answer_words
from tui.views.asking import AnswerRow, Option
from tui.views.question import question_view
from tui.views.result_words import told
from tui.views.ways import one_change

if TYPE_CHECKING:
    from engine.case import Case
    from engine.explanation.explain import Explained
    from engine.result import DecisionResult
    from tui.explain.scratch import Scratch
    from tui.journey import Answer
    from tui.speaker import Frame
    from tui.views.question import QuestionView

_LABEL_ROOM = 26


@dataclass(frozen=True)
class Compared:
    """One decision, as it is and as it would be."""

    question: str
    verdict: str
    before: str
    after_verdict: str = ""
    after: str = ""
    """Empty where it stays as it is."""
    was: str = ""
    becomes: str = ""
    because: str = ""


@dataclass(frozen=True)
class WhatIfView:
    """The what-if page without what takes a while to work out."""

    frame: Frame
    heading: str
    hint: str
    rows: tuple[AnswerRow, ...]
    label_width: int
    results: str
    """The heading over what comes out."""
    compared: tuple[Compared, ...]
    changes: str
    """The heading over what a single change brings about."""
    no_changes: str
    working: str

    @property
    def changed(self) -> int:
        """How many answers would be others."""
        return sum(bool(one.after) for one in self.compared)


def what_if_view(say: Speaker, scratch: Scratch, decision: str) -> WhatIfView:
    """What is assumed and what follows; the decision the page was opened from stands first."""
    t, real = say.locale, say.journey
    then = Speaker(scratch.journey(), t, say.glyphs)
    rows = tuple(_row(say, scratch, fact) for fact in scratch.facts())
    before, after = real.asking.result().decisions, scratch.result().decisions
    names = [one for one in say.library.topics[real.topic or ""].decisions if one in before]
    names.sort(key=lambda one: one != decision)
    compared = tuple(_compared(say, then, one, before[one], after[one]) for one in names)
    changed = sum(bool(one.after) for one in compared)
    status = t("app.disclaimer")
    if scratch.assumed:
        status = t("what_if.status", n=len(scratch.assumed), changed=changed, all=len(compared))
    frame = say.frame(status)
    return WhatIfView(
        frame=replace(frame, title=t("what_if.title", title=frame.title)),
        heading=t("what_if.heading"),
        hint=t("what_if.hint"),
        rows=rows,
        label_width=min(_LABEL_ROOM, max((cell_len(one.label) for one in rows), default=0)),
        results=t("what_if.results" if scratch.assumed else "what_if.results_now"),
        compared=compared,
        changes=t("what_if.changes", question=compared[0].question if compared else ""),
        no_changes=t("what_if.no_changes"),
        working=t("why.working"),
    )


def _row(say: Speaker, scratch: Scratch, name: str) -> AnswerRow:
    t, fact = say.locale, say.library.vocabulary.facts[name]
    real = say.journey.answers
    value = say.value(fact, real[name]) if name in real else t("what_if.not_asked")
    note = ""
    if name in scratch.assumed:
        note = t("what_if.assumed", value=say.value(fact, scratch.interview.answers[name]))
    return AnswerRow(name, say.words(fact.label), value, note)


def _compared(
    say: Speaker, then: Speaker, key: str, before: DecisionResult, after: DecisionResult
) -> Compared:
    t = say.locale
    question = say.words(say.library.decisions[key].question)
    was, will = answer_line(say, key, before), answer_line(then, key, after)
    if was == will and before.items == after.items:
        return Compared(question, before.verdict, was)
    rules = [say.library.rules[one] for one in after.rules if one in say.library.rules]
    reasons = list(dict.fromkeys(say.words(one.because) for one in rules))
    if after.verdict == "undecided":
        labels = t("result.listed").join(map(say.label, after.missing))
        reasons = [t("what_if.missing", labels=labels)] if labels else []
    because = t("what_if.because", because=reasons[0]) if reasons else ""
    was_, becomes = t("what_if.was", answer=was), t("what_if.becomes", answer=will)
    return Compared(question, before.verdict, was, after.verdict, will, was_, becomes, because)


def answer_line(say: Speaker, key: str, found: DecisionResult) -> str:
    """Verdict and title of an answer, or the papers it lists, without a sign."""
    t = say.locale
    word = answer_words(t, say.library.decisions[key], found)
    title = told(say, key, found).title
    if found.items:
        papers = [
            say.words(say.library.documents[one].title)
            for one, need in found.items.items()
            if need == "needed" and one in say.library.documents
        ]
        title = t("result.listed").join(papers)
    return t("explain.answered", verdict=word, title=title) if title else word


def single_changes(
    say: Speaker, case: Case, decision: str, explained: Explained
) -> tuple[str, ...]:
    """What changing one thing alone would make of a decision."""
    found = one_change(say, case, decision, explained, better=False)
    return tuple(dict.fromkeys(found))


def refusal(say: Speaker, scratch: Scratch, fact: str, value: Answer) -> str:
    """Assume a value; why that cannot be, or nothing."""
    fault = scratch.suppose(fact, value)
    if fault is None:
        return ""
    key = "what_if.clash" if fault.constraint is not None else "error.refused"
    return say.locale(key, message=say.fault(fault))


def assume_view(say: Speaker, scratch: Scratch, fact: str) -> QuestionView:
    """The question of a fact, to be answered as if."""
    journey = scratch.journey()
    if fact not in journey.trail:
        journey.trail.append(fact)
    view = question_view(Speaker(journey, say.locale, say.glyphs), fact)
    t = say.locale
    frame = replace(view.frame, title=t("what_if.title", title=view.frame.title), status="")
    unsure = Option(None, t("question.unsure_short"))
    return replace(view, frame=frame, notice=t("what_if.only_assumed"), unsure=unsure)
