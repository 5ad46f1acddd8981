"""Starts the terminal UI, or plain mode; or says in a sentence why it cannot be done here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import exit_codes, terminal

if TYPE_CHECKING:
    from datetime import date


def launch(lang: str, as_of: date, *, plain: bool = False) -> int:
    """Run the interface in `lang`, counting from `as_of`; the exit code."""
    from engine.errors import InputError, RulesetError

    try:
        return _plain(lang, as_of) if plain else _drawn(lang, as_of)
    except RulesetError as error:
        terminal.say(str(error))
        return exit_codes.BROKEN_RULESET
    except InputError as error:
        terminal.say(f"tongbao: {error}")
        return exit_codes.USAGE


def _plain(lang: str, as_of: date) -> int:
    from engine.checker import Checker
    from tui.plain import run

    return run(Checker.load, lang=lang, as_of=as_of)


def _drawn(lang: str, as_of: date) -> int:
    from tui.locale import Locale

    refused = terminal.refusal(Locale(lang))
    if refused is not None:
        terminal.say(refused)
        return exit_codes.USAGE
    from engine.checker import Checker
    from tui.app import run

    return run(Checker.load(), lang=lang, as_of=as_of)
