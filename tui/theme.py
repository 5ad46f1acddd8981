"""The colour themes; a test holds every text colour to a contrast of 4.5 or more.

The colours of yes, no and doubt stay apart for who sees no red or no green; see the test.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    "clinic-dark",
    primary="#7DB9F5",
    secondary="#9AA7B4",
    accent="#7DB9F5",
    foreground="#E6EAEE",
    background="#11161C",
    surface="#11161C",
    panel="#1A222B",
    success="#4CC2A0",
    warning="#F2D45C",
    error="#F6844F",
    dark=True,
)

LIGHT = Theme(
    "clinic-light",
    primary="#0B57A4",
    secondary="#55606E",
    accent="#0B57A4",
    foreground="#1B2430",
    background="#FFFFFF",
    surface="#FFFFFF",
    panel="#EEF2F6",
    success="#00695C",
    warning="#88620A",
    error="#8B0000",
    dark=False,
)

HIGH_CONTRAST = Theme(
    "clinic-contrast",
    primary="#9CCBFF",
    secondary="#D8D8D8",
    accent="#9CCBFF",
    foreground="#FFFFFF",
    background="#000",
    surface="#000",
    panel="#1A1A1A",
    success="#40E8FF",
    warning="#FFF04D",
    error="#FF9C5A",
    dark=True,
)

THEMES = (DARK, LIGHT, HIGH_CONTRAST)
"""In the order they follow each other."""

VERDICT_COLOURS = ("success", "warning", "error")
TEXT_COLOURS = ("foreground", "primary", "secondary", "success", "warning", "error")
GROUNDS = ("background", "panel")


def following(name: str) -> str:
    """The theme after the named one; the first after the last."""
    names = [one.name for one in THEMES]
    return names[(names.index(name) + 1) % len(names)]
