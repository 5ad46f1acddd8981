"""Results as lines of JSON: numbers exact, text as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Protocol
from uuid import uuid4

from engine.result import CaseResult

# Stands for a decimal while json, which knows no decimals, writes a line; nobody can guess it.
_PLACEHOLDER = uuid4().hex


class Written(Protocol):
    """Whatever is written as a result."""

    def to_json(self) -> dict[str, object]:
        """Its JSON object."""


@dataclass(frozen=True)
class Brief:
    """A result as one column a decision: its outcome, or where it has none its verdict."""

    result: CaseResult

    def to_json(self) -> dict[str, object]:
        """The id, what is carried, and the columns; a case with errors as everywhere."""
        if self.result.faults:
            return self.result.to_json()
        columns = {name: one.outcome or one.verdict for name, one in self.result.decisions.items()}
        return {"id": self.result.id, **self.result.extra, **columns}


def answer_text(decision: str, verdict: str, outcome: str | None) -> str:
    """How the column of a decision stands in a brief result, after another one."""
    return f", {json.dumps(decision)}: {json.dumps(outcome or verdict)}"


def encode(result: Written) -> str:
    """A result as one line of JSON; text that is no Unicode is escaped, numbers stay exact."""
    text = result.text() if isinstance(result, CaseResult) else None
    if text is None:
        text = _dumped(result, ascii_only=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _dumped(result, ascii_only=True)
    return text


def _dumped(result: Written, *, ascii_only: bool) -> str:
    numbers: list[str] = []

    def number(value: object) -> str:
        if not isinstance(value, Decimal):
            raise TypeError(f"{type(value).__name__} has no JSON form")
        numbers.append(str(value))
        return _PLACEHOLDER

    text = json.dumps(result.to_json(), ensure_ascii=ascii_only, default=number)
    if not numbers:
        return text
    parts = text.split(f'"{_PLACEHOLDER}"')
    return "".join(chain.from_iterable(zip(parts, [*numbers, ""], strict=True)))
