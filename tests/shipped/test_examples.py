"""Every example that stands beside the rules comes out as its author worked it out by hand."""

from __future__ import annotations

import pytest

from engine.examples import mismatches
from tests.support import loaded

LIBRARY = loaded.library()
CHECKER = loaded.checker(compare=False)


@pytest.mark.parametrize("name", sorted(LIBRARY.examples))
def test_example(name: str) -> None:
    example = LIBRARY.examples[name]
    # One that names no day would come out differently every day.
    assert "as_of" in example.case
    assert mismatches(CHECKER, example) == []
