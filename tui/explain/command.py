"""Runs `explain`: reads the cases, writes what explains each, gives the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.encoding import encode
from engine.batch.reader import open_input, read_items, shown
from engine.checker import Checker
from engine.errors import InputError
from engine.explanation.explain import Explanation, explain_data
from engine.result import CaseResult
from tui import exit_codes, terminal
from tui.explain.documents import document
from tui.explain.events import events, write_ics
from tui.rules.command import run as run_command
from tui.rules.document import as_markdown, as_text
from tui.rules.words import RuleWords

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from engine.batch.reader import Item
    from engine.explanation.calendar import Entry
    from tui.locale import Locale


def run(  # noqa: PLR0913 - one parameter an option
    file: str, *, identity: str | None, topics: str | None, decision: str | None, as_of: date,
    form: str, ics: str | None, lang: str, rulesets: Path,
) -> int:  # fmt: skip
    """Explain the cases of a file; the exit code."""

    def make(t: Locale) -> tuple[str, int]:
        checker = Checker.load(rulesets, from_snapshot=True)
        library = checker.library
        wanted = _listed(topics, library.topics, "topics", t)
        decisions = _listed(decision, library.decisions, "decisions", t)
        if decisions is not None and wanted is None:
            wanted = list(dict.fromkeys(library.decisions[one].topic for one in decisions))
        broken: list[str] = []
        found = [
            Explanation(CaseResult(item.id, None, faults=item.faults, line=item.line))
            if item.faults else explain_data(checker, item.data, as_of, decisions, wanted)
            for item in _items(file, identity, broken)
        ]  # fmt: skip
        if not found and not broken:
            raise InputError(t("explain.no_case", id=identity or "", file=shown(file)))
        if ics is not None:
            _calendar(checker, found, Path(ics), t)
        for one in broken:
            terminal.say(f"tongbao: {one}")
        codes = [exit_codes.DONE, *[exit_codes.USAGE] * bool(broken)]
        codes += [exit_codes.CASE_ERRORS for one in found if one.result.faults]
        return _rendered(checker, found, form, t), exit_codes.strongest(*codes)

    return run_command(make, lang)


def _listed(text: str | None, known: Collection[str], what: str, t: Locale) -> list[str] | None:
    """The names in a list with commas; InputError names those that do not exist."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        there = t("result.listed").join(known)
        raise InputError(t(f"explain.unknown_{what}", names=t("result.listed").join(unknown),
                           there=there))  # fmt: skip
    return names


def _items(file: str, identity: str | None, broken: list[str]) -> Iterator[Item]:
    """The cases of a file, or those with an id; why it broke off is added to `broken`."""
    try:
        with open_input(file) as stream:
            for item in read_items(stream, file):
                found = item.data.get("id") if isinstance(item.data, dict) else item.id
                if identity is None or found == identity:
                    yield item
    except InputError as error:
        broken.append(str(error))


def _rendered(checker: Checker, found: list[Explanation], form: str, t: Locale) -> str:
    if form == "json":
        return "".join(encode(one) + "\n" for one in found)
    parts = [document(checker, one, t) for one in found]
    if form == "markdown":
        return "\n".join(map(as_markdown, parts))
    return "\n\n".join(map(as_text, parts))


def _calendar(checker: Checker, found: list[Explanation], target: Path, t: Locale) -> None:
    """Write the days of the one case as an iCalendar file."""
    if len(found) != 1:
        raise InputError(t("explain.one_case", n=len(found)))
    (one,) = found
    if one.case is None:
        return
    days: dict[date, Entry] = {}
    for told in one.decisions.values():
        days |= {entry.day: entry for entry in told.when}
    words = RuleWords(checker.library, t)
    entries = [days[day] for day in sorted(days)]
    try:
        write_ics(target, events(words, entries), one.case.as_of, t)
    except OSError as error:
        raise InputError(t("explain.not_written", file=target, why=error.strerror)) from error
