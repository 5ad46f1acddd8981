"""The terminal interface: holds the journey, applies what people want, shows what follows."""

from __future__ import annotations

import asyncio
import signal
import time
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.binding import BindingType

from tui import keys, terminal
from tui.entry import read
from tui.journey import Journey, Refusal
from tui.locale import Locale
from tui.messages import Confirmed, HelpDone, HelpWanted, Intent, Leave, SwitchLanguage, Tick
from tui.route import route
from tui.screens.help import ConfirmScreen, HelpScreen
from tui.screens.page import Draft, Look, Page
from tui.screens.question import QuestionScreen, Readers
from tui.screens.result import ResultScreen
from tui.screens.review import ReviewScreen
from tui.screens.start import StartScreen
from tui.screens.topic import TopicScreen
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE, Glyphs
from tui.theme import DARK, LIGHT
from tui.view import review_view, start_view, topic_view
from tui.view_help import help_view
from tui.view_question import list_options, question_view
from tui.view_result import result_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from engine.checker import Checker

TERMINATED = 143
INTERRUPTED = 130
REFUSED = 2
BROKEN = 70
_TWICE_WITHIN = 2.0


class TongbaoApp(App[int]):
    """One journey at a time, shown page by page."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = list(keys.app_bindings())

    def __init__(
        self, new_journey: Callable[[], Journey], locale: Locale, glyphs: Glyphs = UNICODE
    ) -> None:
        super().__init__()
        self._new_journey = new_journey
        self.journey = new_journey()
        self.locale = locale
        self.glyphs = glyphs
        self._interrupted_at = -_TWICE_WITHIN
        self.broken = False
        self.animation_level = "none"

    def on_mount(self) -> None:
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name
        self.title = self.locale("app.title")
        for received in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(received, self.exit, TERMINATED)
        self.push_screen(self._page())

    @property
    def page(self) -> Page:
        """The page of the journey, whatever lies over it."""
        return next(one for one in self.screen_stack if isinstance(one, Page))

    def _page(self, draft: Draft | None = None) -> Page:
        """The page for where the journey stands."""
        say = Speaker(self.journey, self.locale, self.glyphs)
        look = Look(self.locale, self.glyphs)
        at = route(self.journey)
        if at.screen == "question":
            readers = Readers(
                lambda text: read(say, at.about, text),
                lambda text: list_options(say, at.about, text),
            )
            return QuestionScreen(question_view(say, at.about), look, readers, draft)
        if at.screen == "topic":
            return TopicScreen(topic_view(say), look, draft)
        if at.screen == "review":
            return ReviewScreen(review_view(say), look, draft)
        if at.screen == "result":
            return ResultScreen(result_view(say), look, draft)
        return StartScreen(start_view(say), look, draft)

    async def _show(self, draft: Draft | None = None) -> None:
        """Show the page for where the journey stands, alone."""
        while len(self.screen_stack) > 2:  # noqa: PLR2004 - Textual's own screen and the page
            await self.pop_screen()
        await self.switch_screen(self._page(draft))

    @on(Intent)
    async def _apply(self, intent: Intent) -> None:
        before = route(self.journey)
        refusal = intent.apply(self.journey)
        if isinstance(intent, Tick):
            return
        if refusal is not None:
            self._refuse(refusal)
        if route(self.journey) == before:
            self.page.heard()
        else:
            await self._show()

    def _refuse(self, refusal: Refusal) -> None:
        page = self.page
        if isinstance(page, QuestionScreen):
            key = "error.clash" if refusal.clash else "error.refused"
            say = Speaker(self.journey, self.locale, self.glyphs)
            page.refuse(self.locale(key, message=say.fault(refusal.fault)))

    @on(HelpWanted)
    async def _help(self) -> None:
        say = Speaker(self.journey, self.locale, self.glyphs)
        view = help_view(say, self.page.kind, self.journey.fact or "")
        await self.push_screen(HelpScreen(view, Look(self.locale, self.glyphs)))

    @on(HelpDone)
    async def _help_done(self) -> None:
        await self.pop_screen()

    @on(SwitchLanguage)
    async def action_language(self) -> None:
        """Show the same page in the other language."""
        helping = isinstance(self.screen, HelpScreen)
        self.locale = Locale(self.locale.other)
        self.title = self.locale("app.title")
        await self._show(self.page.keep())
        if helping:
            await self._help()

    def _fatal_error(self) -> None:
        """Close after an unexpected error; the trace Textual prints would show the answers."""
        self.broken = True
        self._close_messages_no_wait()

    def action_theme(self) -> None:
        """Change between the dark and the light theme."""
        dark = self.theme == DARK.name
        self.theme = LIGHT.name if dark else DARK.name
        self.page.remark(self.locale("app.theme_light" if dark else "app.theme_dark"))

    async def action_clear(self) -> None:
        """Ask whether to forget everything."""
        if not isinstance(self.screen, ConfirmScreen):
            say = Speaker(self.journey, self.locale, self.glyphs)
            await self.push_screen(ConfirmScreen(say.frame(), Look(self.locale, self.glyphs)))

    @on(Confirmed)
    async def _clear(self, event: Confirmed) -> None:
        if event.yes:
            self.journey = self._new_journey()
            await self._show()
        else:
            await self.pop_screen()

    @on(Leave)
    def action_leave(self) -> None:
        """Quit."""
        self.exit(0)

    def action_interrupt(self) -> None:
        """Quit when pressed twice within two seconds; say so the first time."""
        now = time.monotonic()
        if now - self._interrupted_at < _TWICE_WITHIN:
            self.exit(INTERRUPTED)
        self._interrupted_at = now
        if isinstance(self.screen, Page):
            self.screen.remark(self.locale("app.quit_again"))


def run(checker: Checker, *, lang: str, as_of: date) -> int:
    """Run the interface on this terminal; returns the exit code of the program."""
    from engine.interview import Interview

    def new_journey() -> Journey:
        return Journey(checker.library, as_of, lambda topics: Interview(checker, topics, as_of))

    return run_journey(new_journey, lang)


def run_journey(new_journey: Callable[[], Journey], lang: str) -> int:
    """Run the interface for the journeys made; returns the exit code of the program."""
    locale = Locale(lang)
    refused = terminal.refusal(locale)
    if refused is not None:
        terminal.say(refused)
        return REFUSED
    terminal.forget_fixed_size()
    app = TongbaoApp(new_journey, locale, terminal.glyphs())
    code = app.run()
    if app.broken:
        terminal.say(locale("terminal.broken", where=terminal.whence(app._exception)))  # noqa: SLF001 - Textual has no other way to ask
        return BROKEN
    return code or 0
