"""Cases of the shipped topics and their results, byte for byte."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from engine.batch.run import run
from engine.checker import Checker
from tests.support import loaded

GOLDEN = Path(__file__).parents[1] / "golden" / "check"
INPUTS = sorted(path for path in GOLDEN.glob("*.jsonl") if not path.name.endswith(".out.jsonl"))
# Every case that is decided says its own day; one that forgot would change every day.
NO_DAY = date(1901, 1, 1)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return loaded.checker()


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_golden(checker: Checker, path: Path) -> None:
    """The results equal their golden; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    found: list[str] = []
    summary = run(checker, [str(path)], lambda text, _result: found.append(text + "\n"), NO_DAY)
    assert not summary.broken
    assert '"1901-01-01"' not in "".join(found)
    golden = path.with_suffix(".out.jsonl")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text("".join(found), "utf-8")
    assert golden.read_bytes() == "".join(found).encode()


def test_goldens_are_there() -> None:
    expected = {path.with_suffix(".out.jsonl") for path in INPUTS}
    assert len(INPUTS) > 3
    assert set(GOLDEN.glob("*.out.jsonl")) == expected
