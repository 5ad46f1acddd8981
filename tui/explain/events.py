"""The calendar of a case in words, and as an iCalendar file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from engine.adjudication import NEEDED, NOT_COVERED
from engine.explanation.calendar import Change
from engine.explanation.ics import Event, to_ics
from engine.vocabulary import AS_OF
from tui.verdicts import answer_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from engine.explanation.calendar import Entry, Kind, Named
    from engine.explanation.reasons import Reason
    from engine.result import DecisionResult
    from engine.vocabulary import Derived
    from tui.locale import Locale
    from tui.rules.words import RuleWords

_NAMED: tuple[Kind, ...] = ("until", "from", "value")
_COUNTS = {"years_between": "years", "months_between": "months", "days_between": "days"}


def events(words: RuleWords, entries: Iterable[Entry]) -> list[Event]:
    """An event for each day of a calendar: what falls on it, then each answer and its reasons."""
    return [
        Event(
            entry.day,
            words.locale("calendar.joined").join(_titles(words, entry)),
            (*told_of_a_day(words, entry), words.locale("calendar.check_again")),
            " ".join(map(_key, entry.parts)),
            remind="until" in entry.kinds,
        )
        for entry in entries
    ]


def write_ics(target: Path | BinaryIO, found: Iterable[Event], as_of: date, locale: Locale) -> None:
    """Write the events as an iCalendar file, to a path or to a stream of bytes.

    Raises OSError where that cannot be written to.
    """
    data = to_ics(found, as_of, locale("calendar.name"))
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)


def _key(part: Change | Named) -> str:
    """What tells a part of an event from others of its day: ids only."""
    if isinstance(part, Change):
        outcomes = (part.before.outcome, part.after.outcome)
        return ":".join([part.decision, part.kind, *(one or "" for one in outcomes)])
    return f"{part.decision}:{part.kind}"


def _question(words: RuleWords, decision: str) -> str:
    return words.say(words.library.decisions[decision].question)


def _titles(words: RuleWords, entry: Entry) -> Iterator[str]:
    """What falls on a day, deadlines first, each kind of thing in a few words."""
    t = words.locale
    named = {kind: [one for one in entry.parts if one.kind == kind] for kind in _NAMED}
    changes = [one for one in entry.parts if isinstance(one, Change)]
    for kind in _NAMED:
        if kind == "from" and changes:
            causes = [one for part in changes for one in part.reasons]
            reasons = t("calendar.and").join(dict.fromkeys(_short(words, one) for one in causes))
            questions = [_question(words, one.decision) for one in changes]
            yield t.count(
                "calendar.title.change", len(changes), reasons=reasons, question=questions[0]
            )
        if named[kind]:
            questions = [_question(words, one.decision) for one in named[kind]]
            yield t(f"calendar.title.{kind}", question=t("calendar.and").join(questions))


def told_of_a_day(words: RuleWords, entry: Entry) -> Iterator[str]:
    """Each decision a day is about: its answer before and after and why, or what the day is."""
    t = words.locale
    for part in entry.parts:
        yield _question(words, part.decision)
        if isinstance(part, Change):
            yield t("calendar.before", answer=_answer(words, part.decision, part.before))
            yield t("calendar.after", answer=_answer(words, part.decision, part.after))
            for one in part.reasons:
                yield t("calendar.because", reason=_long(words, one))
        else:
            yield _answer(words, part.decision, part.result)
            yield _when(words, entry.day, part)
            if part.moves:
                yield t("calendar.moves")


def _when(words: RuleWords, day: date, part: Named) -> str:
    t = words.locale
    shown = t.day(day)
    if part.latest is not None:
        shown = t("result.between", low=shown, high=t.day(part.latest))
    return t(f"calendar.when.{part.kind}", date=shown)


def _answer(words: RuleWords, decision: str, result: DecisionResult) -> str:
    """An answer in one line."""
    t, library = words.locale, words.library
    outcomes = library.decisions[decision].outcomes
    verdict = answer_words(t, library.decisions[decision], result)
    if result.outcome in outcomes:
        return t("calendar.answer", verdict=verdict, title=words.title(decision, result.outcome))
    if result.safer in outcomes:
        return t("result.disputed", meaning=verdict, title=words.title(decision, result.safer))
    if library.decisions[decision].hit_policy == "collect" and result.outcome == "listed":
        needed = [item for item, state in result.items.items() if state == NEEDED]
        return words.documents(needed) or t("result.no_papers")
    if result.outcome == NOT_COVERED:
        return t("result.not_covered_day")
    return verdict


def _short(words: RuleWords, reason: Reason) -> str:
    """A reason in a few words, for a title."""
    t = words.locale
    if reason.kind == "fact":
        return _reached(words, reason)
    if reason.kind == "parameter":
        return words.say(words.library.parameters[reason.id].label)
    return t("calendar.reason.rules")


def _long(words: RuleWords, reason: Reason) -> str:
    """A reason in a sentence."""
    t, library = words.locale, words.library
    if reason.kind == "fact":
        return _reached(words, reason)
    if reason.kind == "parameter":
        authored = library.parameters[reason.id]
        before, after = (
            t("rules.unknown_value") if one is None else words.with_unit(one, authored.unit)
            for one in (reason.before, reason.value)
        )
        label = words.say(authored.label)
        return t("calendar.reason.parameter", label=label, before=before, after=after)
    because = words.say(library.rules[reason.id].because)
    day = t.day(reason.in_force) if reason.in_force else ""
    return t(f"calendar.reason.{reason.kind}", date=day, because=because)


def _reached(words: RuleWords, reason: Reason) -> str:
    """What a derived fact reaches: an age where years run from a date nobody can change."""
    t = words.locale
    derived = words.library.vocabulary.derived[reason.id]
    if _is_age(words, derived):
        return t("calendar.reason.age", n=reason.value)
    unit = _COUNTS.get(derived.head)
    value = (
        t.count(f"rules.value.{unit}", int(str(reason.value)))
        if unit
        else t(f"rules.relation.{reason.value}")
    )
    return t("calendar.reason.fact", label=words.say(derived.label), value=value)


def _is_age(words: RuleWords, derived: Derived) -> bool:
    years = derived.years_between
    if years is None or years.to != AS_OF or years.from_ == AS_OF:
        return False
    return not words.library.vocabulary.facts[years.from_].changeable
