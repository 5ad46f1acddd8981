"""What is on the table while an interface runs: the checker, the day, one family's journey."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.journey import Dropped, Journey

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from engine.checker import Checker
    from engine.interview import Interview
    from engine.library import Library
    from engine.plan import Plan
    from tui.browse.session import Batch
    from tui.explain.thinking import Thinking
    from tui.saving import Saved, Store, UnusableError
    from tui.workbench.bench import Bench


@dataclass(frozen=True)
class Left:
    """A session that can be gone on with, and what has changed since."""

    saved: Saved
    updated: bool = False
    """Whether the rules are others now."""
    recounted: bool = False
    """Whether it is another day now that is counted from."""
    dropped: Dropped = field(default_factory=Dropped)


class Desk:
    """One family's journey at a time; `begin` makes the next one.

    With a store the journey is kept in it at each step; files are exported to the folder `exports`,
    or for a web visitor downloaded.
    """

    def __init__(  # noqa: PLR0913 - plain options
        self, checker: Checker, as_of: date, begin: Callable[[], Journey] | None = None,
        store: Store | None = None, exports: Path | None = None, *, web: bool = False,
    ) -> None:  # fmt: skip
        self.checker, self.as_of, self.store = checker, as_of, store
        self.exports, self.web = exports or Path(), web
        self._begin = begin or self._journey
        self._plans: dict[object, Plan] = {}
        self.journey = self._begin()
        self.bench: Bench | None = None
        self.left: Left | None = None
        self.unusable: UnusableError | None = None
        self.resumed: Left | None = None
        self._failing: int | None = None
        if store is not None:
            self._look_back(store)

    @property
    def library(self) -> Library:
        """The rules."""
        return self.checker.library

    @cached_property
    def rules(self) -> str:
        """The hash of the rules."""
        from engine.receipt import library_hash

        return library_hash(self.library)

    @cached_property
    def thinking(self) -> Thinking:
        """What has been found out about answers of this family."""
        from tui.explain.thinking import Thinking

        return Thinking(self.library, self.as_of)

    @cached_property
    def batch(self) -> Batch:
        """What the pages of a batch work on."""
        from tui.browse.session import Batch

        return Batch(self.library, self.as_of)

    def keep(self) -> OSError | None:
        """Write down where the family stands; why that failed, once as long as it is the same."""
        if self.store is None or self.journey.topic is None:
            return None
        from tui.saving import saved

        # Asked for as soon as there is a topic, while nobody waits for an answer to be taken.
        rules = self.rules
        if not self.journey.trail:
            return None
        present = saved(self.journey, rules)
        if self.left is not None and present == self.left.saved:
            return None
        try:
            self.store.save(present)
        except OSError as error:
            known, self._failing = self._failing == error.errno, error.errno
            return None if known else error
        self._failing = None
        self.left = Left(present)
        return None

    def take_up(self) -> None:
        """Go on with the session that was left; what has changed since is in `resumed`."""
        if self.left is not None:
            self.journey, dropped = self._taken_up(self.left.saved)
            self.resumed = replace(self.left, dropped=dropped)

    def clear(self) -> OSError | None:
        """Forget this family and begin anew; why what was kept could not be deleted."""
        self.journey, self.left, self.unusable = self._begin(), None, None
        self.__dict__.pop("thinking", None)
        if "batch" in self.__dict__:
            self.batch.close()
            del self.batch
        if self.store is not None:
            try:
                self.store.remove()
            except OSError as error:
                return error
        return None

    def interview(self, topics: tuple[str, ...]) -> Interview:
        """A new interview; what was worked out of the order of questions is shared by all."""
        from engine.interview import Interview

        return Interview(self.checker, topics, self.as_of, plans=self._plans)

    def _journey(self) -> Journey:
        return Journey(self.library, self.as_of, self.interview)

    def _look_back(self, store: Store) -> None:
        """Find the session that was left; one with other rules or another day is tried at once."""
        from tui.saving import UnusableError

        try:
            found = store.load()
        except UnusableError as error:
            self.unusable = error
            return
        if found is None:
            return
        if found.topic not in self.library.topics:
            self.unusable = store.set_aside("topic")
            return
        updated, recounted = found.rules != self.rules, found.as_of != self.as_of
        dropped = self._taken_up(found)[1] if updated or recounted else Dropped()
        self.left = Left(found, updated, recounted, dropped)

    def _taken_up(self, found: Saved) -> tuple[Journey, Dropped]:
        journey = self._begin()
        return journey, journey.take_up(found.topic, found.given, found.ticks)
