"""The plan of an interview: which decisions are settled together, each group by its strategy.

Decisions are taken in their order. Those whose partial states are few enough together share one
exact strategy. One that has too many even alone gets its strategy as soon as the answers given
have left few enough; until then it is left to the information each answer gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, prod
from typing import TYPE_CHECKING

from engine.lattice import Lattice, lattice
from engine.program import Program, Selection
from engine.strategy import MAX_STATES, Effort, Strategy

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from engine.case import Case
    from engine.library import Library

# So many classes may be open for a lattice to be built between two questions.
FEW_CLASSES = 200_000


@dataclass(frozen=True)
class Group:
    """Decisions settled together from a start; no strategy where partial states are too many."""

    decisions: tuple[str, ...]
    start: Case
    effort: Effort
    most: int
    lattice: Lattice | None = None

    @cached_property
    def strategy(self) -> Strategy | None:
        """The strategy, which works itself out once it is asked for a question."""
        if self.lattice is None or self.lattice.states > self.most:
            return None
        return Strategy(self.lattice, self.effort)

    def among(self, wanted: Mapping[str, Sequence[str]]) -> set[str]:
        """The facts wanted, with the decisions they are wanted for, that its decisions want."""
        return {fact for fact, names in wanted.items() if {*names} & {*self.decisions}}

    def fits(self, case: Case) -> bool:
        """Whether a case is one that may have come of the start."""
        given = self.start.intervals.items() <= case.intervals.items()
        return given and self.start.places.items() <= case.places.items()


class Plan:
    """The groups of some decisions whose rules are known, from what is known at the `start`."""

    def __init__(
        self, library: Library, selections: Mapping[str, Selection],
        program: Callable[[str, Selection], Program], start: Case, most: int = MAX_STATES,
    ) -> None:  # fmt: skip
        self.library, self.start, self.most = library, start, most
        self.selections, self.program = selections, program
        self.effort = Effort.of(library.vocabulary)
        self.groups = self._grouped()

    def next(
        self, case: Case, asked: Collection[str], wanted: Mapping[str, Sequence[str]]
    ) -> str | None:
        """The best of the `wanted` facts for the first group that wants any.

        None where no group does, or where the first that does has too many partial states yet.
        """
        group = self._first(case, wanted)
        if group is None or group.lattice is None or group.strategy is None:
            return None
        ranked = group.strategy.ranked(group.lattice.place(case), frozenset(asked))
        mine = group.among(wanted)
        return next((fact for _, fact in ranked if fact in mine), None)

    def working_out(self, case: Case, wanted: Mapping[str, Sequence[str]]) -> Iterator[None]:
        """Work out, a little with each step, what `next` looks the question up in."""
        group = self._first(case, wanted)
        while group is not None and group.strategy is not None and group.strategy.advance():
            yield

    def _first(self, case: Case, wanted: Mapping[str, Sequence[str]]) -> Group | None:
        """The first group that wants any of the facts, as it is for a case."""
        for number, group in enumerate(self.groups):
            if group.among(wanted):
                self.groups[number] = self._from(group, case)
                return self.groups[number]
        return None

    def _from(self, group: Group, case: Case) -> Group:
        """The group as it is, or from where the person stands when that makes its states few."""
        if group.strategy is not None and group.fits(case):
            return group
        return self._group(group.decisions, case)

    def _grouped(self) -> list[Group]:
        """The decisions in their order, as many together as have few enough partial states."""
        rest = [self._group((decision,), self.start) for decision in self.selections]
        groups = []
        while rest:
            count = next(count for count in range(len(rest), 0, -1)
                         if count == 1 or _at_least(rest[:count]) <= self.most)  # fmt: skip
            together = rest[0]
            while count > 1:
                names = tuple(name for one in rest[:count] for name in one.decisions)
                together = self._group(names, self.start)
                if together.lattice is not None and together.lattice.states <= self.most:
                    break
                count -= 1
                together = rest[0]
            groups.append(together)
            rest = rest[count:]
        return groups

    def _group(self, decisions: tuple[str, ...], start: Case) -> Group:
        """The lattice of some decisions; none where even their classes are too many."""
        program = self.joint_program(decisions)
        deciding = {axis for name in decisions for axis in program.deciding(name)}
        if prod(len(program.axes[axis].open(start)) for axis in deciding) > FEW_CLASSES:
            return Group(decisions, start, self.effort, self.most)
        found = lattice(program, decisions, start)
        return Group(decisions, start, self.effort, self.most, found)

    def joint_program(self, decisions: tuple[str, ...]) -> Program:
        """The program of some decisions: where there are several, over the cuts of all."""
        if len(decisions) == 1:
            return self.program(decisions[0], self.selections[decisions[0]])
        order = dict.fromkeys(one for name in decisions for one in self.library.upstream(name))
        return Program(self.library, tuple(order), self._common(decisions))

    def _common(self, decisions: tuple[str, ...]) -> Selection:
        """The choice of rules in force that is within that of each decision."""
        chosen = [self.selections[name] for name in decisions]
        places = dict(pair for one in chosen for pair in one.places)
        periods: dict[str, tuple[int, int]] = {}
        for fact, (first, last) in (pair for one in chosen for pair in one.periods):
            low, high = periods.get(fact, (first, last))
            periods[fact] = (max(low, first), min(high, last))
        return Selection(tuple(sorted(places.items())), tuple(periods.items()))


def _at_least(groups: Sequence[Group]) -> float:
    """A lower bound of the partial states of several groups together."""
    sizes: dict[tuple[str, ...], int] = {}
    for group in groups:
        if group.lattice is None:
            return inf
        for told, size in zip(group.lattice.dimensions, group.lattice.sizes, strict=True):
            sizes[told.facts] = max(size, sizes.get(told.facts, 0))
    return prod(size + (2 if len(facts) == 1 else 1) for facts, size in sizes.items())
