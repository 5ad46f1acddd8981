"""Runs the interface over the small rulesets without a terminal, and reads its screen as text."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.widgets import Input

from engine.interview import Interview
from tests.support import loaded
from tests.support.demo import AS_OF, RULESETS
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.journey import Journey
from tui.locale import Locale
from tui.text.glyphs import UNICODE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.pilot import Pilot

    from engine.checker import Checker
    from tui.text.glyphs import Glyphs


TOLD = {
    "region": "440300", "birth_date": "2012-03-02", "institution_kind": "hospital",
    "institution_level": 3, "emergency": True, "bill_yuan": "1200",
}  # fmt: skip
"""What the keys to the result answer."""


def checker() -> Checker:
    return loaded.checker(RULESETS)


def new_journey() -> Journey:
    library = checker().library
    return Journey(library, AS_OF, lambda topics: Interview(checker(), topics, AS_OF))


def desk(begin: Callable[[], Journey] = new_journey) -> Desk:
    return Desk(checker(), AS_OF, begin)


def answer(desk: Desk, number: int = len(TOLD)) -> None:
    """Answer the first questions, and go on to the result where they are all."""
    desk.journey.begin()
    desk.journey.choose("clinic")
    for _ in range(number):
        desk.journey.answer(TOLD[desk.journey.fact or ""])  # type: ignore[arg-type] # they are
        desk.keep()
    if number == len(TOLD):
        desk.journey.proceed()


@asynccontextmanager
async def shown(
    app: TongbaoApp, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[TongbaoApp, Pilot[int]]]:
    """An interface that runs, on a terminal of a size."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


@asynccontextmanager
async def opened(
    lang: str = "zh", size: tuple[int, int] = (80, 24), glyphs: Glyphs = UNICODE,
    *, fast: bool = False, answered: int = 0,
) -> AsyncIterator[tuple[TongbaoApp, Pilot[int]]]:  # fmt: skip
    """The interface over the small rulesets, after some answers; all: the result."""
    table = desk()
    if answered:
        answer(table, answered)
    async with shown(TongbaoApp(table, Locale(lang), glyphs, fast=fast), size) as (app, pilot):
        yield app, pilot


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys; what follows a `=` is typed into the line at once."""
    for key in keys:
        if key.startswith("="):
            focused = pilot.app.focused
            assert isinstance(focused, Input)
            focused.insert_text_at_cursor(key[1:])
            await pilot.pause()
        else:
            await pilot.press(key)
        await settled(pilot)
    await pilot.pause()


async def settled(pilot: Pilot[int]) -> None:
    """Wait for what a page works out beside the interface, and for it to be shown."""
    working = False
    while any(not one.is_finished for one in pilot.app.workers):
        working = True
        await pilot.pause(0.01)
    if working:
        await pilot.pause()


def lines(app: TongbaoApp) -> list[str]:
    """The screen's lines exactly as they are drawn, each as wide as the screen."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def text(app: TongbaoApp) -> str:
    """The screen's lines without the blanks at their ends."""
    return "\n".join(line.rstrip() for line in lines(app)).rstrip() + "\n"


def widths(app: TongbaoApp) -> set[int]:
    return {cell_len(line) for line in lines(app)}


def body(app: TongbaoApp) -> str:
    """Everything the page holds, scrolled out of sight or not."""
    from tui.widgets.prose import Prose
    from tui.widgets.rows import Rows

    parts = []
    for widget in app.page.query("#body *"):
        if isinstance(widget, Prose):
            parts.append("\n".join(widget.lines(72)))
        elif isinstance(widget, Rows):
            parts.append("\n".join(line for _, line, _ in widget.lines(72)))
    return "\n".join(parts)


# The way to each page: keys as a person would press them.
TO_PLACE = ("enter", "1", "enter")
TO_DATE = (*TO_PLACE, "down", "enter")
TO_CHOICE = (*TO_DATE, "=2012-03-02", "enter")
TO_NUMBER = (*TO_CHOICE, "2", "enter")
TO_REVIEW = (*TO_NUMBER, "3", "enter", "1", "enter", "=1200", "enter")
TO_RESULT = (*TO_REVIEW, "enter")
ALL = len(TOLD)
"""Of the answers: what leads to the result, told without keys."""
