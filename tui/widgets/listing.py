"""Several texts below each other in one widget, each with its own lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.prose import Prose, hung

if TYPE_CHECKING:
    from collections.abc import Iterable


class Listing(Prose):
    """Texts, each hanging below what leads it: a widget for each takes far longer to show."""

    def __init__(self, parts: Iterable[tuple[str, str]], *, classes: str | None = None) -> None:
        self._parts = tuple(parts)
        super().__init__("\n".join(lead + text for lead, text in self._parts), classes=classes)

    def lines(self, width: int) -> list[str]:
        return [line for lead, text in self._parts for line in hung(lead, text, width)]
