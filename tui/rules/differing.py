"""What differs between two sets of rules, in words: what changed for whom, and by which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.adjudication import NEEDED, NOT_COVERED
from engine.analysis.difference import Reply
from engine.batch.privacy import is_identity_number
from tui.rules.box_words import common, described, joined
from tui.rules.document import Column, Heading, Paragraph, Rows, Table
from tui.rules.words import RuleWords
from tui.text.safe import safe
from tui.verdicts import verdict_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from engine.analysis.boxes import Part
    from engine.analysis.difference import Change, Comparison
    from engine.batch.transitions import Said, Transitions
    from tui.locale import Locale
    from tui.rules.document import Block
    from tui.rules.sides import Found, Plan

LONGEST = 60
"""An id of a case is cut there: it is the bureau's own, and no text to read."""
_NO_RULE = ("no_rule", "tie")
_PLAIN = ("value",)
_DATED = ("value", "from", "until")


def differing(
    plan: Plan, found: list[Found], cases: Transitions | None, locale: Locale
) -> list[Block]:
    """The document: what was compared, then place by place, then the rules, then the cases."""
    return _Differing(plan, locale).blocks(found, cases)


class _Differing:
    def __init__(self, plan: Plan, locale: Locale) -> None:
        self.plan, self.t = plan, locale
        self.before = RuleWords(plan.both.before, locale)
        self.after = RuleWords(plan.both.after, locale)
        self.cited: dict[str, RuleWords] = {}
        """The rules named, each with the words of the version it is of."""
        self.told: dict[Hashable, str] = {}
        """The changes of a decision told before, with the place they were told of."""

    def blocks(self, found: list[Found], cases: Transitions | None) -> list[Block]:
        """Everything, in order."""
        t = self.t
        blocks: list[Block] = [
            Heading(1, t("diff.heading")),
            Rows((
                (t("diff.row.before"), (self._side(0, self.before),)),
                (t("diff.row.after"), (self._side(1, self.after),)),
            )),
            Paragraph(t("diff.intro")),
            *self._versions(),
        ]  # fmt: skip
        same = [one for one in found if not one.changed]
        for one in found:
            if one.changed:
                blocks += self._place(one)
        if same:
            names = t("result.listed").join(self._places(one) for one in same)
            key = "diff.nowhere" if len(same) == len(found) else "diff.same_places"
            blocks.append(Paragraph(t(key, places=names)))
        blocks += self._rules()
        return [*blocks, *(self._cases(cases) if cases is not None else [])]

    # -- what is compared -----------------------------------------------------------------------

    def _side(self, number: int, words: RuleWords) -> str:
        t, asked = self.t, self.plan.asked[number]
        place = words.place_name(asked.place) if asked.place else t("diff.every_place")
        text = t("diff.side", place=place, day=self.plan.pairs[0][number].day.isoformat())
        return t("diff.folder", side=text, folder=safe(asked.folder)) if asked.folder else text

    def _versions(self) -> Iterator[Block]:
        """What only one version has, and what means something else."""
        t, rows = self.t, []
        for one in self.plan.both.differences:
            texts = []
            for how in ("removed", "added", "changed"):
                names = getattr(one, how)
                if names:
                    listed = t("result.listed").join(map(safe, names))
                    texts.append(t(f"diff.{how}", n=len(names), names=listed))
            rows.append((t(f"diff.kind.{one.kind}"), tuple(texts)))
        if rows:
            yield Heading(2, t("diff.vocabulary"))
            yield Rows(tuple(rows))

    def _places(self, found: Found) -> str:
        one, other = (words.place_name(side.place) for words, side in
                      ((self.before, found.before), (self.after, found.after)))  # fmt: skip
        return one if one == other else self.t("diff.from_to", before=one, after=other)

    # -- one place -------------------------------------------------------------------------------

    def _place(self, found: Found) -> Iterator[Block]:
        t = self.t
        if len(self.plan.pairs) > 1:
            yield Heading(2, self._places(found))
        columns = (
            Column(t("rules.column.question"), loose="wrap"),
            Column(t("diff.column.status")),
            Column(t("diff.column.differing"), right=True),
            Column(t("diff.column.classes"), right=True),
        )
        rows = []
        for one in found.comparisons:
            if one.status != "neither":
                counts = (f"{one.differing:,}", f"{one.classes:,}") if one.classes else ("", "")
                rows.append((self._question(one.decision), t(f"diff.status.{one.status}"), *counts))
        yield Table(columns, tuple(rows))
        for one in found.comparisons:
            if not one.changes:
                continue
            title = t("rules.titled", title=self._question(one.decision), id=one.decision)
            told = one.decision, *((each.before, each.after, each.boxes) for each in one.changes)
            place = self.told.setdefault(told, self._places(found))
            if place != self._places(found):
                yield Paragraph(t("diff.as_in", title=title, place=place))
                continue
            yield Heading(2 if len(self.plan.pairs) == 1 else 3, title)
            yield from self._decision(one)

    def _question(self, decision: str) -> str:
        return self.after.say(self.after.library.decisions[decision].question)

    def _decision(self, one: Comparison) -> Iterator[Block]:
        t = self.t
        shared = common(box for change in one.changes for box in change.boxes)
        if len(one.changes) == 1:
            shared = ()
        if shared:
            yield Paragraph(t("diff.all_of", parts=joined(self.before, shared)))
        for number, change in enumerate(one.changes, 1):
            share = t.count("diff.classes", change.classes)
            yield Heading(4, t("diff.change", n=number, classes=share))
            yield Rows(tuple(self._change(one.decision, change, shared)))

    def _change(
        self, decision: str, change: Change, shared: tuple[Part, ...]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        t = self.t
        yield t("diff.row.who"), tuple(self._who(change, shared))
        before, after = self.before, self.after
        yield t("diff.row.was"), (answered(before, decision, change, after=False),)
        yield t("diff.row.is"), (answered(after, decision, change, after=True),)
        for key, listed in (
            ("more", papers(after, decision, change.after, change.before)),
            ("fewer", papers(before, decision, change.before, change.after)),
        ):
            yield t(f"diff.row.{key}"), (listed,) if listed else ()
        rules = [t("result.listed").join(names) or t("diff.none")
                 for names in (change.rules_before, change.rules_after)]  # fmt: skip
        self.cited |= dict.fromkeys(change.rules_before, self.before)
        self.cited |= dict.fromkeys(change.rules_after, self.after)
        same = change.rules_before == change.rules_after
        yield (
            t("diff.row.rules"),
            (rules[0] if same else t("diff.from_to", before=rules[0], after=rules[1]),),
        )

    def _who(self, change: Change, shared: tuple[Part, ...]) -> Iterator[str]:
        """The boxes of a change without the parts said before; parts of all of them said once."""
        yield from described(self.before, change.boxes, shared)
        if change.rest:
            yield self.t.count("diff.rest", change.rest)

    # -- rules and cases -------------------------------------------------------------------------

    def _rules(self) -> Iterator[Block]:
        """The rules named above, with where they are written."""
        rows = []
        for name, words in self.cited.items():
            rule = words.library.rules[name]
            rows.append((name, (words.period(rule.in_force), *map(words.cited, rule.sources))))
        if rows:
            yield Heading(2, self.t("diff.rules"))
            yield Rows(tuple(rows))

    def _cases(self, cases: Transitions) -> Iterator[Block]:
        t = self.t
        yield Heading(2, t("diff.cases.heading"))
        yield Paragraph(t("diff.cases.intro"))
        counts = t("diff.cases.counts", cases=cases.cases, decided=cases.decided,
                   errors=cases.errors.total())  # fmt: skip
        yield Paragraph(counts)
        if cases.errors:
            yield Rows(((t("diff.cases.errors"), tuple(
                t("diff.figure", name=safe(code), value=n) for code, n in cases.errors.items())),
            ))  # fmt: skip
        columns = (
            Column(t("diff.row.was"), loose="wrap"), Column(t("diff.row.is"), loose="wrap"),
            Column(t("diff.column.cases"), right=True),
            Column(t("diff.column.examples"), loose="cut"),
        )  # fmt: skip
        for decision, matrix in cases.decisions.items():
            if not matrix:
                continue
            rows = [
                (said(self.before, decision, before),
                 said(self.after, decision, after) if before != after else t("diff.cases.same"),
                 str(one.count), self._ids(one.examples))
                for (before, after), one in sorted(
                    matrix.items(), key=lambda item: (item[0][0] == item[0][1], -item[1].count))
            ]  # fmt: skip
            yield Heading(3, t("rules.titled", title=self._question(decision), id=decision))
            yield Table(columns, tuple(rows))

    def _ids(self, names: Iterable[str]) -> str:
        t = self.t
        return t("result.listed").join(shown_id(one) or t("report.no_id") for one in names)


def shown_id(name: str) -> str:
    """The id of a case as far as it is shown; nothing where it says who somebody is."""
    return "" if is_identity_number(name) else safe(name, LONGEST)


def said(words: RuleWords, decision: str, reply: Reply | Said) -> str:
    """What a side says of a decision: the verdict and the title of the outcome."""
    t = words.locale
    if reply.verdict in _NO_RULE:
        return t(f"diff.{reply.verdict}")
    verdict = verdict_words(t, words.library.decisions[decision], reply.verdict)
    if reply.outcome == NOT_COVERED:
        return t("result.not_covered")
    if reply.sides:
        titles = t("rules.one_of").join(
            t("rules.quoted", value=words.title(decision, one)) for one in reply.sides
        )
        return t("diff.said", verdict=verdict, title=titles)
    if reply.outcome in words.library.decisions[decision].outcomes:
        return t("diff.said", verdict=verdict, title=words.title(decision, reply.outcome))
    states = dict(reply.items)
    needed = words.documents(one for one in words.library.decisions[decision].items
                             if states.get(one) == NEEDED)  # fmt: skip
    if needed:
        return t("rules.needs", titles=needed)
    return t("result.no_papers") if reply.outcome else verdict


def answered(words: RuleWords, decision: str, change: Change, *, after: bool) -> str:
    """What a side answers to the classes of a change, with the figures that can be compared."""
    t, reply = words.locale, change.after if after else change.before
    # Where the outcome is another, its dates are those of another thing: only sums count.
    names = _DATED if change.before.outcome == change.after.outcome else _PLAIN
    figures = [t("diff.figure", name=t(f"rules.row.{one.name}"), value=words.value(one.value))
               for one in reply.figures if one.name in names]  # fmt: skip
    text = said(words, decision, reply)
    note = t("rules.box_and").join(figures)
    return t("diff.with_figures", text=text, figures=note) if figures else text


def papers(words: RuleWords, decision: str, more: Reply, fewer: Reply) -> str:
    """The papers that one answer asks for and another does not."""
    needed = [{item for item, state in one.items if state == NEEDED} for one in (more, fewer)]
    items = words.library.decisions[decision].items
    return words.documents(item for item in items if item in needed[0] - needed[1])
