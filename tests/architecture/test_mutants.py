"""What is said of the mutants of the engine is said of modules, lines and tests that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mutants import ROOT, SLOW, TESTS, changes, pattern

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(("module", "tests"), TESTS.items())
def test_the_tests_of_a_module_are_there(module: str, tests: Sequence[str]) -> None:
    own = f"unit/engine/test_{module}.py"
    assert (ROOT / "engine" / f"{module}.py").exists()
    assert tests or (ROOT / "tests" / own).exists()
    for one in (*tests, *SLOW):
        file, _, name = one.partition("::")
        assert f"def {name}" in (ROOT / "tests" / file).read_text("utf-8")


@pytest.mark.parametrize("module", sorted({module for module, _ in changes()} - {"*"}))
def test_what_is_explained_is_still_written_so(module: str) -> None:
    lines = (ROOT / "engine" / f"{module}.py").read_text("utf-8").splitlines()
    source = " ".join(line.strip() for line in lines)
    gone = [change for one, change in changes() if one == module
            and not pattern(change.partition(" -> ")[0]).search(source)]  # fmt: skip
    assert gone == []
