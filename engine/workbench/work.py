"""The work on one library: which stages of which decisions are done, and in what order the rest is.

What a stage of a decision came to holds as long as all that it was made from stays the same.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.errors import RulesetError
from engine.workbench.board import STAGES
from engine.workbench.stages import Classes, Examples, Movements, Seen
from engine.workbench.thorough import Thorough

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from datetime import date

    from engine.fault import Fault
    from engine.ruleset import Example
    from engine.workbench.board import Stage
    from engine.workbench.meaning import Key, Meaning
    from engine.workbench.stages import Store

    Task = tuple[Stage, str]

FAST: tuple[Stage, ...] = ("examples", "classes", "moved")
"""What a look does as much of as there is time for."""
MEANWHILE = 0.2
"""Seconds that one more slice of the rest takes, or a step longer."""


@dataclass(frozen=True)
class Stopped:
    """A stage that went no further, for there is something wrong with the rules."""

    faults: tuple[Fault, ...]


class Done:
    """What each stage of each decision came to, and what it was made from; for all libraries."""

    def __init__(self) -> None:
        self._found: dict[Task, tuple[Key, Any]] = {}

    def get(self, task: Task, key: Key) -> Any:  # noqa: ANN401 - each stage has its own result
        """What a stage came to; None where it is not known, or was made from something else."""
        found = self._found.get(task)
        return found[1] if found is not None and found[0] == key else None

    def keep(self, task: Task, key: Key, result: object) -> None:
        """Keep what a stage came to."""
        self._found[task] = key, result


class Work:
    """The stages of the decisions of one library (of one topic of it)."""

    def __init__(  # noqa: PLR0913 - two libraries, and what is known of others
        self, meaning: Meaning, before: Meaning, done: Done, store: Store, former: Work | None, *,
        day: date, topic: str | None,
    ) -> None:  # fmt: skip
        self.meaning, self.library, self.before = meaning, meaning.library, before
        self._done, self._store, self._day = done, store, day
        self.decisions = tuple(
            name for key, one in self.library.topics.items() if topic in (None, key)
            for name in one.decisions
        )  # fmt: skip
        self._running: Generator[Any, None, Any] | None = None
        self._partly: Any = None
        """What the stage that is at work has come to so far, where it can be told."""
        self.faults: dict[Fault, None] = {}
        """What is wrong with rules that can be read and hang together."""
        self._keys = {task: self._key(*task) for task in self._tasks(former)}
        self._waiting = [task for task, key in self._keys.items() if done.get(task, key) is None]

    # -- what is known ---------------------------------------------------------------------------

    @property
    def pending(self) -> frozenset[Stage]:
        """The stages that are not done for every decision."""
        return frozenset(stage for stage, _ in self._waiting)

    def result(self, stage: Stage, decision: str) -> Any:  # noqa: ANN401 - each stage has its own
        """What a stage of a decision came to, or has so far; None where nothing is known."""
        task = stage, decision
        found = self._done.get(task, self._keys[task])
        if found is None and self._waiting[:1] == [task]:
            return self._partly
        return None if isinstance(found, Stopped) else found

    def examples(self, decision: str) -> list[Example]:
        """The examples that expect an answer of a decision."""
        return self._expecting.get(decision, [])

    @cached_property
    def _expecting(self) -> Mapping[str, list[Example]]:
        found: dict[str, list[Example]] = {}
        for example in self.library.examples.values():
            for name in example.expect:
                found.setdefault(name, []).append(example)
        return found

    # -- what is to do ---------------------------------------------------------------------------

    def fast(self, seconds: float) -> None:
        """Do what there is of the fast stages, for about so long."""
        self._work(seconds, lambda: bool(self._waiting) and self._waiting[0][0] in FAST)

    def more(self) -> None:
        """Do one more slice of whatever is left."""
        self._work(MEANWHILE, lambda: bool(self._waiting))

    def _work(self, seconds: float, wanted: Any) -> None:  # noqa: ANN401 - a condition
        until = time.monotonic() + seconds
        while wanted() and time.monotonic() < until:
            task = self._waiting[0]
            if self._running is None:
                self._running = self._steps(*task)
            try:
                self._partly = next(self._running)
            except StopIteration as stopped:
                self._finish(task, stopped.value)
            except RulesetError as error:
                self._finish(task, Stopped(error.faults))

    def _finish(self, task: Task, result: object) -> None:
        self._running = self._partly = None
        del self._waiting[0]
        if isinstance(result, Seen | Stopped) and result.faults:
            # Where these stand is known of this library only.
            self._keys[task] = id(self), self._keys[task]
            self.faults |= dict.fromkeys(result.faults)
        self._done.keep(task, self._keys[task], result)

    def _tasks(self, former: Work | None) -> Iterator[Task]:
        """Each stage of each decision: fast stages first, and of what was written itself."""
        far = [name for name in self.decisions if former and self.own(name) == former.own(name)]
        near = [name for name in self.decisions if name not in far]
        for names in (near, far):
            yield from ((stage, name) for stage in FAST for name in names)
        slow = [stage for stage in STAGES if stage not in FAST]
        yield from ((stage, name) for stage in slow for name in (*near, *far))

    def own(self, decision: str) -> Key:
        """What is written of a decision itself, and not of what it builds on."""
        known = decision in self.library.decisions
        return (self.meaning.own(decision), self._cases(decision)) if known else None

    def _key(self, stage: Stage, decision: str) -> Key:
        """All that a stage of a decision is made from."""
        meaning = self.meaning
        own = meaning.decision(decision)
        if stage == "classes":
            return own
        if stage == "moved":
            known = decision in self.before.library.decisions
            return own, self.before.decision(decision) if known else None
        if stage == "proof":
            return own, meaning.laws(decision)
        if stage == "mutants":
            return tuple((self.meaning.decision(name), self._cases(name))
                         for name in self._upon[decision])  # fmt: skip
        return own, self._cases(decision)

    def _cases(self, decision: str) -> Key:
        return tuple((one.id, self.meaning.example(one)) for one in self.examples(decision))

    @cached_property
    def _upon(self) -> Mapping[str, list[str]]:
        """For each decision those that build on it, itself among them."""
        found: dict[str, list[str]] = {}
        for name in self.library.decisions:
            for one in self.library.upstream(name):
                found.setdefault(one, []).append(name)
        return found

    def _steps(self, stage: Stage, decision: str) -> Generator[Any, None, Any]:
        if stage == "examples":
            return self._tried.tried(decision, self.examples(decision))
        if stage == "classes":
            return Classes(self.meaning, self._store).seen(decision)
        if stage == "moved":
            return self._movements.moved(decision)
        if stage == "coverage":
            return self._thorough.shown(decision)
        if stage == "proof":
            return self._thorough.proved(decision)
        return self._thorough.noticed(decision)

    @cached_property
    def _tried(self) -> Examples:
        return Examples(self.meaning, self._store)

    @cached_property
    def _movements(self) -> Movements:
        return Movements(self.before, self.meaning, self._store, self._day)

    @cached_property
    def _thorough(self) -> Thorough:
        return Thorough(self.library)
