"""Measures browsing a million results: opening, memory above the idle app, keys, filters.

`python -m tests.benchmarks.browsing [--lines N]`; a process of its own for each form of output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from engine.batch.encoding import Brief, encode
from engine.batch.index import index_of
from engine.batch.indexing import write_index
from engine.batch.run import run
from engine.checker import Checker
from engine.library import Library
from engine.result import CaseResult
from tests.benchmarks.batch.generate import cases
from tui.app import TongbaoApp
from tui.browse import view
from tui.desk import Desk
from tui.locale import Locale
from tui.route import Route
from tui.screens.batch_browse import BatchBrowseScreen

DAY = date(2026, 3, 1)
DISTINCT = 300
TOPICS = ["hospital_binding"]
KEYS = (*["down"] * 60, *["pagedown"] * 60, "end", *["pageup"] * 60, "home", *["pagedown"] * 20)
FILTERS = ("verdict=not_eligible", "error", "reason~14", "id=R0001*")
FORMS = ("full", "brief")


def written(folder: Path, lines: int) -> dict[str, Path]:
    """An output of each form, its lines those of some cases again and again."""
    checker = Checker.load(compare=False)
    source = folder / "cases.jsonl"
    source.write_text("".join(json.dumps(one) + "\n" for one in cases(DISTINCT, 1)), "utf-8")
    texts: dict[str, list[str]] = {name: [] for name in FORMS}

    def write(text: str, result: CaseResult) -> None:
        texts["full"].append(text)
        texts["brief"].append(encode(Brief(result)))

    run(checker, [str(source)], write, DAY, TOPICS)
    paths = {name: folder / f"{name}.jsonl" for name in FORMS}
    for name, path in paths.items():
        tails = [text[text.index(",") :] for text in texts[name]]
        with path.open("w", encoding="utf-8") as stream:
            for number in range(lines):
                stream.write(f'{{"id": "R{number:07}"{tails[number % DISTINCT]}\n')
    return paths


def resident() -> float:
    """Megabytes of this process in memory."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


async def measured(path: Path) -> None:
    """Open an output in the app, scroll through it, filter it."""
    desk = Desk(Checker.load(compare=False), DAY)
    app = TongbaoApp(desk, Locale("zh"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.5)
        idle = resident()
        begun = time.perf_counter()
        await app.push_screen(_page(app, path))
        _paint(app)
        _say("opened and drawn", time.perf_counter() - begun)
        page = app.screen
        assert isinstance(page, BatchBrowseScreen)
        painted = [_timed(lambda key=key: _pressed(app, page, key)) for key in KEYS]  # type: ignore[misc]
        painted.sort()
        _say("key to paint, median", painted[len(painted) // 2])
        _say("key to paint, 95 of 100", painted[len(painted) * 95 // 100])
        browser = page.browser
        for text in FILTERS:
            _say(f"filter {text}", _timed(lambda text=text: browser.keep(browser.filtered(text))))  # type: ignore[misc]
        browser.keep(browser.filtered(""))
        _say("groups by reason", _timed(lambda: view.groups(browser.say, browser.opened)))
        sys.stdout.write(f"{'memory above the idle app':<34}{resident() - idle:>9.1f} MB\n")
    desk.batch.close()


def _page(app: TongbaoApp, path: Path) -> BatchBrowseScreen:
    made = app._made(Route("batch_browse", str(path)))
    assert isinstance(made, BatchBrowseScreen)
    return made


def _pressed(app: TongbaoApp, page: BatchBrowseScreen, key: str) -> None:
    actions: dict[str, Callable[[], None]] = {
        "down": lambda: page.table.action_move(1), "pagedown": lambda: page.table.action_page(1),
        "pageup": lambda: page.table.action_page(-1), "home": lambda: page.table.action_end(0),
        "end": lambda: page.table.action_end(1),
    }  # fmt: skip
    actions[key]()
    _paint(app)


def _paint(app: TongbaoApp) -> None:
    app.screen._compositor.render_strips()


def _timed(what: Callable[[], object]) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def _say(what: str, seconds: float) -> None:
    sys.stdout.write(f"{what:<34}{seconds * 1000:>9.1f} ms\n")


def _measure(path: Path) -> None:
    asyncio.run(measured(path))


def main() -> None:
    """Measure both forms, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    lines: int = parser.parse_args().lines
    spawned = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder), lines)
        names = Library.load().decisions
        for form, path in paths.items():
            sys.stdout.write(f"\n{form}: {lines:,} lines, {path.stat().st_size >> 20} MB\n")
            _say("index written from the lines",
                 _timed(lambda path=path: write_index(path, index_of(path), names)))  # type: ignore[misc]  # fmt: skip
            sys.stdout.flush()
            one = spawned.Process(target=_measure, args=(path,))
            one.start()
            one.join()


if __name__ == "__main__":
    main()
