"""The result in plain lines: every statement numbered, 1, 1.1, 1.1.1, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui.locale import Locale
    from tui.views.result import DecisionView, Paper, ResultView

GAP = "\n"
"""Stands for a blank line, where an empty text says nothing."""


@dataclass(frozen=True)
class Item:
    """A statement and what belongs to it."""

    text: str
    items: tuple[Item, ...] = ()


def result_lines(view: ResultView, ways: Mapping[str, Sequence[str]], t: Locale) -> Iterator[str]:
    """Every line of the result, with gaps between its parts; the ways on from each no too."""
    yield t("result.heading")
    yield view.frame.context
    yield view.notice
    for before, decision in enumerate(view.decisions):
        yield GAP
        # The first one is what was asked, the others come with it.
        if before == 1:
            yield view.labels["other"]
        told = _decision(decision, ways.get(decision.id, ()), view.labels, t)
        yield from numbered(told, str(before + 1))
    sources = _section(view.labels["sources"], [f"{mark} {text}" for mark, text in view.sources])
    answers = _section(view.labels["answers"], view.answers or (view.labels["no_answers"],))
    for number, item in enumerate((*sources, *answers), len(view.decisions) + 1):
        yield GAP
        yield from numbered(item, str(number))
    yield GAP
    yield view.frame.status


def numbered(item: Item, number: str) -> Iterator[str]:
    """A statement with its number, then those below it with theirs."""
    yield f"{number}. {item.text}" if "." not in number else f"{number} {item.text}"
    for index, below in enumerate(item.items, 1):
        yield from numbered(below, f"{number}.{index}")


def _decision(view: DecisionView, ways: Sequence[str], labels: dict[str, str], t: Locale) -> Item:
    """A decision: the verdict first, then what to do, then why."""
    verdict = t("result.joined").join(filter(None, (view.verdict_word, view.evidence)))
    said = [one for one in (verdict, view.title, view.doubt, *view.soon, *view.when) if one]
    papers = view.papers_title.format(
        done=sum(paper.ticked for paper in view.papers), all=len(view.papers)
    )
    return Item(
        view.question,
        (
            *map(Item, said),
            *_section(labels["steps"], view.steps),
            *_section(labels["ways"], ways),
            *_section(papers, [_paper(paper, t) for paper in view.papers]),
            *_section(labels["papers_maybe"], view.papers_maybe),
            *map(Item, filter(None, [view.papers_not])),
            *_section(labels["where"], view.where),
            *_section(labels["ask"], view.ask),
            *_section(labels["question_to_ask"], tuple(filter(None, [view.question_to_ask]))),
            *_section(labels["why"], view.reasons),
            *_section(labels["dispute"], view.dispute),
            *_section(labels["dissent"], view.dissent),
            *_section(labels["missing"], view.missing),
            *_section(labels["possible"], view.possible),
        ),
    )


def _section(heading: str, texts: Sequence[str]) -> Iterable[Item]:
    """A heading with its statements; nothing where there are none.

    What is indented, as the reasons of one side of a dispute are, belongs to the statement before
    it; so do the further lines of one, such as a source's address.
    """
    told: list[tuple[str, list[Item]]] = []
    for text in texts:
        first, *rest = text.split("\n")
        if first.startswith(" ") and told:
            rest.insert(0, first)
        else:
            told.append((first.strip(), []))
        told[-1][1].extend(Item(line.strip()) for line in rest if line.strip())
    return [Item(heading, tuple(Item(one, tuple(below)) for one, below in told))] if told else []


def _paper(paper: Paper, t: Locale) -> str:
    return t("plain.noted", label=paper.title, note=paper.note) if paper.note else paper.title
