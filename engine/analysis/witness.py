"""A case that lies in a class: values of raw facts, places and days that belong together."""

from __future__ import annotations

from copy import copy
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from engine.axis import NumberAxis, PlaceAxis
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.axis import Interval
    from engine.places import Relationship
    from engine.program import Program

    Sides = list[tuple[NumberAxis, tuple[int, ...]]]
    Relations = list[tuple[PlaceAxis, tuple[Relationship, ...]]]

_TRIES = 60
_AFTER_ALL = 10**7


def witness(
    program: Program, axes: Sequence[int], cells: Sequence[int], near: date | None = None,
    within: Mapping[str, Interval] | None = None,
) -> dict[str, object] | None:  # fmt: skip
    """A case, as JSON values, that lies in the class; None when the search finds none.

    The class is given by its cell on each of `axes`. The places and dates that select the rules
    are given too, so that a checker selects the same rules for the case. Days that are free lie
    as close to `near` as they can; those named in `within` lie there.
    """
    numbers: Sides = []
    places: Relations = []
    for number, cell in zip(axes, cells, strict=True):
        axis = program.axes[number]
        if isinstance(axis, NumberAxis):
            numbers.append((axis, axis.cells[cell]))
        elif isinstance(axis, PlaceAxis):
            places.append((axis, axis.cells[cell]))
    search = _Search(program, near.toordinal() if near else None)
    given = within or {}
    for found in search.windows(places):
        windows = {**given, **{fact: _both(one, given.get(fact)) for fact, one in found.items()}}
        for values in search.values(numbers, windows):
            codes = search.places(places, values)
            if codes is not None:
                shown = {name: shown_as(program, name, code) for name, code in values.items()}
                return {**codes, **shown}
    return None


def shown_as(program: Program, fact: str, code: int) -> object:
    """The JSON value of a case that an integer stands for."""
    definition = program.library.vocabulary.facts.get(fact)
    if definition is None or definition.type == "date":
        return date.fromordinal(code).isoformat()
    if definition.type == "bool":
        return bool(code)
    if definition.type == "enum":
        return definition.codes[code]
    if definition.type == "decimal" and code % 10**definition.decimals:
        return code / 10**definition.decimals
    return code // 10**definition.decimals if definition.type == "decimal" else code


class _Search:
    def __init__(self, program: Program, near: int | None) -> None:
        self.program, self.near = program, near
        self.periods = {} if program.every_day else dict(program.selection.periods)

    def windows(self, places: Relations) -> Iterator[dict[str, Interval]]:
        """Periods for the dates that groups of places hang on: each in or out of force."""
        options: dict[str, list[Interval]] = {}
        for axis, _ in places:
            for one in axis.subjects:
                group = axis.places.groups.get(one.group or "")
                if one.on is None or group is None:
                    continue
                first, last = group.in_force.days(0, _AFTER_ALL)
                options[one.on] = [(first, last), (last + 1, _AFTER_ALL), (0, first - 1)]
        for choice in product(*options.values()):
            yield dict(zip(options, choice, strict=True))

    def values(self, numbers: Sides, windows: Mapping[str, Interval]) -> Iterator[dict[str, int]]:
        """Values of the numeric facts, with each day as `windows` ask; `as_of` is one day."""
        common: Interval = (0, _AFTER_ALL)
        limited = []
        for axis, cell in numbers:
            narrow = copy(axis)
            narrow.bounds = {
                fact: _both(one, windows.get(fact)) for fact, one in axis.bounds.items()
            }
            if any(low > high for low, high in narrow.bounds.values()):
                return
            box = narrow.narrowed(cell, narrow.bounds)
            if box is None:
                return
            common = _both(common, box.get(AS_OF))
            limited.append((narrow, cell))
        for day in self._days(common) if common != (0, _AFTER_ALL) else (None,):
            found: dict[str, int] = {} if day is None else {AS_OF: day}
            for axis, cell in limited:
                if day is not None and AS_OF in axis.facts:
                    axis.bounds = {**axis.bounds, AS_OF: (day, day)}
                values = axis.witness(cell)
                if values is None:
                    break
                found |= values
            else:
                if self._choose(found, windows):
                    yield found

    def _choose(self, found: dict[str, int], windows: Mapping[str, Interval]) -> bool:
        """Add the days that no axis holds; False where there is none."""
        for fact in {**self.periods, **windows}:
            if fact not in found:
                low, high = self.program.library.days(fact)
                span = _both(_both((low, high), self.periods.get(fact)), windows.get(fact))
                if span[0] > span[1]:
                    return False
                found[fact] = self._nearest(span)
        return True

    def _nearest(self, span: Interval) -> int:
        return span[0] if self.near is None else min(max(self.near, span[0]), span[1])

    def _days(self, span: Interval) -> list[int]:
        low, high = span
        if low > high:
            return []
        step = max(1, (high - low) // _TRIES)
        return list(dict.fromkeys((self._nearest(span), low, high, *range(low, high, step))))

    def places(self, places: Relations, values: Mapping[str, int]) -> dict[str, str] | None:
        """Codes for the places, those that select rules included, that lie as they should."""
        found = self._related(places, values, {})
        if found is None:
            return None
        free = {fact: self._standing(fact)[0] for fact in dict(self.program.selection.places)
                if self._standing(fact)}  # fmt: skip
        return {**free, **found}

    def _related(
        self, places: Relations, values: Mapping[str, int], codes: dict[str, str]
    ) -> dict[str, str] | None:
        if not places:
            return codes
        (axis, cell), *others = places
        first = axis.subjects[0]
        for home in self._codes(first.of, codes, None):
            for away in self._codes(first.to, codes, home):
                if self._lies(axis, cell, home, away, values):
                    more = {**codes, first.of: home, first.to: away}
                    found = self._related(others, values, more)
                    if found is not None:
                        return found
        return None

    def _codes(self, fact: str, known: Mapping[str, str], other: str | None) -> list[str]:
        if fact in known:
            return [known[fact]]
        if fact in dict(self.program.selection.places):
            return self._standing(fact)
        places = self.program.library.places
        near = [] if other is None else [other, *places.near(other)]
        return [*near, *places.samples()]

    def _standing(self, fact: str) -> list[str]:
        """Places in which the rules selected hold, and no others."""
        library, code = self.program.library, self.program.selection.place(fact)
        if code == library.places.nation:
            return [one for one in library.places.samples()
                    if one != library.places.abroad and not library.local(one)]  # fmt: skip
        if library.places.pool(code) is not None:
            return [code]
        written = {one.region for one in library.rules.values()}
        written |= {one.region for one in library.authored.values.values()}
        own = {one for one in written if library.places.inside(one, code)}
        inside = [one for one in library.places.near(code)
                  if not any(library.places.applies(other, one) for other in own)]  # fmt: skip
        return [*inside, code]

    def _lies(
        self, axis: PlaceAxis, cell: Sequence[Relationship], home: str, away: str,
        values: Mapping[str, int],
    ) -> bool:  # fmt: skip
        for one, wanted in zip(axis.subjects, cell, strict=True):
            day = values.get(one.on or "")
            days = None if day is None else (day, day)
            if axis.places.relations(home, away, one.group, days) != {wanted}:
                return False
        return True


def _both(one: Interval, other: Interval | None) -> Interval:
    return one if other is None else (max(one[0], other[0]), min(one[1], other[1]))
