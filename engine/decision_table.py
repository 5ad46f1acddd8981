"""The decision table: every class of a decision with its one outcome, built by broadcasting."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from engine.adjudication import UNCOVERED, Found, Resolution, Unresolved, merge_sides
from engine.coded import Codes, State, evaluate
from engine.limits import MAX_PATTERNS, refuse_large_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.adjudication import Adjudicator
    from engine.coded import Bools, CodedDecision

_WORD = 63


class DecisionTable:
    """All classes of one decision. `found[codes[cells]]` is what a class comes to.

    The last cells of an upstream input stand for disputes; the table over them is merged from
    the sides. `fired` gives the rules that match in a class without disputes: the pattern of the
    class, of which there are far fewer than classes.
    """

    def __init__(self, coded: CodedDecision) -> None:
        self.coded = coded
        self.found: list[Found] = []
        self.numbers: dict[Found, int] = {}
        refuse_large_table(coded)
        self.patterns, self.pattern_of = self._match()
        resolved = [self._resolve(pattern) for pattern in self.patterns]
        self.base: Codes = np.array(resolved, dtype=np.int64)[self.pattern_of]
        self.codes = self._with_disputes()

    def fired(self, cells: tuple[int, ...]) -> tuple[str, ...]:
        """The rules that match in one class, in the order written."""
        return self.patterns[int(self.pattern_of[cells])]

    def copied(self) -> DecisionTable:
        """A copy that can be altered: what is found keeps its number, and more can be found."""
        other = copy(self)
        other.found, other.numbers = [*self.found], {**self.numbers}
        return other

    def alter(self, matches: Mapping[str, Bools], adjudicator: Adjudicator | None = None) -> None:
        """Let some rules match in other classes, or all be weighed by another adjudicator.

        Only what changes is adjudicated anew.
        """
        if adjudicator is not None:
            self.coded = replace(self.coded, adjudicator=adjudicator)
            resolved = [self._resolve(one) for one in self.patterns]
            self.base = np.asarray(np.array(resolved, dtype=np.int64)[self.pattern_of])
        before = self.pattern_of
        bits = np.zeros(before.shape, dtype=np.int64)
        for bit, (name, matched) in enumerate(matches.items()):
            was = np.array([name in pattern for pattern in self.patterns], dtype=bool)[before]
            bits |= (was != matched).astype(np.int64) << bit
        where = bits > 0
        if where.any():
            width = 1 << len(matches)
            pairs, inverse = np.unique(before[where] * width + bits[where], return_inverse=True)
            patterns = [self._toggled(pair // width, pair % width, [*matches])
                        for pair in pairs.tolist()]  # fmt: skip
            resolved = [self._resolve(one) for one in patterns]
            self.base, self.pattern_of = np.array(self.base), np.array(before)
            self.base[where] = np.array(resolved, dtype=np.int64)[inverse]
            self.pattern_of[where] = len(self.patterns) + inverse
            self.patterns = [*self.patterns, *patterns]
        self.codes = self._with_disputes()

    def uncover(self) -> None:
        """Let no rule be in force."""
        number = self._number(UNCOVERED)
        self.base, self.codes = np.full_like(self.base, number), np.full_like(self.codes, number)

    def _toggled(self, pattern: int, bits: int, names: Sequence[str]) -> tuple[str, ...]:
        """A set of matching rules, those named that have their bit taken out or put in."""
        toggled = {name for bit, name in enumerate(names) if bits >> bit & 1}
        fired = toggled ^ {*self.patterns[pattern]}
        return tuple(name for name, _ in self.coded.rules if name in fired)

    def _match(self) -> tuple[list[tuple[str, ...]], Codes]:
        """The distinct sets of matching rules, and for each class which of them it is."""
        shape = self.coded.shape
        pattern = np.zeros(shape, dtype=np.int64)
        names = [name for name, _ in self.coded.rules]
        patterns: list[tuple[str, ...]] = [()]
        for start in range(0, len(names), _WORD):
            bits = np.zeros(shape, dtype=np.int64)
            chunk = self.coded.rules[start : start + _WORD]
            for position, (_, expression) in enumerate(chunk):
                bits |= evaluate(expression, shape).astype(np.int64) << position
            values, inverse = np.unique(bits, return_inverse=True)
            pairs = pattern * len(values) + inverse.reshape(shape)
            codes, pattern_flat = np.unique(pairs, return_inverse=True)
            if len(codes) > MAX_PATTERNS:
                name = self.coded.decision.id
                message = f"more than {MAX_PATTERNS:,} different sets of matching rules"
                raise OverflowError(f"`{name}` has {message}")
            pattern = pattern_flat.reshape(shape)
            patterns = [
                patterns[code // len(values)]
                + tuple(names[start + bit] for bit in range(len(chunk))
                        if int(values[code % len(values)]) >> bit & 1)
                for code in codes.tolist()
            ]  # fmt: skip
        return patterns, pattern

    def _resolve(self, fired: tuple[str, ...]) -> int:
        return self._number(self.coded.adjudicator.resolve(fired))

    def _number(self, found: Found) -> int:
        if found not in self.numbers:
            self.numbers[found] = len(self.found)
            self.found.append(found)
        return self.numbers[found]

    def _with_disputes(self) -> Codes:
        """The table over every state an upstream decision can hand down."""
        inputs = self.coded.inputs
        if not any(one.states for one in inputs):
            return self.base
        shape = tuple(len(one.states) if one.states else one.size for one in inputs)
        codes = np.empty(shape, dtype=np.int64)
        upstream = [axis for axis, one in enumerate(inputs) if one.states]
        for choice in product(*(range(len(inputs[axis].states)) for axis in upstream)):
            states = [
                inputs[axis].states[pick] for axis, pick in zip(upstream, choice, strict=True)
            ]
            where: list[slice | int] = [slice(None)] * len(shape)
            for axis, pick in zip(upstream, choice, strict=True):
                where[axis] = pick
            codes[tuple(where)] = self._merged(upstream, states)
        return codes

    def _merged(self, upstream: list[int], states: Sequence[State]) -> Codes:
        worlds = list(product(*(state.outcomes for state in states)))
        slices = []
        for world in worlds:
            where: list[slice | int] = [slice(None)] * len(self.coded.inputs)
            for axis, outcome in zip(upstream, world, strict=True):
                where[axis] = self.single(axis, outcome)
            slices.append(self._covered(self.base[tuple(where)], world))
        if len(worlds) == 1:
            return slices[0]
        safer = tuple(state.safer for state in states)
        stacked = np.stack([one.ravel() for one in slices])
        columns, inverse = np.unique(stacked, axis=1, return_inverse=True)
        merged = [
            self._number(
                merge_sides(
                    {world: self.found[code] for world, code in zip(worlds, column, strict=True)},
                    safer,
                )
            )
            for column in columns.T.tolist()
        ]
        return np.array(merged, dtype=np.int64)[inverse.ravel()].reshape(slices[0].shape)

    def _covered(self, codes: Codes, world: tuple[str, ...]) -> Codes:
        """Where something upstream is not covered, what no rule answers is not covered either."""
        if UNCOVERED.outcome not in world:
            return codes
        silent = [
            number for number, found in enumerate(self.found) if isinstance(found, Unresolved)
        ]
        return np.where(np.isin(codes, silent), self._number(UNCOVERED), codes)

    def single(self, axis: int, outcome: str) -> int:
        """The cell of an upstream input that stands for one certain outcome."""
        states = self.coded.inputs[axis].states
        return next(i for i, state in enumerate(states) if state.outcomes == (outcome,))

    def states(self, used: Codes | None = None) -> tuple[State, ...]:
        """What this decision can hand down: every single outcome first, then the disputes."""
        found = (
            self.found if used is None else [self.found[code] for code in np.unique(used).tolist()]
        )
        resolved = [one for one in found if isinstance(one, Resolution)]
        singles = sorted({outcome for one in resolved for outcome in one.outcomes})
        disputes = sorted({(one.sides, one.safer or "") for one in resolved if one.sides})
        return (*(State((one,), one) for one in singles), *(State(*one) for one in disputes))
