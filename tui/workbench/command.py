"""Opens the workbench over a folder of rulesets: on the terminal, or line by line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.errors import InputError, RulesetError
from tui import exit_codes, terminal
from tui.locale import Locale

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from engine.checker import Checker
    from tui.desk import Desk


def screen(folder: Path, topic: str | None, as_of: date, lang: str, *, plain: bool = False) -> int:
    """Watch a folder of rulesets (a topic of it) on a screen, faults or not; the exit code."""
    t = Locale(lang)
    if plain:
        return _plain(folder, topic, as_of, lang)
    refused = terminal.refusal(t)
    if refused is not None:
        terminal.say(refused)
        terminal.say(t("workbench.not_here"))
        return exit_codes.USAGE
    from tui.app import run
    from tui.route import Route
    from tui.workbench.beside import Beside

    try:
        desk = _desk(folder, topic, as_of, t)
    except InputError as error:
        return terminal.failed(error)
    bench = desk.bench = Beside(folder, topic, as_of, terminal.glyphs())
    try:
        return run(desk, lang=lang, first=Route("bench"))
    finally:
        bench.close()


def _desk(folder: Path, topic: str | None, as_of: date, t: Locale) -> Desk:
    """A desk over the rules as far as they are whole: with faults there is nothing to ask about.

    Raises InputError for a topic that whole rules do not know.
    """
    from tui.desk import Desk

    checker = _checker(folder)
    known = checker.library.topics
    if topic is not None and known and topic not in known:
        listed = t("result.listed").join(known)
        raise InputError(t("rules.unknown_topic", topic=topic, topics=listed))
    return Desk(checker, as_of)


def _checker(folder: Path) -> Checker:
    from engine.checker import Checker
    from engine.library import Library
    from engine.loader import Authored

    try:
        return Checker.load(folder, from_snapshot=True)
    except RulesetError:
        return Checker(Library(Authored()))


def _plain(folder: Path, topic: str | None, as_of: date, lang: str) -> int:
    from tui.plain.mode import run

    return run(partial(_spoken, folder, topic, as_of, Locale(lang)), lang=lang,
               first=("bench", ""))  # fmt: skip


def _spoken(folder: Path, topic: str | None, as_of: date, t: Locale) -> Desk:
    from tui.workbench.plain import bench_over

    desk = _desk(folder, topic, as_of, t)
    desk.bench = bench_over(folder, topic, as_of)
    return desk
