"""The report on a change as one page: nothing is loaded, nothing runs, A4 paper will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.impact.style import SHEET
from tui.report.bars import swatch
from tui.report.markup import Markup, document, element, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.impact.model import (
        Answer,
        CaseFile,
        Cited,
        Grid,
        Group,
        Question,
        Report,
        RuleTold,
    )
    from tui.locale import Locale


def page(report: Report, t: Locale) -> str:
    """The whole page; every text in it is escaped."""
    body = element("body", element("main", *_Page(t).sections(report)))
    return document(report.title, SHEET, body, t.lang)


class _Page:
    def __init__(self, t: Locale) -> None:
        self.t = t

    def sections(self, report: Report) -> Iterator[Markup]:
        t = self.t
        yield element("h1", report.title)
        yield _rows((label, [text]) for label, text in report.sides)
        yield element("h2", t("impact.short"))
        short = report.short or (t("impact.nothing"),)
        yield element("ul", *(element("li", one) for one in short), class_="short")
        yield element("p", report.intro, class_="soft")
        for place in report.places:
            yield element("h2", place.name)
            for question in place.questions:
                yield from self.question(question)
        if report.unchanged:
            yield element("p", report.unchanged)
        if report.cases is not None:
            yield from self.cases(report.cases)
        coming = [(label, texts) for label, texts in report.coming if texts]
        yield element("h2", t("impact.coming"))
        yield _rows(coming) if coming else element("p", t("impact.nothing_comes"))
        yield element("h2", t("impact.gaps"))
        yield element("ul", *(element("li", one) for one in report.gaps))
        if report.rules:
            rules = map(self.rule, report.rules)
            yield element("section", element("h2", t("impact.rulings")), *rules, class_="rulings")
        yield element("p", t("app.disclaimer"), class_="soft")

    def question(self, one: Question) -> Iterator[Markup]:
        yield element("h3", one.title, " ", element("code", one.id))
        yield element("p", one.sentence)
        if one.matrix is not None:
            yield _table(one.matrix, "grid total")
        if one.shared:
            yield element("p", one.shared, class_="soft")
        for number, group in enumerate(one.groups, 1):
            yield self.group(number, group)

    def group(self, number: int, one: Group) -> Markup:
        t, before, after = self.t, one.before, one.after
        told: list[tuple[str, Sequence[str]]] = [
            (t("impact.who"), [element("div", *(element("div", each) for each in one.who),
                                       class_="alternatives")]),
            (t("diff.row.was"), [_verdict(before)]),
            (t("diff.row.is"), [_verdict(after)]),
            *((label, [text]) for label, text in one.papers),
        ]  # fmt: skip
        if before.rules == after.rules:
            told.append((t("impact.rules_both"), [*map(self.named, before.rules)]))
        else:
            told.append((t("impact.rules_before"), [*map(self.named, before.rules)]))
            told.append((t("impact.rules_after"), [*map(self.named, after.rules)]))
        told.append((t("impact.example"), one.family))
        title = t("impact.group", n=number, way=t(f"impact.direction.{one.direction}"),
                  share=one.share)  # fmt: skip
        return element("article", element("h4", title), _rows(told), class_=one.direction)

    def named(self, rule: RuleTold) -> Markup:
        """A rule by its reason, which leads to all of it, with where it is written."""
        text = self.t("impact.numbered", n=rule.number, text=rule.because)
        sources = self.t("impact.joint").join(one.short for one in rule.sources)
        link = element("a", text, href=f"#{rule.anchor}")
        return element("div", link, element("div", sources, class_="soft"))

    def rule(self, rule: RuleTold) -> Markup:
        rows = [(self.t("rules.row.because"), [rule.because]), *rule.rows,
                (self.t("rules.row.sources"), [*map(_source, rule.sources)])]  # fmt: skip
        title = self.t("impact.numbered", n=rule.number, text=rule.conclusion)
        head = element("h3", title)
        return element("article", head, _rows(rows), element("code", rule.id), id=rule.anchor)

    def cases(self, file: CaseFile) -> Iterator[Markup]:
        t = self.t
        yield element("h2", t("diff.cases.heading"))
        yield from (element("p", one) for one in file.intro)
        if file.errors is not None:
            yield _table(file.errors)
        for one in file.decisions:
            yield element("h3", one.title)
            yield element("p", one.sentence)
            if one.changes.rows:
                yield _table(one.changes)
                yield element("h4", t("impact.by_place"))
                yield _table(one.places, "grid")


def _rows(rows: Iterable[tuple[str, Sequence[str]]]) -> Markup:
    return element("dl", *(
        joined(element("dt", label), element("dd", *(
            one if isinstance(one, Markup) and one.startswith("<div") else element("div", one)
            for one in texts
        )))
        for label, texts in rows if texts
    ))  # fmt: skip


def _verdict(answer: Answer) -> Markup:
    return element("div", swatch(answer.verdict), answer.text, class_="verdict")


def _source(one: Cited) -> Markup:
    if not one.address:
        return element("div", one.text)
    link = element("a", one.address, href=one.address, rel="noreferrer")
    return element("div", one.text, " ", link)


def _cell(cell: str) -> Markup:
    count = not cell.strip("0123456789,.%")
    return element("td", cell, class_="n") if count else element("td", cell)


def _table(grid: Grid, kind: str = "") -> Markup:
    head = element("tr", *(element("th", one) for one in grid.heads))
    lines = [element("tr", *map(_cell, row)) for row in grid.rows]
    table = element("table", element("thead", head), element("tbody", *lines), class_=kind)
    return element("div", table, class_="wide")
