"""Opens the rules on the terminal without a question asked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import InputError, RulesetError
from tui import exit_codes, terminal
from tui.locale import Locale
from tui.route import Route
from tui.rules_pages.asked import Asked

if TYPE_CHECKING:
    from datetime import date

    from engine.library import Library


def browse(topic: str | None, region: str | None, as_of: date, lang: str) -> int:
    """Read the rules, of a topic and a place where they are named; the exit code."""
    t = Locale(lang)
    refused = terminal.refusal(t)
    if refused is not None:
        terminal.say(refused)
        terminal.say(t("rules_pages.not_here"))
        return exit_codes.USAGE
    from engine.checker import Checker
    from tui.app import run
    from tui.desk import Desk

    try:
        desk = Desk(Checker.load(from_snapshot=True), as_of)
        return run(desk, lang=lang, first=first(desk.library, topic, region, as_of, t))
    except (RulesetError, InputError) as error:
        return terminal.failed(error)


def first(library: Library, topic: str | None, region: str | None, as_of: date, t: Locale) -> Route:
    """The page that what was named leads to. Raises InputError for an unknown name."""
    if topic is None:
        return Route("rules")
    if topic not in library.topics:
        known = t("result.listed").join(library.topics)
        raise InputError(t("rules.unknown_topic", topic=topic, topics=known))
    if region is None:
        return Route("rules_place", Asked(topic).about)
    place = library.places.resolve(region)
    if place is None:
        raise InputError(t("rules.unknown_place", place=region))
    return Route("rules_list", Asked(topic, place, as_of).about)
