"""Exports tables, imports them again, and compares what both come to over every class."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.adjudication import Unresolved
from engine.analysis.selections import programs
from engine.case import read_case
from engine.formats import dmn, jdm
from engine.formats.draft import Draft
from engine.formats.importing import read
from engine.formats.understanding import OTHER_TEXT, Reader
from engine.formats.yaml_text import text_of
from engine.library import Library
from tests.support.peer import expected, values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.formats.table import Table
    from engine.formats.understanding import Understood
    from engine.places import Place
    from engine.program import Program

TODAY = date(2026, 2, 28)
FORMS = ("dmn", "jdm")


def say(key: str, /, **_: object) -> dict[str, str]:
    """Wording that only says what it is for."""
    return {"zh": key, "en": key}


def imported(data: str, name: str, nation: Place, folder: Path) -> tuple[Understood, Library]:
    """What a file holds, and the ruleset written and loaded from it."""
    file = read(data.encode(), name)
    found = Reader(file).understood()
    for key, content in Draft(file, found, say, nation, TODAY).files().items():
        path = folder / f"{key}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(content), "utf-8")
    return found, Library.load(folder)


def exported(tables: Sequence[Table], form: str) -> tuple[str, str]:
    """Tables as the text of a file, and its name."""
    if form == "jdm":
        return jdm.document(tables), "it.json"
    return dmn.document(tables, "it"), "it.dmn"


def differences(
    program: Program, table: Table, found: Understood, library: Library
) -> tuple[list[Any], int]:
    """Pairs of answers that differ in some class between a decision and its import; and classes."""
    key = next(one.decision for one in found.tables if one.decision == table.decision)
    (other,) = programs(library, key)
    mine, its = program.compiled[table.decision].table, other.compiled[key].table
    options = values(program, table.decision)
    places = _places(other, key, found, options)
    codes = np.broadcast_to(its.codes[places] if places else its.codes, mine.codes.shape)
    # A side of a dispute that is never handed down alone is no answer of the table above.
    asked = np.ones(codes.shape, dtype=bool)
    for one in places:
        asked = asked & (one >= 0)
    pairs = np.unique(np.stack([mine.codes[asked], codes[asked]]), axis=1).T.tolist()
    wrong = []
    for one, two in pairs:
        before = expected(mine.found[one])
        after: Any = expected(its.found[two])
        if isinstance(its.found[two], Unresolved) and after is not None:
            wrong.append((before, after))
        elif table.policy != "collect" and after is not None:
            answer = found.answers[key][after[0]]
            after = answer.text, answer.verdict
            if before not in (None, ("tie",)) and before[1] == "disputed":
                before = before[0], "unclear"
        if before not in (after, ("tie",)):
            wrong.append((before, after))
    return wrong, mine.codes.size


def _places(
    program: Program, decision: str, found: Understood, options: list[list[dict[str, Any]]]
) -> tuple[Any, ...]:
    """For each input of an imported decision its cell, along the input that it stems from."""
    compiled = program.compiled[decision]
    out: list[Any] = []
    for position, one in enumerate(compiled.coded.inputs):
        if isinstance(one.source, str):
            ids = {answer.text: answer.id for answer in found.answers[one.source].values()}
            axis = next(i for i, some in enumerate(options) if one.source in some[0])
            told = [ids.get(some[one.source]["outcome"]) for some in options[axis]]
            cells = [-1 if key is None else compiled.table.single(position, key) for key in told]
        else:
            (fact,) = program.axes[one.source].facts
            name = found.facts[fact].expression
            axis = next(i for i, some in enumerate(options) if name in some[0])
            owned = compiled.maps[position]
            assert owned is not None
            cells = [int(owned[_cell(program, found, one.source, some[name])])
                     for some in options[axis]]  # fmt: skip
        along = [1] * len(options)
        along[axis] = len(cells)
        out.append(np.array(cells).reshape(along))
    return tuple(out)


def _cell(program: Program, found: Understood, axis: int, value: Any) -> int:
    """The cell of an imported fact that a value lies in."""
    (fact,) = program.axes[axis].facts
    if isinstance(value, str) and found.facts[fact].column.kind == "text":
        ids = found.facts[fact].ids
        value = ids.get(value) or ids[OTHER_TEXT]
    if isinstance(value, float):
        value = Decimal(str(value))
    case = read_case({"as_of": TODAY.isoformat(), fact: value}, program.library, TODAY)
    (cell,) = program.axes[axis].open(case).tolist()
    return int(cell)
