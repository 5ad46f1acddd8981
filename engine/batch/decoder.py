"""JSON as cases need it: numbers exact, no key twice, no NaN, nothing too long or too deep."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from engine.errors import CaseFault, pointer

MAX_DEPTH = 64
MAX_DIGITS = 1000


class Decoder:
    """Decodes one text at a time; what JSON would let pass is told as faults, all at once."""

    def __init__(self) -> None:
        self._faults: list[CaseFault] = []
        self._twice: list[tuple[dict[str, Any], str]] = []
        self._json = json.JSONDecoder(
            object_pairs_hook=self._pairs, parse_float=self._decimal, parse_int=self._whole,
            parse_constant=self._constant,
        )  # fmt: skip

    def decode(self, text: str) -> tuple[Any, tuple[CaseFault, ...]]:
        """The value and its faults.

        Raises json.JSONDecodeError, and RecursionError for what no decoder could hold.
        """
        self._faults, self._twice = [], []
        data = self._json.decode(text)
        if text.count("[") + text.count("{") > MAX_DEPTH and _depth(data) > MAX_DEPTH:
            raise RecursionError
        for owner, key in self._twice:
            # Only the outermost object is known by its place.
            field = pointer(key) if owner is data else ""
            message = f"key `{key[:60]}` stands there twice"
            self._faults.append(CaseFault("duplicate_key", field, message))
        return data, tuple(self._faults)

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(pairs)
        if len(out) < len(pairs):
            twice = next(key for key, count in Counter(k for k, _ in pairs).items() if count > 1)
            self._twice.append((out, twice))
        return out

    def _whole(self, text: str) -> int:
        return int(text) if len(text) <= MAX_DIGITS else self._too_long()

    def _decimal(self, text: str) -> Decimal:
        try:
            return Decimal(text) if len(text) <= MAX_DIGITS else Decimal(self._too_long())
        except ArithmeticError:  # an exponent beyond any number
            return Decimal(self._too_long())

    def _too_long(self) -> int:
        message = f"a number has more than {MAX_DIGITS} digits or too great an exponent"
        self._faults.append(CaseFault("too_long", "", message))
        return 0

    def _constant(self, text: str) -> None:
        self._faults.append(
            CaseFault("not_json", "", f"{text} is not JSON", "a finite number or null")
        )


def _depth(data: object) -> int:
    """How deeply lists and objects are nested, counted without recursion."""
    depth, level = 0, [data]
    while level := [one for one in level if isinstance(one, list | dict)]:
        depth += 1
        level = [part for one in level for part in (one.values() if isinstance(one, dict) else one)]
    return depth
