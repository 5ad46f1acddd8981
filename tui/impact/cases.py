"""What becomes of the cases of a file: how many change, which way, where; ids and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.analysis.direction import DIRECTIONS, direction
from engine.batch.tally import OTHER
from tui.impact.model import CaseFile, Counted, Grid
from tui.rules.differing import said, shown_id
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.analysis.direction import Direction
    from engine.batch.transitions import Said, Transition, Transitions
    from tui.rules.sides import Plan
    from tui.rules.words import RuleWords

    Matrix = Mapping[tuple[Said, Said], Transition]

PLACES = 40


def case_file(plan: Plan, cases: Transitions, before: RuleWords, after: RuleWords) -> CaseFile:
    """The counts of a file in words."""
    return _Cases(plan, cases, before, after).told()


class _Cases:
    def __init__(
        self, plan: Plan, cases: Transitions, before: RuleWords, after: RuleWords
    ) -> None:  # fmt: skip
        self.plan, self.cases, self.t = plan, cases, before.locale
        self.before, self.after = before, after

    def told(self) -> CaseFile:
        t, cases = self.t, self.cases
        counts = t("diff.cases.counts", cases=f"{cases.cases:,}", decided=f"{cases.decided:,}",
                   errors=f"{cases.errors.total():,}")  # fmt: skip
        rows = [(t(f"report.error.{code}") if f"report.error.{code}" in t else safe(code),
                 f"{n:,}") for code, n in cases.errors.most_common()]  # fmt: skip
        heads = t("report.kind"), t("report.cases")
        errors = Grid(heads, tuple(rows)) if rows else None
        decisions = tuple(self._decision(name, matrix)
                          for name, matrix in cases.decisions.items() if matrix)  # fmt: skip
        return CaseFile((t("diff.cases.intro"), counts), errors, decisions)

    def _decision(self, name: str, matrix: Matrix) -> Counted:
        t, whole = self.t, self.cases.decided
        title = self.after.say(self.after.library.decisions[name].question)
        changed = {pair: one for pair, one in matrix.items() if pair[0] != pair[1]}
        count = sum(one.count for one in changed.values())
        ways = Counter[str]()
        for pair, one in changed.items():
            ways[_way(pair)] += one.count
        key = "impact.cases.sentence" if count else "impact.cases.same"
        listed = t("impact.joint").join(
            t("impact.way", way=t(f"impact.direction.{way}"), n=f"{ways[way]:,}")
            for way in DIRECTIONS if ways[way]
        )  # fmt: skip
        sentence = t(key, n=f"{count:,}", cases=f"{whole:,}", share=_share(count, whole),
                     ways=listed)  # fmt: skip
        return Counted(title, sentence, self._changes(name, changed, whole), self._places(matrix))

    def _changes(self, name: str, changed: Matrix, whole: int) -> Grid:
        t = self.t
        order = {way: rank for rank, way in enumerate(DIRECTIONS)}
        rows = []
        for pair, one in sorted(changed.items(), key=lambda it: (order[_way(it[0])], -it[1].count)):
            ids = [shown_id(each) or t("report.no_id") for each in one.examples]
            rows.append((
                t(f"impact.direction.{_way(pair)}"), said(self.before, name, pair[0]),
                said(self.after, name, pair[1]), f"{one.count:,}", _share(one.count, whole),
                t("result.listed").join(dict.fromkeys(ids)),
            ))  # fmt: skip
        heads = ("impact.column.way", "diff.row.was", "diff.row.is", "diff.column.cases",
                 "impact.column.share", "diff.column.examples")  # fmt: skip
        return Grid(tuple(map(t, heads)), tuple(rows))

    def _places(self, matrix: Matrix) -> Grid:
        """By the places the cases name: how many there are, how many change, and which way."""
        t = self.t
        every, ways = Counter[str | None](), dict[str | None, Counter[str]]()
        for pair, one in matrix.items():
            for place, count in one.places.items():
                every[place] += count
                if pair[0] != pair[1]:
                    ways.setdefault(place, Counter())[_way(pair)] += count
        listed = every.most_common(PLACES)
        others = every.keys() - dict(listed)
        if others:
            rest = sum((ways.pop(one, Counter()) for one in others), Counter[str]())
            listed.append((OTHER, sum(every[one] for one in others)))
            ways[OTHER] = rest
        used = [way for way in DIRECTIONS if any(one[way] for one in ways.values())]
        rows = []
        for place, count in listed:
            mine = ways.get(place, Counter())
            counts = [f"{mine[way]:,}" if mine[way] else "" for way in used]
            rows.append((self._place(place), f"{count:,}", f"{mine.total():,}",
                         _share(mine.total(), count), *counts))  # fmt: skip
        heads = ("impact.column.place", "diff.column.cases", "impact.column.changed",
                 "impact.column.share", *(f"impact.direction.{way}" for way in used))  # fmt: skip
        return Grid(tuple(map(t, heads)), tuple(rows))

    def _place(self, code: str | None) -> str:
        if code == OTHER:
            return self.t("report.other")
        if code is None:
            return self.t("report.no_place")
        return self.t("report.coded", name=self.before.place_name(code), code=code)


def _way(pair: tuple[Said, Said]) -> Direction:
    return direction(pair[0].verdict, pair[1].verdict)


def _share(part: int, whole: int) -> str:
    return f"{part / (whole or 1):.1%}"
