"""What goes wrong in the inference engine's C code is told with its class, and harms no case."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.folders import ROOT
from tests.support.hostile_rulesets import fact, rule, ruleset

if TYPE_CHECKING:
    from pathlib import Path

CASES = 40
DIFFERS = "the inference engine fired [], the decision table says ['harmful']"
TOLD = {
    "crash": "the inference engine crashed (SIGSEGV): Segmentation fault in ",
    "hang": "the inference engine did not come to an end: in harmful_engine.py",
    "fail": "asserting c1 gave code 303",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules on a count of 0 to 9, of which one fires the harmful rule, and cases of each."""
    count = fact("integer", domain={"min": 0, "max": 9})
    rules = [rule("harmful" if n == 4 else f"r{n}", {"fact": "count", "equals": n}, "ab"[n % 2])
             for n in range(10)]  # fmt: skip
    (tmp_path / "rulesets").mkdir()
    ruleset(tmp_path / "rulesets", rules, {"count": count})
    cases = [{"id": str(n), "region": "440300", "as_of": "2026-03-01", "count": n % 10}
             for n in range(CASES)]  # fmt: skip
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(one) + "\n" for one in cases))
    return tmp_path


def checked(folder: Path, how: str, *more: str) -> subprocess.CompletedProcess[str]:
    """The command over the cases with an engine that does that."""
    command = [sys.executable, "-m", "tests.support.harmful_engine", how, "check", "--quiet"]
    command += ["--rulesets", str(folder / "rulesets"), str(folder / "cases.jsonl"), *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False,
                          timeout=100)  # fmt: skip


def test_harm_is_told_with_its_class_and_every_case_is_answered(folder: Path) -> None:
    """Crash, hang and failure: exit 70, all results, one line for the one class."""
    whole = checked(folder, "nothing")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert len(whole.stdout.splitlines()) == CASES
    for how, told in TOLD.items():
        done = checked(folder, how)
        assert done.returncode == 70, (how, done.stderr)
        assert done.stdout == whole.stdout, how
        (line,) = done.stderr.splitlines()
        assert line.startswith("tongbao: internal error: `asked` (region 100000; as_of ")
        assert '"count": 4' in line
        assert told in line


@pytest.mark.parametrize("more", [(), ("--outcomes",), ("--jobs", "2")])
def test_a_difference_stops_the_run(folder: Path, more: tuple[str, ...]) -> None:
    """Neither engine is taken at its word: exit 70, and no output is put in place."""
    out = folder / "out.jsonl"
    done = checked(folder, "differ", "-o", str(out), *more)
    assert done.returncode == 70, done.stderr
    (line,) = done.stderr.splitlines()
    assert '"count": 4' in line
    assert DIFFERS in line
    assert not out.exists()


@pytest.mark.parametrize("more", [("--outcomes",), ("--jobs", "2")])
def test_harm_in_another_kind_of_run(folder: Path, more: tuple[str, ...]) -> None:
    """The same in a brief run, whose classes the scanner meets."""
    whole, done = checked(folder, "nothing", *more), checked(folder, "crash", *more)
    assert (whole.returncode, done.returncode) == (0, 70), done.stderr
    assert done.stdout == whole.stdout
    assert TOLD["crash"] in done.stderr


def test_a_broken_process_is_followed_by_another_up_to_a_limit(folder: Path) -> None:
    """Each class that breaks is told, the others are compared; then the rest is left out."""
    from engine.batch.contained import MAX_BROKEN, Contained
    from engine.checker import Checker
    from engine.errors import InferenceError
    from engine.inference import InferenceEngine
    from engine.library import Library

    checker = Checker(Library.load(folder / "rulesets"))
    checker.comparing = Contained(block=5)
    with pytest.MonkeyPatch.context() as patch:
        fire = InferenceEngine.fire

        def fired(self: InferenceEngine, decision: str, cells: tuple[int, ...]) -> object:
            (name,) = fire(self, decision, cells)
            if name in {"r1", "r3", "r5", "r7", "r9"}:
                raise KeyboardInterrupt
            if name == "r2":
                raise InferenceError("two")
            return (name,)

        patch.setattr(InferenceEngine, "fire", fired)
        for line in (folder / "cases.jsonl").read_text().splitlines()[:10]:
            assert not checker.check(json.loads(line)).faults
        failures = checker.comparing.finish()
    broken = [one for one in failures if "the inference engine ended with code 1" in one]
    assert len(broken) == MAX_BROKEN == 5
    assert [one for one in failures if one.endswith(": two")]
    assert [one.split('"count": ')[1][0] for one in failures] == [*"123579"]
    assert checker.comparing.finish() == failures


def test_rules_the_engine_cannot_hold_are_a_fault_of_the_ruleset(tmp_path: Path) -> None:
    """Told at the rule, exit 3, before the library sees one of them."""
    from tests.support.hostile_rulesets import ATTACKS

    (tmp_path / "rulesets").mkdir()
    ATTACKS["many_alternatives"][0](tmp_path / "rulesets")
    facts = {f"f{n}": True for n in range(13)}
    case = {"id": "a", "region": "440300", "as_of": "2026-03-01", **facts}
    (tmp_path / "cases.jsonl").write_text(json.dumps(case) + "\n")
    done = checked(tmp_path, "nothing")
    assert done.returncode == 3
    assert done.stderr.startswith("national.yaml:1:")
    assert "too many alternatives" in done.stderr
