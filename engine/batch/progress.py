"""How far a run has come: the share of its input, cases a second, the time left."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STEPS = 10
"""A run is told in so many parts where nobody watches."""
CASES_A_LINE = 1_000_000
"""The same where the size of the input is not known."""


@dataclass(frozen=True)
class Position:
    """Where a run stands."""

    cases: int
    seconds: float
    share: float | None
    """From 0 to 1; None where the size of the input is not known."""
    verdicts: Mapping[str, int]
    errors: int

    @property
    def rate(self) -> float:
        """Cases a second since the start."""
        return self.cases / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds until the end at the same pace."""
        return self.seconds * (1 - self.share) / self.share if self.share else None


@dataclass
class Meter:
    """Follows a run over an input of `total` bytes, as stored; None where that is not known.

    `resumed` bytes and cases were done by an earlier run and do not count for the pace.
    """

    total: int | None
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)
    told: int = field(default=0, init=False)
    resumed: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def at(self, read: int, cases: int, verdicts: Mapping[str, int], errors: int) -> Position:
        """The position after so many bytes and cases; `verdicts` are counts of answers."""
        done = max(0, read - self.resumed[0])
        share = min(1.0, done / max(1, self.total - self.resumed[0])) if self.total else None
        seconds = self.clock() - self.started
        return Position(cases - self.resumed[1], seconds, share, verdicts, errors)

    def step(self, position: Position) -> int | None:
        """The parts of ten that are done, once for each; cases in millions without a size."""
        done = (position.cases // CASES_A_LINE if position.share is None
                else int(position.share * STEPS))  # fmt: skip
        if done <= self.told:
            return None
        self.told = done
        return done


def sizes(files: Sequence[str]) -> list[int] | None:
    """Bytes of each input as stored; None where one is a pipe or cannot be looked at."""
    out = []
    for name in files:
        try:
            if not Path(name).is_file():
                return None
            out.append(Path(name).stat().st_size)
        except OSError:
            return None
    return out


def read_of(stream: IO[bytes]) -> int:
    """Bytes read of an input as stored, also where it is unpacked on the way; 0 of a pipe."""
    stored = getattr(stream, "fileobj", None) or stream
    try:
        return int(stored.tell())
    except (OSError, ValueError):
        return 0
