"""Builds the page of a route from what is on the desk, in one language.

The pages of the journey follow from where it stands; any other lies over them until it is closed.
Those that most people never open are imported when somebody does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.entry import read
from tui.screens.help import ConfirmScreen, HelpScreen
from tui.screens.question import QuestionScreen, Readers
from tui.screens.resumed import ResumedScreen
from tui.screens.review import ReviewScreen
from tui.screens.start import StartScreen
from tui.screens.topic import TopicScreen
from tui.views.asking import review_view, start_view, topic_view
from tui.views.help import help_view
from tui.views.question import list_options, question_view
from tui.views.saving import resumed_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.desk import Desk
    from tui.route import Route
    from tui.screens.page import Draft, Look, Page
    from tui.speaker import Speaker


@dataclass(frozen=True)
class Making:
    """What a page is made of."""

    desk: Desk
    say: Speaker
    look: Look
    about: str
    draft: Draft | None


def page(route: Route, desk: Desk, say: Speaker, look: Look, draft: Draft | None = None) -> Page:
    """The page of a route, with what a person had done on it before."""
    making = Making(desk, say, look, route.about, draft)
    return (_PAGES.get(route.screen) or _other(route.screen))(making)


def _other(screen: str) -> Callable[[Making], Page]:
    from tui.explain.pages import PAGES as EXPLAINING

    if screen in EXPLAINING:
        return EXPLAINING[screen]
    # Who reads rules or checks a file does not wait for what their authors need.
    if screen.startswith("bench"):
        from tui.workbench.pages import PAGES as BENCH

        return BENCH[screen]
    from tui.browse.pages import PAGES as BATCH
    from tui.rules_pages.pages import PAGES as RULES

    return {**BATCH, **RULES}[screen]


def builders() -> dict[str, Callable[[Making], Page]]:
    """Every page there is, by the name of its screen."""
    from tui.browse.pages import PAGES as BATCH
    from tui.explain.pages import PAGES as EXPLAINING
    from tui.rules_pages.pages import PAGES as RULES
    from tui.workbench.pages import PAGES as BENCH

    return {**_PAGES, **EXPLAINING, **BATCH, **RULES, **BENCH}


def _palette(of: Making) -> Page:
    from tui.palette import Palette
    from tui.screens.palette import PaletteScreen

    return PaletteScreen(Palette(of.say, of.desk, of.about), of.look, of.draft)


def _export(of: Making) -> Page:
    from tui.export.view import export_view
    from tui.screens.export import ExportScreen

    return ExportScreen(export_view(of.say, of.desk), of.look, of.draft)


def _question(of: Making) -> Page:
    readers = Readers(
        lambda text: read(of.say, of.about, text),
        lambda text: list_options(of.say, of.about, text),
    )
    return QuestionScreen(question_view(of.say, of.about), of.look, readers, of.draft)


def _help(of: Making) -> Page:
    view = help_view(of.say, of.about, of.desk.journey.fact or "", fast=of.look.fast)
    return HelpScreen(view, of.look, of.draft)


_PAGES: dict[str, Callable[[Making], Page]] = {
    "start": lambda of: StartScreen(start_view(of.say, of.desk), of.look, of.draft),
    "topic": lambda of: TopicScreen(topic_view(of.say), of.look, of.draft),
    "question": _question,
    "review": lambda of: ReviewScreen(review_view(of.say), of.look, of.draft),
    "palette": _palette,
    "help": _help,
    "export": _export,
    "resumed": lambda of: ResumedScreen(resumed_view(of.say, of.desk), of.look, of.draft),
    "confirm": lambda of: ConfirmScreen(of.say.frame(), of.look, of.draft),
}
