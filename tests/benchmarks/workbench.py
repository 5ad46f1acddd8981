"""Measures the author's workbench over the shipped rules: `make bench`, or as a module.

How long a key takes to be shown while nothing works, while the process beside works, and while a
thread of the interface does the same work; then from a save to the screen's knowing of it.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from textual import events

from engine.checker import Checker
from engine.loader import RULESETS
from engine.workbench.workbench import Workbench
from tests.support.answers import AS_OF
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.locale import LANGUAGES, Locale
from tui.route import Route
from tui.screens.bench import BenchScreen
from tui.text.glyphs import UNICODE
from tui.workbench.bench import Here
from tui.workbench.beside import Beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.workbench.bench import Bench
    from tui.workbench.shapes import ListView

ROUNDS, KEYS, SAVES, TURN = 3, 60, 8, 20
LOOK = 0.07
FILE = "hospital_binding/440300-shenzhen.yaml"
RIGHT, WRONG = "fact: institution_kind", "fact: institution_kin"


class Threaded(Here):
    """The same workbench, worked on by a thread of the interface: what `Beside` is instead of."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Workbench(folder, as_of=AS_OF), folder, AS_OF, UNICODE)
        self.views: dict[str, ListView | None] = {}
        self.ended = False
        threading.Thread(target=self._go_on, daemon=True).start()

    def _go_on(self) -> None:
        while not self.ended:
            if self.step():
                self.views = {lang: super(Threaded, self).board(lang) for lang in LANGUAGES}

    def board(self, lang: str) -> ListView | None:
        return self.views.get(lang)

    def poll(self) -> None:
        """The thread does it."""

    def close(self) -> None:
        self.ended = True


async def moved(checker: Checker, bench: Bench) -> list[float]:
    """Milliseconds from each key to its being shown, on the page of the board."""
    desk = Desk(checker, AS_OF)
    desk.bench = bench
    app = TongbaoApp(desk, Locale("zh"), first=Route("bench"))
    took = []
    async with app.run_test(size=(80, 24)) as pilot:
        while bench.board("zh") is None:
            await pilot.pause(0.05)
        await pilot.pause(1)
        assert isinstance(app.screen, BenchScreen)
        assert app._driver is not None
        listed = app.screen.listed
        for number in range(KEYS):
            await asyncio.sleep(LOOK)
            key, by = ("down", 1) if number // TURN % 2 == 0 else ("up", -1)
            event, wanted = events.Key(key, None), listed.cursor + by
            event.set_sender(app)
            start = time.perf_counter()
            app._driver.send_message(event)
            while listed.cursor != wanted and time.perf_counter() - start < 1:
                await pilot._wait_for_screen()
            await pilot._wait_for_screen()
            took.append((time.perf_counter() - start) * 1000)
    bench.close()
    return took


def resting(folder: Path) -> Beside:
    """A workbench beside that has looked, and works no more."""
    bench = Beside(folder, None, AS_OF, UNICODE)
    _until(lambda: bench.board("zh") is not None)
    bench.rest(resting=True)
    bench.rest = lambda *, resting: None  # type: ignore[method-assign] # the page would wake it
    return bench


def saved(folder: Path) -> list[float]:
    """Seconds from each save that breaks or mends a file to the board that says so."""
    bench = Beside(folder, None, AS_OF, UNICODE)
    _until(lambda: bench.board("zh") is not None)
    took, right = [], (folder / FILE).read_text("utf-8")
    for number in range(SAVES):
        mark = "holds" if number % 2 else "fails"
        text = right if number % 2 else right.replace(RIGHT, WRONG, 1)
        time.sleep(0.5)
        (folder / FILE).write_text(text, "utf-8")
        start = time.perf_counter()
        _until(lambda mark=mark: (bench.board("zh") or _NOTHING).mark == mark)  # type: ignore[misc]
        took.append(time.perf_counter() - start)
    bench.close()
    return took


class _NOTHING:
    mark = ""


def _until(done: Callable[[], bool]) -> None:
    while not done():
        time.sleep(0.005)


def main() -> None:
    """Measure, and print a line for each."""
    checker = Checker.load(from_snapshot=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "rulesets")
        shutil.copytree(RULESETS, folder)
        ways: dict[str, Callable[[], Bench]] = {
            "nothing works": lambda: resting(folder),
            "the process beside works": lambda: Beside(folder, None, AS_OF, UNICODE),
            "a thread works": lambda: Threaded(folder),
        }
        found: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, made in ways.items():
                found[name] += asyncio.run(moved(checker, made()))
        sys.stdout.write(f"{'key to screen, ms':<38}{'median':>8}{'95 of 100':>11}{'most':>8}\n")
        for name, took in found.items():
            took.sort()
            high = took[len(took) * 95 // 100]
            sys.stdout.write(f"{name:<38}{median(took):>8.0f}{high:>11.0f}{took[-1]:>8.0f}\n")
        took = saved(folder)
        line = f"{median(took):>8.2f}{'':>11}{max(took):>8.2f}\n"
        sys.stdout.write(f"{'save to board, s':<38}{line}")
    checker.close()


if __name__ == "__main__":
    main()
