"""What a person is told of a class: two tables compared by it, whoever says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import Resolution
from engine.answering import speaking
from engine.condition import ParameterRef

if TYPE_CHECKING:
    from collections.abc import Hashable

    from engine.adjudication import Found
    from engine.coded import Bools
    from engine.decision_table import DecisionTable
    from engine.library import Library
    from engine.program import Program
    from engine.ruleset import Value


class Answers:
    """Compares what classes come to: verdict, outcome, sides, items, values worked out."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def otherwise(
        self, program: Program, decision: str, before: DecisionTable, after: DecisionTable,
        library: Library,
    ) -> tuple[Bools, Bools]:  # fmt: skip
        """The classes of two tables of one shape that get another answer, and those that get none.

        `library` gives the parameters of the second.
        """
        pairs = before.codes * len(after.found) + after.codes
        values, inverse = np.unique(pairs, return_inverse=True)
        differs, lost = [], []
        for pair in values.tolist():
            one, other = (
                before.found[pair // len(after.found)],
                after.found[pair % len(after.found)],
            )
            differs.append(
                (one is not other or library is not self.library)
                and self._told(one, program, decision, self.library)
                != self._told(other, program, decision, library)
            )
            lost.append(isinstance(one, Resolution) and not isinstance(other, Resolution))
        where = inverse.ravel()
        return (
            np.array(differs, dtype=bool)[where].reshape(pairs.shape),
            np.array(lost, dtype=bool)[where].reshape(pairs.shape),
        )

    def _told(self, found: Found, program: Program, decision: str, library: Library) -> Hashable:
        if not isinstance(found, Resolution):
            return None
        items = tuple((item, one.outcome) for item, one in found.items)
        values: tuple[Hashable, ...] = ()
        if found.outcome and not found.items:
            voices = speaking(library, decision, found.rules, found.outcome)
            spoken = [next((value for one in voices if (value := getattr(one, name))), None)
                      for name in ("value", "from_", "until")]  # fmt: skip
            values = tuple(self._value(one, program, decision, library) for one in spoken if one)
        return found.verdict, found.outcome, found.sides, found.safer, items, values

    def _value(
        self, value: Value, program: Program, decision: str, library: Library
    ) -> Hashable:  # fmt: skip
        authored = library.decisions[decision]
        place = program.selection.place(authored.region)
        day = program.selection.period(authored.date)[0]
        operands = (getattr(value, name) for name in type(value).model_fields)
        worth = tuple(library.parameter(one.param, place, day) for one in operands
                      if isinstance(one, ParameterRef))  # fmt: skip
        parts = tuple(self._value(one, program, decision, library) for one in value.parts)
        return repr(value), worth, parts
