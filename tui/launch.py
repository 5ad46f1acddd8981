"""Starts the terminal UI, or plain mode; or says in a sentence why it cannot be done here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tui import exit_codes, terminal

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tui.desk import Desk


@dataclass(frozen=True)
class Sitting:
    """What a run of the interface was asked to be."""

    lang: str
    as_of: date
    plain: bool = False
    save: bool = True
    fast: bool = False
    """Whether a digit answers without Enter."""
    idle: float | None = None
    """Minutes without a key after which everything is cleared."""
    exports: Path | None = None
    """Where exported files go; None for the present folder."""


def launch(asked: Sitting) -> int:
    """Run the interface; the exit code."""
    from engine.errors import InputError, RulesetError

    try:
        return _plain(asked) if asked.plain else _drawn(asked)
    except (RulesetError, InputError) as error:
        return terminal.failed(error)


def _desk(asked: Sitting) -> Desk:
    from engine.checker import Checker
    from tui.desk import Desk
    from tui.saving import default_store, web_visitor

    store = default_store() if asked.save else None
    return Desk(
        Checker.load(from_snapshot=True),
        asked.as_of,
        store=store,
        exports=asked.exports,
        web=web_visitor(),
    )


def _plain(asked: Sitting) -> int:
    from tui.plain.mode import run

    return run(partial(_desk, asked), lang=asked.lang)


def _drawn(asked: Sitting) -> int:
    from tui.locale import Locale

    refused = terminal.refusal(Locale(asked.lang))
    if refused is not None:
        terminal.say(refused)
        return exit_codes.USAGE
    from tui.app import run

    return run(_desk(asked), lang=asked.lang, fast=asked.fast, idle=asked.idle)
