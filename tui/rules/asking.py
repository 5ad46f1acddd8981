"""How many questions a topic takes, in words and as data: the optimum, its proof, other orders."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from engine.analysis.questions import question_figures
from engine.errors import InputError
from engine.strategy import MAX_STATES
from tui.rules.document import Heading, Paragraph, Rows

if TYPE_CHECKING:
    from datetime import date

    from engine.analysis.questions import GroupFigures, Looking, QuestionFigures, WalkFigures
    from engine.checker import Checker
    from engine.library import Library
    from tui.rules.document import Block
    from tui.rules.words import RuleWords


def measured(
    checker: Checker, topics: list[str], region: str | None, as_of: date, looking: Looking
) -> list[QuestionFigures]:
    """The figures of some topics, each in the region or where most of its rules hold."""
    return [
        question_figures(checker, topic, region or busiest(checker.library, topic), as_of, looking)
        for topic in topics
    ]


def city(library: Library, region: str, message: str) -> str:
    """The code of a place that a family may live in; InputError with `message` for any other."""
    code = library.places.resolve(region)
    if code is None or library.places.pool(code) is None:
        raise InputError(message)
    return code


def busiest(library: Library, topic: str) -> str:
    """The place with a pool of its own for which a topic has most rules."""
    counts: dict[str, int] = {}
    for rule in library.rules.values():
        if rule.topic == topic and library.places.pool(rule.region) is not None:
            counts[rule.region] = counts.get(rule.region, 0) + 1
    samples = [one for one in library.places.samples() if library.places.pool(one) is not None]
    return max(sorted(counts), key=counts.__getitem__, default=samples[0])


def as_data(found: list[QuestionFigures]) -> list[dict[str, object]]:
    """The figures as they are."""
    return [asdict(one) for one in found]


def asking(words: RuleWords, found: list[QuestionFigures], as_of: date) -> list[Block]:
    """The figures in words."""
    t = words.locale
    blocks: list[Block] = [Heading(1, t("questions.heading")), Paragraph(t("questions.intro"))]
    for one in found:
        topic = words.library.topics[one.topic]
        place = words.place_name(one.place)
        title = t("questions.topic", topic=words.say(topic.title), place=place, day=as_of)
        blocks.append(Heading(2, title))
        if one.walks is not None:
            blocks.append(Paragraph(_walked(words, one.walks)))
        for group in one.groups:
            blocks += [Heading(3, t("result.listed").join(group.decisions)), _group(words, group)]
        for key in ("uncovered", "undated"):
            names = getattr(one, key)
            if names:
                blocks.append(
                    Paragraph(t(f"questions.{key}", names=t("result.listed").join(names)))
                )
    return blocks


def _walked(words: RuleWords, walks: WalkFigures) -> str:
    return words.locale(
        "questions.walked",
        families=walks.families, tongbao=_number(walks.tongbao), error=_number(walks.error),
        one_step=_number(walks.one_step), as_written=_number(walks.as_written),
        least=_number(walks.indispensable), gap=_number(walks.tongbao - walks.indispensable),
    )  # fmt: skip


def _asked(words: RuleWords, walks: WalkFigures, bound: float) -> str:
    least = max(bound, walks.indispensable)
    return words.locale(
        "questions.asked",
        families=walks.families, tongbao=_number(walks.tongbao), error=_number(walks.error),
        one_step=_number(walks.one_step), as_written=_number(walks.as_written),
        gap=_number(max(walks.tongbao - least, 0)),
    )  # fmt: skip


def _group(words: RuleWords, group: GroupFigures) -> Rows:
    t = words.locale
    if not group.classes:
        return Rows(((t("questions.size"), (t("questions.too_large"),)),))
    size = t("questions.sizes", facts=group.facts, classes=f"{group.classes:,}",
             states=f"{group.states:,}")  # fmt: skip
    rows = [(t("questions.size"), (size,))]
    if group.optimum is not None and group.one_step is not None and group.as_written is not None:
        key = "proved" if group.exact else "proved_later"
        proved = t(f"questions.{key}", n=_number(group.optimum), most=f"{MAX_STATES:,}")
        others = t("questions.other_orders", one_step=_number(group.one_step),
                   as_written=_number(group.as_written))  # fmt: skip
        rows += [(t("questions.optimum"), (proved,)), (t("questions.others"), (others,))]
    elif group.bound is not None:
        bound = t("questions.bounded", n=_number(group.bound), most=f"{MAX_STATES:,}")
        rows.append((t("questions.optimum"), (bound,)))
        if group.walks is not None:
            rows.append((t("questions.others"), (_asked(words, group.walks, group.bound),)))
    if group.first is not None:
        fact = words.library.vocabulary.facts[group.first]
        rows.append((t("questions.first"), (words.say(fact.label),)))
    return Rows(tuple(rows))


def _number(value: float) -> str:
    return f"{value:.2f}"
