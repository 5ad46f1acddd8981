"""The result as a sheet to take along: what every written form of it holds, in its order.

What several answers share, such as papers and places, stands with the first of them only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.version import VERSION
from tui.text.safe import safe
from tui.views.result import result_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.speaker import Speaker
    from tui.views.result import DecisionView, Paper, ResultView

_BEFORE_PAPERS = ("steps",)
_SHARED = ("where", "ask")
_AFTER = ("reasons", "dispute", "dissent", "missing", "possible")
_LABEL_OF = {"reasons": "why"}


@dataclass(frozen=True)
class Line:
    """A statement, and what belongs to it."""

    text: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Statements below a heading; `ordered` ones are steps, one after another."""

    heading: str
    lines: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Box:
    """A paper to tick."""

    title: str
    note: str
    ticked: bool


@dataclass(frozen=True)
class Part:
    """The answer to one question."""

    question: str
    verdict: str
    title: str
    when: tuple[str, ...]
    before: tuple[Section, ...]
    papers_title: str
    papers: tuple[Box, ...]
    after: tuple[Section, ...]


@dataclass(frozen=True)
class Sheet:
    """The whole sheet."""

    title: str
    context: str
    notice: str
    parts: tuple[Part, ...]
    sources: Section
    answers: Section | None
    disclaimer: str
    made: str
    """By which rules and which engine, and how that can be checked."""


def sheet(say: Speaker, rules: str, *, answers: bool) -> Sheet:
    """The sheet of the present result; `answers` is whether what was answered stands in it."""
    t = say.locale
    view = result_view(say)
    shown: set[object] = set()
    given = tuple(Line(text) for text in view.answers or (view.labels["no_answers"],))
    receipt = say.journey.asking.result().receipt or ""
    return Sheet(
        title=say.topic(say.journey.topic),
        context=view.frame.context,
        notice=view.notice,
        parts=tuple(_part(say, one, view, shown) for one in view.decisions),
        sources=Section(
            view.labels["sources"],
            tuple(_line(f"{mark} {text}".split("\n")) for mark, text in view.sources),
        ),
        answers=Section(view.labels["answers"], given) if answers else None,
        disclaimer=t("app.disclaimer"),
        made=t("export.made", rules=safe(rules), engine=VERSION, receipt=safe(receipt)),
    )


def _part(say: Speaker, view: DecisionView, whole: ResultView, shown: set[object]) -> Part:
    t = say.locale
    word = t("explain.verdict", sign=view.sign, word=view.verdict_word)
    verdict = t("rules.labelled", text=word, note=view.evidence) if view.evidence else word
    papers = _papers(view.papers, shown)
    return Part(
        question=view.question,
        verdict=verdict,
        title=view.title,
        when=tuple(filter(None, (view.doubt, *view.soon, *view.when))),
        before=tuple(_sections(view, whole, _BEFORE_PAPERS)),
        papers_title=t("export.papers"),
        papers=papers,
        after=(
            *_maybe(view, whole),
            *_shared(say, view, whole, shown, repeated=len(papers) < len(view.papers)),
            *_to_ask(view, whole),
            *_sections(view, whole, _AFTER),
        ),
    )


def _papers(papers: Sequence[Paper], shown: set[object]) -> tuple[Box, ...]:
    fresh = [one for one in papers if ("paper", one.title, one.note) not in shown]
    shown |= {("paper", one.title, one.note) for one in papers}
    return tuple(Box(one.title, one.note, one.ticked) for one in fresh)


def _maybe(view: DecisionView, whole: ResultView) -> Iterator[Section]:
    if view.papers_maybe:
        yield Section(whole.labels["papers_maybe"], tuple(map(Line, view.papers_maybe)))
    if view.papers_not:
        yield Section("", (Line(view.papers_not),))


def _to_ask(view: DecisionView, whole: ResultView) -> Iterator[Section]:
    if view.question_to_ask:
        yield Section(whole.labels["question_to_ask"], (Line(view.question_to_ask),))


def _shared(
    say: Speaker, view: DecisionView, whole: ResultView, shown: set[object], *, repeated: bool
) -> Iterator[Section]:
    """What was not listed with an answer before; of the rest only that it was."""
    t = say.locale
    above = [t("export.papers")] if repeated else []
    for name in _SHARED:
        texts: tuple[str, ...] = getattr(view, name)
        fresh = tuple(Line(text) for text in texts if (name, text) not in shown)
        if len(fresh) < len(texts):
            above.append(whole.labels[name])
        shown |= {(name, text) for text in texts}
        if fresh:
            yield Section(whole.labels[name], fresh)
    if above:
        listed = t("result.listed").join(above)
        yield Section("", (Line(t("export.above", headings=listed)),))


def _sections(view: DecisionView, whole: ResultView, names: Sequence[str]) -> Iterator[Section]:
    for name in names:
        lines = tuple(_lines(getattr(view, name)))
        if lines:
            heading = whole.labels[_LABEL_OF.get(name, name)]
            yield Section(heading, lines, ordered=name == "steps")


def _lines(texts: Sequence[str]) -> Iterator[Line]:
    """The statements; what is indented belongs to the one before it."""
    found: list[list[str]] = []
    for text in texts:
        parts = text.split("\n")
        if text.startswith(" ") and found:
            found[-1] += parts
        else:
            found.append(parts)
    return map(_line, found)


def _line(parts: Sequence[str]) -> Line:
    first, *below = (one.strip() for one in parts)
    return Line(first, tuple(one for one in below if one))
