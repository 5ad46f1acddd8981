"""The one family of errors the engine raises, each for the person who must act on it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.fault import Fault

Code = Literal[
    "not_json", "not_utf8", "too_long", "too_deep", "not_an_object", "wrong_columns",
    "unknown_key", "duplicate_key", "duplicate_id", "wrong_type", "unknown_value",
    "outside_domain", "not_a_date", "unknown_place", "place_too_wide", "contradiction", "more",
]  # fmt: skip
CODES: tuple[Code, ...] = get_args(Code)
"""Every code of an error of a case: a public contract, each with a heading in the reference."""


class TongbaoError(Exception):
    """Whatever this program says went wrong; never raised itself."""


class RulesetError(TongbaoError):
    """A ruleset is broken: every fault that was found, in the order of the files."""

    def __init__(self, faults: Sequence[Fault], more: int = 0) -> None:
        self.faults, self.more = tuple(faults), more
        told = [fault.render() for fault in self.faults]
        super().__init__("\n\n".join([*told, f"and {more} more faults"] if more else told))


class TooLargeError(RulesetError):
    """A ruleset has more classes than can be enumerated: it must be split."""


def pointer(*keys: str | int) -> str:
    """The JSON pointer (RFC 6901) to what stands under `keys`."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def whence(error: BaseException | None) -> str:
    """What an unexpected error was and where it arose, without a word of what was answered."""
    if error is None:
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    place = f", {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


@dataclass(frozen=True)
class CaseFault:
    """What is wrong with one case: a code, the JSON pointer, what was found, what is allowed."""

    code: Code
    field: str
    message: str
    allowed: str | None = None
    constraint: str | None = None
    """For a contradiction: the constraint of the vocabulary that is broken."""
    facts: tuple[str, ...] = ()
    """For a contradiction: the facts at odds."""

    def to_json(self) -> dict[str, object]:
        """The error object of a result."""
        out: dict[str, object] = {"code": self.code, "field": self.field, "message": self.message}
        if self.allowed is not None:
            out["allowed"] = self.allowed
        return out


class CaseError(TongbaoError):
    """One case cannot be read, or contradicts itself; the others are not touched by it."""

    def __init__(self, faults: Sequence[CaseFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.field or '/'}: {fault.message}" for fault in faults))


class InputError(TongbaoError):
    """A file cannot be read at all."""


class DisagreementError(TongbaoError):
    """The inference engine and the decision table give different answers: an internal error."""


class InferenceError(TongbaoError):
    """The inference engine misbehaved or was asked for more than its safe subset holds."""


class BeyondEngineError(InferenceError):
    """Rules that the inference engine cannot hold; counted before it sees one of them."""

    def __init__(self, decision: str, message: str, rule: str | None = None) -> None:
        self.decision, self.rule = decision, rule
        super().__init__(message)
