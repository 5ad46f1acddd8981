"""The colours of verdicts in pictures: those of the light theme, held apart for every eye."""

from __future__ import annotations

from tui.theme import LIGHT

GROUND = str(LIGHT.background)
INK = str(LIGHT.foreground)
SOFT = str(LIGHT.secondary)
PANEL = str(LIGHT.panel)
_TONES = {
    "eligible": LIGHT.success,
    "action_needed": LIGHT.success,
    "not_eligible": LIGHT.error,
    "stated": LIGHT.primary,
    "unclear": LIGHT.warning,
    "undecided": LIGHT.warning,
    "disputed": LIGHT.warning,
}


def colour(tone: str) -> str:
    """The colour of a verdict; white text can be read on it."""
    return str(_TONES.get(tone) or LIGHT.secondary)
