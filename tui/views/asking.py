"""View models of the start, the topics and the review: plain, localized, safe strings.

Widgets and screens draw view models and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.text.width import cell_len
from tui.views.saving import left_label, privacy, unusable_notice

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.journey import Answer
    from tui.speaker import Frame, Speaker

_LABEL_ROOM = 26


@dataclass(frozen=True)
class Option:
    """One thing to pick: what it stands for, its label, a note beside it."""

    value: Answer
    label: str
    note: str = ""


@dataclass(frozen=True)
class StartView:
    """The start page."""

    frame: Frame
    heading: str
    paragraphs: tuple[str, ...]
    options: tuple[Option, ...]
    notice: str = ""


@dataclass(frozen=True)
class TopicView:
    """The choice of a topic."""

    frame: Frame
    heading: str
    hint: str
    options: tuple[Option, ...]
    picked: str | None
    empty: str


@dataclass(frozen=True)
class AnswerRow:
    """One answer on the review page."""

    fact: str
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class ReviewView:
    """The answers, before the result or at any time."""

    frame: Frame
    heading: str
    hint: str
    onward: str
    rows: tuple[AnswerRow, ...]
    label_width: int
    dormant: tuple[str, ...]
    skipped: str


def start_view(say: Speaker, desk: Desk | None = None) -> StartView:
    """The start page, with the session that the desk has from another time."""
    t = say.locale
    options = [Option("begin", t("start.begin"))]
    if say.journey.interview is not None and say.journey.trail:
        answered = t.count("question.answered", len(say.journey.trail))
        label = t("start.resume", topic=say.topic(say.journey.topic), answered=answered)
        options.append(Option("resume", label))
    elif desk is not None and desk.left is not None:
        options.append(Option("take_up", left_label(say, desk.left)))
    # Whoever visits over the web must not read files here.
    if desk is not None and not desk.web:
        options.append(Option("batch", t("start.batch")))
    options.append(Option("rules", t("start.rules")))
    options += [Option("lang", t("start.other_language")), Option("quit", t("start.quit"))]
    texts = (t("start.what"), t("start.at_hand"), t("app.disclaimer"), privacy(desk, t))
    unusable = desk.unusable if desk else None
    notice = unusable_notice(t, unusable) if unusable else ""
    return StartView(say.frame(), t("start.heading"), texts, tuple(options), notice)


def topic_view(say: Speaker) -> TopicView:
    """The choice of a topic."""
    t = say.locale
    options = tuple(
        Option(topic.id, say.words(topic.title), say.words(topic.about))
        for topic in say.library.topics.values()
    )
    picked = say.journey.topic
    return TopicView(
        say.frame(), t("topic.heading"), t("topic.hint"), options, picked, t("topic.empty")
    )


def _row(say: Speaker, fact_id: str) -> AnswerRow:
    t = say.locale
    fact = say.library.vocabulary.facts[fact_id]
    value = say.journey.answers.get(fact_id)
    note = t("review.changed") if fact_id in say.journey.changed else ""
    if value is None:
        note = t("review.find_out", text=say.words(fact.find_out))
    return AnswerRow(fact_id, say.words(fact.label), say.value(fact, value), note)


def answer_rows(say: Speaker) -> tuple[AnswerRow, ...]:
    """The answers that count, in the order given."""
    counted = ("answered", "unknown")
    journey = say.journey
    facts = [fact for fact in journey.trail if journey.asking.state(fact) in counted]
    return tuple(_row(say, fact) for fact in facts)


def review_view(say: Speaker) -> ReviewView:
    """The answers, and the way on."""
    t = say.locale
    journey = say.journey
    rows = answer_rows(say)
    shown = {row.fact for row in rows}
    dormant = tuple(
        t("review.dormant", label=say.label(fact)) for fact in journey.trail if fact not in shown
    )
    open_now = journey.asking.question() is not None
    left = journey.asking.at_most()
    local = say.local_facts()
    skipped = [
        say.label(fact)
        for fact in journey.facts()
        if fact in local
        and fact not in journey.trail
        and journey.asking.state(fact) == "not_needed"
    ]
    unknown = sum(journey.answers.get(row.fact) is None for row in rows)
    status = t.count("review.summary", len(rows))
    if unknown:
        status += f" {say.glyphs.dot} " + t.count("review.unknowns", unknown)
    listed = t("result.listed").join(skipped)
    return ReviewView(
        frame=say.frame(status),
        heading=t("review.heading"),
        hint=t("review.hint") if rows else t("review.none"),
        onward=t("review.go_on", n=left) if open_now else t("review.result"),
        rows=rows,
        label_width=min(_LABEL_ROOM, max((cell_len(row.label) for row in rows), default=0)),
        dormant=dormant,
        skipped=t("review.skipped", labels=listed) if skipped else "",
    )
