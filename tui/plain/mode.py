"""Plain mode: the same journey line by line, for screen readers, pipes and simple terminals.

Nothing is redrawn or coloured: a page is said once, a line is read, and what follows is said below.
What plain mode says is its data, so all of it goes to standard output.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from engine.errors import whence
from tui import exit_codes, terminal
from tui.journey import Journey, Step
from tui.locale import Locale
from tui.plain.console import Console, standard
from tui.plain.explaining import LETTERS, OVER
from tui.plain.export import Exporting
from tui.plain.pages import Heard, Page, QuestionPage, ResultPage, ReviewPage, StartPage, TopicPage
from tui.plain.result import GAP
from tui.rules_pages.plain import OVER as RULES
from tui.speaker import Speaker
from tui.text.glyphs import ASCII, Glyphs
from tui.views.help import VERDICTS
from tui.views.saving import failed, not_deleted, resumed_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.desk import Desk

MODE = "plain"
_PAGES = {
    Step.TOPIC: TopicPage, Step.REVIEW: ReviewPage,
}  # fmt: skip


class _TerminatedError(BaseException):
    """SIGTERM or SIGHUP arrived."""


def spoken(locale: Locale) -> Glyphs:
    """Words in place of the signs: a screen reader would spell those out, or leave them out."""
    signs = {one: locale("plain.sign", word=locale(f"verdict.{one}")) for one in VERDICTS}
    return replace(ASCII, dot="-", bullet="", **signs)


class Plain:
    """One journey at a time, said page by page."""

    def __init__(self, desk: Desk, lang: str, console: Console) -> None:
        self.desk = desk
        self.locale = Locale(lang, MODE)
        self.console = console
        self.over: list[tuple[str, str]] = []
        self._commands: dict[str, Callable[[Page], Heard]] = {
            "b": lambda _: Heard(closes=True) if self.over else self._move(Journey.back),
            "a": lambda _: self._move(Journey.review),
            "c": lambda _: self._move(Journey.review),
            "t": lambda _: self._move(Journey.begin),
            "w": self._why,
            **{one: partial(self._lay, name) for one, name in LETTERS.items()},
            "?": lambda page: Heard(tuple(page.help()), stays=True),
            "n": lambda _: self._clear(),
            "e": lambda _: Exporting(self.desk, self._say(), self.console).talk(),
            "take_up": lambda _: self._take_up(),
            "l": lambda _: self._switch(),
            "q": lambda _: Heard(leaves=True),
        }

    @property
    def journey(self) -> Journey:
        """Where the person stands."""
        return self.desk.journey

    def run(self) -> None:
        """Go on until the person quits. Raises EOFError where there is nothing left to read."""
        page = None
        while True:
            if page is None:
                page = self._page()
                for line in page.lines():
                    self.console.gap() if line == GAP else self.console.say(line)
            heard = self._hear(page, self.console.ask(page.prompt))
            self.console.say(*heard.said)
            unkept = self.desk.keep()
            if unkept is not None:
                self.console.say(failed(unkept, self.locale))
            if heard.leaves:
                return
            if heard.closes:
                self.over.pop()
            if heard.lays is not None:
                self.over.append(heard.lays)
            if not heard.stays:
                page = None
                self.console.gap()

    def _say(self) -> Speaker:
        return Speaker(self.journey, self.locale, spoken(self.locale))

    def _page(self) -> Page:
        """The page for where the journey stands."""
        say = self._say()
        if self.over:
            name, about = self.over[-1]
            return (OVER.get(name) or RULES.get(name) or _bench(name))(say, self.desk, about)
        if self.journey.step is Step.RESULT:
            return ResultPage(say, self.desk)
        if self.journey.step is Step.START:
            return StartPage(say, self.desk)
        if self.journey.step is Step.QUESTION:
            return QuestionPage(say, self.journey.fact or "")
        return _PAGES[self.journey.step](say)

    def _hear(self, page: Page, text: str) -> Heard:
        letter = text.casefold()
        if len(letter) == 1 and letter in page.letters:
            return self._commands[letter](page)
        heard = page.take(text)
        return self._commands[heard.command](page) if heard.command else heard

    def _why(self, page: Page) -> Heard:
        """Why the answers came out; of a question, why it is asked."""
        if page.kind == "result":
            return Heard(lays=("why", ""))
        return Heard(tuple(page.reasons()), stays=True)

    def _lay(self, name: str, page: Page) -> Heard:
        """Lay a page over the present one, about the same answer; nothing is assumed at first."""
        self.desk.thinking.assumed = {}
        return Heard(lays=(name, page.about))

    def _move(self, way: Callable[[Journey], None]) -> Heard:
        way(self.journey)
        return Heard()

    def _switch(self) -> Heard:
        self.locale = Locale(self.locale.other, MODE)
        return Heard()

    def _clear(self) -> Heard:
        """Ask whether to forget everything; only a clear yes does."""
        t = self.locale
        choices = (t("confirm.clear_yes"), t("confirm.clear_no"))
        numbered = [t("plain.numbered", n=n, text=text) for n, text in enumerate(choices, 1)]
        self.console.say(t("confirm.clear"), *numbered)
        quit_ = t("plain.command", key="q", label=t("keys.quit"))
        typed = self.console.ask(t("plain.prompt", ask=t("plain.ask.option"), commands=quit_))
        if typed.casefold() == "q":
            return Heard(leaves=True)
        if typed != "1":
            return Heard(() if typed == "2" else (choices[1],), stays=True)
        undeleted = self.desk.clear()
        return Heard((not_deleted(undeleted, self.locale),) if undeleted else ())

    def _take_up(self) -> Heard:
        """Go on with the session that was kept; first what has changed since."""
        self.desk.take_up()
        view = resumed_view(self._say(), self.desk)
        return Heard((view.heading, *view.lines, *view.again) if view.lines else ())


def _bench(name: str) -> Callable[[Speaker, Desk, str], Page]:
    """A page of the workbench, which is imported when somebody opens it."""
    from tui.workbench.plain import OVER as BENCH

    return BENCH[name]


def run(load: Callable[[], Desk], *, lang: str, first: tuple[str, str] | None = None) -> int:
    """Talk over this process's own streams, on a page laid over the first one, if any is given.

    Returns the exit code of the program.
    """
    if sys.stdout is None:
        return exit_codes.USAGE
    console, chinese = standard()
    if not chinese:
        lang = "en"
        console.say(Locale(lang, MODE)("plain.no_utf8"))
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.signal(one, _terminate) for one in signals]
    try:
        return _talk(load, console, lang, first)
    except (KeyboardInterrupt, EOFError):
        code = exit_codes.INTERRUPTED
    except _TerminatedError:
        code = exit_codes.TERMINATED
    except OSError as error:
        return _deaf(error)
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)
    try:
        console.close()
    except OSError as error:
        return _deaf(error)
    return code


def _talk(
    load: Callable[[], Desk], console: Console, lang: str, first: tuple[str, str] | None
) -> int:
    plain = Plain(load(), lang, console)
    if first is not None:
        plain.over.append(first)
    try:
        plain.run()
        console.close()
    except (OSError, EOFError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may hold the answers
        terminal.say(plain.locale("terminal.broken", where=whence(error)))
        return exit_codes.INTERNAL
    return exit_codes.DONE


def _terminate(_signal: int, _frame: object) -> NoReturn:
    raise _TerminatedError


def _deaf(error: OSError) -> int:
    """Say what cannot be read or written; of a reader who has gone there is nobody to tell."""
    if not isinstance(error, BrokenPipeError):
        terminal.say(f"tongbao: {error.strerror}")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exit_codes.USAGE
