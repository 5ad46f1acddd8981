"""The published JSON Schemas of what programs exchange with this one: a case, and a result."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from engine.calendar import FIRST_DAY, LAST_DAY
from engine.errors import CODES
from engine.vocabulary import AS_OF, DateDomain, NumberDomain

if TYPE_CHECKING:
    from engine.library import Library
    from engine.vocabulary import Fact

Schema = dict[str, object]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_DAY_OR_LESS = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_ANSWERED = ("stated", "eligible", "action_needed", "not_eligible", "not_applicable", "unclear",
             "disputed", "undecided")  # fmt: skip
_EVIDENCE = ("official", "reported", "unverified", None)
_ID: Schema = {"type": "string"}
_IDS: Schema = {"type": "array", "items": _ID, "uniqueItems": True, "minItems": 1}


def case_schema(library: Library) -> str:
    """The JSON Schema (draft 2020-12) of a case, as text with a newline at the end.

    What a fact is asked with stands beside it in both languages. The reader is stricter in what
    a schema cannot say: days that exist, places that are known, facts that contradict each other.
    """
    facts = {name: _fact(one) for name, one in library.vocabulary.facts.items()}
    first, last = _iso(FIRST_DAY), _iso(LAST_DAY)
    return _text(
        "A case", "One case: a flat object of facts. What is null or absent is not known.",
        {
            "id": {"type": ["string", "null"], "description": "Carried to the result."},
            AS_OF: {
                "type": ["string", "null"], "format": "date", "pattern": _DAY,
                "description": f"The day counted from, {first} to {last}; today where absent.",
            },
            "topics": {
                "type": ["array", "null"], "items": {"enum": [*library.topics]}, "minItems": 1,
                "description": "Which topics are asked; every one where absent.",
            },
            **facts,
        },
        [],
    )  # fmt: skip


def result_schema(library: Library) -> str:
    """The JSON Schema (draft 2020-12) of a result, as text with a newline at the end."""
    fault: Schema = {
        "type": "object", "required": ["code", "field", "message"], "additionalProperties": False,
        "properties": {
            "code": {"enum": [*CODES]}, "message": {"type": "string"},
            "field": {"type": "string", "description": "A JSON pointer (RFC 6901) into the case."},
            "allowed": {"type": "string", "description": "What would be accepted."},
        },
    }  # fmt: skip
    decisions = {
        name: _decision([*one.outcomes], collected=one.hit_policy == "collect")
        for name, one in library.decisions.items()
    }
    return _text(
        "A result", "What one case comes to, or why it could not be decided.",
        {
            "id": {"type": ["string", "null"]},
            "line": {"type": "integer", "minimum": 1},
            AS_OF: {"type": "string", "format": "date", "pattern": _DAY},
            "decisions": {
                "type": "object", "properties": decisions, "additionalProperties": False,
            },
            "receipt": {
                "type": ["string", "null"], "description": "The rules in force, the answers, the "
                "version of the engine: see `verify-receipt`.",
            },
            "error": fault,
            "more_errors": {"type": "array", "items": fault, "minItems": 1},
        },
        ["id"],
    )  # fmt: skip


def _decision(outcomes: list[str], *, collected: bool) -> Schema:
    days: Schema = {"type": "array", "items": {"type": "string", "format": "date"}, "minItems": 1}
    dissent: Schema = {
        "type": "object", "required": ["rule", "outcome", "by"], "additionalProperties": False,
        "properties": {"rule": _ID, "outcome": _ID, "by": _ID},
    }  # fmt: skip
    properties: Schema = {
        "verdict": {"enum": [*_ANSWERED]},
        # With `not_covered`, which the engine says itself.
        "outcome": {} if collected else {"enum": [*outcomes, "not_covered", None]},
        "evidence": {"enum": [*_EVIDENCE]},
        "value": {}, "from": {}, "until": {},
        "rules": _IDS, "dissent": {"type": "array", "items": dissent, "minItems": 1},
        "missing": _IDS, "changes_on": days, "possible": _IDS, "sides": _IDS,
        "safer": _ID, "disputes": _IDS,
        "items": {"type": "object", "additionalProperties": {"type": ["string", "array"]}},
        "words": {"type": "object", "description": "With --explain: what stands behind it."},
    }  # fmt: skip
    return {
        "type": "object", "properties": properties, "additionalProperties": False,
        "required": ["verdict", "outcome", "evidence"],
    }  # fmt: skip


def _fact(fact: Fact) -> Schema:
    told = f"{fact.question.zh}\n{fact.help.zh}\n{fact.question.en}\n{fact.help.en}"
    return {**_values(fact), "title": f"{fact.label.zh} · {fact.label.en}", "description": told}


def _values(fact: Fact) -> Schema:
    if fact.type == "bool":
        return {"type": ["boolean", "null"]}
    if fact.type == "enum":
        return {"enum": [*fact.codes, None]}
    if isinstance(fact.domain, NumberDomain):
        kind = "integer" if fact.type == "integer" else "number"
        low, high = fact.domain.min, fact.domain.max
        return {"type": [kind, "null"], "minimum": _number(low), "maximum": _number(high)}
    if isinstance(fact.domain, DateDomain):
        first, last = fact.bounds()
        return {
            "type": ["string", "null"], "pattern": _DAY_OR_LESS,
            "$comment": f"{_iso(first)} to {_iso(last)}; YYYY-MM or YYYY where no more is known",
        }  # fmt: skip
    return {"type": ["string", "null"], "minLength": 2}


def _number(value: object) -> int | float:
    return value if isinstance(value, int) else float(str(value))


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _text(title: str, description: str, properties: Schema, required: list[str]) -> str:
    schema = {
        "$schema": _DRAFT, "title": title, "description": description, "type": "object",
        "properties": properties, "required": required,
        "patternProperties": {"^x_": {"description": "Carried through as it is."}},
        "additionalProperties": False,
    }  # fmt: skip
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
