"""Shows the proof of the rules: what is wrong, with a class that shows it, and what was proved."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from engine.analysis.overlaps import KINDS
from engine.analysis.verification import verify
from tui.rules.box_words import in_words
from tui.rules.words import RuleWords
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.analysis.boxes import Part
    from engine.analysis.finding import Finding
    from engine.analysis.verification import Verification
    from engine.fault import Place
    from engine.library import Library
    from tui.locale import Locale

_OF_LAWS = ("never_broken", "monotone_broken", "settled_broken")


class FindingWords:
    """What is wrong with a library in words: where, what, and a class that shows it."""

    def __init__(self, library: Library, locale: Locale) -> None:
        self.library, self.locale = library, locale
        self.words = RuleWords(library, locale)

    def lines(self, one: Finding) -> Iterator[str]:
        """The finding with the line of its rule or law, then the class that shows it."""
        t = self.locale
        at = self.place(one)
        what = t(
            f"rules.verified.{one.kind}", decision=one.decision, outcome=safe(one.outcome),
            law=safe(one.invariant),
        )  # fmt: skip
        yield f"{at.file}:{at.line}: {what}"
        if one.kind in _OF_LAWS and one.invariant:
            yield self._line("law", text=self.words.say(
                self.library.invariants[one.invariant].because))  # fmt: skip
        if one.message:
            yield self._line("told", text=safe(one.message))
        if one.rules:
            yield self._line("rules", rules=", ".join(one.rules))
        yield from self._shown(one)
        if one.place is not None:
            days = one.period and self.words.days(
                (one.period[0].toordinal(), one.period[1].toordinal())
            )
            yield self._line("where", place=self.words.place_name(one.place), period=days or "")
        if one.also:
            yield "    " + t.count("rules.verified.also", one.also)

    def _shown(self, one: Finding) -> Iterator[str]:
        """The class, the step and the case that show a finding."""
        if one.witness:
            yield self._line("class", text=in_words(self.words, one.witness))
        if one.fact and one.moved and one.answers:
            yield self._line(
                "moved", fact=one.fact, before=one.moved.before, after=one.moved.after,
                answer=one.answers.before, worse=one.answers.after,
            )  # fmt: skip
        elif one.answers:
            yield self._line("flipped", before=one.answers.before, after=one.answers.after)
        if one.constraints:
            yield self._line("ruled_out", constraints=", ".join(one.constraints))
        if one.case:
            yield self._line("case", case=safe(json.dumps(dict(one.case), ensure_ascii=False)))

    def _line(self, key: str, **values: object) -> str:
        return "    " + self.locale(f"rules.verified.{key}", **values).rstrip()

    def place(self, one: Finding) -> Place:
        """Where the rule, the law, the outcome or the decision of a finding is written."""
        key = "decisions", one.decision
        inner: tuple[str, ...] = ()
        if one.invariant:
            key = "invariants", one.invariant
        elif one.rules:
            key = "rules", one.rules[0]
        elif one.outcome:
            inner = ("outcomes", one.outcome)
        origin = self.library.authored.origins[key]
        return origin.file.place((*origin.path, *inner))


class Proof:
    """A verification of the decisions of a topic (else of all), and its words."""

    def __init__(self, library: Library, locale: Locale, topic: str | None) -> None:
        self.library, self.locale = library, locale
        self.words = RuleWords(library, locale)
        self.telling = FindingWords(library, locale)
        self.found: Verification = verify(library, topic)

    @property
    def well(self) -> bool:
        """Whether nothing was found."""
        return not self.found.findings

    def lines(self, *, overlaps: bool, coverage: bool) -> list[str]:
        """Lines for each finding, the listings asked for, and what was proved."""
        lines = [line for one in self.found.findings for line in self.telling.lines(one)]
        if overlaps:
            lines += self._overlaps()
        if coverage:
            lines += self._coverage()
        return [*lines, *self._summary()]

    def as_data(self) -> dict[str, object]:
        """All of it for machines."""
        found = self.found
        return {
            "findings": [self._data(one) for one in found.findings],
            "summary": self._counts(),
            "overlaps": [
                {"kind": one.kind, "how": one.how, "rules": list(one.rules), "classes": classes}
                for one, classes in sorted(found.overlaps.items())
            ],
            "not_covered": [{"decision": decision, "place": place}
                            for decision, place in found.not_covered],
        }  # fmt: skip

    def _data(self, one: Finding) -> dict[str, object]:
        at = self.telling.place(one)
        out: dict[str, object] = {
            "kind": one.kind, "decision": one.decision, "file": at.file, "line": at.line,
            "rules": list(one.rules), "outcome": one.outcome, "invariant": one.invariant,
            "place": one.place, "also": one.also,
            "period": one.period and [day.isoformat() for day in one.period],
            "class": [self._part(part) for part in one.witness],
            "words": in_words(self.words, one.witness) if one.witness else None,
            "case": dict(one.case), "fact": one.fact,
            "moved": one.moved and [one.moved.before, one.moved.after],
            "answers": one.answers and [one.answers.before, one.answers.after],
            "constraints": list(one.constraints), "message": one.message,
        }  # fmt: skip
        return {key: value for key, value in out.items() if value not in (None, [], {}, "", 0)}

    def _part(self, part: Part) -> dict[str, object]:
        """What a class asks of one fact; spans run from their low end up to below their high."""
        if part.values:
            return {"fact": part.fact, "in": list(part.values)}
        fact = self.library.vocabulary.facts.get(part.fact)

        def end(code: int | None) -> object:
            if code is None or fact is None:
                return code
            if fact.type == "date":
                return date.fromordinal(code).isoformat()
            return code / 10**fact.decimals if fact.type == "decimal" else code

        spans = [[end(span.low), end(span.high)] for span in part.spans]
        return {"fact": part.fact, "spans": spans}

    # -- what was looked at ----------------------------------------------------------------------

    def _overlaps(self) -> Iterator[str]:
        """Pairs of rules that match together: the kind, how it is decided, in how many classes."""
        order = sorted(
            self.found.overlaps.items(),
            key=lambda item: (KINDS.index(item[0].kind), item[0].how, -item[1], item[0].rules),
        )
        for one, classes in order:
            first, second = one.rules
            yield self.locale(
                f"rules.verified.overlap.{one.how}",
                first=first, second=second, classes=f"{classes:,}",
            )  # fmt: skip

    def _coverage(self) -> Iterator[str]:
        for decision, place in self.found.not_covered:
            name = self.words.place_name(place)
            yield self.locale("rules.verified.not_covered", decision=decision, place=name)

    def _counts(self) -> dict[str, int]:
        """The numbers of the summary; overlaps are pairs of rules."""
        found = self.found
        kinds = Counter(one.kind for one in found.overlaps)
        return {
            "decisions": found.decisions, "programs": found.programs, "classes": found.classes,
            "compared": found.compared, **{kind: kinds[kind] for kind in KINDS},
            "places": found.places, "national": found.national,
            "not_covered": len(found.not_covered), "invariants": found.invariants,
            "partial": found.tried.partial, "completions": found.tried.completions,
            "findings": len(found.findings),
        }  # fmt: skip

    def _summary(self) -> Iterator[str]:
        shown = {key: f"{count:,}" for key, count in self._counts().items()}
        for key in ("overlapping", "covered", "laws", "counts"):
            yield self.locale(f"rules.verified.{key}", **shown)
