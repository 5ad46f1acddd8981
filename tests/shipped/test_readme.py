"""What the README shows is what the program prints, and its figures are those of the rulesets."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from engine.checker import Checker
from tests.support import loaded

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LIBRARY = loaded.library()
NO_DAY = date(1901, 1, 1)


def cases() -> list[dict[str, object]]:
    lines = (ROOT / "docs" / "cases.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_result_shown_is_the_result_given() -> None:
    shown = json.loads(re.findall(r"```json\n(.*?)```", README, re.DOTALL)[0])
    result = Checker(LIBRARY).check(cases()[0], NO_DAY).to_json()
    assert shown == result["decisions"]["may_bind"]  # type: ignore[index]  # an object


def test_what_is_said_of_the_other_cases() -> None:
    checker = Checker(LIBRARY)
    level_three, half_known, wrong = (checker.check(case, NO_DAY) for case in cases()[1:])
    assert any(one.by == "rejected" for one in level_three.decisions["may_bind"].dissent)
    verdicts = {one.verdict for one in half_known.decisions.values()}
    assert "undecided" in verdicts
    assert len(verdicts) > 1
    assert {fault.field for fault in wrong.faults} == {"/bound_hospital"}


def test_the_counts_are_those_of_the_rulesets() -> None:
    counted = {name: int(number.replace(",", "")) for number, name in
               re.findall(r"\*\*([\d,]+)\*\* (\w+)", README)}  # fmt: skip
    assert counted == {
        "decisions": len(LIBRARY.decisions),
        "rules": len(LIBRARY.rules),
        "sources": len(LIBRARY.sources),
        "examples": len(LIBRARY.examples),
        "claims": len(LIBRARY.claims),
    }
