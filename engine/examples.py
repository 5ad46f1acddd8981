"""Decides the examples that stand beside the rules and compares what comes with what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.calendar import FIRST_DAY
from engine.errors import RulesetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.checker import Checker
    from engine.fault import Place
    from engine.result import DecisionResult
    from engine.ruleset import Example, Expected

# An example says its own day; one that forgot is decided on this one, the same every day.
NO_DAY = date.fromordinal(FIRST_DAY)


@dataclass(frozen=True)
class Mismatch:
    """Something an example expects that came out differently, and where it is expected."""

    place: Place
    decision: str
    """Empty where the case could not be decided at all."""
    key: str
    expected: object
    found: object


def mismatches(checker: Checker, example: Example) -> list[Mismatch]:
    """Everything in which an example comes out differently from what its author worked out."""
    origin = checker.library.authored.origins["examples", example.id]

    def at(*path: str) -> Place:
        return origin.file.place((*origin.path, *path))

    try:
        result = checker.check(dict(example.case), NO_DAY, decisions=[*example.expect])
    except RulesetError as error:
        return [Mismatch(origin.place, "", "error", None, one.message) for one in error.faults]
    if result.faults:
        return [Mismatch(at("case", *one.field.split("/")[1:]), "", "error", None, one.message)
                for one in result.faults]  # fmt: skip
    return [
        Mismatch(at("expect", name, key), name, key, value, came)
        for name, expected in example.expect.items()
        for key, value, came in differences(expected, result.decisions[name])
    ]


def differences(expected: Expected, result: DecisionResult) -> Iterator[tuple[str, object, object]]:
    """What of one answer comes out differently: its key, what is expected, what came."""
    got = result.to_json()
    written = expected.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for key, value in written.items():
        came = _comparable(got, key)
        if came != value:
            yield key, value, came


def _comparable(got: dict[str, Any], key: str) -> object:
    """What came out, in the form in which an example writes it."""
    if key == "dissent":
        return [one["rule"] for one in got.get("dissent", [])]
    if key == "needed":
        return [item for item, state in got.get("items", {}).items() if state == "needed"]
    if key == "missing":
        return got.get(key, [])
    return got.get(key)
