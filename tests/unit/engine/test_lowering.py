"""Rules whose order of precedence is worked out by hand: as rows, or refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.analysis.selections import programs
from engine.formats.lowering import Lowering, LoweringError
from tests.support.one_decision import SOURCE, rule
from tests.support.peer import disagreements
from tests.support.random_rulesets import DERIVED, FACTS, PLACES, TEXT, load

if TYPE_CHECKING:
    from pathlib import Path

    from engine.program import Program

FLAG, KIND = {"fact": "flag", "equals": True}, {"fact": "kind", "equals": "a"}
FEW = {"fact": "count", "lt": 2}


def program(
    folder: Path, rules: list[dict[str, Any]], sources: dict[str, tuple[str, str | None]],
    disputes: list[list[str]],
) -> Program:  # fmt: skip
    """One decision with the outcomes a, b and c; each rule has a source of its own name."""
    made = {key: {**SOURCE, "authority": grade, "issued": issued}
            for key, (grade, issued) in sources.items()}  # fmt: skip
    for one in rules:
        one["sources"] = [{"source": f"s{one['id']}", "clause": TEXT}]
    safer = {one["id"]: one["then"] for one in rules}
    files: dict[str, Any] = {
        "regions": PLACES,
        "vocabulary": {"facts": FACTS, "constraints": [],
                       "derived": {name: {"label": TEXT, **one} for name, one in DERIVED.items()}},
        "sources": {"sources": {"s0": SOURCE, **{f"s{key}": one for key, one in made.items()}}},
        "topic": {"topic": "topic", "title": TEXT, "about": TEXT, "decisions": {"asked": {
            "question": TEXT, "hit_policy": "unique", "region": "region", "date": "as_of",
            "inputs": [*FACTS, *DERIVED], "builds_on": [],
            "outcomes": {one: {"verdict": "stated", "title": TEXT} for one in "abc"},
        }}},
        "national": {"topic": "topic", "region": "100000", "rules": rules, "disputes": [
            {"id": f"d{number}", "between": pair, "safer": safer[pair[0]], "because": TEXT}
            for number, pair in enumerate(disputes)
        ]},
    }  # fmt: skip
    return next(programs(load(files, folder), "asked"))


def test_an_exception_that_is_beaten_itself(tmp_path: Path) -> None:
    """x excepts y; y outranks z, and z outranks x: where all hold z decides, where y and z do y."""
    rules = [rule("x", FLAG, "a", overrides=["y"]), rule("y", KIND, "b"), rule("z", FEW, "c")]
    found = program(tmp_path, rules, {"x": ("C", "2020-01"), "y": ("A", "2020-01"),
                                      "z": ("B", "2020-01")}, [])  # fmt: skip
    table = Lowering(found).table("asked")
    for flag, kind, count, outcome in ((1, "a", 0, "c"), (0, "a", 0, "b"), (1, "a", 3, "a")):
        values = {"flag": ("false", "true")[flag], "kind": kind, "count": count}
        assert next(table.matching(values)).outcome == outcome
    assert disagreements(found, table)[0] == []


def test_three_that_all_dispute_each_other(tmp_path: Path) -> None:
    """Where two hold the two are the sides, where all three do all three."""
    rules = [rule("x", FLAG, "a"), rule("y", KIND, "b"), rule("z", FEW, "c")]
    grades: dict[str, tuple[str, str | None]] = dict.fromkeys("xyz", ("D", None))
    found = program(tmp_path, rules, grades, [["x", "y"], ["y", "z"], ["x", "z"]])
    table = Lowering(found).table("asked")
    assert table.outcomes[:1] == ("disputed: a | b | c",)
    assert len(table.rows) == 7
    assert disagreements(found, table)[0] == []


def test_dates_that_one_rule_makes_void(tmp_path: Path) -> None:
    """Two rules are told apart by date, unless a third without a date holds: no order says so."""
    rules = [rule("x", FLAG, "a"), rule("y", KIND, "b"), rule("z", FEW, "c")]
    grades = {"x": ("A", "2021-01"), "y": ("A", "2020-01"), "z": ("A", None)}
    found = program(tmp_path, rules, grades, [["x", "y"], ["y", "z"], ["x", "z"]])
    with pytest.raises(LoweringError, match="without a date"):
        Lowering(found).table("asked")
