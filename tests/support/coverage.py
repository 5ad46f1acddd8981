"""What the examples show of the rules, and what the classes of the decisions come to.

A rule is shown by an example in which it wins, or stands as a dissenter. It has a near miss in an
example in which it does not match, and would if a single input of its decision lay in another cell:
the day before, one level up, one relation further.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from engine.adjudication import Resolution
from engine.analysis.selections import programs
from engine.analysis.verification import NOTHING_KNOWN
from engine.calendar import FIRST_DAY
from engine.case import read_case
from engine.errors import CaseError, RulesetError
from engine.open_classes import OpenClasses

if TYPE_CHECKING:
    from engine.checker import Checker
    from engine.decision_table import DecisionTable
    from engine.library import Library
    from engine.program import Program
    from engine.ruleset import Example

# An example says its own day.
_NO_DAY = date.fromordinal(FIRST_DAY)


@dataclass
class Coverage:
    """For each rule, the examples that show it and those that just miss it."""

    shown: dict[str, set[str]] = field(default_factory=dict)
    missed: dict[str, set[str]] = field(default_factory=dict)


def coverage(checker: Checker) -> Coverage:
    """What the examples beside the rules show."""
    found = Coverage()
    for example in checker.library.examples.values():
        for decision in example.expect:
            try:
                _example(checker, example, decision, found)
            except (CaseError, RulesetError):
                continue  # other tests tell of it
    return found


def _example(checker: Checker, example: Example, decision: str, found: Coverage) -> None:
    case = read_case(dict(example.case), checker.library, _NO_DAY)
    result = checker.answer(decision, case)
    for rule in (*result.rules, *(one.rule for one in result.dissent)):
        found.shown.setdefault(rule, set()).add(example.id)
    if checker.lacking_places(decision, case):
        return
    for reading in checker.readings(decision, case):
        cells = reading.single()
        for rule in _near(reading.program, decision, cells[decision]) if cells else ():
            found.missed.setdefault(rule, set()).add(example.id)


def _near(program: Program, decision: str, cells: tuple[int, ...]) -> set[str]:
    """The rules that match in a class that differs in one input, and not in this one."""
    table = program.compiled[decision].table
    here = _base(table, cells)
    if here is None:
        return set()
    fired = set(table.fired(here))
    near: set[str] = set()
    for position, one in enumerate(table.coded.inputs):
        for cell in range(one.size):
            near |= {*table.fired((*here[:position], cell, *here[position + 1 :]))} - fired
    return near


def _base(table: DecisionTable, cells: tuple[int, ...]) -> tuple[int, ...] | None:
    """The class without upstream disputes; None where an upstream answer is disputed."""
    base = []
    for position, (cell, one) in enumerate(zip(cells, table.coded.inputs, strict=True)):
        if not one.states:
            base.append(cell)
        elif len(one.states[cell].outcomes) == 1:
            base.append(table.single(position, one.states[cell].outcomes[0]))
        else:
            return None
    return tuple(base)


def outcomes(library: Library, decision: str) -> tuple[set[str], list[str]]:
    """The outcomes (for a list of items: the items named) of all classes, and what is unresolved.

    Every place and every period is looked at.
    """
    reached: set[str] = set()
    faults: list[str] = []
    try:
        for program in programs(library, decision):
            classes = OpenClasses(program, decision, NOTHING_KNOWN)
            for number in classes.numbers():
                found = program.compiled[decision].table.found[number]
                if isinstance(found, Resolution):
                    reached |= {*found.outcomes, *(item for item, _ in found.items)}
                else:
                    faults.append(f"{found.reason} {' '.join(found.rules)} {program.selection}")
    except RulesetError as error:
        faults.append(str(error))
    return reached, faults


def stated_and_rejected(library: Library, decision: str) -> set[str]:
    """The outcomes that rules state whose claims the ledger rejects."""
    return {library.rules[name].then.outcome or "" for name in library.rejected
            if library.rules[name].decision == decision}  # fmt: skip
