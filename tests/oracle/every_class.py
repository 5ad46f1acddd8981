"""Every class of every shipped decision, put to zen-engine and sent through the open formats.

Run by `make oracle`; ARGS names decisions. It tells by decision how many sets of rules there are,
their classes, the rows they are lowered to, and where an answer differs.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from engine.analysis.selections import programs
from engine.formats.lowering import Lowering
from engine.library import Library
from tests.support.peer import disagreements
from tests.support.round_trip import FORMS, differences, exported, imported

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.places import Place
    from engine.program import Program

MOST = 3
"""Where in a line the rows of the largest table stand; after it, what differs."""


def distinct(library: Library, decision: str) -> Iterator[Program]:
    """A program for each set of rules of the decision itself and of states handed to it."""
    seen = set()
    for program in programs(library, decision):
        coded = program.compiled[decision].coded
        key = tuple(rule.id for rule in program.rules[decision]), coded.rules, coded.inputs
        if program.covered(decision) and key not in seen:
            seen.add(key)
            yield program


def returned(program: Program, decision: str, form: str, nation: Place) -> int:
    """In how many ways an answer differs after export and import, with what it builds on."""
    lowering = Lowering(program)
    tables = [lowering.table(name) for name in program.chain(decision)]
    text, name = exported(tables, form)
    with tempfile.TemporaryDirectory() as folder:
        found, library = imported(text, name, nation, Path(folder))
    return len(differences(program, lowering.table(decision), found, library)[0])


def main(wanted: list[str]) -> int:
    """Tell of each decision in a line; 1 where anything differs."""
    library = Library.load()
    nation = library.places.get(library.places.nation)
    tell("decision", ("sets", "classes", "rows", "most", "zen", *FORMS))
    lines = []
    for decision in wanted or library.decisions:
        line = [0] * (4 + 1 + len(FORMS))
        for program in distinct(library, decision):
            table = Lowering(program).table(decision)
            wrong, asked = disagreements(program, table)
            back = [returned(program, decision, form, nation) for form in FORMS]
            line = together(line, [1, asked, len(table.rows), len(table.rows), len(wrong), *back])
        tell(decision, line)
        lines.append(line)
    total = [0] * len(lines[0])
    for line in lines:
        total = together(total, line)
    tell("", total)
    used = resource.getrusage(resource.RUSAGE_SELF)
    sys.stdout.write(f"{used.ru_utime + used.ru_stime:.1f} s of the processor\n")
    return 1 if sum(total[MOST + 1 :]) else 0


def together(one: list[int], other: list[int]) -> list[int]:
    """Both lines added up, the most rows of a table being the greater of two."""
    added = [first + second for first, second in zip(one, other, strict=True)]
    added[MOST] = max(one[MOST], other[MOST])
    return added


def tell(decision: str, cells: Sequence[object]) -> None:
    """A line of the table."""
    shown = "".join(f"{cell:>9,}" if isinstance(cell, int) else f"{cell:>9}" for cell in cells)
    sys.stdout.write(f"{decision:30}{shown}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
