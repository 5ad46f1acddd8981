"""Pages with a part that takes a while: it is worked out beside the interface, then shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.worker import Worker, WorkerState

from tui.screens.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 0.2
"""Seconds before the page says that it is working."""


class Working(Page):
    """A page that works something out; what comes after it was left is dropped."""

    _job: Worker[object] | None = None

    def work(self, make: Callable[[], object], *, at_once: bool = False) -> None:
        """Work something out and show it; at once where it is known to be there already."""
        if at_once:
            self._job = None
            self.worked(make())
            return
        self._job = self.run_worker(make, thread=True, exclusive=True, group="working")
        self.set_timer(PATIENCE, self._say_so)

    def _say_so(self) -> None:
        if self._job is not None and not self._job.is_finished:
            self.still_working()

    def still_working(self) -> None:
        """Called when it takes a while."""

    def worked(self, found: object) -> None:
        """Called with what was worked out."""
        raise NotImplementedError

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker is self._job and event.state is WorkerState.SUCCESS:
            event.stop()
            self._job = None
            self.worked(event.worker.result)
