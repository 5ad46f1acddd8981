"""The terminal interface: holds the journey, applies what people want, shows what follows."""

from __future__ import annotations

import asyncio
import signal
import time
from io import BytesIO
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from engine.errors import whence
from tui import exit_codes, keys, messages, terminal
from tui.desk import Desk
from tui.export.delivery import Wish, delivered, write_new
from tui.idling import ClearsWhenIdle
from tui.locale import Locale
from tui.messages import Close, Confirmed, Export, Intent, Leave, Open, SwitchLanguage, TakeUp, Tick
from tui.pages import page
from tui.route import Route, route
from tui.screens.export import ExportScreen
from tui.screens.page import Draft, Look, Page
from tui.screens.question import QuestionScreen
from tui.speaker import Speaker
from tui.text.glyphs import UNICODE, Glyphs
from tui.theme import THEMES, following
from tui.views.saving import failed, not_deleted, resumed_view

if TYPE_CHECKING:
    from pathlib import Path

    from tui.journey import Journey, Refusal

_TWICE_WITHIN = 2.0


class TongbaoApp(ClearsWhenIdle):
    """One journey at a time, shown page by page, and what a person lays over its page."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = list(keys.app_bindings())

    def __init__(
        self, desk: Desk, locale: Locale, glyphs: Glyphs = UNICODE, first: Route | None = None,
        *, fast: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.desk = desk
        self.locale = locale
        self.glyphs = glyphs
        self.over: list[Route] = []
        self.first, self.fast = first, fast
        self._interrupted_at = -_TWICE_WITHIN
        self.broken = False
        self.animation_level = "none"

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.title = self.locale("app.title")
        for received in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(received, self._terminate)
        self.push_screen(self._made(route(self.journey)))
        if self.first is not None:
            self.post_message(Open(self.first))

    def _terminate(self) -> None:
        """Leave a restored terminal; where it is gone, leave without it."""
        terminal.end_in_time(exit_codes.TERMINATED)
        self.exit(exit_codes.TERMINATED)

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
        look = Look(self.locale, self.glyphs, self.fast)
        return page(which, self.desk, self._say(), look, draft)

    def _say(self) -> Speaker:
        return Speaker(self.journey, self.locale, self.glyphs)

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
        unkept = self.desk.keep()
        if refusal is not None:
            self._refuse(refusal)
        if not isinstance(intent, Tick):
            await self._follow(before)
        if unkept is not None:
            self.pages[-1].remark(failed(unkept, self.locale))

    async def _follow(self, before: Route) -> None:
        """Show where the journey stands now, unless that page is there already."""
        if route(self.journey) == before and not self.over:
            self.page.heard()
        else:
            await self._show()

    @on(TakeUp)
    async def _take_up(self) -> None:
        self.desk.take_up()
        await self._show()
        if resumed_view(self._say(), self.desk).lines:
            await self._lay(Route("resumed"))

    @on(Export)
    async def _export(self, event: Export) -> None:
        wish = Wish(event.form, event.folder, event.answers)
        page = self.pages[-1]
        if isinstance(page, ExportScreen):
            page.told(delivered(self.desk, self._say(), wish, self.deliver))

    def deliver(self, name: str, data: bytes, folder: Path) -> str:
        """Hand a file to the person: a download in a browser, else written; says where it is."""
        if self.desk.web:
            self.deliver_binary(BytesIO(data), save_filename=name)
            return name
        return str(write_new(folder, name, data))

    def _refuse(self, refusal: Refusal) -> None:
        shown = self.page
        if isinstance(shown, QuestionScreen):
            key = "error.clash" if refusal.clash else "error.refused"
            shown.refuse(self.locale(key, message=self._say().fault(refusal.fault)))

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
        """Change from one theme to the next."""
        self.theme = following(self.theme)
        self.pages[-1].remark(self.locale(f"app.theme.{self.theme}"))

    async def action_palette(self) -> None:
        """What can be done here, to be found by typing."""
        if not any(one.screen == "palette" for one in self.over):
            await self._open(Open(Route("palette", self.pages[-1].offered)))

    @on(messages.Perform)
    async def _perform(self, event: messages.Perform) -> None:
        await self._close()
        if event.route is not None:
            await self._open(Open(event.route))
        else:
            await self.pages[-1].run_action(event.action)

    async def action_clear(self) -> None:
        """Ask whether to forget everything."""
        await self._open(Open(Route("confirm")))

    @on(Confirmed)
    async def _clear(self, event: Confirmed) -> None:
        if event.yes:
            undeleted = self.desk.clear()
            await self._show()
            if undeleted is not None:
                self.pages[-1].remark(not_deleted(undeleted, self.locale))
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
            self.exit(exit_codes.INTERRUPTED)
        self._interrupted_at = now
        if isinstance(self.screen, Page):
            self.screen.remark(self.locale("app.quit_again"))


def run(
    desk: Desk, *, lang: str, first: Route | None = None, fast: bool = False,
    idle: float | None = None,
) -> int:  # fmt: skip
    """Run the interface on this terminal, with a page laid over its first one; the exit code."""
    locale = Locale(lang)
    refused = terminal.refusal(locale)
    if refused is not None:
        terminal.say(refused)
        return exit_codes.USAGE
    terminal.forget_fixed_size()
    app = TongbaoApp(desk, locale, terminal.glyphs(), first, fast=fast)
    app.idle = idle
    code = app.run()
    if app.broken:
        terminal.say(locale("terminal.broken", where=whence(app._exception)))  # noqa: SLF001 - Textual has no other way to ask
        return exit_codes.INTERNAL
    return code or 0
