"""The classes a case leaves open: against every combination of cells, one by one."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import open_classes
from engine.case import read_case
from engine.checker import Checker
from engine.errors import RulesetError, TooLargeError
from engine.open_classes import OpenClasses
from tests.support.one_decision import checker, rule
from tests.support.random_cases import drawn, left_open, written
from tests.support.random_rulesets import TEXT, load, rulesets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.program import Program

DAY = date(2026, 3, 1)


def combinations(
    program: Program, open_: dict[int, list[int]], axes: Sequence[int]
) -> list[dict[int, int]]:
    """Cells of some axes, one each, that no constraint on these axes rules out."""
    found = []
    for cells in product(*(open_[axis] for axis in axes)):
        chosen = dict(zip(axes, cells, strict=True))
        if not any(
            one.axes and {*one.axes} <= chosen.keys()
            and one.never[tuple(chosen[axis] for axis in one.axes)] for one in program.limits
        ):  # fmt: skip
            found.append(chosen)
    return found


def numbered(program: Program, decisions: Sequence[str], chosen: dict[int, int]) -> dict[str, Any]:
    """For each decision of a chain the cells of its inputs in a class, and its number there."""
    cells: dict[str, tuple[int, ...]] = {}
    numbers: dict[str, int] = {}
    for name in decisions:
        one = program.compiled[name]
        mine = []
        for asked, own in zip(one.coded.inputs, one.maps, strict=True):
            if isinstance(asked.source, str):
                upstream = program.compiled[asked.source]
                mine.append(int(upstream.state_of[numbers[asked.source]]))
            else:
                assert own is not None
                mine.append(int(own[chosen[asked.source]]))
        cells[name] = tuple(mine)
        numbers[name] = int(one.table.codes[tuple(mine)])
    return {"cells": cells, "numbers": numbers}


def compare(reading: OpenClasses) -> None:
    """What is said of the open classes, against all of them written out."""
    program = reading.program
    open_ = {axis: cells.tolist() for axis, cells in reading.open.items()}
    tied = [axis for group in reading.groups for axis in group]
    everywhere = combinations(program, open_, [*reading.axes, *tied])
    seen = {tuple(one[axis] for axis in reading.axes) for one in everywhere}
    expected = np.zeros(reading.shape, dtype=bool)
    for cells in product(*map(range, reading.shape)):
        chosen = tuple(int(reading.cells[i][cell]) for i, cell in enumerate(cells))
        expected[cells] = chosen in seen
    assert (np.asarray(reading.possible) == expected).all()
    assert reading.empty == (not seen)
    if not seen:
        assert (reading.numbers(), reading.single()) == ([], None)
        assert all(len(reading.classes_of(name)) == 0 for name in reading.decisions)
        return
    chains = list(dict.fromkeys(one for name in reading.decisions for one in program.chain(name)))
    told = [numbered(program, chains, dict(zip(reading.axes, one, strict=True)))
            for one in sorted(seen)]  # fmt: skip
    assert reading.numbers() == sorted({one["numbers"][reading.decision] for one in told})
    for name in chains:
        shape = program.compiled[name].table.codes.shape
        flat = {int(np.ravel_multi_index(one["cells"][name], shape, mode="wrap")) if shape else 0
                for one in told}  # fmt: skip
        assert reading.classes_of(name).tolist() == sorted(flat)
    mine = program.chain(reading.decision)
    classes = {tuple(one["cells"][name] for name in mine) for one in told}
    single = dict(zip(mine, classes.pop(), strict=True)) if len(classes) == 1 else None
    assert reading.single() == single


TESTED: list[dict[str, Any]] = [
    {"fact": "count", "gte": 2}, {"fact": "kind", "equals": "a"}, {"fact": "flag", "equals": True},
    {"fact": "visit", "gte": "2026-02-26"}, {"fact": "one_amount", "lt": 0.5},
]  # fmt: skip
# Each is on the facts of the one before it: of what they tie, some decide and some do not.
CHAIN = [{"id": f"chain{i}", "because": TEXT, "never": {"all": TESTED[i : i + 2 + i % 2]}}
         for i in range(4)]  # fmt: skip


def without_base(files: dict[str, Any]) -> None:
    """Let there be classes that no rule answers, upstream too."""
    rules = files["national"]["rules"]
    for name in [one["id"] for one in rules if one["id"].endswith("base")]:
        rules[:] = [one for one in rules if one["id"] != name]
        for one in (*rules, *files["local"]["rules"]):
            one["overrides"] = [other for other in one["overrides"] if other != name]


@given(rulesets(decisions=3), st.integers(0, 1 << 30))
@settings(max_examples=40)
def test_the_open_classes_are_those_of_every_combination(files: dict[str, Any], seed: int) -> None:
    if seed % 2:
        files["vocabulary"]["constraints"] += CHAIN[seed // 2 % 3 :]
    if seed % 3:
        without_base(files)
    with tempfile.TemporaryDirectory() as folder:
        one = Checker(load(files, Path(folder)), compare=False)
    pick = random.Random(seed)
    names = [*one.library.decisions]
    for _ in range(3):
        facts = drawn(pick)
        case = read_case(written(facts, left_open(facts, pick)), one.library, DAY)
        last = names[-1]
        for selection in one.selections(last, case):
            program = one.program(last, selection)
            others = [name for name in names[:-1] if name in program.compiled]
            every = [OpenClasses(program, last, case), OpenClasses(program, last, case),
                     OpenClasses(program, last, case, others[:1])]  # fmt: skip
            every += [OpenClasses(program, last, case, beside=group)
                      for group in program.tied(last)[:1]]  # fmt: skip
            for reading in every:
                most = np.prod([float(len(cells)) for cells in reading.open.values()])
                chains = [name for one in reading.decisions for name in program.chain(one)]
                if most <= 4_000 and all(map(program.covered, chains)):
                    compare(reading)


FLAG = {"fact": "flag", "equals": True}
KIND = {"fact": "kind", "equals": "a"}
BOTH = {"all": [FLAG, KIND]}


def reading(one: Checker, **facts: Any) -> OpenClasses:
    (found,) = one.readings("asked", read_case({"region": "440300", **facts}, one.library, DAY))
    return found


def test_what_is_worked_out_is_kept_for_the_same_cells_alone(tmp_path: Path) -> None:
    one = checker(tmp_path, [rule("yes", FLAG, "a"), rule("no", {"not": FLAG}, "b")])
    first, again, other = (reading(one, flag=flag) for flag in (True, True, False))
    assert first.program is other.program
    assert len(first.program.kept) == 2
    assert first.codes is again.codes
    assert [[found.outcome for found in some.found()] for some in (first, again, other)] == [
        ["a"], ["a"], ["b"],
    ]  # fmt: skip


def test_many_classes_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = checker(tmp_path, [rule("yes", FLAG, "a"), rule("no", {"not": FLAG}, "b")])
    monkeypatch.setattr(open_classes, "MAX_KEPT_CLASSES", 1)
    assert [found.outcome for found in reading(one).found()] == ["a", "b"]
    assert not reading(one).program.kept
    assert len(reading(one, flag=True).program.kept) == 1
    monkeypatch.setattr(open_classes, "MAX_KEPT", 1)
    assert len(reading(one, flag=False).program.kept) == 1


@pytest.mark.parametrize("tied", [False, True])
def test_more_classes_than_are_laid_out_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tied: bool
) -> None:
    never = BOTH if tied else None
    rules = [rule("yes", FLAG, "a"), rule("no", {"not": FLAG}, "b")] if tied else [
        rule("yes", BOTH, "a"), rule("no", {"not": BOTH}, "b"),
    ]  # fmt: skip
    one = checker(tmp_path, rules, never=never)
    monkeypatch.setattr(open_classes, "MAX_OPEN", 6)
    open_ = reading(one)
    open_.program.kept.clear()
    monkeypatch.setattr(open_classes, "MAX_OPEN", 5)
    with pytest.raises(TooLargeError) as caught:
        reading(one)
    (fault,) = caught.value.faults
    assert fault.message == "`asked`: more than 5 classes are open"
    assert fault.help.endswith(": `kind` (3 cells), `flag` (2 cells)")
    with pytest.raises(TooLargeError, match="`asked` and `asked`: more than"):
        OpenClasses(open_.program, "asked", open_.case, ["asked"])


@pytest.mark.parametrize(
    ("rules", "message", "help_", "at"),
    [
        ([rule("yes", FLAG, "a"), rule("also", FLAG, "a")],
         "`asked`: no rule answers this case", "write one that does", "yes"),
        ([rule("yes", "always", "a"), rule("no", {"not": FLAG}, "b")],
         "`asked`: undeclared tie of no and yes",
         "let one override the other, or declare a dispute", "no"),
    ],
)  # fmt: skip
def test_a_class_without_an_answer_points_at_a_rule(
    tmp_path: Path, rules: list[Any], message: str, help_: str, at: str
) -> None:
    one = checker(tmp_path, rules)
    with pytest.raises(RulesetError) as caught:
        reading(one, flag=False).found()
    (fault,) = caught.value.faults
    assert (fault.message, fault.help) == (message, help_)
    place = one.library.authored.origins["rules", at].fault((), "").place
    assert fault.place == place


def test_a_decision_without_facts_has_one_class(tmp_path: Path) -> None:
    found = reading(checker(tmp_path, [rule("yes", "always", "a")]))
    assert (found.axes, found.shape, found.numbers()) == ([], (), [0])
    assert found.single() == {"asked": ()}
    assert found.classes_of("asked").tolist() == [0]
    assert found.inputs("asked") == []
