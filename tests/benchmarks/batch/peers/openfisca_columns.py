"""OpenFisca-Core: three formulas over columns, from the classes; a batch of cases at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from tests.benchmarks.batch import spec
from tests.benchmarks.batch.peers.driver import Job, blocks, decoder, line, main
from tests.benchmarks.batch.tables import Axis, Decision, Tree, read

_BATCH = 50_000
Column = np.ndarray[tuple[int], np.dtype[Any]]


def formula(made: Decision, words: list[str]) -> Callable[[Any, Any], Column]:
    """A formula that walks the tree with masks; it gives the number of the answer."""

    def walk(node: Tree, columns: dict[str, Column]) -> Column:
        if isinstance(node, str):
            return np.int32(words.index(node))  # type: ignore[return-value]  # numpy spreads it
        name, branches = node
        *most, (_, last) = branches
        tests = [np.isin(columns[name], cells) if len(cells) > 1 else columns[name] == cells[0]
                 for cells, _ in most]  # fmt: skip
        return np.select(tests, [walk(below, columns) for _, below in most], walk(last, columns))

    def formula(person: Any, period: Any) -> Column:
        columns = {name: person(name, period) for name in made.axes}
        return np.broadcast_to(walk(made.tree, columns), person.count).astype(np.int32)

    return formula


def coder(axis: Axis) -> Callable[[list[Any]], Column]:
    """Codes a column of raw values as cells."""
    cells: dict[Any, int] = {None: axis.size - 1}
    if not axis.ranges:
        cells |= {value: cell for cell, value in enumerate(axis.values)}
        return lambda values: np.array([cells[one] for one in values], dtype=np.int32)
    lowest = axis.values[0]
    starts = np.array(axis.values)

    def ranged(values: list[Any]) -> Column:
        known = np.array([lowest if one is None else one for one in values], dtype=starts.dtype)
        coded = np.searchsorted(starts, known, side="right") - 1
        coded[[one is None for one in values]] = axis.size - 1
        return coded.astype(np.int32)

    return ranged


def system(made: list[Decision], words: list[str]) -> Any:
    """The variables of all decisions in one system of one entity."""
    person = build_entity(key="person", plural="persons", label="", is_person=True)
    built = TaxBenefitSystem([person])
    common = {"value_type": int, "entity": person, "definition_period": DateUnit.DAY}
    for name in {name for one in made for name in one.axes}:
        built.add_variable(type(name, (Variable,), dict(common)))
    for one in made:
        body = {**common, "formula": formula(one, words)}
        built.add_variable(type(one.name, (Variable,), body))
    return built


def run(job: Job) -> None:
    """Lines to columns, columns to codes, codes to answers, answers to lines."""
    made = read(job.rules)
    words = sorted({word for one in made for word in _words(one.tree)})
    built = system(made, words)
    axes = {axis for one in made for axis in one.axes.values()}
    coders = {axis.name: coder(axis) for axis in axes}
    assert len(coders) == len(axes), "two decisions cut one fact differently"
    lying, decode = spec.lying(), decoder()
    count = 0
    job.start()
    until = job.begun + job.seconds
    with job.cases.open("rb") as cases, job.out.open("w", encoding="utf-8") as out:
        for block in blocks(cases, _BATCH):
            loaded = [decode(one) for one in block]
            columns = {fact: [*map(attrgetter(fact), loaded)] for fact in spec.FACTS}
            home = columns["region"]
            pairs = {"payer_place": zip(columns["payer_region"], home, strict=True),
                     "care_relation": zip(home, columns["care_region"], strict=True)}  # fmt: skip
            columns |= {name: [lying[pair] for pair in two] for name, two in pairs.items()}
            simulation = SimulationBuilder().build_default_simulation(built, len(loaded))
            for name, coded in coders.items():
                simulation.set_input(name, job.day, coded(columns[name]))
            found = [simulation.calculate(one.name, job.day).tolist() for one in made]
            answers = zip(*([words[one] for one in column] for column in found), strict=True)
            out.write(
                "".join(line(case.id, one) for case, one in zip(loaded, answers, strict=True))
            )
            count += len(block)
            if time.perf_counter() > until:
                break
    job.done(count)


def _words(node: Tree) -> set[str]:
    return {node} if isinstance(node, str) else set().union(*(_words(one) for _, one in node[1]))


if __name__ == "__main__":
    main(run)
