"""Shows every page there is, one after the other, to a family that has its result.

Whoever adds a page to the tables of pages adds a way to it here: without one, the tests that look
at every page fail and say so.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from tests.support import benches
from tests.support.screen import settled
from tui.browse.child import Child
from tui.browse.session import Run
from tui.desk import Left
from tui.journey import Dropped, Step
from tui.messages import Open
from tui.pages import builders
from tui.route import Route
from tui.rules_pages.asked import Asked
from tui.saving import saved
from tui.workbench.shapes import ListView

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.app import TongbaoApp
    from tui.desk import Desk

    Way = tuple[str, Callable[[], object], Route | None]

_TELLS = "import sys, time; print(sys.argv[1], file=sys.stderr, flush=True)\n"
_GOES_ON, _ENDS = "time.sleep(600)", "sys.exit(int(sys.argv[2]))"
PROGRESS = {"progress": {
    "cases": 480_000, "share": 0.3, "rate": 52_300.0, "left": 21.4, "errors": 1_204,
    "verdicts": {"eligible": 210_334, "not_eligible": 96_120, "undecided": 41_007,
                 "disputed": 8_113},
}}  # fmt: skip
SUMMARY = {"cases": 1_600_000, "errors": 4_012,
           "verdicts": {"may_bind": {"eligible": 900_000, "not_eligible": 695_988}}}  # fmt: skip


class Standing(Run):
    """A run that stands where it is told to, however fast the machine is."""

    def __init__(self, source: Path, output: Path, told: object, code: int | None = None) -> None:
        """It has told something and goes on, or has ended with a code."""
        self.source, self.output, self.topics = source, output, ()
        self.progress, self.summary = {}, {}
        text = told if isinstance(told, str) else json.dumps(told)
        script = _TELLS + (_GOES_ON if code is None else _ENDS)
        self._child = Child((sys.executable, "-S", "-c", script, text, str(code)), tells="err")
        self._stopped = False
        while not (self.progress or self.summary or self.said) or (
            code is not None and self._child.code is None
        ):
            self.poll()


async def every_page(
    app: TongbaoApp, pilot: Pilot[int], results: Path, source: Path
) -> AsyncIterator[str]:
    """Show every page and name it; the journey stands on its result.

    `results` is an output of its topic, made from `source`.
    """
    ways = [*_journey(app.desk), *_over(app.desk, results, source)]
    for name, begin, over in ways:
        begin()
        if over is None:
            await app._show()
        else:
            while app.over:
                await app._close()
            app.post_message(Open(over))
        await pilot.pause()
        await settled(pilot)
        yield name
    unseen = {*builders()} - {name.partition(":")[0] for name, _, _ in ways}
    assert not unseen, f"pages without a way to them here: {', '.join(sorted(unseen))}"


def _journey(desk: Desk) -> Iterator[Way]:
    """The pages of the journey: of the questions each that was answered."""
    journey = desk.journey

    def stand(step: Step) -> None:
        journey.step = step

    yield "start", partial(stand, Step.START), None
    yield "topic", partial(stand, Step.TOPIC), None
    for fact in journey.trail:
        yield f"question:{fact}", partial(journey.change, fact), None
    yield "review", journey.review, None
    yield "result", journey.proceed, None


def _bench(desk: Desk) -> Iterator[tuple[str, Callable[[], object], str]]:
    """The pages of the workbench: each is what a row of one before it opens."""
    bench = benches.over(desk)
    bench.poll()

    def laid() -> None:
        desk.bench = bench

    board = bench.board("zh")
    assert board is not None
    waiting, seen = [("bench", ""), ("bench_moved", "")], set[str]()
    waiting += [one.opens for one in board.lines]
    waiting += [("bench_sources", one.decision) for one in board.lines if one.decision]
    for page, about in waiting:
        if page not in seen:
            seen.add(page)
            yield page, laid, about
            view = bench.ask(page, about, "zh") if page != "bench" else None
            waiting += [one.opens for one in view.lines] if isinstance(view, ListView) else []


def _over(desk: Desk, results: Path, source: Path) -> Iterator[Way]:
    """The pages that lie over the result."""
    journey, library = desk.journey, desk.library
    topic = library.topics[journey.topic or ""]
    first, place = topic.decisions[0], str(journey.answers["region"])
    day = journey.as_of
    rule = next(one.id for one in library.rules.values()
                if one.decision == first and library.places.applies(one.region, place))  # fmt: skip

    def nothing() -> None:
        """All is there already."""

    def opened() -> None:
        output = desk.batch.opened(str(results), source)
        while output.building is not None:
            output.poll(library)
            time.sleep(0.01)

    def runs(told: object, code: int | None = None) -> None:
        desk.batch.run = Standing(source, results, told, code)

    def pauses() -> None:
        runs(PROGRESS)
        assert desk.batch.run is not None
        desk.batch.run.pause(paused=True)

    def fails() -> None:
        runs("tongbao: no such file", 2)

    def resumes() -> None:
        kept = saved(journey, desk.rules)
        desk.resumed = Left(kept, updated=True, recounted=True,
                            dropped=Dropped(tuple(journey.trail), ("gone",)))  # fmt: skip

    ways: list[tuple[str, Callable[[], object], str]] = [
        *((f"why:{one}", nothing, one) for one in topic.decisions),
        ("what_if", nothing, first), ("when", nothing, ""), ("sources", nothing, ""),
        *((f"assume:{one}", nothing, one) for one in journey.trail[1:2]),
        ("help", nothing, "result"), ("palette", nothing, "result"), ("export", nothing, ""),
        ("confirm", nothing, ""), ("resumed", resumes, ""),
        ("rules", nothing, ""), ("rules_place", nothing, Asked(topic.id).about),
        ("rules_day", nothing, Asked(topic.id, place).about),
        ("rules_list", nothing, Asked(topic.id, place, day).about),
        ("rule", nothing, Asked(topic.id, place, day, rule).about),
        ("batch_input", nothing, ""), ("batch_topics", nothing, str(source)),
        ("batch_output", nothing, f" {source}"),
        ("batch_run:going", partial(runs, PROGRESS), ""), ("batch_run:paused", pauses, ""),
        ("batch_run:done", partial(runs, SUMMARY, 1), ""), ("batch_run:failed", fails, ""),
        ("batch_browse", opened, str(results)), ("batch_case", opened, str(results)),
        ("batch_why", opened, str(results)), *_bench(desk),
    ]  # fmt: skip
    for name, begin, about in ways:
        yield name, begin, Route(name.partition(":")[0], about)
