"""Whatever stands in a ruleset file, reading it ends in rules or in faults, and in nothing else."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import source_file
from engine.errors import RulesetError
from engine.fault import Fault
from engine.library import Library
from engine.loader import RULESETS
from tests.support.folders import ROOT

GOOD = ROOT / "tests" / "rulesets" / "good"
FILES = sorted(path.relative_to(GOOD).as_posix() for path in GOOD.rglob("*.yaml"))
SHIPPED = sorted(RULESETS.rglob("*.yaml"))
JARGON = re.compile(r"Input should|valid (string|integer|dict|list)|something else|<class")
TOKENS = ["\t", "&a ", "*a", "<<: ", "!!str ", "- ", ": ", "{", "}", "[", "]", "'", '"', "#",
          "\n", "? ", "| ", "> ", "---\n", "\x00", "\ufeff", "户", "null", "true", "1.5",
          "9" * 25, "2023-02-30", "no", "a, b", "%"]  # fmt: skip
WORDS = st.sampled_from([
    "", "always", "as_of", "region", "emergency", "S1-01", "440300", "2023-02-30", "2024-01-01",
    "no_filing", "cn_group", "not_covered", "所",
])  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**19), 10**19), st.integers(-3, 40),
    st.decimals(-100, 100, places=3).map(float), WORDS,
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            WORDS | st.sampled_from(["fact", "all", "param", "date", "zh"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def load(file: str, content: bytes) -> None:
    """Load the good ruleset with one file replaced; faults must be told, and told well."""
    with tempfile.TemporaryDirectory() as folder:
        rulesets = Path(folder) / "rulesets"
        shutil.copytree(GOOD, rulesets)
        (rulesets / file).write_bytes(content)
        for fault in refusal(rulesets):
            assert fault.message
            assert not JARGON.search(fault.message), fault.message
            assert fault.render().count("\n") <= 3


def refusal(rulesets: Path) -> Sequence[Fault]:
    """The faults with which rulesets are refused; none where they load."""
    try:
        Library.load(rulesets)
    except RulesetError as error:
        return error.faults or pytest.fail("refused without a fault")
    return ()


def nodes(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a file."""
    yield path
    children = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, child in children:
        yield from nodes(child, (*path, key))


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
@example(b"{")
def test_arbitrary_bytes(content: bytes) -> None:
    parsed = source_file.parse("a.yaml", content)
    for fault in parsed.faults:
        assert 1 <= fault.place.line <= max(1, len(parsed.lines))
        fault.render()


@settings(max_examples=15)
@given(content=st.binary(max_size=200))
def test_an_arbitrary_file_among_good_ones(content: bytes) -> None:
    load("clinic/topic.yaml", content)


@settings(max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize("path", SHIPPED[:: max(1, len(SHIPPED) // 6)], ids=lambda path: path.name)
def test_shipped_text_with_something_put_in(path: Path, data: st.DataObject) -> None:
    text = path.read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 30))
        text = text[:start] + data.draw(st.sampled_from(TOKENS)) + text[start + cut :]
    for fault in source_file.parse(path.name, text.encode()).faults:
        assert fault.message
        fault.render()


@settings(max_examples=20)
@given(data=st.data())
@pytest.mark.parametrize("file", FILES)
def test_good_text_with_something_put_in(file: str, data: st.DataObject) -> None:
    text = (GOOD / file).read_text("utf-8")
    start = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 30))
    load(file, (text[:start] + data.draw(st.sampled_from(TOKENS)) + text[start + cut :]).encode())


@settings(max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize("file", FILES)
def test_good_data_with_something_replaced(file: str, data: st.DataObject) -> None:
    content = source_file.parse(file, (GOOD / file).read_bytes()).data
    path = data.draw(st.sampled_from(list(nodes(content))))
    value = data.draw(VALUES)
    if path:
        parent = content
        for part in path[:-1]:
            parent = parent[part]
        if isinstance(parent, dict) and data.draw(st.booleans()):
            parent[data.draw(WORDS)] = parent.pop(path[-1])
        else:
            parent[path[-1]] = value
    else:
        content = value
    # JSON is YAML.
    load(file, json.dumps(content, ensure_ascii=False, default=float).encode())
