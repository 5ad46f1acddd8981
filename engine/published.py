"""The published JSON Schema of what authors write."""

from __future__ import annotations

import json
from typing import Any

from pydantic import create_model

from engine.invariant import Invariant
from engine.loader import RULESETS
from engine.places import Group, Place
from engine.ruleset import (
    Article,
    Channel,
    Claim,
    Decision,
    Dispute,
    Document,
    Example,
    Parameter,
    ParameterValue,
    Picture,
    Rule,
    Source,
)
from engine.scalars import ClaimId, Id, PlaceCode
from engine.vocabulary import Constraint, Derived, Fact
from engine.words import Model, Words

# What an entry gets from where it stands, not from what is written in it.
_IMPLIED = {"Rule": ("topic", "region"), "Decision": ("id", "topic"), "Parameter": ("id", "topic"),
            "ParameterValue": ("region",), "Invariant": ("topic",)}  # fmt: skip
_KEYED = ("Fact", "Derived", "Source", "Document", "Channel", "Article", "Claim", "Group")


def schema() -> str:
    """The JSON Schema (draft 2020-12) of a ruleset file, as text with a newline at the end."""
    file = create_model(
        "RulesetFile",
        __base__=Model,
        __doc__="One YAML file of the rulesets.",
        topic=(str | None, None),
        order=(int | None, None),
        title=(Words | None, None),
        about=(Words | None, None),
        picture=(Picture | None, None),
        decisions=(dict[Id, Decision] | None, None),
        parameters=(dict[Id, Parameter] | None, None),
        region=(PlaceCode | None, None),
        values=(list[ParameterValue] | None, None),
        rules=(list[Rule] | None, None),
        disputes=(list[Dispute] | None, None),
        examples=(list[Example] | None, None),
        invariants=(list[Invariant] | None, None),
        facts=(dict[Id, Fact] | None, None),
        derived=(dict[Id, Derived] | None, None),
        constraints=(list[Constraint] | None, None),
        places=(list[Place] | None, None),
        groups=(dict[Id, Group] | None, None),
        sources=(dict[Id, Source] | None, None),
        documents=(dict[Id, Document] | None, None),
        channels=(dict[Id, Channel] | None, None),
        articles=(dict[Id, Article] | None, None),
        claims=(dict[ClaimId, Claim] | None, None),
    )
    found = file.model_json_schema(by_alias=True)
    for name, implied in {**dict.fromkeys(_KEYED, ("id",)), **_IMPLIED}.items():
        definition = found["$defs"][name]
        for key in implied:
            definition["properties"].pop(key, None)
        definition["required"] = [
            one for one in definition.get("required", ()) if one not in implied
        ]
    then = found["$defs"]["Rule"]["properties"]["then"]
    found["$defs"]["Rule"]["properties"]["then"] = {"anyOf": [then, {"type": "string"}]}
    # A section that is not wanted is left out, never null.
    found["properties"] = {key: part["anyOf"][0] for key, part in found["properties"].items()}
    _close(found)
    _describe(found)
    # Editors show it above what is said of a key.
    found["title"] = "tongbao"
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _describe(found: dict[str, Any]) -> None:
    """Say of every key in both languages what it holds, for editors to show beside it.

    What stands below `*` is said of keys of that name wherever nothing else is. What the models
    say of themselves is dropped: editors would show it in place of what is said of the key.
    """
    for part in (found["properties"], found["$defs"]):
        _untold(part)
    said = json.loads((RULESETS / "schema" / "descriptions.json").read_text("utf-8"))
    for model, part in {found["title"]: found, **found["$defs"]}.items():
        told = said["*"] | said.get(model, {})
        for key, property_ in part.get("properties", {}).items():
            property_["description"] = f"{told[key]['zh']}\n\n{told[key]['en']}"


def _untold(part: object) -> None:
    """Drop titles and descriptions; a key of that name holds a schema, and not a text."""
    if isinstance(part, dict):
        for name in ("title", "description"):
            if isinstance(part.get(name), str):
                del part[name]
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        _untold(inner)


def _close(part: object) -> None:
    """Let mappings by id hold nothing but ids."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part.setdefault("additionalProperties", False)
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        _close(inner)
