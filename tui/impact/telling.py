"""Tells a comparison of rules to those who decide: what changes for whom, and on whose word."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.analysis.direction import DIRECTIONS, GRANTED, direction
from engine.analysis.family import Families
from engine.analysis.turnover import turnover
from tui.impact.cases import case_file
from tui.impact.family_words import family_words
from tui.impact.gaps import gaps
from tui.impact.model import Answer, Grid, Group, Place, Question, Report
from tui.impact.rulings import Rulings
from tui.rules.box_words import common, described, joined
from tui.rules.differing import answered, papers
from tui.rules.words import RuleWords
from tui.text.safe import safe
from tui.verdicts import verdict_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from engine.analysis.boxes import Part
    from engine.analysis.difference import Change, Comparison
    from engine.batch.transitions import Transitions
    from engine.checker import Checker
    from tui.locale import Locale
    from tui.rules.sides import Found, Plan


def report(
    plan: Plan, found: Sequence[Found], cases: Transitions | None,
    checkers: tuple[Checker, Checker], t: Locale,
) -> Report:  # fmt: skip
    """The whole report; the checkers of both sides decide its examples."""
    return _Telling(plan, checkers, t).report(found, cases)


def share(part: int, whole: int) -> str:
    """A part of a whole in percent."""
    return f"{part / (whole or 1):.1%}"


class _Telling:
    def __init__(self, plan: Plan, checkers: tuple[Checker, Checker], t: Locale) -> None:
        self.plan, self.checkers, self.t = plan, checkers, t
        alone = plan.pairs[0] if len(plan.pairs) == 1 else None
        self.before, self.after = (
            RuleWords(library, t, side.place if alone else None, side.day)
            for library, side in zip(
                (plan.both.before, plan.both.after), plan.pairs[0], strict=True)
        )  # fmt: skip
        self.rulings = Rulings(plan.both, self.before, self.after)
        self._told: dict[Hashable, str] = {}

    def report(self, found: Sequence[Found], cases: Transitions | None) -> Report:
        t = self.t
        changed = [one for one in found if one.changed]
        places = [self._place(one) for one in changed]
        same = [self.name(one) for one in found if not one.changed]
        unchanged = ""
        if same:
            key = "diff.same_places" if changed else "diff.nowhere"
            unchanged = t(key, places=t("result.listed").join(same))
        short = [t("impact.at", place=place.name, text=question.sentence)
                 if len(self.plan.pairs) > 1 else question.sentence
                 for place in places for question in place.questions
                 if question.worst is not None]  # fmt: skip
        coming = tuple(self._coming())
        counted = None if cases is None else case_file(self.plan, cases, self.before, self.after)
        return Report(
            t("impact.title"),
            (
                (t("diff.row.before"), self._side(0, self.before)),
                (t("diff.row.after"), self._side(1, self.after)),
            ),
            t("impact.intro"), tuple(short), places, unchanged, counted, coming,
            tuple(self.rulings.told.values()),
            tuple(gaps(self.plan, found, cases, self.after)),
        )  # fmt: skip

    # -- what is compared ------------------------------------------------------------------------

    def _side(self, number: int, words: RuleWords) -> str:
        t, asked = self.t, self.plan.asked[number]
        place = words.place_name(asked.place) if asked.place else t("diff.every_place")
        text = t("diff.side", place=place, day=self.plan.pairs[0][number].day.isoformat())
        return t("diff.folder", side=text, folder=safe(asked.folder)) if asked.folder else text

    def name(self, found: Found) -> str:
        """The place of a pair of sides, or the way from one to the other."""
        one, other = (self.before.place_name(found.before.place),
                      self.after.place_name(found.after.place))  # fmt: skip
        return one if one == other else self.t("diff.from_to", before=one, after=other)

    def _coming(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Rules and sources that are new, gone or written otherwise."""
        plan, t = self.plan, self.t
        rules, sources = turnover(plan.both, plan.pairs, plan.decisions)
        for how, names, after in (
            ("gone", rules.gone, False), ("new", rules.new, True), ("changed", rules.changed, True)
        ):  # fmt: skip
            told = [self.rulings.rule(name, plan.pairs[0][after], after=after) for name in names]
            yield (
                t(f"impact.rules.{how}"),
                tuple(t("impact.numbered", n=one.number, text=one.conclusion) for one in told),
            )
        for how, names, words in (
            ("gone", sources.gone, self.before), ("new", sources.new, self.after),
            ("changed", sources.changed, self.after),
        ):  # fmt: skip
            yield t(f"impact.sources.{how}"), tuple(self.rulings.source(words, one)
                                                    for one in names)  # fmt: skip

    # -- one question ----------------------------------------------------------------------------

    def _place(self, found: Found) -> Place:
        questions = [self._question(found, one) for one in found.comparisons
                     if one.status != "neither"]  # fmt: skip
        ranks: dict[str | None, int] = {name: rank for rank, name in enumerate(DIRECTIONS)}
        # The answers that hurt most come first, what does not change last.
        questions.sort(key=lambda one: ranks.get(one.worst, len(ranks)))
        return Place(self.name(found), tuple(questions))

    def _question(self, found: Found, one: Comparison) -> Question:
        t = self.t
        title = self.after.say(self.after.library.decisions[one.decision].question)
        if not one.changes:
            sentence = t("impact.status", question=title, status=t(f"diff.status.{one.status}"))
            return Question(one.decision, title, sentence)
        ways = Counter[str]()
        for change in one.changes:
            ways[direction(change.before.verdict, change.after.verdict)] += change.classes
        listed = t("impact.joint").join(
            t("impact.way", way=t(f"impact.direction.{way}"), n=f"{ways[way]:,}")
            for way in DIRECTIONS if ways[way]
        )  # fmt: skip
        sentence = t("impact.sentence", question=title, differing=f"{one.differing:,}",
                     classes=f"{one.classes or 0:,}", ways=listed,
                     share=share(one.differing, one.classes or 0))  # fmt: skip
        worst = next(way for way in DIRECTIONS if ways[way])
        told = one.decision, *((each.before, each.after, each.boxes) for each in one.changes)
        place = self._told.setdefault(told, self.name(found))
        if place != self.name(found):
            sentence = t("impact.as_in", sentence=sentence, place=place)
            return Question(one.decision, title, sentence, worst=worst)
        shared = common(box for change in one.changes for box in change.boxes)
        shared = shared if len(one.changes) > 1 else ()
        lead = t("diff.all_of", parts=joined(self.before, shared)) if shared else ""
        return Question(
            one.decision, title, sentence, self._matrix(one), lead,
            tuple(self._groups(found, one, shared)), worst,
        )  # fmt: skip

    def _matrix(self, one: Comparison) -> Grid:
        """How many classes go from which verdict to which, and how many keep their answer."""
        t, cells, kept = self.t, Counter[tuple[str, str]](), dict(one.kept)
        for change in one.changes:
            cells[change.before.verdict, change.after.verdict] += change.classes
        order = {name: rank for rank, name in enumerate(VERDICTS)}
        rows = sorted({verdict for verdict, _ in cells} | kept.keys(), key=order.__getitem__)
        columns = sorted({verdict for _, verdict in cells}, key=order.__getitem__)
        lines = []
        for row in rows:
            counts = [cells[row, column] for column in columns] + [kept.get(row, 0)]
            lines.append((self.verdict(one.decision, row), *map(number, counts),
                          number(sum(counts))))  # fmt: skip
        totals = [sum(cells[row, column] for row in rows) for column in columns]
        totals += [sum(kept.values()), one.classes or 0]
        lines.append((t("impact.all"), *map(number, totals)))
        heads = [t("impact.then_now"), *(self.verdict(one.decision, each) for each in columns),
                 t("impact.kept"), t("impact.all")]  # fmt: skip
        return Grid(tuple(heads), tuple(lines))

    def verdict(self, decision: str, verdict: str) -> str:
        """The word of a verdict, or of what is wrong with the rules in its place."""
        if verdict in ("no_rule", "tie"):
            return self.t(f"diff.{verdict}")
        return verdict_words(self.t, self.after.library.decisions[decision], verdict)

    def _groups(
        self, found: Found, one: Comparison, shared: Sequence[Part]
    ) -> Iterator[Group]:  # fmt: skip
        families = Families(self.checkers, (found.before, found.after))
        for change in ordered(one.changes):
            yield self._group(found, one.decision, change, shared, families)

    def _group(
        self, found: Found, decision: str, change: Change, shared: Sequence[Part],
        families: Families,
    ) -> Group:  # fmt: skip
        t, before, after = self.t, self.before, self.after
        who = described(before, change.boxes, shared)
        who += [t.count("diff.rest", change.rest)] if change.rest else []
        lists = (
            (t("diff.row.more"), papers(after, decision, change.after, change.before)),
            (t("diff.row.fewer"), papers(before, decision, change.before, change.after)),
        )
        family = families.of(decision, change)
        told = () if family is None else family_words(family, before, after)
        return Group(
            direction(change.before.verdict, change.after.verdict),
            t.count("impact.kinds", change.classes), tuple(who),
            self._answer(found, decision, change, after=False),
            self._answer(found, decision, change, after=True),
            tuple(one for one in lists if one[1]), tuple(told),
        )  # fmt: skip

    def _answer(self, found: Found, decision: str, change: Change, *, after: bool) -> Answer:
        words, side = (self.after, found.after) if after else (self.before, found.before)
        reply = change.after if after else change.before
        rules = change.rules_after if after else change.rules_before
        return Answer(
            reply.verdict, self.verdict(decision, reply.verdict),
            answered(words, decision, change, after=after),
            tuple(self.rulings.rule(name, side, after=after) for name in rules),
        )  # fmt: skip


VERDICTS = (
    "eligible", "action_needed", "not_eligible", "not_applicable", "stated", "unclear",
    "undecided", "disputed", "no_rule", "tie",
)  # fmt: skip


def ordered(changes: Iterable[Change]) -> list[Change]:
    """The changes that hurt most first, of these what was a yes, then those of more classes."""
    return sorted(changes, key=lambda one: (
        DIRECTIONS.index(direction(one.before.verdict, one.after.verdict)),
        one.before.verdict not in GRANTED, -one.classes,
    ))  # fmt: skip


def number(count: int) -> str:
    """A count as people write it, none at all as nothing."""
    return f"{count:,}" if count else ""
