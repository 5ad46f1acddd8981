"""What differs between two sets of rules: every class whose answer is another, in few boxes.

The two sides are two days, two places, or two versions of the rulesets. Their programs are cut
where either cuts, so that a class of one is a class of the other, and compared class by class.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.adjudication import Resolution, Unresolved
from engine.analysis.aligning import aligned, over, same_cells
from engine.analysis.boxes import Box, boxes, over_cells
from engine.analysis.verification import NOTHING_KNOWN
from engine.analysis.versions import Versions
from engine.answering import speaking
from engine.axis import NumberAxis, PlaceAxis
from engine.case import Case
from engine.coding import Raw, facts_of
from engine.condition import ParameterRef
from engine.lattice import likelihoods
from engine.open_classes import OpenClasses
from engine.program import Program, Selection
from engine.ruleset import parameters_given, parameters_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from engine.adjudication import Found
    from engine.analysis.cover import Mask
    from engine.coded import Codes
    from engine.library import Library
    from engine.ruleset import Answer, Then, Value

MOST_BOXES = 8
Status = Literal["changed", "unchanged", "only_before", "only_after", "neither", "apart"]
_VALUES = ("value", "from_", "until")


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a place whose rules hold, and a day they are in force on."""

    place: str
    day: date

    def selection(self, library: Library, decision: str) -> Selection:
        """The rules that hold for a decision and what it builds on: one place, one day for all."""
        places = library.places
        local = self.place == places.abroad or library.local(self.place)
        code = self.place if local else places.nation
        chain = [library.decisions[name] for name in library.upstream(decision)]
        periods = []
        for fact in dict.fromkeys(one.date for one in chain):
            first, last = library.days(fact)
            day = min(max(self.day.toordinal(), first), last)
            mine = [one.id for one in chain if one.date == fact]
            segments = library.segments(mine, [code] * len(mine), (first, last))
            periods.append((fact, next(one for one in segments if one[0] <= day <= one[1])))
        chosen = tuple(sorted((one, code) for one in {one.region for one in chain}))
        return Selection(chosen, tuple(periods))


@dataclass(frozen=True)
class Figure:
    """A value worked out after the lookup, with its parameters filled in."""

    name: str
    written: str
    value: Value = field(compare=False)


@dataclass(frozen=True)
class Reply:
    """What a class comes to, as far as it is compared."""

    verdict: str
    outcome: str | None = None
    sides: tuple[str, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Sample:
    """One class of a program: its cell on each of some axes."""

    program: Program
    axes: tuple[int, ...]
    cells: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """The classes that had one answer and have another."""

    before: Reply
    after: Reply
    classes: int
    boxes: tuple[Box, ...]
    rest: int
    """How many of the classes the boxes leave out."""
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]
    samples: tuple[Sample, Sample] = field(compare=False, repr=False)
    """The likeliest of the classes, as each side's program knows it."""


@dataclass(frozen=True)
class Comparison:
    """One decision on both sides."""

    decision: str
    status: Status
    classes: int | None = None
    """The classes that are possible on both sides, over the facts that either looks at.

    None where they need not be looked at: both sides have the very same rules, or one has none.
    """
    changes: tuple[Change, ...] = ()
    kept: tuple[tuple[str, int], ...] = ()
    """Verdicts, and how many classes keep an answer with that verdict."""

    @property
    def differing(self) -> int:
        """How many classes have another answer."""
        return sum(one.classes for one in self.changes)


def compare(
    both: Versions, decision: str, before: Side, after: Side, *, uncovered: bool = False
) -> Comparison:  # fmt: skip
    """One decision that both versions know, compared on every class.

    With `uncovered`, that one side has no rules is compared as an answer of its own.
    """
    pair = [
        (both.before, before.selection(both.before, decision)),
        (both.after, after.selection(both.after, decision)),
    ]
    if both.alike and _in_force(pair[0], decision, before) == _in_force(pair[1], decision, after):
        return Comparison(decision, "unchanged" if _covered(pair[0], decision) else "neither")
    programs = [Program(library, library.upstream(decision), chosen, every_day=True)
                for library, chosen in pair]  # fmt: skip
    covered = [one.covered(decision) for one in programs]
    if not all(covered) and not (uncovered and any(covered)):
        return Comparison(
            decision, "only_before" if covered[0] else "only_after" if covered[1] else "neither"
        )
    used = {fact for one in programs for test in one.tests() for fact in facts_of(test.subject)}
    if used & both.apart:
        return Comparison(decision, "apart")
    programs = aligned(programs, alike=both.alike)
    return _Aligned(both, decision, programs, (before, after)).comparison()


def _rules(pair: tuple[Library, Selection], name: str) -> tuple[str, ...]:
    library, chosen = pair
    decision = library.decisions[name]
    day, _ = chosen.period(decision.date)
    return tuple(rule.id for rule in library.in_force(name, chosen.place(decision.region), day))


def _covered(pair: tuple[Library, Selection], decision: str) -> bool:
    return bool(_rules(pair, decision))


def _in_force(pair: tuple[Library, Selection], decision: str, side: Side) -> object:
    """All that a decision and what it builds on is answered from: equal where answers must be."""
    library, chosen = pair
    found = []
    for name in library.upstream(decision):
        authored, names = library.decisions[name], _rules(pair, name)
        place = chosen.place(authored.region)
        rules = [library.rules[one] for one in names]
        answers: list[Then | Answer] = [rule.then for rule in rules]
        answers += authored.outcomes.values()
        used = {one for rule in rules for one in parameters_of(rule)}
        used |= {one for answer in answers for one in parameters_given(answer)}
        # A threshold is that of the period's first day, a number given that of the day itself.
        days = chosen.period(authored.date)[0], side.day.toordinal()
        numbers = [library.parameter(one, place, day) for one in sorted(used) for day in days]
        weights = [(library.authority(rule), library.issued(rule), rule.id in library.rejected)
                   for rule in rules]  # fmt: skip
        disputes = [one for one in library.disputes.values() if {*one.between} <= {*names}]
        found.append((authored, rules, numbers, weights, disputes))
    return found


class _Aligned:
    """A decision over the classes of two programs, in the order of the first one's axes."""

    def __init__(
        self, both: Versions, decision: str, programs: Sequence[Program], sides: tuple[Side, Side]
    ) -> None:
        self.both, self.decision, self.sides = both, decision, sides
        self.before, self.after = programs
        self.replies: dict[Reply, int] = {}
        first, second = (OpenClasses(one, decision, NOTHING_KNOWN) for one in programs)
        self.axes = first.axes
        self.codes = [over(first, decision), over(second, decision)]
        possible = [over_cells(one, one.possible) for one in (first, second)]
        self.possible = possible[0] & self._alike(self.axes)
        self._match(second.axes, possible[1])

    def _match(self, axes: Sequence[int], possible: Mask) -> None:
        """Bring the second program's classes into the order of the first's."""
        own = {frozenset(self.after.axes[axis].subjects): axis for axis in axes}
        order: list[int] = []
        index: list[Codes] = []
        self.others = [own[frozenset(self.before.axes[axis].subjects)] for axis in self.axes]
        for axis, other in zip(self.axes, self.others, strict=True):
            order.append(axes.index(other))
            index.append(same_cells(self.before, axis, self.after, other))
        self.index = index
        picked = np.ix_(*index)
        self.codes[1] = self.codes[1].transpose(order)[picked]
        self.possible &= possible.transpose(order)[picked]
        for position, cells in enumerate(index):
            self.possible &= _along(cells >= 0, position, len(index))

    def _alike(self, axes: Sequence[int]) -> Mask:
        """The classes both versions know the values of, and that the two places can show."""
        mask = np.ones([self.before.axes[axis].size for axis in axes], dtype=bool)
        for position, number in enumerate(axes):
            axis = self.before.axes[number]
            cells = np.ones(axis.size, dtype=bool)
            if isinstance(axis, PlaceAxis):
                for side, library in zip(
                    self.sides, (self.both.before, self.both.after), strict=True
                ):
                    if side.place not in (library.places.nation, library.places.abroad):
                        facts = {one.region for one in library.decisions.values()}
                        known = Case(None, side.day, places=dict.fromkeys(facts, side.place))
                        cells &= np.isin(np.arange(axis.size), axis.open(known))
            for at, subject in enumerate(axis.subjects):
                if isinstance(axis, NumberAxis) and isinstance(subject, Raw):
                    codes, lone = self._lone(subject.fact)
                    cells &= np.array([not lone or codes[cell[at]] not in lone
                                       for cell in axis.cells])  # fmt: skip
            mask &= _along(cells, position, len(axes))
        return mask

    def _lone(self, fact: str) -> tuple[tuple[str, ...], frozenset[str]]:
        """The values of an enum, and those that only one version knows."""
        known = self.before.library.vocabulary.facts.get(fact)
        return known.codes if known else (), self.both.lone.get(fact, frozenset())

    def comparison(self) -> Comparison:
        """What differs, the changes with the most classes first."""
        labels = [
            self._labels(program, codes, side)
            for program, codes, side in zip(
                (self.before, self.after), self.codes, self.sides, strict=True
            )
        ]
        differing = self.possible & (labels[0] != labels[1])
        changes = []
        replies, count = list(self.replies), len(self.replies)
        pairs = np.where(differing, labels[0] * count + labels[1], -1)
        for pair in np.unique(pairs[differing]).tolist():
            mask = np.asarray(pairs == pair)
            found = boxes(self.before, self.axes, mask, impossible=~self.possible, most=MOST_BOXES)
            changes.append(
                Change(
                    replies[pair // count], replies[pair % count], int(mask.sum()),
                    tuple(found.boxes), found.rest,
                    _winning(self.before, self.decision, self.codes[0][mask]),
                    _winning(self.after, self.decision, self.codes[1][mask]),
                    self._samples(mask),
                )
            )  # fmt: skip
        changes.sort(key=lambda one: -one.classes)
        status: Status = "changed" if changes else "unchanged"
        kept: dict[str, int] = {}
        numbers = np.bincount(labels[0][self.possible & ~differing], minlength=count).tolist()
        for reply, number in zip(replies, numbers, strict=True):
            if number:
                kept[reply.verdict] = kept.get(reply.verdict, 0) + number
        classes = int(self.possible.sum())
        return Comparison(self.decision, status, classes, tuple(changes), tuple(kept.items()))

    def _samples(self, mask: Mask) -> tuple[Sample, Sample]:
        """The likeliest class of some, on both sides."""
        found = np.argwhere(mask)
        weights = np.ones(len(found))
        for position, axis in enumerate(self.axes):
            every = np.arange(self.before.axes[axis].size)
            weights *= likelihoods(self.before, axis, every)[found[:, position]]
        cells = tuple(found[int(weights.argmax())].tolist())
        other = tuple(int(index[cell]) for index, cell in zip(self.index, cells, strict=True))
        return (
            Sample(self.before, tuple(self.axes), cells),
            Sample(self.after, tuple(self.others), other),
        )

    def _labels(self, program: Program, codes: Codes, side: Side) -> Codes:
        """For each class the number of its reply."""
        numbers = []
        for found in program.compiled[self.decision].table.found:
            reply = _reply(program, self.decision, found, side)
            numbers.append(self.replies.setdefault(reply, len(self.replies)))
        return np.array(numbers, dtype=np.int64)[codes]


def _along(values: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], at: int, count: int) -> Mask:
    shape = [1] * count
    shape[at] = -1
    return values.reshape(shape)


def _winning(program: Program, decision: str, codes: Codes) -> tuple[str, ...]:
    """The rules that win in the classes with these codes."""
    table = program.compiled[decision].table
    found = [table.found[code] for code in np.unique(codes).tolist()]
    return tuple(dict.fromkeys(rule for one in found for rule in one.rules))


# -- replies -------------------------------------------------------------------------------------


def _reply(program: Program, decision: str, found: Found, side: Side) -> Reply:
    if isinstance(found, Unresolved):
        return Reply(found.reason)
    items = tuple((item, one.outcome or "") for item, one in found.items)
    figures = () if found.sides else tuple(_figures(program, decision, found, side))
    return Reply(found.verdict, found.outcome, found.sides, items, figures)


def _figures(program: Program, decision: str, found: Resolution, side: Side) -> Iterator[Figure]:
    """The values an answer gives: who speaks first gives each."""
    library = program.library
    place = program.selection.place(library.decisions[decision].region)
    voices = speaking(library, decision, found.rules, found.outcome)
    for name in _VALUES:
        value = next((getattr(one, name) for one in voices if getattr(one, name)), None)
        if value is not None:
            filled = _filled(value, lambda one: library.parameter(one, place, side.day.toordinal()))
            written = filled.model_dump_json(by_alias=True, exclude_none=True)
            yield Figure(name.rstrip("_"), written, filled)


def _filled(value: Value, parameter: Callable[[str], object]) -> Value:
    """A value with numbers in place of parameters; one without a number stays a name."""
    update: dict[str, object] = {}
    for name in type(value).model_fields:
        given = getattr(value, name)
        if isinstance(given, ParameterRef):
            found = parameter(given.param)
            update[name] = given if found is None else found
        elif isinstance(given, list | tuple):
            update[name] = type(given)(_filled(one, parameter) for one in given)
    return value.model_copy(update=update)
