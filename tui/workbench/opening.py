"""What the rows of the workbench open: a decision, its sources, a rule, a piece of a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine import ruleset_files
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.result import EVIDENCE
from tui.rules.showing import conclusion, place_and_date
from tui.rules.verifying import FindingWords
from tui.rules.words import RuleWords
from tui.rules_pages.asked import Asked
from tui.rules_pages.reading import Reading
from tui.speaker import Frame, Speaker
from tui.text.safe import safe
from tui.workbench.shapes import BETWEEN, ExcerptView, Line, ListView, Part, RulePageView, Spot
from tui.workbench.wording import Wording, fault_line, parted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.analysis.finding import Finding
    from engine.checker import Checker
    from engine.library import Library
    from engine.ruleset import Rule
    from engine.workbench.board import Surviving
    from tui.journey import Journey
    from tui.workbench.shapes import Quoted
    from tui.workbench.wording import Told

_AROUND = 8
"""So many lines above and below the one that is meant."""


@dataclass
class _Beside:
    """What examples are decided by."""

    checker: Checker


class Opening:
    """Makes the pages that the rows of the board lead to; None where what they tell of is gone."""

    def __init__(
        self, told: Told, folder: Path, checker: Checker | None, journey: Journey | None
    ) -> None:
        self.told, self.folder, self.checker, self.journey = told, folder, checker, journey
        self.wording, self.t = Wording(told), told.locale

    @property
    def library(self) -> Library | None:
        """The rules as they were last whole."""
        return self.told.library

    # -- a decision ------------------------------------------------------------------------------

    def decision(self, about: str) -> ListView | None:
        """Everything known of a decision: figures, what is wrong, its rules."""
        row = next((one for one in self.told.board.rows if one.decision == about), None)
        if row is None or self.library is None or about not in self.library.decisions:
            return None
        t, wording = self.t, self.wording
        failing = [one for one in self.told.board.failing if one.decision == about]
        parts = (
            wording.failing(failing),
            wording.part("findings", row.findings, self._finding),
            wording.part("survivors", row.survivors, self._survivor),
            *self._rules(about),
        )  # fmt: skip
        figures = (
            t("diff.figure", name=title, value=figure.full or figure.short)
            for title, figure in zip(wording.columns(), wording.figures(row), strict=True)
        )
        return ListView(
            wording.frame(t("workbench.rules_status")), wording.question(about),
            told=(t("result.listed").join(figures),),
            parts=tuple(part for part in parts if part.lines), number=self.told.board.number,
        )  # fmt: skip

    def _finding(self, one: Finding) -> Line:
        """What the proof found."""
        words = FindingWords(self._whole(), self.t)
        first, *others = words.lines(one)
        at = words.place(one)
        about = BETWEEN.join((at.file, str(at.line), "0"))
        return Line(
            BETWEEN.join(("finding", first, *others)), safe(first), "fails",
            notes=tuple(safe(text.strip()) for text in others), opens=("bench_file", about),
            spot=Spot(at.file, at.line, at.column), decision=one.decision,
        )  # fmt: skip

    def _whole(self) -> Library:
        """The rules, of which what is told was found."""
        if self.library is None:
            raise LookupError("nothing is told of rules that were never whole")
        return self.library

    def _survivor(self, one: Surviving) -> Line:
        """A change that no example notices."""
        t = self.t
        kind = f"rules.mutants.kind.{one.kind}"
        key = "workbench.survivor" if one.after else "workbench.survivor_left_out"
        text = t(key, entry=safe(one.entry), kind=t(kind) if kind in t else safe(one.kind),
                 before=safe(one.before), after=safe(one.after))  # fmt: skip
        about = BETWEEN.join((one.file, str(one.line), "0"))
        return Line(
            f"survivor{BETWEEN}{about}{BETWEEN}{one.before}{BETWEEN}{one.after}", text, "notice",
            notes=(f"{safe(one.file)}:{one.line}",), opens=("bench_file", about),
            spot=Spot(one.file, one.line),
        )  # fmt: skip

    def _rules(self, decision: str) -> Iterator[Part]:
        """The rules of a decision, place by place."""
        words, library = self.wording.words, self.library
        if words is None or library is None:
            return
        mine = sorted((one for one in library.rules.values() if one.decision == decision),
                      key=place_and_date)  # fmt: skip
        places: dict[str, list[Rule]] = {}
        for one in mine:
            places.setdefault(one.region, []).append(one)
        for place, rules in places.items():
            yield Part(words.place_name(place), tuple(map(self._rule_line, rules)))

    def _rule_line(self, rule: Rule) -> Line:
        library, words = self._whole(), RuleWords(self._whole(), self.t)
        at = library.authored.origins["rules", rule.id].place
        outcome = library.decisions[rule.decision].outcomes.get(rule.then.outcome or "")
        named = [rule.id, f"{safe(at.file)}:{at.line}"]
        if rule.in_force.days(FIRST_DAY, LAST_DAY) != (FIRST_DAY, LAST_DAY):
            named.append(words.period(rule.in_force))
        notes = words.say(rule.because), f" {self.told.glyphs.dot} ".join(named)
        return Line(
            f"rule{BETWEEN}{rule.id}", conclusion(words, rule, ids=False),
            outcome.verdict if outcome else "stated", notes=notes,
            opens=("bench_rule", rule.id), spot=Spot(at.file, at.line, at.column),
            decision=rule.decision,
        )  # fmt: skip

    # -- a rule ----------------------------------------------------------------------------------

    def rule(self, about: str) -> RulePageView | None:
        """One rule, whole, as it holds in its own place on its own days."""
        library = self.library
        if library is None or self.checker is None or self.journey is None:
            return None
        rule = library.rules.get(about)
        if rule is None:
            return None
        first, _ = rule.in_force.days(FIRST_DAY, LAST_DAY)
        day = max(first, min(self.journey.as_of.toordinal(), rule.in_force.days(1, LAST_DAY)[1]))
        asked = Asked(rule.topic, rule.region, self.journey.as_of.fromordinal(day), rule.id)
        say = Speaker(self.journey, self.t, self.told.glyphs)
        reading = Reading(say, _Beside(self.checker), asked.about)
        return RulePageView(self.wording.frame(), reading.one(), reading.examples())

    # -- sources ---------------------------------------------------------------------------------

    def sources(self, about: str) -> ListView | None:
        """The sources that the rules of a decision cite."""
        library, words, t = self.library, self.wording.words, self.t
        if library is None or words is None or about not in library.decisions:
            return None
        cited: dict[str, list[Rule]] = {}
        for rule in library.rules.values():
            for one in rule.sources if rule.decision == about else ():
                cited.setdefault(one.source, []).append(rule)
        lines = tuple(self._source(name, uses) for name, uses in cited.items())
        return ListView(
            self.wording.frame(), self.wording.question(about),
            told=(t("workbench.sources_hint"),) if lines else (t("workbench.no_sources"),),
            parts=(Part(t("workbench.part.sources"), lines),) if lines else (),
            number=self.told.board.number,
        )  # fmt: skip

    def _source(self, name: str, uses: Sequence[Rule]) -> Line:
        t, library, words = self.t, self._whole(), RuleWords(self._whole(), self.t)
        source = library.sources[name]
        at = library.authored.origins["sources", name].place
        row = partial(t, "result.answer_line")
        grade = EVIDENCE[source.authority]
        facts = (
            ("number", safe(source.number) if source.number else ""),
            ("body", words.say(source.body)),
            ("issued", safe(source.issued) if source.issued else ""),
            ("grade", t("rules.labelled", text=t(f"evidence.{grade}"), note=source.authority)),
            ("checked", source.checked.isoformat()),
            ("address", safe(source.address) if source.address else ""),
        )
        notes = [row(label=t(f"sources.{key}"), value=value) for key, value in facts if value]
        rules = t("result.listed").join(dict.fromkeys(rule.id for rule in uses))
        notes.append(t("workbench.cited_by", rules=rules))
        return Line(
            f"source{BETWEEN}{name}", words.say(source.title),
            "notice" if grade == "unverified" else "stated", notes=tuple(notes),
            opens=("bench_file", BETWEEN.join((at.file, str(at.line), "0"))),
            spot=Spot(at.file, at.line, at.column),
        )  # fmt: skip

    # -- a file ----------------------------------------------------------------------------------

    def file(self, about: str) -> ExcerptView | None:
        """A piece of a file round a line, with what is wrong there."""
        t, (name, *numbers) = self.t, about.rsplit(BETWEEN, 2)
        line, column = map(int, numbers)
        found = [one for one in self.told.board.faults
                 if (one.place.file, one.place.line) == (name, line)
                 and column in (0, one.place.column)]  # fmt: skip
        heading = f"{safe(name)}:{line}" + (f":{column}" if column else "")
        lines = self._lines(name, line, column)
        if not lines and found and (quoted := fault_line(found[0]).quoted):
            lines = (quoted,)
        message = "\n".join(safe(one.message) for one in found)
        mended = bool(column) and not found
        if mended:
            message = t("workbench.mended")
        return ExcerptView(
            Frame(self.wording.frame().title, self.wording.frame().context,
                  t("workbench.excerpt_status")),
            heading, message, "\n".join(safe(one.help) for one in found if one.help),
            Spot(name, line, column), lines, "" if lines else t("workbench.unreadable"),
            mended,
        )  # fmt: skip

    def _lines(self, name: str, line: int, column: int) -> tuple[Quoted, ...]:
        path = Path(self.folder, name)
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                return ()
            text = ruleset_files.content(path).decode("utf-8", "replace")
        except (OSError, ValueError):
            # Some names are none: they stand in a fault, and no file has them.
            return ()
        every = text.split("\n")
        first = max(1, line - _AROUND)
        near = every[first - 1 : line + _AROUND]
        return tuple(
            parted(number, text.rstrip("\r"), max(1, column) if number == line else 0)
            for number, text in enumerate(near, first)
        )
