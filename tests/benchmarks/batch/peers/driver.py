"""What the peers share: how they are called, how row-wise ones read and write, what they tell."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.batch import spec
from tests.benchmarks.batch.tables import UNKNOWN, UNKNOWN_TEXT, Decision

_BLOCK = 64
_TYPES = {"institution_level": int, "bound_hospital": int, "in_city": bool, "authorised": bool,
          "payer_has_account": bool, "kin_account_bound": bool, "referral": bool,
          "emergency": bool}  # fmt: skip


@dataclass
class Job:
    """One run of a peer: its files, and the seconds after which a row-wise one stops."""

    cases: Path
    out: Path
    rules: Path
    day: str
    seconds: float
    threads: int
    made: float = field(default_factory=time.perf_counter)
    begun: float = 0.0

    def start(self) -> None:
        """Everything up to here was getting ready."""
        self.begun = time.perf_counter()

    def done(self, count: int) -> None:
        """Tell how many cases were decided, and in which time."""
        now = time.perf_counter()
        told = {"cases": count, "seconds": now - self.begun, "ready": self.begun - self.made}
        sys.stdout.write(json.dumps(told) + "\n")


def adapter(made: Sequence[Decision]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Turns a case into a row of words and numbers, with the relations of its places."""
    every = {name: axis for one in made for name, axis in one.axes.items()}
    words = [name for name, axis in every.items() if axis.textual and name in spec.FACTS]
    dates = [name for name, axis in every.items() if isinstance(axis.values[0], str)
             and axis.ranges]  # fmt: skip
    numbers = [name for name in every if name in spec.FACTS and name not in (*words, *dates)]
    lying = {key: value or UNKNOWN_TEXT for key, value in spec.lying().items()}

    def adapted(case: Mapping[str, Any]) -> dict[str, Any]:
        get = case.get
        row = {name: get(name, UNKNOWN_TEXT) for name in words}
        for name in numbers:
            row[name] = int(get(name, UNKNOWN))
        for name in dates:
            text = get(name)
            row[name] = int(text.replace("-", "")) if text else UNKNOWN
        home = get("region")
        row["payer_place"] = lying[get("payer_region"), home]
        row["care_relation"] = lying[home, get("care_region")]
        return row

    return adapted


def line(identity: str, answers: Sequence[str]) -> str:
    """A line of output."""
    return (f'{{"id": {json.dumps(identity)}, "may_bind": "{answers[0]}", '
            f'"available": "{answers[1]}", "filing_required": "{answers[2]}"}}\n')  # fmt: skip


def row_wise(job: Job, decide: Callable[[dict[str, Any]], Sequence[str]]) -> None:
    """Read, decide and write case by case until the file or the time is up."""
    import orjson

    loads, count = orjson.loads, 0
    job.start()
    until = job.begun + job.seconds
    with job.cases.open("rb") as cases, job.out.open("w", encoding="utf-8") as out:
        for block in blocks(cases):
            for text in block:
                case = loads(text)
                out.write(line(case["id"], decide(case)))
            count += len(block)
            if time.perf_counter() > until:
                break
    job.done(count)


def decoder() -> Callable[[bytes], Any]:
    """Decodes a line as a typed case; what is lacking is None."""
    import msgspec

    kinds = [(fact, _TYPES.get(fact, str) | None, None) for fact in spec.FACTS]
    struct = msgspec.defstruct("Case", [("id", str), *kinds], gc=False)
    decode: Callable[[bytes], Any] = msgspec.json.Decoder(struct).decode
    return decode


def blocks(lines: Iterator[bytes], size: int = _BLOCK) -> Iterator[list[bytes]]:
    """The lines in blocks, so that the clock is not asked for each."""
    block = []
    for one in lines:
        block.append(one)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block


def main(run: Callable[[Job], None]) -> None:
    """Run a peer as its command line says."""
    parser = argparse.ArgumentParser()
    for name in ("cases", "out", "rules"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--day", default=spec.DAY)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--threads", type=int, default=1)
    run(Job(**vars(parser.parse_args())))
