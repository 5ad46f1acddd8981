"""Measures from Enter to the next page, on ways through every topic: `make bench`, or as a module.

A key is timed until the next page stands still, not only until it is first painted. Each way is
walked at once, and by a person who looks at what they typed for a moment; least of some rounds.
"""

from __future__ import annotations

import asyncio
import sys
import time
from statistics import median

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from engine.checker import Checker
from tests.support.answers import AS_OF
from tests.support.plain import Asked, answered, truthful
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.locale import Locale
from tui.screens.question import QuestionScreen

WALKS, ROUNDS, LOOK = 14, 3, 0.5
Times = dict[tuple[int, str], list[tuple[float, float]]]
"""Seconds on the wall and of CPU of each round, by walk and fact."""


async def walked(checker: Checker, seed: int, look: float, times: Times) -> None:
    """Walk one way through a topic."""
    topics = list(checker.library.topics)
    topic = topics[seed % len(topics)]
    asked: Asked = truthful(Desk(checker, AS_OF), topic, seed)[1]
    app = TongbaoApp(Desk(checker, AS_OF), Locale("zh"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", str(1 + topics.index(topic)), "enter")
        for fact, value in asked:
            key = await _typed(pilot, checker, fact, value)
            await asyncio.sleep(look)
            times.setdefault((seed, fact), []).append(await _turned(app, pilot, key))


async def _typed(pilot: Pilot[int], checker: Checker, fact: str, value: object) -> str:
    """Type the answer; the key that sends it."""
    screen = pilot.app.screen
    if value is None or not isinstance(screen, QuestionScreen):
        return "f4"
    typed = answered(checker.library, fact, value)
    if screen.view.kind == "choice":
        await pilot.press(typed)
        return "enter"
    line = screen.query_one(Input)
    line.value = ""
    line.insert_text_at_cursor(
        screen.view.options[int(typed) - 1].label if screen.view.kind == "list" else typed
    )
    await pilot.pause()
    return "enter"


async def _turned(app: TongbaoApp, pilot: Pilot[int], key: str) -> tuple[float, float]:
    before = app.screen
    event = events.Key(key, None)
    event.set_sender(app)
    wall, cpu = time.perf_counter(), time.process_time()
    assert app._driver is not None
    app._driver.send_message(event)
    while True:
        await asyncio.sleep(0)
        if app.screen is not before and app.screen._compositor.visible_widgets:
            break
    await pilot._wait_for_screen()
    took = time.perf_counter() - wall, time.process_time() - cpu
    await pilot.pause()
    return took


async def measured(checker: Checker, look: float) -> Times:
    """Every walk, some rounds of it."""
    times: Times = {}
    for _ in range(ROUNDS):
        for seed in range(WALKS):
            await walked(checker, seed, look, times)
    return times


def main() -> None:
    """Measure, and print a line for each."""
    checker = Checker.load(from_snapshot=True)
    sys.stdout.write(f"{'Enter to next page, ms':<38}{'median':>8}{'95 of 100':>11}{'most':>8}\n")
    for look, how in ((0.0, "Enter at once"), (LOOK, "after half a second")):
        times = asyncio.run(measured(checker, look))
        for which, unit in enumerate(("wall", "CPU")):
            least = sorted(min(one[which] for one in rounds) * 1000 for rounds in times.values())
            high = least[len(least) * 95 // 100]
            line = f"{median(least):>8.0f}{high:>11.0f}{least[-1]:>8.0f}\n"
            sys.stdout.write(f"{f'{how}, {unit}':<38}{line}")
    checker.close()


if __name__ == "__main__":
    main()
