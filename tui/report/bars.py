"""Bars as inline SVG: a share of a whole, alone or several in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report.markup import Markup, element
from tui.report.style import COLOURS, PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 1000
_HEIGHT = 20


def bar(share: float, kind: str = "", *, words: str) -> Markup:
    """One bar as long as its share; `words` say the same to who cannot see it."""
    return _drawn({kind: share}, words)


def stacked(counts: Mapping[str, int], *, words: str) -> Markup:
    """One bar of the whole width with a part for each kind."""
    whole = sum(counts.values()) or 1
    return _drawn({kind: count / whole for kind, count in counts.items()}, words)


def swatch(kind: str) -> Markup:
    """The colour of a kind, for a key."""
    square = element("rect", width=_HEIGHT, height=_HEIGHT, fill=COLOURS.get(kind, PLAIN))
    return element("svg", square, viewBox=f"0 0 {_HEIGHT} {_HEIGHT}", aria_hidden="true")


def _drawn(shares: Mapping[str, float], words: str) -> Markup:
    parts, at = [], 0.0
    for kind, share in shares.items():
        width = share * _WIDTH
        if share > 0:
            # What is there at all can be seen.
            drawn = max(2.0, width)
            fill = COLOURS.get(kind, PLAIN)
            parts.append(element("rect", x=f"{min(at, _WIDTH - drawn):.1f}", y=0,
                                 width=f"{drawn:.1f}", height=_HEIGHT, fill=fill))  # fmt: skip
        at += width
    return element(
        "svg", element("title", words), *parts, role="img",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}", preserveAspectRatio="none",
    )  # fmt: skip
