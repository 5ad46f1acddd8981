"""A process that decides parts of a run: `python -m engine.batch.worker`, started by a run.

It reads a task and then work from its standard input, and writes what each comes to.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import TYPE_CHECKING

from engine.batch.contained import Contained
from engine.batch.part import PartDecider
from engine.checker import Checker
from engine.errors import TongbaoError, whence

if TYPE_CHECKING:
    from types import TracebackType

    from engine.batch.part import Part, Task, Work


def main() -> None:
    """Decide work until there is no more."""
    # The run that started this process is told of an interrupt too, and ends it in its own way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.excepthook = _broken
    inward, outward = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not get among the answers.
    os.dup2(2, 1)
    task: Task = pickle.load(inward)  # noqa: S301 - written by the run that started this
    checker = Checker.load(task.folder, compare=task.compare, from_snapshot=True)
    checker.comparing = contained = Contained()
    decider = PartDecider(checker, task)
    while True:
        try:
            work: Work = pickle.load(inward)  # noqa: S301 - likewise
        except EOFError:
            return
        part: Part | None = None
        try:
            decided = decider.decide(work)
            decided.failures, contained.failures = tuple(contained.finish()), []
            part = decided
        except TongbaoError:
            # The run comes to the same error itself, and tells it as it is.
            pass
        try:
            pickle.dump(part, outward, pickle.HIGHEST_PROTOCOL)
            outward.flush()
        except BrokenPipeError:
            os._exit(1)


def _broken(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """Say where an unexpected error arose; its text may hold what a case says."""
    sys.stderr.write(f"tongbao: internal error: {ascii(whence(error))[1:-1]}\n")


if __name__ == "__main__":
    main()
