"""The program a visitor sees in the browser: the interface, with nothing of this computer in it.

Started by `tui.web.session`; arguments: the language, and the day counted from unless it is today.
"""

from __future__ import annotations

import asyncio
import base64
import mimetypes
import os
import signal
import sys
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TextIO

from textual import events, messages
from textual.drivers.web_driver import WebDriver

from engine.checker import Checker
from engine.clock import today
from engine.errors import whence
from tui import exit_codes, terminal
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.locale import Locale

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

_STARTING = 20.0
"""Seconds until keys are read even where no page has been shown."""


def _end() -> None:
    """End at once when told to: no terminal is to be restored, nothing to be saved.

    Told while it starts, Textual would go on for ever.
    """
    os._exit(exit_codes.TERMINATED)


class Visitor(WebDriver):
    """Textual's driver for browsers, which loses no key and ends when its server does."""

    def __init__(self, app: App[Any], **options: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(app, **options)
        self.shown = threading.Event()
        """Set once there is a page that keys can be for."""

    def start_application_mode(self) -> None:
        """Start; the window is taken to be the one that is typed in, which Textual doubts."""
        super().start_application_mode()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _end)
        self._app.call_later(self._app.post_message, events.AppFocus())

    def run_input_thread(self) -> None:
        """Read keys once they have a page; leave when no more can come: the server is gone."""
        self.shown.wait(_STARTING)
        super().run_input_thread()
        if not self.exit_event.is_set():
            terminal.end_in_time(exit_codes.TERMINATED)
            self.send_message(messages.ExitApp())

    def stop_application_mode(self) -> None:
        """Stop, also where no page was shown yet."""
        self.shown.set()
        super().stop_application_mode()

    def deliver_binary(  # noqa: PLR0913 - Textual's
        self, binary: BinaryIO | TextIO, *, delivery_key: str, save_path: Path,
        open_method: Literal["browser", "download"] = "download", encoding: str | None = None,
        mime_type: str | None = None, name: str | None = None,
    ) -> None:  # fmt: skip
        """Hand a whole file to the server, which has the browser download it; ours are small."""
        del delivery_key, open_method, name
        content = binary.read()
        raw = content.encode(encoding or "utf-8") if isinstance(content, str) else content
        kind = mime_type or mimetypes.guess_type(save_path.name)[0] or "application/octet-stream"
        data = base64.b64encode(raw).decode("ascii")
        self.write_meta({"type": "file", "name": save_path.name, "mime": kind, "data": data})


class Visit(TongbaoApp):
    """The interface as a visitor has it."""

    # Textual looks beside the subclass.
    CSS_PATH = str(Path(__file__).parents[1] / TongbaoApp.CSS_PATH)

    def get_driver_class(self) -> type[Driver]:
        return Visitor

    def _terminate(self) -> None:
        _end()

    def on_ready(self) -> None:
        """Let the driver read keys."""
        if isinstance(self._driver, Visitor):
            self._driver.shown.set()


def main(lang: str, as_of: str | None = None) -> int:
    """Run the interface for one visitor; the exit code."""
    day = date.fromisoformat(as_of) if as_of else today()
    locale = Locale(lang)
    app = Visit(Desk(Checker.load(from_snapshot=True), day, web=True), locale)
    code = app.run()
    if app.broken:
        terminal.say(locale("web.broken", where=whence(app._exception)))  # noqa: SLF001 - Textual has no other way to ask
        return exit_codes.INTERNAL
    return code or exit_codes.DONE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
