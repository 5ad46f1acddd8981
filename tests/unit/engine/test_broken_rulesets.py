"""Each folder of tests/rulesets/broken, laid over the good ruleset, is refused for its one fault.

`expected.yaml` of a folder says where each fault is, and words its message and its help must hold.
With a `case`, the ruleset loads and the fault shows when that case is checked.
"""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.adjudication import Resolution
from engine.analysis.selections import selections
from engine.analysis.verification import NOTHING_KNOWN
from engine.checker import Checker
from engine.errors import RulesetError
from engine.library import Library
from engine.loader import MAX_FAULTS
from engine.open_classes import OpenClasses
from tests.support.folders import ROOT

GOOD = ROOT / "tests" / "rulesets" / "good"
BROKEN = sorted((ROOT / "tests" / "rulesets" / "broken").iterdir())
AS_OF = date(2026, 3, 1)
# How pydantic and Python talk; an author of rules knows neither.
JARGON = re.compile(
    r"Input should|valid (string|integer|dict|list|tuple)|pydantic|Traceback|model_type|NoneType"
    r"|\bstr\b|\bint\b|\bdict\b|Decimal|datetime|<class|validation error|\{message\}"
)
QUOTED = re.compile("`[^`]*`")


def overlaid(tmp_path: Path, *folders: Path) -> Path:
    """The good ruleset with the files of the folders laid over it."""
    rulesets = tmp_path / "rulesets"
    for folder in (GOOD, *folders):
        shutil.copytree(folder, rulesets, dirs_exist_ok=True)
    (rulesets / "expected.yaml").unlink(missing_ok=True)
    return rulesets


def refusal(rulesets: Path, case: object = None) -> RulesetError:
    """The error with which the rulesets are refused, or the case met with a fault of theirs."""
    if case is None:
        with pytest.raises(RulesetError) as caught:
            Library.load(rulesets)
        return caught.value
    checker = Checker.load(rulesets)
    with pytest.raises(RulesetError) as caught:
        checker.check(case, AS_OF)
    return caught.value


def expectation(folder: Path) -> dict[str, Any]:
    """What expected.yaml says."""
    said: dict[str, Any] = yaml.safe_load((folder / "expected.yaml").read_text("utf-8"))
    return said


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_a_broken_ruleset_is_refused_with_helpful_words(folder: Path, tmp_path: Path) -> None:
    expected = expectation(folder)
    error = refusal(overlaid(tmp_path, folder), expected.get("case"))
    found = [(one.place.file, one.place.line, one.place.column) for one in error.faults]
    assert found == [(one["file"], one["line"], one["column"]) for one in expected["faults"]], error
    for fault, one in zip(error.faults, expected["faults"], strict=True):
        assert [words for words in one["message"] if words not in fault.message] == []
        assert [words for words in one.get("help", ()) if words not in fault.help] == []
        assert f"{fault.place.file}:{fault.place.line}:{fault.place.column}: " in str(error)
        assert "\n" not in fault.message + fault.help
        assert not JARGON.search(QUOTED.sub("", fault.message + fault.help))


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_each_folder_has_one_subject(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "expected.yaml"]
    assert 1 <= len(files) <= 2
    assert expectation(folder)["faults"]


def test_the_good_ruleset_answers_every_class() -> None:
    checker = Checker.load(GOOD)
    for name in checker.library.decisions:
        for selection in selections(checker.library, name):
            classes = OpenClasses(checker.program(name, selection), name, NOTHING_KNOWN)
            table = classes.program.compiled[name].table
            assert classes.numbers()
            for number in classes.numbers():
                assert isinstance(table.found[number], Resolution), (name, selection)


def test_the_examples_of_the_good_ruleset_come_out() -> None:
    checker = Checker.load(GOOD)
    for example in checker.library.examples.values():
        decisions = checker.check(example.case, AS_OF).decisions
        for name, expected in example.expect.items():
            assert decisions[name].verdict == expected.verdict
            if expected.outcome:
                assert decisions[name].outcome == expected.outcome


def test_a_byte_order_mark_and_other_line_ends_are_allowed(tmp_path: Path) -> None:
    rulesets = overlaid(tmp_path)
    file = rulesets / "records.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert Library.load(rulesets).sources.keys() == Library.load(GOOD).sources.keys()


def test_what_an_unreadable_file_declares_is_not_missed(tmp_path: Path) -> None:
    rulesets = overlaid(tmp_path)
    with (rulesets / "vocabulary.yaml").open("a", encoding="utf-8") as file:
        file.write("more: [\n")
    (fault,) = refusal(rulesets).faults
    assert fault.place.file == "vocabulary.yaml"


def test_faults_are_told_in_order_and_not_without_end(tmp_path: Path) -> None:
    rulesets = overlaid(tmp_path)
    entries = "".join(f"  d{number}: {{form: any}}\n" for number in range(MAX_FAULTS + 20))
    (rulesets / "extra.yaml").write_text("documents:\n" + entries, "utf-8")
    error = refusal(rulesets)
    assert [fault.place.line for fault in error.faults] == list(range(2, MAX_FAULTS + 2))
    assert str(error).endswith("\n\nand 20 more faults")
