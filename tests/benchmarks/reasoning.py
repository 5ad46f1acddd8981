"""Measures the reasoning: tables, both engines compared, the proof of the whole library.

Run as a script: `python -m tests.benchmarks.reasoning`. Prints a table; asserts nothing.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.analysis.laws import broken_laws
from engine.analysis.overlaps import overlaps
from engine.analysis.reach import Reach
from engine.analysis.selections import programs
from engine.analysis.settled import Tried, flips
from engine.analysis.verification import verify
from engine.checker import Checker
from engine.library import Library
from engine.program import Program
from tests.benchmarks import asking
from tests.benchmarks.row import Row, table, timed
from tests.support.random_rulesets import ALWAYS, PLACES, TEXT

COMPARED = 20_000
FACTS = 20
WORDS = dict.fromkeys(("label", "question", "help", "find_out"), TEXT)


def analysed(program: Program, decision: str) -> int:
    """Look at every possible class of one decision; how many there are."""
    reach = Reach(program, decision)
    overlaps(reach)
    return int(reach.reading.possible.sum())


def tables(library: Library) -> Row:
    """The decision whose largest table takes longest, compiled and analysed."""
    slowest = Row("", 0, "", 0.0)
    for decision in library.decisions:
        start = time.perf_counter()
        for program in programs(library, decision):
            if program.covered(decision):
                classes = analysed(program, decision)
                seconds = time.perf_counter() - start
                if seconds > slowest.seconds:
                    slowest = Row(f"slowest table: {decision}", classes, "classes", seconds)
            start = time.perf_counter()
    return slowest


def compared(library: Library) -> Row:
    """Classes on which both engines are compared, one after the other."""
    decision = "settlement"
    every = [one for one in programs(library, decision) if one.covered(decision)]
    program = max(every, key=lambda one: one.compiled[decision].table.pattern_of.size)
    table, engine = program.compiled[decision].table, program.engine
    classes = [*_cells(table.pattern_of.shape)][:COMPARED]

    def run() -> int:
        for cells in classes:
            assert set(engine.fire(decision, cells)) == set(table.fired(cells))
        return len(classes)

    row = timed("both engines compared", "classes", run)
    program.close()
    return row


def _cells(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if not shape:
        yield ()
        return
    for cell in range(shape[0]):
        for rest in _cells(shape[1:]):
            yield (cell, *rest)


def synthetic(folder: Path) -> Library:
    """A decision over so many truths, each of which a rule looks at with two others."""
    names = [f"fact{number:02}" for number in range(FACTS)]
    grades = {"A": "s0", "C": "s1"}
    rules = [_rule("base", "always", "no", "s1", [])]
    for number in range(FACTS):
        tests = [
            {"fact": names[(number + step) % FACTS], "equals": step != 1} for step in (0, 1, 7)
        ]
        rules.append(_rule(f"rule{number:02}", {"all": tests}, "yes", "s0", ["base"]))
    source = {"title": TEXT, "body": TEXT, "host": "original", "checked": "2026-01-01",
              "read": "whole"}  # fmt: skip
    decision = {
        "question": TEXT, "hit_policy": "unique", "region": "region", "date": "as_of",
        "inputs": names,
        "outcomes": {"yes": {"verdict": "eligible", "title": TEXT},
                     "no": {"verdict": "not_eligible", "title": TEXT}},
    }  # fmt: skip
    files: dict[str, Any] = {
        "regions": PLACES,
        "sources": {"sources": {name: {**source, "authority": grade}
                                for grade, name in grades.items()}},
        "vocabulary": {"facts": {"region": {"type": "place", **WORDS},
                                 "visit": {"type": "date", **WORDS,
                                           "domain": {"from": "2026-01-01", "to": "2026-12-31"}},
                                 **{name: {"type": "bool", **WORDS} for name in names}}},
        "topic": {"topic": "topic", "title": TEXT, "about": TEXT,
                  "decisions": {"million": decision}},
        "national": {"topic": "topic", "region": "100000", "rules": rules},
    }  # fmt: skip
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return Library.load(folder)


def _rule(name: str, when: Any, then: str, source: str, overrides: list[str]) -> dict[str, Any]:
    return {"id": name, "decision": "million", "when": when, "then": then, "because": TEXT,
            "sources": [{"source": source, "clause": TEXT}], "in_force": ALWAYS,
            "overrides": overrides}  # fmt: skip


def rows() -> Iterator[Row]:
    """Every measurement, one after the other."""
    library = Library.load()
    yield tables(library)
    yield compared(library)
    with tempfile.TemporaryDirectory() as folder:
        million = synthetic(Path(folder))

    def made() -> int:
        return sum(analysed(one, "million") for one in programs(million, "million"))

    yield timed("a synthetic decision, compiled and analysed", "classes", made)
    laws = [*library.invariants.values()]
    yield timed("laws over every class", "laws",
                lambda: len(laws) + len(list(broken_laws(library, laws))))  # fmt: skip
    tried = Tried()
    checker = Checker(library, compare=False)

    def early() -> int:
        for law in laws:
            if law.settled is not None:
                list(flips(checker, law, tried))
        return tried.partial + tried.completions

    yield timed("early answers tried", "answers", early)
    checker.close()
    yield from asking.rows(library)
    yield timed("the whole library proved", "classes", lambda: verify(library).classes)


if __name__ == "__main__":
    table(rows())
