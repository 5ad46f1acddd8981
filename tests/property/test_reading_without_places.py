"""The quick way through a file gives what the exact one gives, or leaves the file to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import source_file
from engine.loader import RULESETS
from engine.source_file import MAX_DEPTH

SHIPPED = sorted(RULESETS.rglob("*.yaml"))
PARTS = ["a", "b: ", ": ", "- ", "\n", "\n  ", "\n    ", "? ", "{", "}", "[", "]", ", ", "'", '"',
         "&a ", "*a", "!!str ", "! ", "<<", "'<<'", "~", "true", "1.5", "007", "12", "| \n", "#",
         "---\n", "...\n", "%YAML 1.1\n", "\t", "\ufeff", "\x00", "户", "\x85"]  # fmt: skip


def both(content: bytes) -> None:
    quick = source_file.parse("a.yaml", content)
    exact = source_file.parse("a.yaml", content, placed=True)
    assert repr(quick.data) == repr(exact.data)
    assert quick.faults == exact.faults
    assert quick.refused == exact.refused
    assert quick.lines == exact.lines
    assert quick.places == exact.places


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
@example("a: 1\na: 2\n")
@example("a: &b 1\n")
@example("a: *b\n")
@example("a: !!str 1\n")
@example("&a b: 1\n")
@example("<<: {a: 1}\n")
@example("'<<': 1\n")
@example("[a]: 1\n")
@example("--- a\n--- b\n")
@example("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
@example("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2))
def test_any_text(text: str) -> None:
    both(text.encode())


@given(st.binary(max_size=60))
def test_any_bytes(content: bytes) -> None:
    both(content)


@pytest.mark.parametrize("path", SHIPPED[::25], ids=lambda path: path.name)
def test_shipped_text(path: Path) -> None:
    both(path.read_bytes())
