"""What the answers were before and are now: counts of classes, their cases, and why each."""

from __future__ import annotations

import zlib
from itertools import islice
from typing import TYPE_CHECKING

from engine.errors import TongbaoError
from engine.examples import NO_DAY
from engine.explanation.explain import explain_data
from engine.vocabulary import AS_OF
from tui.explain.speaking import speaker
from tui.rules.differing import said
from tui.rules.words import RuleWords
from tui.speaker import Speaker
from tui.text.safe import safe
from tui.views.result import cited
from tui.views.why import why_view
from tui.workbench.shapes import (
    BETWEEN,
    Figure,
    Line,
    ListView,
    Matrix,
    Part,
    ReasonsView,
    WhyPageView,
)
from tui.workbench.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from engine.analysis.difference import Reply
    from engine.checker import Checker
    from engine.workbench.board import Moved
    from tui.journey import Journey
    from tui.workbench.wording import Told

_ORDER = (
    "eligible", "action_needed", "stated", "not_applicable", "not_eligible", "unclear",
    "undecided", "disputed", "tie", "no_rule",
)  # fmt: skip
_MOST = 200
_SIGNED = 8
"""Of the order the first are verdicts, which have a sign."""


class Comparing:
    """Makes the pages that compare the rules as they are with those before."""

    def __init__(
        self, told: Told, checker: Checker | None, before: Checker | None, journey: Journey | None
    ) -> None:
        self.told, self.checker, self.before, self.journey = told, checker, before, journey
        self.as_of = journey.as_of if journey is not None else NO_DAY
        self.wording, self.t = Wording(told), told.locale

    # -- from then to now ------------------------------------------------------------------------

    def moved(self, _about: str) -> ListView:
        """Every answer that became another, with the number of classes."""
        t, board = self.t, self.told.board
        every = sum(one.classes for one in board.moved)
        since = self.wording.since()
        if "moved" in board.pending:
            heading = t("workbench.comparing", since=since)
        elif not every:
            heading = t("workbench.unmoved", since=since)
        else:
            heading = t.count("workbench.changed_since", every, since=since)
        parts: dict[str, list[Line]] = {}
        for (decision, _), several in islice(self._pairs().items(), _MOST):
            parts.setdefault(decision, []).append(self._pair(several))
        more = len(self._pairs()) - _MOST
        return ListView(
            self.wording.frame(t("workbench.moved_status") if every else ""), heading,
            told=(t("workbench.more_pairs", n=more),) if more > 0 else (),
            columns=(t("workbench.column.classes"),),
            parts=tuple(Part(self.wording.question(one), tuple(lines))
                        for one, lines in parts.items()),
            matrix=self._matrix() if every else None, number=board.number,
        )  # fmt: skip

    def _pairs(self) -> dict[tuple[str, str], list[Moved]]:
        """The changes of each decision from one answer to another, those of all places together."""
        found: dict[tuple[str, str], list[Moved]] = {}
        for one in sorted(self.told.board.moved, key=lambda one: -one.classes):
            found.setdefault((one.decision, _named(one)), []).append(one)
        return found

    def _pair(self, several: Sequence[Moved]) -> Line:
        t, one = self.t, several[0]
        classes = sum(each.classes for each in several)
        places = [
            t("workbench.at_place", place=self._place(each.region), classes=f"{each.classes:,}")
            for each in several
        ]
        about = BETWEEN.join((one.decision, _named(one)))
        notes = [*self._sides(one), t("result.listed").join(places)]
        names = [t("result.listed").join(map(safe, rules)) or t("workbench.none")
                 for rules in (one.rules_then, one.rules_now)]  # fmt: skip
        if one.rules_then or one.rules_now:
            notes.append(t("workbench.rules_then_now", then=names[0], now=names[1]))
        return Line(
            f"moved{BETWEEN}{about}", self._change(one),
            figures=(Figure(f"{classes:,}"),), notes=tuple(notes),
            opens=("bench_cases", about), decision=one.decision,
        )  # fmt: skip

    def _change(self, one: Moved) -> str:
        """Both verdicts."""
        then, now = (self._verdict(reply.verdict) for reply in (one.then, one.now))
        return self.t("workbench.then_now", then=then, now=now)

    def _sides(self, one: Moved) -> tuple[str, str]:
        """Both answers, each after a word that tells which."""
        then, now = self._replies(one)
        return self.t("workbench.was", said=then), self.t("workbench.is", said=now)

    def _replies(self, one: Moved) -> tuple[str, str]:
        """Both answers in words; figures are named where the words alone are the same."""
        sides = [(RuleWords(library, self.t), reply)
                 for library, reply in ((self.told.before, one.then), (self.told.library, one.now))
                 if library is not None]  # fmt: skip
        texts = [said(words, one.decision, reply) for words, reply in sides]
        if len({*texts}) == 1:
            texts = [self._figured(words, reply, text)
                     for (words, reply), text in zip(sides, texts, strict=True)]  # fmt: skip
        return (texts[0], texts[-1]) if texts else ("", "")

    def _figured(self, words: RuleWords, reply: Reply, text: str) -> str:
        t = self.t
        figures = [t("diff.figure", name=t(f"rules.row.{one.name}"), value=words.value(one.value))
                   for one in reply.figures]  # fmt: skip
        note = t("rules.box_and").join(figures)
        return t("diff.with_figures", text=text, figures=note) if figures else text

    def _place(self, region: str) -> str:
        library = self.told.library
        if library is None or self.wording.words is None or region not in library.places:
            return safe(region) or self.t("workbench.elsewhere")
        return self.wording.words.place_name(region)

    def _matrix(self) -> Matrix:
        """The classes by what their verdict was and is, over all decisions."""
        counts: dict[tuple[str, str], int] = {}
        for one in self.told.board.moved:
            key = one.then.verdict, one.now.verdict
            counts[key] = counts.get(key, 0) + one.classes
        rows, columns = ([name for name in _ORDER if any(pair[side] == name for pair in counts)]
                         for side in (0, 1))  # fmt: skip
        return Matrix(
            self.t("workbench.matrix"), tuple(map(self._verdict, rows)),
            tuple(map(self._verdict, columns)),
            tuple(tuple(counts.get((row, column), 0) for column in columns) for row in rows),
        )  # fmt: skip

    def _verdict(self, verdict: str) -> str:
        """A verdict with its sign."""
        if verdict not in _ORDER[:_SIGNED]:
            return self.t(f"diff.{verdict}")
        sign = self.told.glyphs.verdict(verdict)
        return self.t("explain.verdict", sign=sign, word=self.t(f"verdict.{verdict}"))

    # -- cases -----------------------------------------------------------------------------------

    def cases(self, about: str) -> ListView | None:
        """Some of the cases of a change."""
        several = self._pair_of(about)
        if not several:
            return None
        t = self.t
        parts = []
        for one in several:
            lines = tuple(
                Line(
                    BETWEEN.join(("case", about, one.region, str(number))), self.facts(case),
                    opens=("bench_whys", BETWEEN.join((about, one.region, str(number)))),
                    decision=one.decision,
                )
                for number, case in enumerate(one.examples)
            )  # fmt: skip
            place = self._place(one.region)
            heading = t("workbench.cases_of", place=place, shown=len(lines), n=f"{one.classes:,}")
            parts.append(Part(heading, lines))
        return ListView(
            self.wording.frame(t("workbench.cases_status")),
            self._change(several[0]),
            told=(self.wording.question(several[0].decision), *self._sides(several[0])),
            parts=tuple(parts), number=self.told.board.number,
        )  # fmt: skip

    def _pair_of(self, about: str) -> list[Moved]:
        decision, name = about.split(BETWEEN)[:2]
        return self._pairs().get((decision, name), [])

    def facts(self, case: Mapping[str, object]) -> str:
        """What a case says, in words."""
        return self.t("rules_pages.rule.and").join(self._facts(case))

    def _facts(self, case: Mapping[str, object]) -> Iterator[str]:
        t, library = self.t, self.told.library
        if library is None or self.journey is None:
            return
        say, known = Speaker(self.journey, t, self.told.glyphs), library.vocabulary.facts
        if AS_OF in case:
            day = say.date(str(case[AS_OF]))
            yield t("result.answer_line", label=t("rules.value.as_of"), value=day)
        for name, value in case.items():
            if name in known:
                shown = say.value(known[name], value)
                yield t("result.answer_line", label=say.label(name), value=shown)

    # -- why -------------------------------------------------------------------------------------

    def whys(self, about: str) -> WhyPageView | None:
        """Why a case was answered as it was, and why as it is now."""
        decision, name, region, number = about.split(BETWEEN)
        found = [one for one in self._pair_of(BETWEEN.join((decision, name)))
                 if one.region == region]  # fmt: skip
        if not found or int(number) >= len(found[0].examples):
            return None
        t, case = self.t, found[0].examples[int(number)]
        day = found[0].day or self.as_of
        since = self.wording.since()
        return WhyPageView(
            self.wording.frame(t("workbench.whys_status")), self.wording.question(decision),
            (self.facts(case),),
            (self._reasons(self.before, decision, case, day, t("workbench.then", since=since)),
             self._reasons(self.checker, decision, case, day, t("workbench.now"))),
        )  # fmt: skip

    def why(self, about: str) -> WhyPageView | None:
        """Why a failing example came out as it did."""
        example, decision = about.split(BETWEEN)
        several = [one for one in self.told.board.failing
                   if (one.example, one.decision) == (example, decision)]  # fmt: skip
        if not several:
            return None
        wording, t, one = self.wording, self.t, several[0]
        came = "\n".join(map(wording.came, several))
        told = ReasonsView(came, (), None)
        if decision:
            told = self._reasons(self.checker, decision, one.case, NO_DAY, came)
        where = t("workbench.written_at", file=safe(one.file), line=one.line)
        return WhyPageView(
            wording.frame(t("workbench.why_status")), wording.question(decision),
            (wording.example(example), where, self.facts(one.case)), (told,),
        )  # fmt: skip

    def _reasons(
        self, checker: Checker | None, decision: str, case: Mapping[str, object], day: date,
        heading: str,
    ) -> ReasonsView:  # fmt: skip
        """Why a case comes out under one version of the rules, on a day where it names none."""
        t = self.t
        if checker is None or decision not in checker.library.decisions:
            return ReasonsView(heading, (t("workbench.no_version"),), None)
        try:
            found = explain_data(checker, dict(case), day, [decision])
            if found.result.faults or found.case is None or decision not in found.decisions:
                return ReasonsView(
                    heading, tuple(safe(one.message) for one in found.result.faults), None
                )
            say = speaker(checker, found.case, decision, t)
            say = Speaker(say.journey, t, self.told.glyphs)
            explained = found.decisions[decision]
            view = why_view(say, found.case, decision, explained, cited(say, found.result))
        except TongbaoError as error:
            return ReasonsView(heading, (safe(error),), None)
        return ReasonsView(heading, (), view)


def _named(one: Moved) -> str:
    """A change by what it was and is: the same from look to look."""
    return f"{zlib.crc32(repr((one.then, one.now)).encode()):08x}"
