"""Plain Python: msgspec decodes typed cases, nested ifs written from the classes decide them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from tests.benchmarks.batch import spec
from tests.benchmarks.batch.peers.driver import Job, blocks, decoder, main
from tests.benchmarks.batch.tables import Decision, Tree, read

_BLOCK = 4096


def source(made: Decision) -> str:
    """One decision as a function of the attributes it reads."""
    used = [name for name in made.axes if name in spec.FACTS]
    head = [f"def {made.name}(c):", *(f"    {name} = c.{name}" for name in used)]
    place = {"available": "payer_place = lying[c.payer_region, c.region]",
             "filing_required": "care_relation = lying[c.region, c.care_region]"}  # fmt: skip
    if made.name in place:
        head.append(f"    {place[made.name]}")
    return "\n".join([*head, *_body(made, made.tree, "    ")])


def _body(made: Decision, node: Tree, indent: str) -> Iterator[str]:
    if isinstance(node, str):
        yield f"{indent}return {node!r}"
        return
    name, branches = node
    *most, (_, last) = branches
    for cells, below in most:
        yield f"{indent}if {_test(made, name, cells)}:"
        yield from _body(made, below, indent + "    ")
    yield from _body(made, last, indent)


def _test(made: Decision, name: str, cells: Sequence[int]) -> str:
    axis = made.axes[name]
    unknown = axis.size - 1
    known = sorted(set(cells) - {unknown})
    parts = [f"{name} is None"] if unknown in cells else []
    if not axis.ranges:
        values = [axis.values[cell] for cell in known]
        if values and isinstance(values[0], bool):
            parts += [f"{name} is {value}" for value in values]
        elif values:
            parts.append(
                f"{name} == {values[0]!r}" if len(values) == 1 else f"{name} in {values!r}"
            )
        return " or ".join(parts)
    for cell in known:
        tests = [f"{axis.values[cell]!r} <= {name}"] if cell else [f"{name} is not None"]
        if cell < unknown - 1:
            guard = "" if not cell else f"{name} is not None and "
            tests = [f"{guard}{' and '.join(tests)} and {name} < {axis.values[cell + 1]!r}"]
        else:
            tests = [f"{name} is not None and {tests[0]}"]
        parts.append(f"({tests[0]})")
    return " or ".join(parts)


def run(job: Job) -> None:
    """Typed cases in, lines out."""
    made = read(job.rules)
    names: dict[str, Any] = {"lying": spec.lying()}
    for one in made:
        exec(source(one), names)
    bind, pay, file = (names[one.name] for one in made)
    decode = decoder()
    count = 0
    job.start()
    until = job.begun + job.seconds
    with job.cases.open("rb") as cases, job.out.open("w", encoding="utf-8") as out:
        for block in blocks(cases, _BLOCK):
            loaded = [decode(one) for one in block]
            out.write("".join([
                f'{{"id": "{c.id}", "may_bind": "{bind(c)}", "available": "{pay(c)}", '
                f'"filing_required": "{file(c)}"}}\n' for c in loaded
            ]))  # fmt: skip
            count += len(block)
            if time.perf_counter() > until:
                break
    job.done(count)


if __name__ == "__main__":
    main(run)
