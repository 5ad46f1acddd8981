"""SECURITY.md: every promise names tests, and the tests are there."""

from __future__ import annotations

import re

import pytest

from tests.support.folders import ROOT

PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", PAGE, re.MULTILINE))
BARE = {"Not promised", "Reporting"}
TEST = re.compile(r"`(tests/[\w/]+\.py)`")


def test_every_test_named_is_there() -> None:
    named = set(TEST.findall(PAGE))
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
    # Whatever looks like a path of ours is one, or it was misspelt.
    for path in re.findall(r"`((?:engine|tui|rulesets|requirements)/[^`]+)`", PAGE):
        assert (ROOT / path).exists()


@pytest.mark.parametrize("section", sorted(set(SECTIONS) - BARE))
def test_every_promise_in_bold_names_its_test(section: str) -> None:
    promises = re.split(r"\n(?=- |\|)", "\n" + SECTIONS[section])
    bold = [one for one in promises if one.startswith("- **")]
    assert bold
    assert [one for one in bold if not TEST.search(one)] == []


def test_it_invents_no_address() -> None:
    assert set(SECTIONS) >= BARE
    assert not re.search(r"://|\w@\w", PAGE)


def test_every_file_of_attacks_is_named() -> None:
    here = {f"tests/security/{path.name}" for path in (ROOT / "tests/security").glob("test_*.py")}
    assert here - {"tests/security/test_promises.py"} <= set(TEST.findall(PAGE))
