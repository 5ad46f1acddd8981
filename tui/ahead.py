"""Works out what follows from an answer while the person still reads, a little at a time.

Each step is short, and a key comes first: after one the work rests for a moment. Nothing is
answered by it; whatever is not ready when the answer comes is worked out then.
"""

from __future__ import annotations

import asyncio
import gc
import time
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import App

from tui.messages import Weighed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.desk import Desk
    from tui.journey import Answer

QUIET = 0.04
"""So long after a key nothing is worked out, for what the key does is to be shown first."""
_BREATH = 0.002


class ThinksAhead(App[int]):
    """An app with a desk, which goes on thinking about the question on it."""

    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self._key_at = 0.0
        self._thinking: asyncio.Task[None] | None = None

    def on_mount(self) -> None:
        # The rules stay until the end: to look for garbage among them took longer than any page.
        gc.freeze()

    def on_unmount(self) -> None:
        self._stop_thinking()
        gc.unfreeze()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent):
            self._key_at = time.monotonic()
        await super().on_event(event)

    @on(Weighed)
    def _weighed(self, event: Weighed) -> None:
        self._stop_thinking()
        steps = following(self.desk, event.fact, event.answers)
        self._thinking = asyncio.get_running_loop().create_task(self._think(steps))

    async def thought(self) -> None:
        """Wait until all that follows from the question shown has been worked out."""
        if self._thinking is not None:
            await self._thinking

    def _stop_thinking(self) -> None:
        if self._thinking is not None:
            self._thinking.cancel()

    async def _think(self, steps: Iterator[None]) -> None:
        """Take one step after the other while no key is pressed."""
        while True:
            rest = self._key_at + QUIET - time.monotonic()
            if rest <= 0:
                if next(steps, steps) is steps:
                    break
                # A key pressed meanwhile is to be heard of before the next step.
                rest = _BREATH
            await asyncio.sleep(rest)
        # The pages about the answers are imported here, when nobody waits for them.
        import tui.explain.pages  # noqa: F401 - for what it leaves behind


def following(desk: Desk, fact: str, answers: Sequence[Answer]) -> Iterator[None]:
    """What follows from each answer to a question, in steps, as long as it is the one asked."""
    from engine.interview import Interview

    journey = desk.journey
    interview = journey.interview
    if not isinstance(interview, Interview):
        return
    for answer in answers:
        for _ in interview.ahead(fact, answer):
            yield
            if desk.journey is not journey or journey.fact != fact:
                return
