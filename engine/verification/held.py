"""What a file of results holds: whole results, brief ones, errors, and results that were exported.

Nobody has checked what stands there, so every part that is used later is looked at here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from engine.batch.reader import Item

VERDICTS = frozenset({
    "eligible", "action_needed", "not_eligible", "not_applicable", "stated", "unclear",
    "undecided", "disputed",
})  # fmt: skip
_TEXTS = ("rules", "missing", "changes_on", "possible", "sides", "disputes")
Kind = Literal["whole", "brief", "error"]


class NotAResultError(InputError):
    """Something in a file of results is none."""


@dataclass(frozen=True)
class Held:
    """One result as a file holds it."""

    at: int
    """The line of the file it begins on."""
    kind: Kind
    id: str | None = None
    line: int | None = None
    """The line of its case."""
    as_of: str | None = None
    receipt: object = None
    decisions: Mapping[str, Mapping[str, Any]] | None = None
    case: Mapping[str, Any] | None = None
    """The answers, where they were exported with the result."""


def held(item: Item, known: Container[str]) -> Held:
    """The result that stands in an item; `known` are the decisions there are.

    Raises NotAResultError for anything else.
    """
    if item.faults:
        raise NotAResultError(item.faults[0].message)
    data, case = item.data, None
    if isinstance(data, dict) and isinstance(data.get("result"), dict):
        case, data = data.get("case"), data["result"]
    if not isinstance(data, dict):
        raise NotAResultError("it is not an object")
    case = data.get("case", case)
    identity, line, as_of = data.get("id"), data.get("line"), data.get("as_of")
    common: dict[str, Any] = {
        "at": item.line,
        "id": identity if isinstance(identity, str) else None,
        "line": line if type(line) is int else None,
        "as_of": as_of if isinstance(as_of, str) else None,
        "receipt": data.get("receipt"),
        "case": case if isinstance(case, dict) else None,
    }
    if isinstance(data.get("decisions"), dict):
        return Held(kind="whole", decisions=_decisions(data["decisions"]), **common)
    if isinstance(data.get("error"), dict):
        return Held(kind="error", **common)
    if any(name in known for name in data) and "receipt" not in data:
        return Held(kind="brief", **common)
    raise NotAResultError("it has neither `decisions` nor an `error`")


def _decisions(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    out: dict[str, Mapping[str, Any]] = {}
    for name, one in data.items():
        # What is explained has its result one step further in.
        inner = one.get("result", one) if isinstance(one, dict) else one
        if not isinstance(inner, dict) or not _whole(inner):
            raise NotAResultError(f"`decisions/{name[:60]}` is no decision's result")
        out[name] = inner
    if not out:
        raise NotAResultError("it decides nothing")
    return out


def _whole(one: Mapping[str, Any]) -> bool:
    """Whether the parts of a decision's result have the types they must have."""
    items, dissent = one.get("items", {}), one.get("dissent", [])
    return (
        one.get("verdict") in VERDICTS
        and isinstance(one.get("outcome"), str | None)
        and isinstance(one.get("evidence"), str | None)
        and isinstance(one.get("safer"), str | None)
        and all(_texts(one.get(key, [])) for key in _TEXTS)
        and isinstance(dissent, list)
        and all(isinstance(beaten, dict) for beaten in dissent)
        and isinstance(items, dict)
        and all(isinstance(state, str) or _texts(state) for state in items.values())
    )


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
