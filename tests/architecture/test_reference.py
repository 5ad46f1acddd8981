"""The reference describes each command, option, verdict and code there is, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import get_args

import click
import pytest

from engine import contracts
from engine.batch import mapping
from engine.errors import CODES
from engine.ruleset import Expected
from engine.verification import verifier
from tests.support import loaded
from tests.support.folders import ROOT
from tui import exit_codes
from tui.cli import cli

PAGE = (ROOT / "docs" / "reference.md").read_text("utf-8")
HEADING = re.compile(r"^(##|###) (.+)\n+(?=(.*))", re.MULTILINE)
FOUND = HEADING.findall(PAGE)
# What the contract of a result lists; the rest of them are named below `decisions`.
CHAPTERS = {"Verdicts", "Evidence", "Errors of cases", "Receipts", "Exit codes", "A case",
            "A result", "The map"}  # fmt: skip


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by the words that lead to it; the program itself by its name."""
    yield path or "tongbao", command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, f"{path} {name}".strip())


def result_schema() -> dict[str, object]:
    properties: dict[str, object] = json.loads(contracts.result_schema(loaded.library()))[
        "properties"
    ]
    return properties


def wanted() -> dict[str, list[str]]:
    """The headings that there must be, by their level."""
    told = {"##": [name for name, _ in commands(cli)] + sorted(CHAPTERS), "###": []}
    for name, command in commands(cli):
        options = [one for one in command.params if isinstance(one, click.Option)]
        told["###"] += [f"{name} {one.opts[-1]}" for one in options]
    facts = loaded.library().vocabulary.facts
    case = json.loads(contracts.case_schema(loaded.library()))["properties"].keys() - facts.keys()
    codes = [value for name, value in vars(exit_codes).items() if name.isupper()]
    for kind, names in {
        "verdict": get_args(Expected.model_fields["verdict"].annotation),
        "error": CODES,
        "receipt": get_args(verifier.Verdict),
        "exit": [code for code in codes if isinstance(code, int)],
        "case": case,
        "result": result_schema(),
        "map": mapping.SECTIONS,
    }.items():
        told["###"] += [f"{kind} {name}" for name in names]
    return told


WANTED = wanted()


@pytest.mark.parametrize("level", ["##", "###"])
def test_there_is_a_heading_for_each_thing_and_each_is_there(level: str) -> None:
    found = [title for at, title, _ in FOUND if at == level]
    missing = [f"{level} {one}" for one in WANTED[level] if one not in found]
    stale = [f"{level} {one}" for one in found if one not in WANTED[level]]
    assert not missing, "docs/reference.md lacks these headings, each with a sentence:\n" + (
        "\n".join(missing)
    )
    assert not stale, "docs/reference.md describes what is there no more:\n" + "\n".join(stale)
    assert len(found) == len({*found}), "a heading stands there twice"


def test_each_heading_has_a_sentence() -> None:
    assert not [
        title for at, title, text in FOUND if at == "###" and not re.match(r"\S+.*\.", text)
    ]
    assert not [title for at, title, text in FOUND if at == "##" and not text]


def test_every_member_of_an_answer_is_named() -> None:
    (decisions,) = re.findall(r"^### result decisions\n(.+?)\n###", PAGE, re.DOTALL | re.MULTILINE)
    answer = next(iter(result_schema()["decisions"]["properties"].values()))  # type: ignore[index]  # an object
    named = set(re.findall(r"`([a-z_]+)`", decisions)) - {"needed", "not_needed"}
    assert named == answer["properties"].keys()


def test_codes_of_errors_are_said_to_people() -> None:
    from tui.locale import LANGUAGES, catalogue

    for lang in LANGUAGES:
        lacking = [one for one in CODES if f"report.error.{one}" not in catalogue(lang)]
        # The interview alone says this one, in its own words.
        assert lacking == ["place_too_wide"]
