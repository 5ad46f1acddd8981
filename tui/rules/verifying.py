"""Verifies the rules over every class, and says what is wrong, with a class that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.verification import verify
from tui.text.safe import safe

if TYPE_CHECKING:
    from engine.analysis.verification import Finding
    from engine.library import Library
    from tui.locale import Locale


def verified(library: Library, locale: Locale, topic: str | None) -> tuple[list[str], bool]:
    """Lines for each finding and one with the counts; whether nothing was found."""
    found = verify(library, topic)
    lines = [line for one in found.findings for line in _lines(library, locale, one)]
    counts = locale(
        "rules.verified.counts",
        decisions=found.decisions, programs=found.programs, classes=f"{found.classes:,}",
        compared=f"{found.compared:,}", findings=len(found.findings),
    )  # fmt: skip
    return [*lines, counts], not found.findings


def _lines(library: Library, locale: Locale, one: Finding) -> list[str]:
    """The finding with the place of its rule, then the class that shows it, fact by fact."""
    origin = _origin(library, one)
    what = locale(f"rules.verified.{one.kind}", decision=one.decision, outcome=one.outcome or "")
    lines = [f"{origin}: {what}"]
    if one.rules:
        lines.append(locale("rules.verified.rules", rules=", ".join(one.rules)))
    if one.place is not None:
        name = library.places.get(one.place).name.get(locale.lang)
        period = "" if one.period is None else " .. ".join(day.isoformat() for day in one.period)
        lines.append(locale("rules.verified.where", place=name, period=period).rstrip())
    lines += [f"    {fact}: {safe(value)}" for fact, value in one.witness]
    return lines


def _origin(library: Library, one: Finding) -> str:
    key = ("rules", one.rules[0]) if one.rules else ("decisions", one.decision)
    origin = library.authored.origins[key]
    at = origin.file.place(origin.path)
    return f"{at.file}:{at.line}"
