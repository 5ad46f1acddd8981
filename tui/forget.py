"""Runs `forget`: deletes what was kept of questions and answers, and says what that was."""

from __future__ import annotations

import sys

from tui import exit_codes, terminal
from tui.locale import Locale
from tui.saving import default_store
from tui.system_errors import reason
from tui.text.safe import safe


def run(lang: str) -> int:
    """Delete every session kept; the exit code."""
    t = Locale(lang)
    store = default_store()
    if store is None:
        _print(t("saving.nothing"))
        return exit_codes.DONE
    try:
        removed = store.forget()
    except OSError as error:
        where = safe(error.filename or store.folder)
        terminal.say(t("saving.not_forgotten", file=where, why=reason(error, t)))
        return exit_codes.USAGE
    for path in removed:
        _print(t("saving.forgotten", file=safe(path)))
    if not removed:
        _print(t("saving.nothing"))
    return exit_codes.DONE


def _print(line: str) -> None:
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
