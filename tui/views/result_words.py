"""Words for the parts of a result: titles and steps, dates and values, numbered sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeVar

from engine.adjudication import NOT_COVERED
from engine.condition import ParameterRef
from engine.result import EVIDENCE
from engine.ruleset import values_in
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from engine.result import DecisionResult
    from engine.ruleset import Answer, Rule, Then
    from engine.scalars import Citation
    from engine.words import Words
    from tui.speaker import Speaker

T = TypeVar("T")

SOON = 60
"""Within this many days a change of the answer stands beside the verdict."""
OLD = 365
"""A source last looked at longer ago than this many days may not hold any more."""


@dataclass(frozen=True)
class Told:
    """What an outcome tells a person, with the winning rules' own words in place of its own."""

    title: str
    steps: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


def told(say: Speaker, key: str, found: DecisionResult) -> Told:
    """The words of a decision's outcome, or of the state in which it has none."""
    t = say.locale
    decision = say.library.decisions[key]
    if found.outcome == NOT_COVERED:
        return Told(t(_gap(say, key)), (t("result.not_covered_steps"),))
    chosen = found.outcome if found.outcome in decision.outcomes else found.safer
    outcome = decision.outcomes.get(chosen or "")
    title = t(f"verdict.meaning.{found.verdict}")
    if found.outcome in decision.outcomes:
        title = say.words(decision.outcomes[found.outcome].title)
    elif outcome is not None:
        title = t("result.disputed", meaning=title, title=say.words(outcome.title))
    elif found.missing and found.possible and found.verdict != "undecided":
        title = t("result.which_open")
    elif decision.hit_policy == "collect" and found.verdict == "stated":
        title = "" if found.items else t("result.no_papers")
    if outcome is None:
        return Told(title)
    then = [
        say.library.rules[one].then
        for one in found.rules or ()
        if one in say.library.rules and say.library.rules[one].then.outcome == chosen
    ]
    return Told(
        title,
        steps=tuple(map(say.words, _union(then, outcome, lambda one: one.next_steps))),
        documents=tuple(_union(then, outcome, lambda one: one.documents)),
        where=_channels(say, _union(then, outcome, lambda one: one.channels)),
        ask=_channels(say, _union(then, outcome, lambda one: one.ask)),
    )


def _gap(say: Speaker, key: str) -> str:
    """Whether a decision has no rules of the place at all, or none of that day."""
    code = say.journey.answers.get(say.library.decisions[key].region)
    places = say.library.places
    held = code in places and any(
        places.applies(region, str(code)) for region in say.library.regions_of(key)
    )
    return "result.not_covered_day" if held else "result.not_covered"


def _union(
    rules: list[Then], outcome: Answer, part: Callable[[Then | Answer], Sequence[T] | None]
) -> list[T]:
    """A part of the answer: what the winning rules say in place of the outcome, each thing once."""
    own = [given for given in map(part, rules) if given is not None]
    if not own or len(own) < len(rules):
        own.append(part(outcome) or ())
    found: list[T] = []
    for given in own:
        found.extend(one for one in given if one not in found)
    return found


def _channels(say: Speaker, keys: Iterable[str]) -> tuple[str, ...]:
    """Ways to do or ask something, each with its detail."""
    lines = []
    for key in keys:
        channel = say.library.channels.get(key)
        if channel is None:
            lines.append(safe(key))
        else:
            detail = say.words(channel.detail)
            lines.append(
                say.locale("result.missing_line", label=say.words(channel.title), find_out=detail)
            )
    return tuple(lines)


def when_lines(say: Speaker, found: DecisionResult) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Changes near enough to stand beside the verdict; then from when, until when, how much."""
    t = say.locale
    as_of = say.journey.as_of
    soon: list[str] = []
    lines: list[str] = []
    if found.value is not None:
        unit = _unit(say, found)
        lines.append(t("result.value", value=value_words(say, found.value, unit)))
    elif found.outcome is not None and any(
        say.library.rules[one].then.value for one in found.rules if one in say.library.rules
    ):
        lines.append(t("result.value_open"))
    if found.from_ is not None:
        lines.append(t("result.from", date=value_words(say, found.from_)))
    if found.until is not None:
        shown = value_words(say, found.until)
        day = _day(found.until)
        left = (day - as_of).days if day else None
        if left is None or left > _FAR:
            lines.append(t("result.until", date=shown))
        elif left >= 0:
            lines.append(t.count("result.until_left", left, date=shown))
        else:
            lines.append(t.count("result.until_passed", -left, date=shown))
    for change in sorted(found.changes_on or ()):
        day = _day(change)
        left = (day - as_of).days if day else -1
        if left > SOON:
            lines.append(t("result.changes_later", date=say.date(str(change))))
            break
        if left >= 0:
            soon.append(t.count("result.changes_soon", left, date=say.date(str(change))))
    return tuple(soon), tuple(lines)


_FAR = 400


def _day(value: object) -> date | None:
    """An exact day given as text or as a date; None for anything else."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _unit(say: Speaker, found: DecisionResult) -> str:
    """What the numbers of the winning rules count, where their parameters say it."""
    rules = [say.library.rules[one] for one in found.rules if one in say.library.rules]
    units = {
        say.words(parameter.unit)
        for rule in rules
        for value in values_in(rule.then)
        if isinstance(value.number, ParameterRef)
        for parameter in (say.library.parameters[value.number.param],)
    }
    return units.pop() if len(units) == 1 else ""


def value_words(say: Speaker, value: object, unit: str = "") -> str:
    """A value of a result, in the JSON form, in words; `unit` is what a bare number counts."""
    t = say.locale
    if not isinstance(value, dict) or len(value) != 1:
        return say.date(str(value)) if _day(value) else safe(value)
    ((form, given),) = value.items()
    if form != "range" or not isinstance(given, list | tuple) or len(given) != _PAIR:
        return _counted(say, form, _figure(form, given), unit)
    forms = [next(iter(one)) if isinstance(one, dict) and len(one) == 1 else "" for one in given]
    if forms[0] and forms[0] == forms[1]:
        low, high = (_figure(forms[0], one[forms[0]]) for one in given)
        return _counted(say, forms[0], t("result.span", low=low, high=high), unit)
    low, high = (value_words(say, one, unit) for one in given)
    return t("result.between", low=low, high=high)


def _figure(form: str, given: object) -> str:
    """An amount without what it counts; shares in percent."""
    if form in ("rate", "factor"):
        return f"{(Decimal(str(given)) * 100).normalize():f}"
    return safe(given)


def _counted(say: Speaker, form: str, figure: str, unit: str) -> str:
    """A figure, or two with a word between them, and what it counts."""
    if form == "number" and unit:
        return say.locale("rules.valued", value=figure, unit=unit)
    return say.locale(f"result.{form}", n=figure) if f"result.{form}" in say.locale else figure


_PAIR = 2


Use = Literal["reason", "dissent", "dispute"]


@dataclass(frozen=True)
class Cited:
    """A source that was cited: its mark, its clauses, and for what in which decision."""

    mark: str
    source: str
    clauses: tuple[str, ...]
    uses: tuple[tuple[Use, str], ...]


class Sources:
    """Numbers the sources in the order they are first cited."""

    def __init__(self, say: Speaker) -> None:
        self._say = say
        self._clauses: dict[str, dict[str, None]] = {}
        self._uses: dict[str, dict[tuple[Use, str], None]] = {}

    def refs(self, rule: Rule, use: Use = "reason") -> str:
        """The marks of a rule's sources, such as [1][3]; `use` is what the rule is cited for."""
        for citation in rule.sources:
            uses = self._uses.setdefault(citation.source, {})
            uses[use, rule.decision] = None
        return "".join(self.marks(rule))

    def marks(self, rule: Rule) -> list[str]:
        """The mark of each of a rule's sources."""
        return [self._mark(citation) for citation in rule.sources]

    def _mark(self, citation: Citation) -> str:
        clauses = self._clauses.setdefault(citation.source, {})
        clauses[self._say.words(citation.clause)] = None
        return self._say.locale("result.ref", n=list(self._clauses).index(citation.source) + 1)

    def cited(self) -> Iterator[Cited]:
        """Every source cited, with its clauses and what it is cited for."""
        for number, (key, clauses) in enumerate(self._clauses.items(), 1):
            mark = self._say.locale("result.ref", n=number)
            yield Cited(mark, key, tuple(clauses), tuple(self._uses.get(key, ())))

    def old(self) -> str:
        """That nobody has looked for long whether a source still holds; nothing where that is so.

        Counted to the day of the session: nothing else knows what day it is.
        """
        known = self._say.library.sources
        checked = min((known[key].checked for key in self._clauses if key in known), default=None)
        if checked is None or (self._say.journey.as_of - checked).days <= OLD:
            return ""
        return self._say.locale("result.old", date=self._say.locale.day(checked))

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Mark and description of every source cited."""
        t = self._say.locale
        return tuple(
            (t("result.ref", n=number), self._line(key, list(clauses)))
            for number, (key, clauses) in enumerate(self._clauses.items(), 1)
        )

    def _line(self, key: str, clauses: list[str]) -> str:
        say, t = self._say, self._say.locale
        source = say.library.sources.get(key)
        if source is None:
            return safe(key)
        shown = {
            "title": say.words(source.title),
            "grade": t(f"evidence.{EVIDENCE[source.authority]}"),
            "checked": source.checked.isoformat(),
        }
        if source.kind == "silence":
            return t("result.silence_line", looked=_words(say, source.looked), **shown)
        line = t(
            "result.source_line",
            number=t("result.source_number", n=safe(source.number)) if source.number else "",
            body=_words(say, source.body),
            clauses=t("result.listed").join(clauses),
            **shown,
        )
        if source.host == "mirror":
            return f"{line}\n{t('result.mirror')}"
        if source.address:
            return f"{line}\n{t('result.address', address=safe(source.address))}"
        return line


def _words(say: Speaker, words: Words | None) -> str:
    return say.words(words) if words else ""
