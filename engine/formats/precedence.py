"""Authored rules in the order of first hits: exceptions first, then grade, then date of issue.

A dispute stands before its sides as an entry of its own, which holds where both hold. Where an
exception leads to a cycle (it is beaten itself by a third rule, which what it excepts beats), what
it excepts is cut back to where the exception does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from engine.errors import TongbaoError
from engine.formats.table import meets, subtract, touch
from engine.ruleset import AUTHORITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.formats.table import Box, Column
    from engine.library import Library
    from engine.ruleset import Dispute

_LAST = len(AUTHORITIES) - 1


class NotExactError(TongbaoError):
    """Rules whose order of precedence no order of rows gives."""


@dataclass(frozen=True)
class Entry:
    """One rule and what it concludes, or the rules of a dispute with its sides."""

    rules: tuple[str, ...]
    boxes: tuple[Box, ...]
    sides: tuple[str, ...]
    """What it concludes; of a dispute every side, the safer one first."""


class Precedence:
    """The rules of one decision in force, with what each concludes, in the order of first hits."""

    def __init__(
        self, library: Library, columns: Mapping[str, Column], entries: Sequence[Entry]
    ) -> None:
        self.library, self.columns = library, columns
        rules = [entry for entry in entries
                 if entry.boxes and entry.rules[0] not in library.rejected]  # fmt: skip
        names = [entry.rules[0] for entry in rules]
        self.grade = {
            name: AUTHORITIES.index(library.authority(library.rules[name])) for name in names
        }
        self.issued = {name: library.issued(library.rules[name]) for name in names}
        self.overrides = {name: {*library.rules[name].overrides} & {*names} for name in names}
        self.rules = {entry.rules[0]: entry for entry in rules}
        self.disputes: dict[frozenset[str], Dispute] = {
            frozenset(one.between): one for one in library.disputes.values()
            if {*one.between} <= {*names}
        }  # fmt: skip

    def ordered(self) -> list[Entry]:
        """The entries, each before all that give way to it where both hold."""
        while True:
            self._refuse_mixed_dates()
            entries = [*self._disputed(), *self.rules.values()]
            before = self._before(entries)
            order, cycle = _sorted(before)
            if not cycle:
                return [entries[number] for number in order]
            self._cut({name for number in cycle for name in entries[number].rules})

    def _cut(self, names: set[str]) -> None:
        """Cut back what the exceptions among some rules except, in place of an order."""
        cut = {(one, other) for one in names for other in self.overrides[one] & names}
        if not cut:
            raise NotExactError(f"the rules {', '.join(sorted(names))} beat each other in a circle")
        whole = {name: self.rules[name].boxes for name in names}
        for one, other in sorted(cut):
            boxes = [part for box in self.rules[other].boxes
                     for part in subtract(box, whole[one], self.columns)]  # fmt: skip
            self.rules[other] = replace(self.rules[other], boxes=tuple(boxes))
            self.overrides[one] = self.overrides[one] - {other}

    def _before(self, entries: Sequence[Entry]) -> dict[int, set[int]]:
        """For each entry those that must come before it."""
        before: dict[int, set[int]] = {number: set() for number in range(len(entries))}
        for one, other in combinations(range(len(entries)), 2):
            if touch(entries[one].boxes, entries[other].boxes):
                for first, second in ((one, other), (other, one)):
                    if self._goes_first(entries[first], entries[second]):
                        before[second].add(first)
        return before

    def _goes_first(self, one: Entry, other: Entry) -> bool:
        if len(one.rules) > 1 and {*other.rules} < {*one.rules}:
            return True
        if len(one.rules) > 1:
            return False
        name, said = one.rules[0], one.sides[0]
        return any(
            second in self.overrides[name]
            or (said != self.rules[second].sides[0] and self._better(name, second))
            for second in other.rules
            if second != name
        )

    def _better(self, one: str, other: str) -> bool:
        """Whether a rule has the higher grade, or at one grade the later date of issue."""
        if self.grade[one] != self.grade[other]:
            return self.grade[one] < self.grade[other]
        first, second = self.issued[one], self.issued[other]
        if self.grade[one] == _LAST or first is None or second is None:
            return False
        alike = first.startswith(second) or second.startswith(first)
        return not alike and first > second

    def _disputed(self) -> list[Entry]:
        """An entry for every set of rules of equal weight that all contradict each other."""
        found: dict[frozenset[str], Entry] = {}
        wave = {pair: self._entry(pair) for pair in self.disputes}
        while wave := {names: one for names, one in wave.items() if one is not None}:
            found |= wave
            wave = {
                names | {name}: self._entry(names | {name})
                for names in wave for name in self.rules
                if name not in names and names | {name} not in found
            }  # fmt: skip
        return list(found.values())

    def _entry(self, names: frozenset[str]) -> Entry | None:
        """The dispute of some rules; None where they do not all dispute each other, or never."""
        order = sorted(names)
        pairs = [frozenset(pair) for pair in combinations(order, 2)]
        sides = sorted({self.rules[name].sides[0] for name in names})
        if len(sides) < len(names) or any(pair not in self.disputes for pair in pairs):
            return None
        if any(self._better(*pair) or self._better(*pair[::-1])
               or pair[1] in self.overrides[pair[0]] or pair[0] in self.overrides[pair[1]]
               for pair in combinations(order, 2)):  # fmt: skip
            return None
        safer = {self.disputes[pair].safer for pair in pairs}
        losing = {side for pair in pairs for name in pair
                  if (side := self.rules[name].sides[0]) != self.disputes[pair].safer}  # fmt: skip
        best = sorted(safer - losing or safer)
        boxes = list(self.rules[order[0]].boxes)
        for name in order[1:]:
            boxes = meets(boxes, self.rules[name].boxes)
        if not boxes:
            return None
        return Entry(tuple(order), tuple(boxes), (best[0], *(s for s in sides if s != best[0])))

    def _refuse_mixed_dates(self) -> None:
        """An undated rule makes dates of others not count: no order of rows says so."""
        for pair in self.disputes:
            one, other = sorted(pair)
            if not (self._better(one, other) or self._better(other, one)):
                continue
            undated = [name for name in self.rules if self.grade[name] == self.grade[one]
                       == self.grade[other] < _LAST and self.issued[name] is None]  # fmt: skip
            where = meets(self.rules[one].boxes, self.rules[other].boxes)
            for name in undated:
                if touch(where, self.rules[name].boxes):
                    listed = f"{one}, {other}, {name}"
                    raise NotExactError(f"of the rules {listed} one without a date decides")


def _sorted(before: Mapping[int, set[int]]) -> tuple[list[int], set[int]]:
    """The numbers in order, and those on cycles where there are any (and nothing else then)."""
    order: list[int] = []
    left = dict(before)
    while left:
        free = next((one for one, first in left.items() if not first & left.keys()), None)
        if free is None:
            return [], _on_cycles(left)
        order.append(free)
        del left[free]
    return order, set()


def _on_cycles(before: Mapping[int, set[int]]) -> set[int]:
    """The numbers that come before themselves."""
    reached = {one: first & before.keys() for one, first in before.items()}
    for middle in before:
        for one in before:
            if middle in reached[one]:
                reached[one] = reached[one] | reached[middle]
    return {one for one in before if one in reached[one]}
