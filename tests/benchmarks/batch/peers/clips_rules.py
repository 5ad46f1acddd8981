"""CLIPS through clipspy: a production rule for each row of the classes' tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import clips

from tests.benchmarks.batch.peers.driver import Job, adapter, main, row_wise
from tests.benchmarks.batch.tables import read, rules


def _slot(name: str, values: Sequence[str], spans: Sequence[tuple[int, int]]) -> str:
    if values:
        return f"({name} {'|'.join(_quoted(one) for one in values)})"
    tests = " ".join(
        f"(= ?{name} {low})" if high == low + 1 else f"(and (>= ?{name} {low}) (< ?{name} {high}))"
        for low, high in spans
    )
    return f"({name} ?{name}&:(or {tests} FALSE))"


def _quoted(text: str) -> str:
    return f'"{text}"'


def run(job: Job) -> None:
    """Reset, one fact a case, run, three globals."""
    made = read(job.rules)
    environment = clips.Environment()
    axes = {name: axis for one in made for name, axis in one.axes.items()}
    slots = " ".join(f"(slot {name} (type {'STRING' if axis.textual else 'INTEGER'}))"
                     for name, axis in axes.items())  # fmt: skip
    environment.build(f"(deftemplate row {slots})")
    for one in made:
        environment.build(f'(defglobal ?*{one.name}* = "")')
        for number, (path, answer) in enumerate(rules(one.tree)):
            tests = " ".join(_slot(name, *one.asked(name, cells)) for name, cells in path.items())
            environment.build(f"(defrule {one.name}-{number} (row {tests}) => "
                              f'(bind ?*{one.name}* "{answer}"))')  # fmt: skip
    template = environment.find_template("row")
    found = [environment.find_global(one.name) for one in made]
    adapted = adapter(made)

    def decide(case: dict[str, Any]) -> list[str]:
        environment.reset()
        row = adapted(case)
        template.assert_fact(**{name: row[name] for name in axes})
        environment.run()
        return [one.value for one in found]

    row_wise(job, decide)


if __name__ == "__main__":
    main(run)
