"""What is still open: the missing facts that matter, and how each answer would narrow the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.analysis.boxes import boxes
from engine.explanation.space import aspects, labels
from engine.explanation.what_if import dated
from engine.explanation.why_not import part_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.analysis.boxes import Part
    from engine.case import Case
    from engine.explanation.space import Aspects, Bits
    from engine.open_classes import OpenClasses
    from engine.result import DecisionResult

MAX_BOXES = 3
MAX_CELLS = 5_000_000


@dataclass(frozen=True)
class Narrowed:
    """Answers to a fact (any of the boxes) and the outcomes or items they leave possible."""

    answers: tuple[tuple[Part, ...], ...]
    left: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Answers and what they leave."""
        return {"answers": [[part_json(part) for part in box] for box in self.answers],
                "left": list(self.left)}  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """A fact that is not known and can change the answer."""

    fact: str
    state: Literal["unknown", "not_asked"] = "not_asked"
    """Whether the case says that it is not known, or says nothing."""
    narrows: tuple[Narrowed, ...] = ()
    """Empty where the fact tells something only together with others."""

    def to_json(self) -> dict[str, object]:
        """The fact and how its answers narrow the rest."""
        out: dict[str, object] = {"fact": self.fact, "state": self.state}
        if self.narrows:
            out["narrows"] = [one.to_json() for one in self.narrows]
        return out


@dataclass(frozen=True)
class StillOpen:
    """The missing facts that matter, and what may come out; nothing else can change the answer."""

    missing: tuple[Missing, ...] = ()
    possible: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether no fact that is left out can change the answer."""
        return not self.missing

    def to_json(self) -> dict[str, object]:
        """Whether anything is open, and what."""
        if self.settled:
            return {"settled": True}
        return {"settled": False, "missing": [one.to_json() for one in self.missing],
                "possible": list(self.possible)}  # fmt: skip


def still_open(case: Case, readings: Sequence[OpenClasses], result: DecisionResult) -> StillOpen:
    """What is still open of an answer; without readings only the places that are lacking."""
    states: dict[str, Literal["unknown", "not_asked"]] = {
        fact: "unknown" if fact in case.given else "not_asked" for fact in result.missing
    }
    if not result.missing or len(readings) != 1:
        return StillOpen(tuple(Missing(*one) for one in states.items()), result.possible)
    reading = readings[0]
    of = aspects(reading.program.library, reading.decision)
    # A large case has too many classes to be worth telling apart by each answer.
    bits = labels(reading, of) if reading.possible.size <= MAX_CELLS else None
    missing = tuple(
        Missing(fact, state, () if bits is None else _narrows(reading, fact, bits, of))
        for fact, state in states.items()
    )
    return StillOpen(missing, result.possible)


def _narrows(reading: OpenClasses, fact: str, bits: Bits, of: Aspects) -> tuple[Narrowed, ...]:
    """Answers that leave the same, together; those that leave everything last."""
    program = reading.program
    axis = next((one for one in reading.axes if fact in program.axes[one].facts), None)
    if axis is None:
        return ()
    position = reading.axes.index(axis)
    others = tuple(one for one in range(bits.ndim) if one != position)
    each = np.bitwise_or.reduce(bits, axis=others) if others else bits
    left = sorted({int(one) for one in each.tolist()} - {0}, key=lambda one: (one.bit_count(), one))
    if len(left) <= 1:
        return ()
    size = program.axes[axis].size
    open_ = np.zeros(size, dtype=bool)
    open_[reading.cells[position][each != 0]] = True
    found = []
    for group in left:
        mask = np.zeros(size, dtype=bool)
        mask[reading.cells[position][each == group]] = True
        cover = boxes(program, [axis], mask, impossible=~open_, most=MAX_BOXES)
        if cover.rest:
            return ()
        answers = tuple(tuple(dated(program, reading.case, box)) for box in cover.boxes)
        found.append(Narrowed(answers, of.shown(group)))
    return tuple(found)
