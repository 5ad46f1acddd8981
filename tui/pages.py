"""Builds the page of a route from what is on the desk, in one language.

The pages of the journey follow from where it stands; any other lies over them until it is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.browse.pages import PAGES as BATCH
from tui.entry import read
from tui.explain.pages import PAGES as EXPLAINING
from tui.export.view import export_view
from tui.palette import Palette
from tui.rules_pages.pages import PAGES as RULES
from tui.screens.export import ExportScreen
from tui.screens.help import ConfirmScreen, HelpScreen
from tui.screens.palette import PaletteScreen
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
    return _PAGES[route.screen](Making(desk, say, look, route.about, draft))


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
    **EXPLAINING,
    **BATCH,
    **RULES,
    "palette": lambda of: PaletteScreen(Palette(of.say, of.desk, of.about), of.look, of.draft),
    "help": _help,
    "export": lambda of: ExportScreen(export_view(of.say, of.desk), of.look, of.draft),
    "resumed": lambda of: ResumedScreen(resumed_view(of.say, of.desk), of.look, of.draft),
    "confirm": lambda of: ConfirmScreen(of.say.frame(), of.look, of.draft),
}
