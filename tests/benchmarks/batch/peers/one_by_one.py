"""tongbao itself, case by case through `Checker.answer`: what its batch is compared with."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.case import read_case
from engine.checker import Checker
from tests.benchmarks.batch import spec
from tests.benchmarks.batch.peers.driver import Job, main, row_wise


def run(job: Job) -> None:
    """The outcome, or the verdict where there is none."""
    checker = Checker.load(compare=False)
    day = date.fromisoformat(job.day)

    def decide(raw: dict[str, Any]) -> list[str]:
        case = read_case(raw, checker.library, day)
        found = [checker.answer(name, case) for name in spec.DECISIONS]
        return [one.outcome or one.verdict for one in found]

    row_wise(job, decide)
    checker.close()


if __name__ == "__main__":
    main(run)
