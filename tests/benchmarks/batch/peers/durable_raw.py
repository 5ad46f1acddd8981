"""durable-rules through its own host: a ruleset for each decision and place, from the classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from durable.engine import Host

from tests.benchmarks.batch.peers.driver import Job, adapter, main, row_wise
from tests.benchmarks.batch.tables import Decision, read, rules


class _Host(Host):  # type: ignore[misc]  # the library carries no types
    """A host whose polling threads never start: they race with every state."""

    def _run(self) -> None:
        pass


def conditions(made: Decision, path: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    """A row of the table as conditions on one fact."""
    found: list[dict[str, Any]] = []
    for name, cells in path.items():
        values, spans = made.asked(name, cells)
        ways: list[dict[str, Any]] = [{name: one} for one in values]
        ways += [{name: low} if high == low + 1 else
                 {"$and": [{"$gte": {name: low}}, {"$lt": {name: high}}]}
                 for low, high in spans]  # fmt: skip
        found.append(ways[0] if len(ways) == 1 else {"$or": ways})
    return found


def rulesets(made: Decision, heard: list[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """For each place: its name, the ruleset's, the rules."""
    place, branches = made.tree
    values = (*made.axes[place].values, "?")
    for number, (cells, below) in enumerate(branches):
        name = f"{made.name}{number}"
        ruleset = {}
        for index, (path, answer) in enumerate(rules(below)):
            tests = conditions(made, path)
            pattern = {"$and": [{"any": 1}, *tests]} if tests else {"any": 1}
            ruleset[f"r{index}"] = {"all": [{"m": pattern}], "run": _heard(heard, answer)}
        for cell in cells:
            yield values[cell], name, ruleset


def _heard(heard: list[str], answer: str) -> Any:
    def run(_: Any) -> None:
        heard.append(answer)

    return run


def run(job: Job) -> None:
    """Assert a fact for each decision, hear what fires, retract it."""
    made, heard = read(job.rules), list[str]()
    host, of = _Host(), list[tuple[str, dict[str, str]]]()
    for one in made:
        found = list(rulesets(one, heard))
        host.set_rulesets({name: ruleset for _, name, ruleset in found})
        of.append((one.tree[0], {place: name for place, name, _ in found}))
    adapted = adapter(made)

    def decide(case: dict[str, Any]) -> list[str]:
        row = adapted(case) | {"id": 1, "any": 1}
        answers = []
        for place, name in of:
            heard.clear()
            ruleset = name[row[place]]
            host.assert_fact(ruleset, row)
            host.retract_fact(ruleset, row)
            answers.append(heard[0])
        return answers

    row_wise(job, decide)


if __name__ == "__main__":
    main(run)
