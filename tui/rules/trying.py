"""Tries the examples that stand beside the rules, and says which come out differently."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engine.examples import mismatches
from tui.text.safe import safe

if TYPE_CHECKING:
    from engine.checker import Checker
    from engine.examples import Mismatch
    from tui.locale import Locale


def tried(checker: Checker, locale: Locale, topic: str | None) -> tuple[list[str], bool]:
    """A line for each difference and one with the counts; whether all came out as expected."""
    library = checker.library
    examples = [
        one for one in library.examples.values()
        if topic is None or topic in {library.decisions[name].topic for name in one.expect}
    ]  # fmt: skip
    lines: list[str] = []
    failed = 0
    for example in examples:
        found = mismatches(checker, example)
        failed += bool(found)
        lines += [_line(locale, example.id, one) for one in found]
    compared = sum(len(one.expect) for one in examples)
    counts = locale("rules.tried.counts", examples=len(examples), compared=compared, failed=failed)
    return [*lines, counts], not failed


def _line(locale: Locale, example: str, one: Mismatch) -> str:
    place = f"{one.place.file}:{one.place.line}"
    if not one.decision:
        return locale("rules.tried.failed", place=place, example=example, found=safe(one.found))
    return locale(
        "rules.tried.differs",
        place=place, example=example, what=f"{one.decision}.{one.key}",
        expected=_shown(one.expected), found=_shown(one.found),
    )  # fmt: skip


def _shown(value: object) -> str:
    return safe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
