"""The one family of errors the engine raises, each for the person who must act on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.fault import Fault


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


@dataclass(frozen=True)
class CaseFault:
    """What is wrong with one case: a code, the JSON pointer, what was found, what is allowed."""

    code: str
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
