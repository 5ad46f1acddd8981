"""Clears what one family left on a computer that many use, when nothing was typed for a while."""

from __future__ import annotations

import time

from tui.ahead import ThinksAhead
from tui.journey import Step
from tui.messages import Confirmed

_LOOKS = 1.0
"""Seconds from one look at the clock to the next."""


class ClearsWhenIdle(ThinksAhead):
    """An app that goes back to its first page by itself, if it is told to."""

    idle: float | None = None
    """So many minutes without a key or a click, and everything is cleared; None for never."""

    def on_mount(self) -> None:
        if self.idle is not None:
            self._key_at = time.monotonic()
            self.set_interval(_LOOKS, self._look_at_the_clock)

    def _look_at_the_clock(self) -> None:
        if self.idle is None or time.monotonic() - self._key_at < self.idle * 60:
            return
        self._key_at = time.monotonic()
        if self._left_behind() and not self._checks():
            self.post_message(Confirmed(yes=True))

    def _left_behind(self) -> bool:
        """Whether somebody has begun, or left something to go on with."""
        desk = self.desk
        begun = desk.journey.step is not Step.START or desk.journey.topic is not None
        return begun or desk.left is not None or len(self.screen_stack) > 2  # noqa: PLR2004 - Textual's own and ours

    def _checks(self) -> bool:
        """Whether a batch goes on, which takes its time without a key."""
        if "batch" not in vars(self.desk):
            return False
        from tui.browse.session import PAUSED, RUNNING

        run = self.desk.batch.run
        return run is not None and run.state in {RUNNING, PAUSED}
