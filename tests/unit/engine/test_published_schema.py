"""The published JSON Schema is valid, is the committed one, and accepts what is shipped."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine.loader import RULESETS
from engine.published import schema
from tests.support.folders import ROOT

COMMITTED = RULESETS / "schema" / "ruleset.schema.json"
GOOD = ROOT / "tests" / "rulesets" / "good"
BROKEN = ROOT / "tests" / "rulesets" / "broken"
FILES = sorted([*RULESETS.rglob("*.yaml"), *GOOD.rglob("*.yaml")])
VALIDATOR = Draft202012Validator(json.loads(schema()))
# What an editor can tell an author without the engine.
TOLD_BY_AN_EDITOR = (
    "bad-claim-id",
    "bad-id",
    "condition-another-word",
    "condition-with-two-heads",
    "domain-without-an-end",
    "empty-all",
    "empty-any",
    "missing-english",
    "missing-key",
    "number-for-a-text",
    "parameter-value-a-text",
    "range-of-three",
    "region-in-a-rule",
    "rule-without-a-source",
    "text-for-a-truth",
    "text-for-a-whole-number",
    "text-in-one-language",
    "unknown-key",
    "unknown-key-in-a-test",
    "unknown-section",
    "word-not-allowed",
)


class _PlainLoader(yaml.SafeLoader):
    """What an editor reads: YAML 1.2 as JSON types, so `on` and dates stay text."""


_PlainLoader.yaml_implicit_resolvers = {}

for _tag, _form in (
    ("null", "null|~|"),
    ("bool", "true|false"),
    ("int", "[-+]?[0-9]+"),
    ("float", r"[-+]?[0-9]+\.[0-9]+"),
):
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_form})\\Z"), None
    )


def faults(path: Path) -> list[str]:
    """Where and how a file departs from the schema."""
    data: Any = yaml.load(path.read_text("utf-8"), Loader=_PlainLoader)
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(schema()))
    assert json.loads(schema())["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_the_committed_schema_is_the_published_one() -> None:
    assert COMMITTED.read_text("utf-8") == schema()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_loads_fits_the_schema(path: Path) -> None:
    assert faults(path) == []


@pytest.mark.parametrize("name", TOLD_BY_AN_EDITOR)
def test_what_is_broken_in_its_shape_does_not(name: str) -> None:
    files = [path for path in (BROKEN / name).rglob("*.yaml") if path.name != "expected.yaml"]
    assert [path for path in files if faults(path)]


def properties(model: dict[str, Any]) -> dict[str, Any]:
    """The keys of a model, and what may stand there."""
    found: dict[str, Any] = model.get("properties", {})
    return found


def test_editors_are_told_of_every_key_in_both_languages() -> None:
    said = json.loads((RULESETS / "schema" / "descriptions.json").read_text("utf-8"))
    published = json.loads(schema())
    models = {"RulesetFile": published, **published["$defs"]}
    told: set[tuple[str, str]] = set()
    for model, part in models.items():
        for key, property_ in properties(part).items():
            told.add((model if key in said.get(model, {}) else "*", key))
            chinese, english = property_["description"].split("\n\n")
            assert re.search("[\u4e00-\u9fff]", chinese), (model, key)
            assert english.isascii(), (model, key)
    # Nothing else is said, which an editor would show in its place.
    assert schema().count('"description": ') == 1 + sum(map(len, map(properties, models.values())))
    # Nothing is said of a key that is there no more.
    assert told == {(model, key) for model, keys in said.items() for key in keys}


def test_keys_that_follow_from_the_file_are_not_asked_for() -> None:
    definitions = json.loads(schema())["$defs"]
    assert not {"topic", "region"} & definitions["Rule"]["properties"].keys()
    assert "id" in definitions["Rule"]["required"]
    assert "id" not in definitions["Fact"]["properties"]


@pytest.mark.parametrize(
    "path", sorted(RULESETS.rglob("*.yaml")), ids=lambda path: path.relative_to(RULESETS).as_posix()
)
def test_shipped_files_name_the_schema_to_editors(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    marker, _, named = first.partition("$schema=")
    assert marker == "# yaml-language-server: "
    assert (path.parent / named).resolve() == COMMITTED.resolve()
