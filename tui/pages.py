"""Builds the page of a route from what is on the desk, in one language.

The pages of the journey follow from where it stands; any other lies over them until it is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.entry import read
from tui.screens.help import ConfirmScreen, HelpScreen
from tui.screens.question import QuestionScreen, Readers
from tui.screens.result import ResultScreen
from tui.screens.review import ReviewScreen
from tui.screens.start import StartScreen
from tui.screens.topic import TopicScreen
from tui.view import review_view, start_view, topic_view
from tui.view_help import help_view
from tui.view_question import list_options, question_view
from tui.view_result import result_view

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
    view = help_view(of.say, of.about, of.desk.journey.fact or "")
    return HelpScreen(view, of.look, of.draft)


_PAGES: dict[str, Callable[[Making], Page]] = {
    "start": lambda of: StartScreen(start_view(of.say), of.look, of.draft),
    "topic": lambda of: TopicScreen(topic_view(of.say), of.look, of.draft),
    "question": _question,
    "review": lambda of: ReviewScreen(review_view(of.say), of.look, of.draft),
    "result": lambda of: ResultScreen(result_view(of.say), of.look, of.draft),
    "help": _help,
    "confirm": lambda of: ConfirmScreen(of.say.frame(), of.look, of.draft),
}
