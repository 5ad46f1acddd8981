"""The two colour themes; a test holds every text colour to a contrast of 4.5 or more."""

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
    warning="#E8C547",
    error="#FF9E5E",
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
    warning="#7A5900",
    error="#B23C00",
    dark=False,
)

TEXT_COLOURS = ("foreground", "primary", "secondary", "success", "warning", "error")
GROUNDS = ("background", "panel")
