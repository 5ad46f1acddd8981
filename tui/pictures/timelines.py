"""A timeline of a topic in a place: what was in force when, and what was issued."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from tui.pictures.model import Bar, Lane, TimelinePicture
from tui.rules.showing import holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.ruleset import ParameterValue, Rule, Topic
    from engine.scalars import Period
    from tui.rules.words import RuleWords

_WHOLE, _MONTH = 10, 7


def timeline(words: RuleWords, topic: Topic, today: date) -> TimelinePicture:
    """What of a topic is in force when in the place of `words`, with the days of issue."""
    rules = [rule for rule in words.library.rules.values()
             if rule.topic == topic.id and holds(words, rule)]  # fmt: skip
    values = [
        one
        for one in words.library.authored.values.values()
        if words.library.parameters[one.parameter].topic == topic.id and holds(words, one)
    ]
    lanes = [*_rules(words, topic, rules), *_values(words, values), *_issued(words, rules)]
    days = [day for lane in lanes for bar in lane.bars for day in (bar.first, bar.last) if day]
    days += [day for lane in lanes for day, _ in lane.marks]
    t = words.locale
    place = words.place_name(words.place) if words.place else t("rules.every_place")
    first = min((*days, today)).replace(month=1, day=1)
    last = max((*days, today)).replace(month=12, day=31)
    return TimelinePicture(
        t("pictures.timeline.title", title=words.say(topic.title)),
        t("pictures.timeline.about", place=place), first, last, tuple(lanes),
    )  # fmt: skip


def _order(period: Period) -> tuple[date, date]:
    return period.from_ or date.min, period.to or date.max


def _rules(words: RuleWords, topic: Topic, rules: list[Rule]) -> Iterator[Lane]:
    """A lane a decision: a bar for each period, with the number of its rules."""
    for name in topic.decisions:
        mine = sorted((rule for rule in rules if rule.decision == name),
                      key=lambda rule: _order(rule.in_force))  # fmt: skip
        bars = []
        for _, group in groupby(mine, key=lambda rule: _order(rule.in_force)):
            together = list(group)
            period = together[0].in_force
            text = words.locale.count("pictures.timeline.rules", len(together))
            bars.append(Bar(_dated(words, text, period), period.from_, period.to))
        if bars:
            yield Lane(words.say(words.library.decisions[name].question), tuple(bars))


def _values(words: RuleWords, values: list[ParameterValue]) -> Iterator[Lane]:
    """A lane a parameter: a bar for each of its values."""
    names = dict.fromkeys(one.parameter for one in values)
    for name in names:
        parameter = words.library.parameters[name]
        mine = sorted((one for one in values if one.parameter == name),
                      key=lambda one: _order(one.in_force))  # fmt: skip
        bars = [Bar(_dated(words, words.with_unit(one.value, parameter.unit), one.in_force),
                    one.in_force.from_, one.in_force.to) for one in mine]  # fmt: skip
        yield Lane(words.say(parameter.label), tuple(bars))


def _dated(words: RuleWords, text: str, period: Period) -> str:
    return words.locale("rules.labelled", text=text, note=words.period(period))


def _issued(words: RuleWords, rules: list[Rule]) -> Iterator[Lane]:
    """The sources cited, on the days they were issued."""
    cited = dict.fromkeys(one.source for rule in rules for one in rule.sources)
    marks = []
    for name in cited:
        source = words.library.sources[name]
        day = _day(source.issued)
        if day is not None:
            title = words.say(source.title)
            marks.append((day, words.locale("rules.issued", title=title, date=source.issued)))
    if marks:
        yield Lane(words.locale("pictures.timeline.issued"), marks=tuple(sorted(marks)))


def _day(issued: str | None) -> date | None:
    """The first day of a date that may be known to the month or year only."""
    if issued is None:
        return None
    rest = {_WHOLE: "", _MONTH: "-01"}.get(len(issued), "-01-01")
    return date.fromisoformat(f"{issued}{rest}")
