"""Which screen shows the present state of a journey; a pure function of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.journey import Step

if TYPE_CHECKING:
    from tui.journey import Journey


LESS = "_less"
"""What ends the name under which the keys of a page are listed where not all of them work."""


def whole(screen: str) -> str:
    """The page itself, of a name under which its keys are listed."""
    return screen.removesuffix(LESS)


@dataclass(frozen=True)
class Route:
    """A screen by name, and what distinguishes it from others of the same kind."""

    screen: str
    about: str = ""


def route(journey: Journey) -> Route:
    """The screen for where the person stands."""
    if journey.step is Step.QUESTION:
        return Route("question", journey.fact or "")
    if journey.step in (Step.REVIEW, Step.RESULT):
        return Route(journey.step.value, journey.topic or "")
    return Route(journey.step.value)
