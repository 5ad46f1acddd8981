"""The comparison of both engines on one class: a disagreement stops the run."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Protocol

from engine.errors import DisagreementError

if TYPE_CHECKING:
    from engine.program import Program


class Comparing(Protocol):
    """Has the inference engine decide classes, here or elsewhere, now or later."""

    failures: list[str]
    """What went wrong where nothing is raised."""

    def compare(self, program: Program, decision: str, cells: tuple[int, ...]) -> int:
        """Compare one class of a decision; in how many runs of the engine."""

    def finish(self) -> list[str]:
        """Compare what still waits; all that went wrong."""


class Here:
    """Compares in this process, at once."""

    def __init__(self) -> None:
        self.failures: list[str] = []

    def compare(self, program: Program, decision: str, cells: tuple[int, ...]) -> int:
        """As `compare_class`."""
        return compare_class(program, decision, cells)

    def finish(self) -> list[str]:
        """Nothing waits, and what goes wrong is raised."""
        return self.failures


def compare_class(program: Program, decision: str, cells: tuple[int, ...]) -> int:
    """Let the inference engine decide one class of a decision; how many runs that took.

    A disputed upstream answer is run under each side. Raises DisagreementError, with the class,
    when the rules fired are not those of the table.
    """
    compiled = program.compiled[decision]
    table, every = compiled.table, worlds(program, decision, cells)
    for world in every:
        fired = program.engine.fire(decision, world)
        if set(fired) != set(table.fired(world)):
            message = (
                f"`{decision}`, class {world}: the inference engine fired {sorted(fired)}, "
                f"the decision table says {sorted(table.fired(world))}"
            )
            raise DisagreementError(message)
        if program.rules[decision]:
            resolved = compiled.coded.adjudicator.resolve(fired)
            if resolved != table.found[int(table.base[world])]:
                raise DisagreementError(f"`{decision}`, class {world}: adjudicated differently")
    return len(every)


def worlds(program: Program, decision: str, cells: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The class without what is disputed upstream: once under each side of it."""
    compiled = program.compiled[decision]
    inputs, table = compiled.coded.inputs, compiled.table
    options = []
    for position, (cell, one) in enumerate(zip(cells, inputs, strict=True)):
        outcomes = one.states[cell].outcomes if one.states else ()
        options.append([table.single(position, o) for o in outcomes] if one.states else [cell])
    return list(product(*options))
