"""The view model of the result: for each decision the verdict first, then what to do and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.text.safe import safe
from tui.verdicts import answer_words
from tui.views.asking import answer_rows
from tui.views.result_words import Sources, Told, told, when_lines

if TYPE_CHECKING:
    from engine.result import CaseResult, DecisionResult
    from tui.speaker import Frame, Speaker


@dataclass(frozen=True)
class Paper:
    """A paper to tick; its key tells the same paper of two decisions apart."""

    key: str
    title: str
    note: str
    ticked: bool


@dataclass(frozen=True)
class DecisionView:
    """One decision: every list may be empty."""

    id: str
    question: str
    verdict: str
    sign: str
    verdict_word: str
    evidence: str
    title: str
    doubt: str = ""
    """Why not to rely on the answer as it stands."""
    soon: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    papers_title: str = ""
    papers_maybe: tuple[str, ...] = ()
    papers_not: str = ""
    where: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    question_to_ask: str = ""
    """What to read out to the bureau where the answer is not certain."""
    reasons: tuple[str, ...] = ()
    dissent: tuple[str, ...] = ()
    dispute: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()

    @property
    def wants_ways(self) -> bool:
        """Whether the answer is a no, with which nobody should be left alone."""
        return self.verdict == "not_eligible"


@dataclass(frozen=True)
class ResultView:
    """The whole result page."""

    frame: Frame
    notice: str
    decisions: tuple[DecisionView, ...]
    sources: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]
    labels: dict[str, str] = field(hash=False)


_ACTED_ON = ("eligible", "action_needed", "not_eligible", "stated")
_OPEN = ("not_eligible", "disputed", "unclear", "undecided")
_LABELS = (
    "steps", "ways", "papers_hint", "papers_maybe", "where", "ask", "why", "dissent", "dispute",
    "missing", "possible", "sources", "answers", "no_answers", "other", "question_to_ask",
)  # fmt: skip


def result_view(say: Speaker) -> ResultView:
    """The result of the present answers."""
    t = say.locale
    sources = Sources(say)
    decisions = _decisions(say, say.journey.asking.result(), sources)
    return ResultView(
        frame=say.frame(t("app.disclaimer")),
        notice="\n".join(filter(None, (say.uncovered_notice(), sources.old()))),
        decisions=decisions,
        sources=sources.lines(),
        answers=tuple(
            t("result.answer_line", label=row.label, value=row.value) for row in answer_rows(say)
        ),
        labels={name: t(f"result.{name}") for name in _LABELS} | {"working": t("why.working")},
    )


def cited(say: Speaker, result: CaseResult) -> Sources:
    """The sources of a result, numbered as its page numbers them."""
    sources = Sources(say)
    _decisions(say, result, sources)
    return sources


def _decisions(say: Speaker, result: CaseResult, sources: Sources) -> tuple[DecisionView, ...]:
    order = say.library.topics[say.journey.topic or ""].decisions
    found = result.decisions
    return tuple(_decision(say, one, found[one], sources) for one in order if one in found)


def _decision(say: Speaker, key: str, found: DecisionResult, sources: Sources) -> DecisionView:
    t = say.locale
    words = told(say, key, found)
    soon, when = when_lines(say, found)
    papers, maybe, not_needed = _papers(say, key, found, words)
    ask = words.ask
    missing = _missing(say, found)
    # A "no" or a "perhaps" is never the end of the way.
    if found.verdict in _OPEN and not (ask or words.steps or words.where or missing):
        ask = (t("result.ask_fallback"),)
    evidence = t("evidence.shown", word=t(f"evidence.{found.evidence}")) if found.evidence else ""
    doubt = t("result.doubt") if _doubtful(found) else ""
    return DecisionView(
        id=key,
        question=say.words(say.library.decisions[key].question),
        verdict=found.verdict,
        sign=say.glyphs.verdict(found.verdict) + ("?" if doubt else ""),
        verdict_word=answer_words(t, say.library.decisions[key], found),
        evidence=evidence,
        title=words.title,
        doubt=doubt,
        soon=soon,
        when=when,
        steps=words.steps,
        papers=papers,
        papers_title=t("result.papers"),
        papers_maybe=maybe,
        papers_not=not_needed,
        where=words.where,
        ask=ask,
        question_to_ask=_question_to_ask(say, key, found),
        reasons=_reasons(say, found, sources),
        dissent=_dissent(say, key, found, sources),
        dispute=_dispute(say, key, found, sources),
        missing=missing,
        possible=_possible(say, key, found),
    )


def _doubtful(found: DecisionResult) -> bool:
    """Whether an answer that somebody may act on has no reliable source."""
    return found.evidence == "unverified" and found.verdict in _ACTED_ON


def _question_to_ask(say: Speaker, key: str, found: DecisionResult) -> str:
    """A sentence to read out to the bureau, where the answer is not settled or not verified."""
    t = say.locale
    if found.verdict not in ("disputed", "unclear") and not _doubtful(found):
        return ""
    decision = say.library.decisions[key]
    code = say.journey.answers.get(decision.region)
    place = say.place(code) if isinstance(code, str) else t("result.ask_for.here")
    question = say.words(decision.question)
    kind = found.verdict if found.verdict in ("disputed", "unclear") else "unverified"
    titles = [_title(say, key, one) for one in found.sides or filter(None, [found.outcome])]
    stop = t("explain.stop")
    quoted = t("result.title_or").join(
        t("result.ask_for.quoted", title=one.removesuffix(stop)) for one in titles
    )
    return t(f"result.ask_for.{kind}", place=place, question=question, titles=quoted)


def _papers(
    say: Speaker, key: str, found: DecisionResult, words: Told
) -> tuple[tuple[Paper, ...], tuple[str, ...], str]:
    """The papers to tick, those that may be needed, and those that are not."""
    t = say.locale
    needed = dict.fromkeys(words.documents)
    maybe: list[str] = []
    waived: list[str] = []
    for document, need in (found.items or {}).items():
        if need == "needed":
            needed[document] = None
        elif need == "not_needed":
            waived.append(_document(say, document))
        else:
            facts = t("result.listed").join(map(say.label, need))
            maybe.append(t("result.paper_depends", title=_document(say, document), facts=facts))
    papers = []
    for document in needed:
        mark = f"{key}/{document}"
        title, note = _document(say, document), _document_note(say, document)
        papers.append(Paper(mark, title, note, mark in say.journey.ticks))
    if found.items:
        items = say.library.decisions[key].items
        waived += [_document(say, one) for one in items if one not in found.items]
    labels = t("result.listed").join(waived)
    return tuple(papers), tuple(maybe), t("result.papers_not", labels=labels) if waived else ""


def _document(say: Speaker, key: str) -> str:
    known = say.library.documents.get(key)
    return say.words(known.title) if known else safe(key)


def _document_note(say: Speaker, key: str) -> str:
    t = say.locale
    document = say.library.documents.get(key)
    if document is None:
        return ""
    notes = [t(f"result.form.{document.form}")]
    if document.alternatives:
        titles = t("result.title_or").join(_document(say, one) for one in document.alternatives)
        notes.append(t("result.instead", titles=titles))
    if document.waived_online:
        notes.append(t("result.waived_online"))
    if document.note:
        notes.append(say.words(document.note))
    return t("result.joined").join(notes)


def _reasons(say: Speaker, found: DecisionResult, sources: Sources) -> tuple[str, ...]:
    t = say.locale
    if found.verdict == "disputed":
        return ()  # each side is shown with its own reasons
    rules = [say.library.rules[rule] for rule in found.rules or () if rule in say.library.rules]
    texts = [
        t("result.rule_says", because=say.words(rule.because), refs=sources.refs(rule))
        for rule in rules
    ]
    return tuple(dict.fromkeys(texts))


def _dissent(say: Speaker, key: str, found: DecisionResult, sources: Sources) -> tuple[str, ...]:
    t = say.locale
    lines = []
    for one in found.dissent or ():
        rule = say.library.rules.get(one.rule)
        if rule is None:
            continue
        # A rule about papers has no outcome with a title: the papers it named stand in its place.
        papers = (*rule.then.needs, *rule.then.waives)
        named = t("result.listed").join(_document(say, paper) for paper in papers)
        lines.append(
            t(
                "result.dissent_line",
                title=named or _title(say, key, one.outcome or ""),
                because=say.words(rule.because),
                refs=sources.refs(rule, "dissent"),
                by=t(f"result.by.{one.by}"),
            )
        )
    return tuple(lines)


def _dispute(say: Speaker, key: str, found: DecisionResult, sources: Sources) -> tuple[str, ...]:
    """Both sides of a dispute, why they differ, and the safer one."""
    if found.verdict != "disputed":
        return ()
    t = say.locale
    lines = []
    for number, side in enumerate(found.sides or (), 1):
        lines.append(t("result.side", n=number, title=_title(say, key, side)))
        for rule in say.library.rules_of(key):
            if rule.then.outcome == side and rule.id in found.rules:
                because, refs = say.words(rule.because), sources.refs(rule, "dispute")
                lines.append("  " + t("result.rule_says", because=because, refs=refs))
    disputes = say.library.disputes
    lines += [say.words(disputes[one].because) for one in found.disputes if one in disputes]
    return tuple(dict.fromkeys(lines))


def _title(say: Speaker, key: str, outcome: str) -> str:
    known = say.library.decisions[key].outcomes.get(outcome)
    return say.words(known.title) if known else _document(say, outcome)


def _missing(say: Speaker, found: DecisionResult) -> tuple[str, ...]:
    """What is not known, each with where to find it out."""
    t = say.locale
    facts = say.library.vocabulary.facts
    return tuple(
        t(
            "result.missing_line",
            label=say.words(facts[fact].label),
            find_out=say.words(facts[fact].find_out),
        )
        for fact in found.missing or ()
        if fact in facts
    )


def _possible(say: Speaker, key: str, found: DecisionResult) -> tuple[str, ...]:
    if found.outcome is not None or found.verdict == "disputed":
        return ()
    outcomes = say.library.decisions[key].outcomes
    return tuple(
        f"{say.glyphs.verdict(outcomes[one].verdict)} {say.words(outcomes[one].title)}"
        for one in found.possible or ()
        if one in outcomes
    )
