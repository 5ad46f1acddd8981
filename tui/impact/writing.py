"""Writes the report on a change of rules, in the form that its name says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError
from tui.impact import html, markdown
from tui.impact.telling import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.batch.transitions import Transitions
    from engine.checker import Checker
    from tui.locale import Locale
    from tui.rules.sides import Found, Plan

FORMS = {".html": html.page, ".htm": html.page, ".md": markdown.text, ".markdown": markdown.text}


def refuse_unknown_form(name: str) -> None:
    """Raise InputError, before any work, where the name of a report says no form it can have."""
    if Path(name).suffix.lower() not in FORMS:
        forms = ", ".join(FORMS)
        raise InputError(f"cannot tell the form of the report {name}: its name ends in {forms}")


def write(  # noqa: PLR0913, PLR0917 - what is told, to whom, where
    name: str, plan: Plan, found: Sequence[Found], cases: Transitions | None,
    checkers: tuple[Checker, Checker], t: Locale,
) -> None:  # fmt: skip
    """Write a report. Raises InputError where the file cannot be written."""
    told = FORMS[Path(name).suffix.lower()](report(plan, found, cases, checkers, t), t)
    try:
        Path(name).write_text(told, "utf-8")
    except OSError as error:
        raise InputError(f"cannot write the report {name}: {error.strerror}") from error
