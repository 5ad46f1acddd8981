"""What would change an answer: the smallest sets of facts a person can change, and to what.

A change is reported only with an example that was decided again and gave the outcome. Facts that
are unknown are no changes: what the outcome needs of them stands apart, as what it takes besides.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from typing import TYPE_CHECKING

import numpy as np

from engine.analysis.boxes import Part, boxes, simplest
from engine.analysis.witness import shown_as
from engine.axis import PlaceAxis
from engine.calendar import latest_start, shift
from engine.coding import MONTHS_A_YEAR, Gap, Span, Subject, subject_of
from engine.explanation.space import at, joined, without
from engine.explanation.why_not import part_json
from engine.open_classes import OpenClasses
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.axis import Interval
    from engine.case import Case
    from engine.explanation.space import Space
    from engine.open_classes import Mask
    from engine.program import Program

MAX_CHANGED = 4
MAX_TRIED, MAX_TRIED_IN_SEVERAL = 24, 2
MAX_CELLS = 200_000
FEW_CLASSES, MANY_SEEDS, FEW_SEEDS = 500, 40, 4
# The better an outcome, the smaller; what only states or does not apply is neither.
RANKS = {"eligible": 0, "action_needed": 1, "not_eligible": 3}
_MIDDLE = 2


@dataclass(frozen=True)
class WhatIf:
    """An outcome, the facts to change for it, and what must hold of facts that are unknown."""

    outcome: str
    better: bool
    facts: tuple[str, ...]
    changes: tuple[Part, ...]
    provided: tuple[Part, ...] = ()
    example: Mapping[str, object] = field(default_factory=dict)
    """Values of the changed facts, and of those it takes besides, in the form a case has them."""

    def to_json(self) -> dict[str, object]:
        """The change; what it takes besides only where there is something."""
        out: dict[str, object] = {
            "outcome": self.outcome,
            "better": self.better,
            "facts": list(self.facts),
            "changes": [part_json(part) for part in self.changes],
            "provided": [part_json(part) for part in self.provided],
            "example": dict(self.example),
        }
        return out if self.provided else {k: v for k, v in out.items() if k != "provided"}


def rank(verdict: str) -> int:
    """How good a verdict is: the smaller the better."""
    return RANKS.get(verdict, _MIDDLE)


def is_better(verdict: str, than: str) -> bool:
    """Whether a verdict says yes, at least after something is done, and more so than another."""
    return rank(verdict) < min(_MIDDLE, rank(than))


def what_if(spaces: Sequence[Space], verdict: str) -> list[WhatIf]:
    """Every smallest change to another outcome, the nearest first, then the better."""
    library = spaces[0].program.library
    decision = library.decisions[spaces[0].reading.decision]
    if decision.hit_policy == "collect":
        return []
    facts, reach = joined(spaces)
    changeable = [fact for fact in facts if library.vocabulary.facts[fact].changeable]
    out: list[WhatIf] = []
    for outcome, authored in decision.outcomes.items():
        bit = np.uint64(spaces[0].aspects.bit(outcome))
        if reach[at(facts, ())] & bit:
            continue
        found: list[set[str]] = []
        for several in _subsets(changeable):
            if any(one <= {*several} for one in found):
                continue
            if not all(one.reach[at(one.facts, several)] & bit for one in spaces):
                continue
            better = is_better(authored.verdict, verdict)
            change = _change(spaces, outcome, several, better=better)
            if change is not None:
                found.append({*several})
                out.append(change)
    order = list(decision.outcomes)
    return sorted(out, key=lambda one: (
        len(one.facts), rank(decision.outcomes[one.outcome].verdict), len(one.provided),
        order.index(one.outcome)))  # fmt: skip


def _subsets(facts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, MAX_CHANGED + 1):
        yield from combinations(facts, size)


def _change(
    spaces: Sequence[Space], outcome: str, facts: Sequence[str], *, better: bool
) -> WhatIf | None:
    """The change of exactly these facts to an outcome; None where none is certain to give it."""
    for space in spaces:
        mine = [fact for fact in facts if fact in space.facts]
        axes = _axes(space, mine)
        bits = space.block(mine, axes)
        wanted = bits == np.uint64(space.aspects.only(outcome))
        if not wanted.any() or bits.size > MAX_CELLS:
            continue
        mask, open_ = _whole(space, axes, wanted), _whole(space, axes, bits != 0)
        # Of many classes a few beginnings do: each takes its time, and a box is as good as any.
        seeds = MANY_SEEDS if bits.size <= FEW_CLASSES else FEW_SEEDS
        box = simplest(space.program, axes, mask, ~open_, seeds=seeds)
        # In one program an example in the box is certain; in several the others may differ.
        most = MAX_TRIED if len(spaces) == 1 else MAX_TRIED_IN_SEVERAL
        inside = _inside(space, axes, wanted, box)
        for example in islice(_examples(space, axes, inside, mine), most):
            if _gives(spaces, example, outcome):
                told = _Telling(space, axes, inside, mine)
                return told.told(outcome, box, example, better=better)
    return None


def _axes(space: Space, facts: Sequence[str]) -> list[int]:
    """The axes of the changed facts, and those that are open anyway and make a difference."""
    found = {space.axis_of[fact] for fact in facts}
    for position, axis in enumerate(space.axes):
        first = np.take(space.bits, [0], axis=position)
        if len(space.cells(axis, ())) > 1 and not bool((space.bits == first).all()):
            found.add(axis)
    return sorted(found)


def _whole(space: Space, axes: Sequence[int], mask: Mask) -> Mask:
    """A mask over the cells of the space as one over all cells of the axes."""
    out = np.zeros([space.program.axes[axis].size for axis in axes], dtype=bool)
    out[np.ix_(*(space.reading.cells[space.axes.index(axis)] for axis in axes))] = mask
    return out


# -- examples ------------------------------------------------------------------------------------


def _inside(space: Space, axes: Sequence[int], wanted: Mask, box: Sequence[Part]) -> Mask:
    """The wanted classes that lie in the box."""
    inside = wanted.copy()
    for position, axis in enumerate(axes):
        cells = space.reading.cells[space.axes.index(axis)]
        along = [1] * inside.ndim
        along[position] = -1
        for part in box:
            fits = _fits(space.program, axis, part)
            if fits is not None:
                inside &= fits[cells].reshape(along)
    return inside


def _examples(
    space: Space, axes: Sequence[int], inside: Mask, facts: Sequence[str]
) -> Iterator[Case]:
    """Cases in the box: the given one with other values of the facts and of unknown ones."""
    for place in islice(np.argwhere(inside), MAX_TRIED):
        case: Case | None = without(space.case, facts)
        for axis, at_ in zip(axes, place, strict=True):
            cell = int(space.reading.cells[space.axes.index(axis)][at_])
            case = None if case is None else _placed(space.program, axis, cell, case)
        if case is not None:
            yield case


def _fits(
    program: Program, axis: int, part: Part
) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    """For each cell of an axis whether it fits a part; None where the part is not about it."""
    subject, spans = coded(program, part)
    there = program.axes[axis]
    if subject not in there.subjects:
        return None
    return there.holds(subject, spans)


def coded(program: Program, part: Part) -> tuple[Subject, tuple[Span, ...]]:
    """A part of a box in the terms of the axes."""
    vocabulary = program.library.vocabulary
    fact = vocabulary.facts.get(part.fact)
    definition = fact or vocabulary.derived[part.fact]
    subject = subject_of(part.fact, definition)
    if part.values:
        names = fact.codes if fact else vocabulary.derived[part.fact].values or ()
        codes = [names.index(value) for value in part.values]
        if isinstance(subject, Gap):
            return subject, tuple((Span(1, None), Span(0, 1), Span(None, 0))[one] for one in codes)
        return subject, tuple(Span(one, one + 1) for one in codes)
    times = MONTHS_A_YEAR if fact is None and vocabulary.derived[part.fact].years_between else 1
    return subject, tuple(
        Span(*(None if end is None else end * times for end in (one.low, one.high)))
        for one in part.spans
    )


def _placed(program: Program, number: int, cell: int, case: Case) -> Case | None:
    """The case with values for what is open on one axis, so that it lies in a cell."""
    axis = program.axes[number]
    if isinstance(axis, PlaceAxis):
        return _lying(axis, cell, case)
    box = {fact: _clipped(case.interval(fact), axis.bounds[fact]) for fact in axis.facts}
    values = axis.witness(axis.cells[cell], box)
    if values is None:
        return None
    pinned = {fact: (value, value) for fact, value in values.items() if fact != AS_OF}
    return replace(case, intervals={**case.intervals, **pinned})


def _clipped(interval: Interval | None, bounds: Interval) -> Interval:
    low, high = interval or bounds
    return max(low, bounds[0]), min(high, bounds[1])


def _lying(axis: PlaceAxis, cell: int, case: Case) -> Case | None:
    """The case with a place for the one of two that is open."""
    first = axis.subjects[0]
    open_ = [fact for fact in (first.of, first.to) if case.place(fact) is None]
    if len(open_) > 1:
        return None
    known = next((case.place(fact) for fact in (first.of, first.to) if fact not in open_), None)
    places = axis.places
    for code in [known, *places.near(known), *places.samples()] if open_ and known else [known]:
        tried = replace(case, places={**case.places, **dict.fromkeys(open_, code or "")})
        if axis.open(tried).tolist() == [cell]:
            return tried
    return None


def _gives(spaces: Sequence[Space], case: Case, outcome: str) -> bool:
    """Whether a changed case comes to the outcome in every program it may fall in."""
    decision = spaces[0].reading.decision
    readings = [OpenClasses(one.program, decision, case) for one in spaces]
    found = [one.outcome for reading in readings if not reading.empty for one in reading.found()]
    return bool(found) and set(found) == {outcome}


# -- in words ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Telling:
    """Tells a change: what becomes of the changed facts, and what must hold of unknown ones."""

    space: Space
    axes: Sequence[int]
    inside: Mask
    facts: Sequence[str]

    def told(self, outcome: str, box: Sequence[Part], example: Case, *, better: bool) -> WhatIf:
        """The change in terms of facts, with the example in the form a case has."""
        program, case = self.space.program, self.space.case
        behind = program.library.vocabulary.raw_facts
        parts = dated(program, case, box, self.facts)
        changes = [one for one in parts if {*behind(one.fact)} & {*self.facts}]
        named = {fact for part in changes for fact in behind(part.fact)}
        for fact in self.facts:
            # What another change entails is said too: the box need not ask for it.
            changes += self._entailed(fact) if fact not in named else ()
        provided = [one for one in parts if one not in changes]
        # A part of two facts may be brought about by a change of one and the value of the other.
        named = {fact for part in parts for fact in behind(part.fact)}
        unknown = [fact for fact in sorted(named - {*self.facts, AS_OF}) if not case.pinned(fact)]
        shown = {fact: _shown(program, example, fact) for fact in (*self.facts, *unknown)}
        return WhatIf(outcome, better, tuple(self.facts), tuple(changes), tuple(provided), shown)

    def _entailed(self, fact: str) -> list[Part]:
        """What a changed fact must be that the box does not name."""
        space, axis = self.space, self.space.axis_of[fact]
        position = self.axes.index(axis)
        others = tuple(one for one in range(self.inside.ndim) if one != position)
        mask = _whole(space, [axis], np.asarray(self.inside.any(axis=others)))
        open_ = _whole(space, [axis], np.ones(self.inside.shape[position], dtype=bool))
        cover = boxes(space.program, [axis], mask, impossible=~open_, most=1)
        if cover.rest or not cover.boxes:
            return []
        return dated(space.program, space.case, cover.boxes[0], self.facts)


def _shown(program: Program, example: Case, fact: str) -> object:
    interval = example.interval(fact)
    if fact in example.places or interval is None:
        return example.places.get(fact)
    return shown_as(program, fact, interval[0])


def dated(
    program: Program, case: Case, box: Iterable[Part], free: Sequence[str] = ()
) -> list[Part]:
    """The parts with a count to a known day as days on the calendar, and one part a fact."""
    out: dict[str, Part] = {}
    for part in box:
        one = _on_the_calendar(program, case, part, free)
        before = out.get(one.fact)
        out[one.fact] = one if before is None else _both(before, one)
    return list(out.values())


def _on_the_calendar(program: Program, case: Case, part: Part, free: Sequence[str]) -> Part:
    subject, spans = coded(program, part)
    if not isinstance(subject, Gap) or part.values:
        return part
    days = {fact: case.interval(fact) for fact in (subject.first, subject.second)
            if fact not in free}  # fmt: skip
    pinned = [(fact, day[0]) for fact, day in days.items() if day and day[0] == day[1]]
    if len(pinned) != 1:
        return part
    ((known, start),) = pinned
    unit, short = subject.unit, subject.short_month
    if known == subject.first:
        found = [Span(*(None if end is None else shift(start, end, unit, short)
                        for end in (one.low, one.high))) for one in spans]  # fmt: skip
        return Part(subject.second, spans=tuple(found))
    found = [Span(*(None if end is None else latest_start(start, end, unit, short) + 1
                    for end in (one.high, one.low))) for one in reversed(spans)]  # fmt: skip
    return Part(subject.first, spans=tuple(found))


def _both(one: Part, other: Part) -> Part:
    """What two parts about the same fact ask together."""
    if one.values:
        return Part(one.fact, tuple(value for value in one.values if value in other.values))
    spans = []
    for mine in one.spans:
        for theirs in other.spans:
            lows = [end for end in (mine.low, theirs.low) if end is not None]
            highs = [end for end in (mine.high, theirs.high) if end is not None]
            low, high = max(lows, default=None), min(highs, default=None)
            if low is None or high is None or low < high:
                spans.append(Span(low, high))
    return Part(one.fact, spans=tuple(spans))
