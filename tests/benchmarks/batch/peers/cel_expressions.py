"""CEL (the C++ implementation): each decision as one conditional expression from the classes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cel_expr_python import cel

from tests.benchmarks.batch.peers.driver import Job, adapter, main, row_wise
from tests.benchmarks.batch.tables import Decision, Tree, read


def expression(made: Decision, node: Tree) -> str:
    """A tree as nested conditionals."""
    if isinstance(node, str):
        return json.dumps(node)
    name, branches = node
    *most, (_, last) = branches
    tests = [f"{_test(name, *made.asked(name, cells))} ? ({expression(made, below)}) : "
             for cells, below in most]  # fmt: skip
    return "".join([*tests, f"({expression(made, last)})"])


def _test(name: str, values: Sequence[str], spans: Sequence[tuple[int, int]]) -> str:
    if len(values) == 1:
        return f"{name} == {json.dumps(values[0])}"
    if values:
        return f"{name} in {json.dumps(values)}"
    tests = [f"{name} == {low}" if high == low + 1 else f"({low} <= {name} && {name} < {high})"
             for low, high in spans]  # fmt: skip
    return f"({' || '.join(tests)})"


def run(job: Job) -> None:
    """Compiled once, evaluated with one activation a case."""
    made = read(job.rules)
    axes = {name: axis for one in made for name, axis in one.axes.items()}
    environment = cel.NewEnv(variables={
        name: cel.Type.STRING if axis.textual else cel.Type.INT for name, axis in axes.items()
    })  # fmt: skip
    compiled = [environment.compile(expression(one, one.tree)) for one in made]
    adapted = adapter(made)

    def decide(case: dict[str, Any]) -> list[str]:
        activation = environment.Activation(adapted(case))
        return [one.eval(activation).value() for one in compiled]

    row_wise(job, decide)


if __name__ == "__main__":
    main(run)
