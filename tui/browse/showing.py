"""Opens results on the terminal without a question asked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import RulesetError
from tui import exit_codes, terminal
from tui.locale import Locale
from tui.route import Route

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def show(output: Path, cases: Path | None, lang: str, as_of: date) -> int:
    """Browse an output that answers `cases`, where that is known; the exit code."""
    refused = terminal.refusal(Locale(lang))
    if refused is not None:
        terminal.say(refused)
        return exit_codes.USAGE
    from engine.checker import Checker
    from tui.app import run
    from tui.desk import Desk

    try:
        desk = Desk(Checker.load(from_snapshot=True), as_of)
    except RulesetError as error:
        return terminal.failed(error)
    desk.batch.opened(str(output), cases)
    try:
        return run(desk, lang=lang, first=Route("batch_browse", str(output)))
    finally:
        desk.batch.close()
