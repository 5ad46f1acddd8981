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


class Tried:
    """The examples of a topic (else all), tried."""

    def __init__(self, checker: Checker, locale: Locale, topic: str | None) -> None:
        self.locale = locale
        library = checker.library
        self.examples = [
            one for one in library.examples.values()
            if topic is None or topic in {library.decisions[name].topic for name in one.expect}
        ]  # fmt: skip
        tried = ((one.id, mismatches(checker, one)) for one in self.examples)
        self.failed = {name: found for name, found in tried if found}

    @property
    def well(self) -> bool:
        """Whether all came out as expected."""
        return not self.failed

    @property
    def compared(self) -> int:
        """How many answers the examples expect."""
        return sum(len(one.expect) for one in self.examples)

    def lines(self) -> list[str]:
        """A line for each difference and one with the counts."""
        lines = [self._line(name, one) for name, found in self.failed.items() for one in found]
        counts = self.locale(
            "rules.tried.counts",
            examples=len(self.examples), compared=self.compared, failed=len(self.failed),
        )  # fmt: skip
        return [*lines, counts]

    def as_data(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "examples": len(self.examples), "compared": self.compared, "failed": len(self.failed),
            "differences": [
                {
                    "example": name, "file": one.place.file, "line": one.place.line,
                    "decision": one.decision or None, "key": one.key,
                    "expected": one.expected, "found": one.found,
                }
                for name, found in self.failed.items() for one in found
            ],
        }  # fmt: skip

    def _line(self, example: str, one: Mismatch) -> str:
        place = f"{one.place.file}:{one.place.line}"
        key = f"{one.decision}.{one.key}" if one.decision else ""
        return differs(self.locale, place, example, key, one.expected, one.found)


def differs(  # noqa: PLR0913, PLR0917 - an example, and what differs in it
    t: Locale, place: str, example: str, key: str, expected: object, found: object
) -> str:
    """What came out differently from what an example expects; without a key, all of it."""
    if not key:
        return t("rules.tried.failed", place=place, example=example, found=safe(found))
    return t(
        "rules.tried.differs",
        place=place, example=example, what=key, expected=_shown(expected), found=_shown(found),
    )  # fmt: skip


def _shown(value: object) -> str:
    return safe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
