"""The page of a report: counts, answers, places, reasons, errors, and the rules they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from engine.adjudication import NOT_COVERED
from engine.batch import identities
from engine.batch.privacy import is_identity_number
from engine.batch.tally import OTHER
from engine.result import EVIDENCE
from tui.report.bars import bar, stacked, swatch
from tui.report.figures import spot_words
from tui.report.markup import Markup, document, element, joined
from tui.report.style import SHEET
from tui.rules.words import RuleWords

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping, Sequence

    from engine.batch.tally import Example
    from engine.library import Library
    from tui.locale import Locale
    from tui.report.figures import Figures

K = TypeVar("K", str, tuple[str, str, str], tuple[str, str, str, str])
PLACES = 40
REASONS = 25
RECEIPTS = 20
LISTED = 20
_VERDICTS = (
    "eligible", "action_needed", "not_eligible", "not_applicable", "stated", "unclear",
    "undecided", "disputed",
)  # fmt: skip
_EVIDENCE = tuple(dict.fromkeys(EVIDENCE.values()))


def page(figures: Figures, library: Library, t: Locale) -> str:
    """The whole page: nothing is loaded, nothing runs, and every foreign text is escaped."""
    body = element("body", element("main", *_Page(figures, library, t).sections()))
    return document(t("report.title"), SHEET, body, t.lang)


class _Page:
    def __init__(self, figures: Figures, library: Library, t: Locale) -> None:
        self.figures, self.tally, self.library, self.t = figures, figures.tally, library, t
        self.words = RuleWords(library, t)
        self.decisions = [one for one in library.decisions if one in set(self.tally.decisions)]

    def sections(self) -> Iterator[Markup]:
        t, figures = self.t, self.figures
        yield element("h1", t("report.title"))
        inputs = t("result.listed").join(figures.inputs)
        made = t("report.made", date=t.day(figures.as_of), inputs=inputs)
        yield element("p", made, class_="soft")
        yield self.counts()
        yield from self.notices()
        yield from self.overview()
        yield from self.each_decision()
        yield from self.places()
        yield from self.reasons()
        yield from self.errors()
        yield from self.duplicates()
        yield from self.rules()
        yield element("p", t("app.disclaimer"), class_="soft")

    def counts(self) -> Markup:
        t, figures = self.t, self.figures
        shown = [("cases", figures.cases), ("results", figures.results), ("errors", figures.errors)]
        if figures.duplicates is not None:
            shown.append(("duplicates", figures.duplicates))
        shown.append(("compared", figures.compared))
        tiles = [element("li", element("b", _number(count)), t(f"report.count.{key}"))
                 for key, count in shown]  # fmt: skip
        same = "same" if figures.cases == figures.results else "differ"
        return joined(element("ul", *tiles, class_="tiles"), element("p", t(f"report.{same}")))

    def notices(self) -> Iterator[Markup]:
        t = self.t
        if self.figures.brief:
            yield element("p", t("report.brief"), class_="soft")
        for one in self.figures.broken:
            yield element("p", t("report.broken", text=one), class_="warn")
        for column in self.figures.private:
            key = "kept" if column.kept else "dropped"
            yield element("p", t(f"report.private.{key}", column=column.column,
                                 n=_number(column.cases)), class_="warn")  # fmt: skip

    def overview(self) -> Iterator[Markup]:
        """All decisions at a glance, and the weight of the evidence over all answers."""
        t = self.t
        if not self.decisions:
            return
        yield element("h2", t("report.answers"))
        totals = {one: self.tally.verdicts(one) for one in self.decisions}
        yield self.key(
            "verdict", [one for one in _VERDICTS if any(one in v for v in totals.values())]
        )
        rows = [(self.question(one), _number(counts.total()), self.parts("verdict", counts))
                for one, counts in totals.items()]  # fmt: skip
        yield self.table(("report.decision", "report.cases n", "report.verdicts bar"), rows)
        if self.figures.brief:
            return
        yield element("h2", t("report.evidence"))
        yield element("p", t("report.evidence_about"), class_="soft")
        yield self.shares("evidence", self.tally.evidence(), "report.evidence")

    def each_decision(self) -> Iterator[Markup]:
        t = self.t
        if self.decisions:
            yield element("h2", t("report.each"))
        for decision in self.decisions:
            yield element("h3", self.question(decision), " ", element("code", decision))
            answers = {key: count for key, count in self.tally.answers.items()
                       if key[0] == decision}  # fmt: skip
            whole = sum(answers.values())
            rows = []
            for (_, verdict, outcome, evidence), count in _most(answers):
                title = self.outcome(decision, verdict, outcome)
                weight = t(f"evidence.{evidence}") if evidence else t("report.none")
                words = t("report.labelled", label=title, share=_share(count, whole))
                drawn = bar(count / whole, verdict, words=words)
                known = () if self.figures.brief else (weight,)
                rows.append((title, t(f"verdict.{verdict}"), *known, _number(count),
                             _share(count, whole), drawn))  # fmt: skip
            known = () if self.figures.brief else ("report.evidence w",)
            heads = ("report.outcome", "report.verdict w", *known, "report.cases n",
                     "report.share n", "report.chart bar")  # fmt: skip
            yield self.table(heads, rows)

    def places(self) -> Iterator[Markup]:
        t, counts = self.t, self.tally.by_place()
        if not counts:
            return
        yield element("h2", t("report.places"))
        rows = [(self.place(code), _number(one.total()), self.parts("verdict", one))
                for code, one in list(counts.items())[:PLACES]]  # fmt: skip
        yield self.table(("report.place", "report.given n", "report.verdicts bar"), rows)
        yield from self.more(len(counts) - PLACES)

    def reasons(self) -> Iterator[Markup]:
        t = self.t
        if not self.tally.reasons:
            return
        yield element("h2", t("report.reasons"))
        yield element("p", t("report.reasons_about"), class_="soft")
        most = _most(self.tally.reasons)
        highest = most[0][1]
        rows = []
        for (decision, outcome, name), count in most[:REASONS]:
            rule = self.library.rules.get(name)
            parts = [element("div", self.words.say(rule.because) if rule else name)]
            if rule:
                cited = [self.words.cited(one) for one in rule.sources]
                parts.append(element("div", t("result.listed").join(cited), class_="soft"))
            parts.append(element("div", element("code", name), class_="soft"))
            answer = element("div", self.outcome(decision, OTHER, outcome))
            asked = element("div", self.question(decision), class_="soft")
            rows.append((joined(*parts), joined(answer, asked), _number(count),
                         bar(count / highest, words=_number(count))))  # fmt: skip
        heads = ("report.rule", "report.leads_to", "report.given n", "report.chart bar thin")
        yield self.table(heads, rows)
        yield from self.more(len(most) - REASONS)

    def errors(self) -> Iterator[Markup]:
        t, errors = self.t, self.tally.errors
        if not errors:
            return
        yield element("h2", t("report.errors"))
        yield element("p", t("report.errors_about"), class_="soft")
        rows = []
        for code, count in _most(errors):
            known = f"report.error.{code}"
            shown = t(known) if known in t else code
            named = [self.example(one) for one in self.tally.examples.get(code, ())]
            rows.append((joined(element("div", shown), element("code", code)), _number(count),
                         t("result.listed").join(named)))  # fmt: skip
        yield self.table(("report.kind", "report.cases n", "report.examples"), rows)

    def duplicates(self) -> Iterator[Markup]:
        t, listed = self.t, self.figures.listed
        if not listed:
            return
        yield element("h2", t("report.duplicates"))
        limits = {"ids": f"{identities.LISTED:,}", "lines": identities.LATER}
        yield element("p", t("report.duplicates_about", **limits), class_="soft")
        rows = [(spot_words(first, t), t("result.listed").join(spot_words(one, t) for one in later))
                for first, later in listed[:LISTED]]  # fmt: skip
        yield self.table(("report.first_line", "report.later_lines"), rows)
        yield from self.more(len(listed) - LISTED)

    def rules(self) -> Iterator[Markup]:
        t, figures, receipts = self.t, self.figures, self.tally.receipts
        yield element("h2", t("report.rules"))
        yield element("p", t("report.rules_hash", version=figures.version),
                      " ", element("code", figures.rules))  # fmt: skip
        if not receipts:
            return
        yield element("p", t("report.receipts", n=_number(len(receipts))), class_="soft")
        rows = [(element("code", one) if one != OTHER else t("report.other"), _number(count))
                for one, count in _most(receipts)[:RECEIPTS]]  # fmt: skip
        yield self.table(("report.receipt", "report.cases n"), rows)
        yield from self.more(len(receipts) - RECEIPTS)

    # -- parts ---------------------------------------------------------------------------------

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
        """A table; a head names its words, and after a blank the class of its column."""
        columns = [(key, class_) for key, _, class_ in (one.partition(" ") for one in heads)]
        top = [element("th", self.t(key), scope="col", **({"class_": class_} if class_ else {}))
               for key, class_ in columns]  # fmt: skip
        lines = [
            element("tr", *(element("td", cell, **({"class_": class_} if class_ else {}))
                            for cell, (_, class_) in zip(row, columns, strict=True)))
            for row in rows
        ]  # fmt: skip
        return element("table", element("thead", element("tr", *top)), element("tbody", *lines))

    def shares(self, words: str, counts: Counter[str], head: str) -> Markup:
        t, whole = self.t, counts.total() or 1
        rows = []
        for kind in (*_EVIDENCE, OTHER):
            if counts[kind]:
                label = t(f"{words}.{kind}") if kind else t("report.no_evidence")
                share = _share(counts[kind], whole)
                shown = t("report.labelled", label=label, share=share)
                rows.append((label, _number(counts[kind]), share,
                             bar(counts[kind] / whole, kind, words=shown)))  # fmt: skip
        return self.table((head, "report.given n", "report.share n", "report.chart bar"), rows)

    def parts(self, words: str, counts: Mapping[str, int]) -> Markup:
        """A bar of all verdicts, in their order."""
        t, whole = self.t, sum(counts.values())
        ordered = {kind: counts[kind] for kind in _VERDICTS if counts.get(kind)}
        told = [t("report.labelled", label=t(f"{words}.{kind}"), share=_share(count, whole))
                for kind, count in ordered.items()]  # fmt: skip
        return stacked(ordered, words=t("result.listed").join(told))

    def key(self, words: str, kinds: Sequence[str]) -> Markup:
        items = [element("li", swatch(kind), self.t(f"{words}.{kind}")) for kind in kinds]
        return element("ul", *items, class_="key")

    def more(self, count: int) -> Iterator[Markup]:
        if count > 0:
            yield element("p", self.t.count("report.more", count), class_="soft")

    def question(self, decision: str) -> str:
        return self.words.say(self.library.decisions[decision].question)

    def outcome(self, decision: str, verdict: str, outcome: str) -> str:
        """The title of an outcome; where a verdict has none, as for lists, the verdict's word."""
        if outcome in self.library.decisions[decision].outcomes:
            return self.words.title(decision, outcome)
        if outcome == NOT_COVERED:
            return self.t("verdict.not_covered")
        if verdict == "undecided":
            return self.t("report.no_outcome")
        return self.t(f"verdict.{verdict}") if verdict else ""

    def place(self, code: str) -> str:
        if code == OTHER:
            return self.t("report.no_place")
        return self.t("report.coded", name=self.words.place_name(code), code=code)

    def example(self, one: Example) -> str:
        """Where a case stands; its id too, unless that says who the child is."""
        line = self.t("report.line", n=one.line) if one.line is not None else ""
        if one.id is None or is_identity_number(one.id):
            return line or self.t("report.no_id")
        return self.t("report.coded", name=one.id, code=line) if line else one.id


def _most(counts: Mapping[K, int]) -> list[tuple[K, int]]:
    """The highest count first, equal ones in the order of their keys."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _number(count: int) -> str:
    return f"{count:,}"


def _share(count: int, whole: int) -> str:
    return f"{count / (whole or 1):.1%}"
