"""The strategy with the fewest expected questions, found exactly over a lattice of partial states.

Dynamic programming over the partial states, those in which all has been asked first: the cost of a
state is that of the best question left plus what is expected after its answer, "not known"
included. A state costs nothing more once all answers sought are settled (but for the facts their
values need), or when no question left can change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.lattice import Lattice, Numbers
    from engine.vocabulary import Vocabulary

MAX_STATES = 1_000_000
Index = tuple[int | slice, ...]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Values = TypeVar("Values", bound=np.ndarray[Any, np.dtype[Any]])
_ALL, _LAST = slice(None), slice(-1, None)
_BITS = 64
_DIGITS = 9
# A step takes some milliseconds: so many states, a set of facts counting as some more.
_PER_STEP, _OVERHEAD = 40_000, 2_000
_FAR = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Effort:
    """What asking for each fact costs, and how likely a person does not know it."""

    cost: Mapping[str, float]
    unknown: Mapping[str, float]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Effort:
        """As the vocabulary has it."""
        return cls(
            {name: float(fact.effort) for name, fact in vocabulary.facts.items()},
            {name: float(fact.not_known) for name, fact in vocabulary.facts.items()},
        )


class Policy(Protocol):
    """Another way to choose than by the least expected cost, to compare with."""

    def chosen(self, strategy: Strategy, unasked: frozenset[int], scores: Numbers) -> Numbers:
        """The scores (facts of `unasked` first), infinite at all questions that are not chosen."""


class Strategy:
    """The expected cost of every partial state of a lattice, and the best question in it.

    With a `policy` the costs are those of its choices, which need not be the best.
    """

    def __init__(self, lattice: Lattice, effort: Effort, policy: Policy | None = None) -> None:
        self.lattice, self.policy = lattice, policy
        self.facts = len(lattice.facts)
        self.cost = [effort.cost[fact] for fact in lattice.facts]
        self.unknown = [effort.unknown[fact] for fact in lattice.facts]
        self.joint = lattice.joint()
        self.needs = self._needs(effort)
        self._steps = self._working_out()

    def advance(self) -> bool:
        """Work out a part of it; False once nothing is left. What is asked of it does the rest."""
        return next(self._steps, False)

    def _finish(self) -> None:
        while self.advance():
            pass

    def _working_out(self) -> Iterator[bool]:
        """A part with each step; a person may wait for a key to be answered in between."""
        labels = self.lattice.labels
        possible = labels >= 0
        self.mass = _extended(self.lattice.mass, np.add)
        self.low = _extended(np.where(possible, labels, _FAR), np.minimum)
        self.high = _extended(labels, np.maximum)
        yield True
        self.seen = self._seen()
        self.matter: list[Bools] = []
        for fact in range(self.facts):
            self.matter.append(self._matters(fact))
            yield True
        shape = [size + (2 if number < self.facts else 1)
                 for number, size in enumerate(self.lattice.sizes)]  # fmt: skip
        self.expected = np.zeros(shape)
        done = 0
        for unasked in self._subsets():
            solved = self._solved(unasked)
            self.expected[self.block(unasked, own=True)] = solved
            done += solved.size + _OVERHEAD
            if done > _PER_STEP:
                done = 0
                yield True

    @cached_property
    def questions(self) -> float:
        """The expected cost from the start."""
        self._finish()
        return float(self.expected[self.block(frozenset(range(self.facts)), own=True)])

    def ranked(
        self, at: Sequence[int | None], asked: frozenset[str]
    ) -> list[tuple[float, str]]:  # fmt: skip
        """The questions that can matter in a state, best first, with what each leaves expected.

        Of equally good ones that comes first which is written first.
        `at` gives each dimension's value, None where it is not known; of these the facts in
        `asked` have been asked for in vain.
        """
        self._finish()
        names = self.lattice.facts
        unasked = frozenset(number for number, fact in enumerate(names)
                            if at[number] is None and fact not in asked)  # fmt: skip
        scores = self._scores(unasked)
        block = self.block(unasked, own=False)
        place = tuple(
            size if value is None else value
            for size, value, slot in zip(self.lattice.sizes, at, block, strict=True)
            if isinstance(slot, slice)
        )
        found = [(round(float(scores[position][place]), _DIGITS), names[fact])
                 for position, fact in enumerate(sorted(unasked))]  # fmt: skip
        return sorted((one for one in found if np.isfinite(one[0])), key=lambda one: one[0])

    # -- the arrays of a set of facts not asked yet ----------------------------------------------

    def _subsets(self) -> Iterator[frozenset[int]]:
        """Every set of facts not asked, smaller ones first."""
        for count in range(self.facts + 1):
            for one in combinations(range(self.facts), count):
                yield frozenset(one)

    def block(self, unasked: frozenset[int], *, own: bool) -> Index:
        """Where the states lie in which just `unasked` are: in `expected` (`own`), else in `mass`.

        A fact asked for has its values and, last, "not known"; what several tell is there once
        all of them have been asked for.
        """
        index: list[int | slice] = []
        for fact in range(self.facts):
            size = self.lattice.sizes[fact]
            index.append(slice(0, size + 1) if fact not in unasked else size + own)
        index += [self.lattice.sizes[number] if unasked & {*facts} else _ALL
                  for number, facts in self.joint]  # fmt: skip
        return tuple(index)

    def _matters(self, fact: int) -> Bools:
        """For each state of all other dimensions, whether learning `fact` can matter.

        It can when another value of it alone gives another answer, or when a value excludes an
        answer, since constraints tie it to other facts.
        """
        hanging = [fact, *(number for number, facts in self.joint if fact in facts)]
        labels = self.lattice.labels
        low = np.where(labels >= 0, labels, _FAR).min(axis=tuple(hanging), keepdims=True)
        high = labels.max(axis=tuple(hanging), keepdims=True)
        found = _extended((high > low) & (high >= 0), np.logical_or, but=hanging)
        size = self.lattice.sizes[fact]
        for each in self.seen:
            seen = each
            for number in hanging[1:]:
                seen = np.take(seen, [self.lattice.sizes[number]], axis=number)
            every = np.take(seen, [size], axis=fact)
            for value in range(size):
                one = np.take(seen, [value], axis=fact)
                found = found | ((one != every) & (one != 0))
        return np.asarray(found)

    def _seen(self) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint64]]]:
        """For each state the answers it leaves open, as bits; none where all classes are possible.

        Without constraints no value of a fact excludes an answer but by giving another.
        """
        labels = self.lattice.labels
        if not (labels < 0).any():
            return []
        found = []
        parts = np.array([one.parts for one in self.lattice.answers], dtype=np.int64)
        for column in parts.T:
            for start in range(0, int(column.max()) + 1, _BITS):
                inside = (column >= start) & (column < start + _BITS)
                bits = np.where(
                    inside, np.uint64(1) << ((column - start) % _BITS).astype(np.uint64), 0
                )
                spread = np.where(labels >= 0, bits.astype(np.uint64)[labels], np.uint64(0))
                found.append(_extended(spread, np.bitwise_or))
        return found

    def _needs(self, effort: Effort) -> list[Numbers]:
        """For each fact what each label costs that needs it yet; last, what is asked besides."""
        answers, names = self.lattice.answers, self.lattice.facts
        found = [np.array([effort.cost[fact] * (fact in one.needs) for one in answers])
                 for fact in names]  # fmt: skip
        rest = [sum(effort.cost[fact] for fact in one.needs - {*names}) for one in answers]
        return [*found, np.array(rest, dtype=np.float64)]

    # -- costs -----------------------------------------------------------------------------------

    def _solved(self, unasked: frozenset[int]) -> Numbers:
        """The expected cost of the states in which just these facts have not been asked."""
        block = self.block(unasked, own=False)
        low, high = self.low[block], self.high[block]
        needs = self.needs[-1]
        for fact in unasked:
            needs = needs + self.needs[fact]
        settled = needs[np.clip(high, 0, None)] if needs.any() else np.zeros(high.shape)
        scores = self._scores(unasked)
        if self.policy is not None and unasked:
            scores = self.policy.chosen(self, unasked, scores)
        best = scores.min(axis=0) if unasked else np.full(low.shape, np.inf)
        going = np.where(np.isfinite(best), best, 0.0)
        return np.where(high < 0, 0.0, np.where(low >= high, settled, going))

    def _scores(self, unasked: frozenset[int]) -> Numbers:
        """For each fact of `unasked` what asking it now leaves expected; infinite if in vain."""
        block = self.block(unasked, own=False)
        mass = self.mass[block]
        scores = np.full((len(unasked), *mass.shape), np.inf)
        differing = self.low[block] < self.high[block]
        if not unasked or not differing.any():
            return scores
        relevant = [self._relevant(fact, block) for fact in range(self.facts)]
        lost = np.zeros(mass.shape, dtype=bool)
        for fact in set(range(self.facts)) - unasked:
            axis = sum(other not in unasked for other in range(fact))
            at = (*[_ALL] * axis, _LAST)
            lost[at] |= relevant[fact][at]
        none = ~lost
        for fact in unasked:
            none &= ~relevant[fact]
        for position, fact in enumerate(sorted(unasked)):
            # Where only several facts together can matter, each of them is worth asking.
            worth = (relevant[fact] | none) & differing
            if worth.any():
                scores[position] = np.where(worth, self._asking(fact, unasked, mass), np.inf)
        return scores

    def _relevant(self, fact: int, block: Index) -> Bools:
        """Whether a fact can matter in each state of a block."""
        hanging = [fact, *(number for number, facts in self.joint if fact in facts)]
        index = tuple(0 if number in hanging else slot for number, slot in enumerate(block))
        found = self.matter[fact][index]
        kept = [number for number, slot in enumerate(block) if isinstance(slot, slice)]
        missing = [position for position, number in enumerate(kept) if number in hanging]
        return np.asarray(np.expand_dims(found, tuple(missing)))

    def _asking(self, fact: int, unasked: frozenset[int], mass: Numbers) -> Numbers:
        """The expected cost of asking for `fact` in each state of a block."""
        after = self.expected[self.block(unasked - {fact}, own=True)]
        told, in_vain = self.answered(fact, unasked, after, mass)
        chance = self.unknown[fact]
        return self.cost[fact] + (1 - chance) * told + chance * in_vain

    def answered(
        self, fact: int, unasked: frozenset[int], after: Numbers, mass: Numbers
    ) -> tuple[Numbers, Numbers]:
        """What `after` comes to once `fact` has been asked for: if it is known, and if not.

        `after` has a value for each state in which `fact` has been asked for as well, `mass` the
        likelihood of each state in which it has not.
        """
        then = unasked - {fact}
        block = self.block(then, own=False)
        kept = [number for number, slot in enumerate(block) if isinstance(slot, slice)]
        own, size = kept.index(fact), self.lattice.sizes[fact]
        values = (*[_ALL] * own, slice(size))
        known = self.mass[block][values] * after[values]
        in_vain = after[*[_ALL] * own, _LAST]
        gone = [own]
        for number, facts in self.joint:
            if fact in facts and not then & {*facts}:
                along, open_ = kept.index(number), self.lattice.sizes[number]
                both = np.take(known, range(open_), axis=along).sum(axis=along, keepdims=True)
                alone = np.take(known, [open_], axis=along)
                for other in {*facts} - {fact}:
                    axis = kept.index(other)
                    lost = _not_known(known.shape[axis], axis, known.ndim)
                    both = np.where(lost, alone, both)
                known, in_vain = both, np.take(in_vain, [open_], axis=along)
                gone.append(along)
        total = known.sum(axis=own, keepdims=True).squeeze(axis=tuple(gone))
        told = np.divide(total, mass, out=np.zeros_like(total), where=mass > 0)
        return np.asarray(told), in_vain.squeeze(axis=tuple(gone))


def _not_known(size: int, axis: int, dimensions: int) -> Bools:
    """The last place along an axis: the fact was asked for and is not known."""
    shape = [1] * dimensions
    shape[axis] = size
    return np.asarray((np.arange(size) == size - 1).reshape(shape))


def _extended(values: Values, join: np.ufunc, but: Sequence[int] = ()) -> Values:
    """The values with a further slot in each dimension that joins all of it: "not known"."""
    for axis in range(values.ndim):
        if axis not in but:
            joined = join.reduce(values, axis=axis, keepdims=True)
            values = np.concatenate([values, joined], axis=axis).astype(values.dtype, copy=False)  # type: ignore[assignment]  # of the same kind still
    return values
