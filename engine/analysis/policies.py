"""Other orders of questions to compare the optimum with: as written, one step ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.lattice import Lattice, Numbers
    from engine.strategy import Strategy


class AsWritten:
    """The first question, in a fixed order, that can still matter."""

    def __init__(self, order: Sequence[str]) -> None:
        self.order = {fact: rank for rank, fact in enumerate(order)}

    def chosen(self, strategy: Strategy, unasked: frozenset[int], scores: Numbers) -> Numbers:
        """The scores, infinite at all but the first question that can matter."""
        names = strategy.lattice.facts
        ranks = [self.order.get(names[fact], len(self.order)) for fact in sorted(unasked)]
        return _only(_along(np.array(ranks, dtype=np.float64), scores), scores)


class OneStep:
    """The question whose answer tells most about the answers sought, for what it costs."""

    def __init__(self, lattice: Lattice) -> None:
        answers = len(lattice.answers)
        self.entropy: Numbers = np.zeros([size + 1 for size in lattice.sizes])
        total = _joined(lattice.mass)
        for label in range(answers):
            share = np.divide(
                _joined(np.where(lattice.labels == label, lattice.mass, 0.0)), total,
                out=np.zeros_like(total), where=total > 0,
            )  # fmt: skip
            logs = np.log2(share, out=np.zeros_like(share), where=share > 0)
            self.entropy -= share * logs

    def chosen(self, strategy: Strategy, unasked: frozenset[int], scores: Numbers) -> Numbers:
        """The scores, infinite at all but the question that tells most."""
        block = strategy.block(unasked, own=False)
        mass = strategy.mass[block]
        left = np.empty_like(scores)
        for position, fact in enumerate(sorted(unasked)):
            after = self.entropy[strategy.block(unasked - {fact}, own=False)]
            told, _ = strategy.answered(fact, unasked, after, mass)
            left[position] = -(self.entropy[block] - told) / strategy.cost[fact]
        return _only(np.round(left, 9), scores)


def _only(least: Numbers, scores: Numbers) -> Numbers:
    """The scores, infinite but where `least` is least among those that are finite."""
    among = np.where(np.isfinite(scores), least, np.inf)
    picked = np.expand_dims(among.argmin(axis=0), 0)
    out = np.full_like(scores, np.inf)
    np.put_along_axis(out, picked, np.take_along_axis(scores, picked, axis=0), axis=0)
    return out


def _along(values: Numbers, scores: Numbers) -> Numbers:
    return np.broadcast_to(values.reshape((-1,) + (1,) * (scores.ndim - 1)), scores.shape)


def _joined(values: Numbers) -> Numbers:
    for axis in range(values.ndim):
        values = np.concatenate([values, values.sum(axis=axis, keepdims=True)], axis=axis)
    return values
