"""The report on a change as Markdown: the same sections, every foreign text escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.rules.document import Column, Heading, Paragraph, Rows, Table, as_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.impact.model import CaseFile, Cited, Grid, Group, Question, Report, RuleTold
    from tui.locale import Locale
    from tui.rules.document import Block


def text(report: Report, t: Locale) -> str:
    """The whole report."""
    return as_markdown([*_sections(report, t)])


def _sections(report: Report, t: Locale) -> Iterator[Block]:
    yield Heading(1, report.title)
    yield Rows(tuple((label, (one,)) for label, one in report.sides))
    yield Heading(2, t("impact.short"))
    yield from map(Paragraph, report.short or (t("impact.nothing"),))
    yield Paragraph(report.intro)
    for place in report.places:
        yield Heading(2, place.name)
        for question in place.questions:
            yield from _question(question, t)
    if report.unchanged:
        yield Paragraph(report.unchanged)
    if report.cases is not None:
        yield from _cases(report.cases, t)
    yield Heading(2, t("impact.coming"))
    coming = tuple(one for one in report.coming if one[1])
    yield Rows(coming) if coming else Paragraph(t("impact.nothing_comes"))
    yield Heading(2, t("impact.gaps"))
    yield Rows(((t("impact.not_covered"), report.gaps),))
    if report.rules:
        yield Heading(2, t("impact.rulings"))
    for rule in report.rules:
        yield Heading(3, t("impact.numbered", n=rule.number, text=rule.conclusion))
        yield Rows((
            (t("impact.rule"), (rule.id,)), (t("rules.row.because"), (rule.because,)), *rule.rows,
            (t("rules.row.sources"), tuple(map(_source, rule.sources))),
        ))  # fmt: skip
    yield Paragraph(t("app.disclaimer"))


def _question(one: Question, t: Locale) -> Iterator[Block]:
    yield Heading(3, t("rules.titled", title=one.title, id=one.id))
    yield Paragraph(one.sentence)
    if one.matrix is not None:
        yield _table(one.matrix)
    if one.shared:
        yield Paragraph(one.shared)
    for number, group in enumerate(one.groups, 1):
        yield Heading(4, t("impact.group", n=number, share=group.share,
                           way=t(f"impact.direction.{group.direction}")))  # fmt: skip
        yield Rows(tuple(_group(group, t)))


def _group(one: Group, t: Locale) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield t("impact.who"), one.who
    yield t("diff.row.was"), (one.before.text,)
    yield t("diff.row.is"), (one.after.text,)
    yield from ((label, (listed,)) for label, listed in one.papers)
    if one.before.rules == one.after.rules:
        yield t("impact.rules_both"), tuple(_named(one.before.rules, t))
    else:
        yield t("impact.rules_before"), tuple(_named(one.before.rules, t))
        yield t("impact.rules_after"), tuple(_named(one.after.rules, t))
    yield t("impact.example"), one.family


def _named(rules: tuple[RuleTold, ...], t: Locale) -> Iterator[str]:
    for rule in rules:
        text = t("impact.numbered", n=rule.number, text=rule.because)
        sources = t("impact.joint").join(one.short for one in rule.sources)
        yield t("rules.labelled", text=text, note=sources) if sources else text


def _source(one: Cited) -> str:
    return f"{one.text} {one.address}".rstrip()


def _cases(file: CaseFile, t: Locale) -> Iterator[Block]:
    yield Heading(2, t("diff.cases.heading"))
    yield from map(Paragraph, file.intro)
    if file.errors is not None:
        yield _table(file.errors)
    for one in file.decisions:
        yield Heading(3, one.title)
        yield Paragraph(one.sentence)
        if one.changes.rows:
            yield _table(one.changes)
            yield _table(one.places)


def _table(grid: Grid) -> Table:
    return Table(tuple(Column(one) for one in grid.heads), grid.rows)
