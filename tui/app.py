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
from tui.desk import Desk
from tui.locale import Locale
from tui.messages import Close, Confirmed, Intent, Leave, Open, SwitchLanguage, Tick
from tui.pages import page
from tui.route import Route, route
from tui.screens.page import Draft, Look, Page
from tui.screens.question import QuestionScreen
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE, Glyphs
from tui.theme import DARK, LIGHT

if TYPE_CHECKING:
    from datetime import date

    from engine.checker import Checker
    from tui.journey import Journey, Refusal

TERMINATED = 143
INTERRUPTED = 130
REFUSED = 2
BROKEN = 70
_TWICE_WITHIN = 2.0


class TongbaoApp(App[int]):
    """One journey at a time, shown page by page, and what a person lays over its page."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = list(keys.app_bindings())

    def __init__(self, desk: Desk, locale: Locale, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.desk = desk
        self.locale = locale
        self.glyphs = glyphs
        self.over: list[Route] = []
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
        self.push_screen(self._made(route(self.journey)))

    @property
    def journey(self) -> Journey:
        """Where the person stands."""
        return self.desk.journey

    @property
    def pages(self) -> list[Page]:
        """The page of the journey, and those that lie over it."""
        return [one for one in self.screen_stack if isinstance(one, Page)]

    @property
    def page(self) -> Page:
        """The page of the journey, whatever lies over it."""
        return self.pages[0]

    def _made(self, which: Route, draft: Draft | None = None) -> Page:
        say = Speaker(self.journey, self.locale, self.glyphs)
        return page(which, self.desk, say, Look(self.locale, self.glyphs), draft)

    async def _show(self, draft: Draft | None = None) -> None:
        """Show the page for where the journey stands, alone."""
        while self.over:
            await self._close()
        await self.switch_screen(self._made(route(self.journey), draft))

    @on(Open)
    async def _open(self, event: Open) -> None:
        # Typed twice, a key must not lay the same page over itself.
        if event.route not in self.over:
            await self._lay(event.route)

    async def _lay(self, which: Route, draft: Draft | None = None) -> None:
        self.over.append(which)
        await self.push_screen(self._made(which, draft))

    @on(Close)
    async def _close(self) -> None:
        if self.over:
            self.over.pop()
            await self.pop_screen()
            self.pages[-1].heard()

    @on(Intent)
    async def _apply(self, intent: Intent) -> None:
        before = route(self.journey)
        refusal = intent.apply(self.journey)
        if isinstance(intent, Tick):
            return
        if refusal is not None:
            self._refuse(refusal)
        if route(self.journey) == before and not self.over:
            self.page.heard()
        else:
            await self._show()

    def _refuse(self, refusal: Refusal) -> None:
        shown = self.page
        if isinstance(shown, QuestionScreen):
            key = "error.clash" if refusal.clash else "error.refused"
            say = Speaker(self.journey, self.locale, self.glyphs)
            shown.refuse(self.locale(key, message=say.fault(refusal.fault)))

    @on(SwitchLanguage)
    async def action_language(self) -> None:
        """Show the same pages in the other language."""
        first, *over = [one.keep() for one in self.pages]
        self.locale = Locale(self.locale.other)
        self.title = self.locale("app.title")
        routes = list(self.over)
        await self._show(first)
        for which, draft in zip(routes, over, strict=True):
            await self._lay(which, draft)

    def _fatal_error(self) -> None:
        """Close after an unexpected error; the trace Textual prints would show the answers."""
        self.broken = True
        self._close_messages_no_wait()

    def action_theme(self) -> None:
        """Change between the dark and the light theme."""
        dark = self.theme == DARK.name
        self.theme = LIGHT.name if dark else DARK.name
        self.pages[-1].remark(self.locale("app.theme_light" if dark else "app.theme_dark"))

    async def action_clear(self) -> None:
        """Ask whether to forget everything."""
        await self._open(Open(Route("confirm")))

    @on(Confirmed)
    async def _clear(self, event: Confirmed) -> None:
        if event.yes:
            self.desk.clear()
            await self._show()
        else:
            await self._close()

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
    locale = Locale(lang)
    refused = terminal.refusal(locale)
    if refused is not None:
        terminal.say(refused)
        return REFUSED
    terminal.forget_fixed_size()
    app = TongbaoApp(Desk(checker, as_of), locale, terminal.glyphs())
    code = app.run()
    if app.broken:
        terminal.say(locale("terminal.broken", where=terminal.whence(app._exception)))  # noqa: SLF001 - Textual has no other way to ask
        return BROKEN
    return code or 0
