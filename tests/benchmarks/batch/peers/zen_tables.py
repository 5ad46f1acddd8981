"""zen-engine: a decision table for each decision, made from the classes, evaluated by key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import orjson
import zen

from tests.benchmarks.batch import spec
from tests.benchmarks.batch.peers.driver import Job, adapter, main, row_wise
from tests.benchmarks.batch.tables import Decision, read, rules


def graph(made: Sequence[Decision]) -> dict[str, Any]:
    """All decisions side by side in one graph, so that one call decides a case."""
    nodes = [{"id": "in", "name": "in", "type": "inputNode"},
             {"id": "end", "name": "end", "type": "outputNode"}]  # fmt: skip
    edges = []
    for one in made:
        node = {"id": one.name, "name": one.name, "type": "decisionTableNode"}
        nodes.append({**node, "content": table(one)})  # type: ignore[dict-item]
        for start, end in (("in", one.name), (one.name, "end")):
            edge = {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
            edges.append(edge)
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def table(made: Decision) -> dict[str, Any]:
    """A decision as one decision table; its rules exclude each other, so the first hit is it."""
    rows = []
    for number, (path, answer) in enumerate(rules(made.tree)):
        cells = {name: _cell(*made.asked(name, cells)) for name, cells in path.items()}
        rows.append({"_id": f"r{number}", **{name: cells.get(name, "") for name in made.axes},
                     "out": json.dumps(answer)})  # fmt: skip
    return {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in made.axes],
        "outputs": [{"id": "out", "name": made.name, "field": made.name}],
        "rules": rows,
    }


def _cell(texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> str:
    if texts:
        return ", ".join(json.dumps(one) for one in texts)
    return ", ".join(str(low) if high == low + 1 else f"[{low}..{high})" for low, high in spans)


def run(job: Job) -> None:
    """Adapted rows as bytes: the fastest way in that was found."""
    made = read(job.rules)
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"all": graph(made)}}})
    evaluate, adapted, dumps = engine.evaluate, adapter(made), orjson.dumps

    def decide(case: dict[str, Any]) -> list[str]:
        found = evaluate("all", dumps(adapted(case)))["result"]
        return [found[name] for name in spec.DECISIONS]

    row_wise(job, decide)


if __name__ == "__main__":
    main(run)
