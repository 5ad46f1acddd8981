"""Random axes whose cuts, bounds and cases fall on each other, put to the scanner and the engine.

Ends of months and the days around them: there counts turn, and there a fault by one shows.
"""

from __future__ import annotations

import ctypes
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from engine.axis import NumberAxis
from engine.batch import scanner
from engine.batch.axes import Partial
from engine.batch.outcomes import Decider
from engine.batch.registry import Registry
from engine.batch.tabulated import Tabulated
from engine.calendar import latest_start, shift
from engine.coding import Gap, Raw
from engine.program import Selection

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from engine.calendar import ShortMonth, Unit
    from engine.checker import Checker
    from engine.coding import Numeric

DAY = date(2026, 1, 5)
FACTS = "birth_date", "visit_date", "enrolled_on"
MAX_CELLS = 150
RULES: tuple[ShortMonth, ...] = ("next_day", "last_day")


def _day(pick: random.Random) -> int:
    """A day next to the end of a month, February with and without its 29th among them."""
    year, month = divmod(2023 * 12 + pick.choice((0, 1, 2, 3, 11, 12, 13, 14, 15, 25, 26)), 12)
    return date(year, month + 1, 1).toordinal() + pick.choice((-4, -3, -2, -1, 0, 1))


def _some(pick: random.Random, low: int, high: int) -> list[int]:
    """A few cuts, now and then more than are looked at one by one."""
    count = pick.choice((1, 1, 2, 2, 3, pick.choice((4, 8, 9, 12))))
    return sorted(pick.sample(range(low, high), count))


def random_axis(pick: random.Random) -> NumberAxis:
    """An axis of a few dates, or of a few amounts."""
    facts = FACTS[: pick.choice((1, 2, 2, 2, 2, 3))]
    dates = pick.random() < 0.85
    bounds, cuts = {}, {}
    for fact in facts:
        low, high = sorted((_day(pick), _day(pick)) if dates else pick.sample(range(-20, 60), 2))
        bounds[fact] = low, high
    wanted: list[Numeric] = []
    for first, second in product(facts, facts):
        if first == second:
            wanted.append(Raw(first))
        elif pick.random() < 0.7:
            unit: Unit = pick.choice(("months", "months", "days")) if dates else "days"
            wanted.append(Gap(first, second, unit, pick.choice(RULES)))
    pick.shuffle(wanted)
    count = 1
    for subject in dict.fromkeys(wanted):
        if isinstance(subject, Gap):
            some = _some(pick, *((-14, 15) if subject.unit == "months" else (-70, 70)))
        elif dates:
            some = sorted({_day(pick) for _ in range(pick.choice((1, 2, 3, 10)))})
        else:
            some = _some(pick, -25, 65)
        count *= len(some) + 1
        if count > MAX_CELLS:
            break
        cuts[subject] = some
    return NumberAxis(facts, bounds, cuts)


def crowded_axes() -> Iterator[NumberAxis]:
    """Axes with more cuts than there is room for at once: of one fact, then of two together."""
    low, high = date(2020, 1, 31).toordinal(), date(2026, 2, 28).toordinal()
    bounds = dict.fromkeys(FACTS, (low, high))
    for count in (48, 49):
        cuts: dict[Numeric, list[int]] = {
            Gap(*FACTS[:2], "months", "next_day"): list(range(-20, count - 20))
        }
        yield NumberAxis(FACTS[:2], dict(list(bounds.items())[:2]), cuts)
    yield NumberAxis(FACTS, bounds, {
        Gap(FACTS[0], FACTS[1], "months", "next_day"): list(range(-15, 16)),
        Gap(FACTS[0], FACTS[2], "months", "last_day"): list(range(-15, 16)),
    })  # fmt: skip


def _told(axis: NumberAxis, fact: str, values: dict[str, int]) -> list[int]:
    """The values of a fact at which something turns, given others and the ends of what is not."""
    out = list(axis.bounds[fact])
    for subject, cuts in axis.cuts.items():
        if subject == Raw(fact):
            out += cuts
        if not isinstance(subject, Gap) or fact not in subject[:2]:
            continue
        other = subject.first if subject.second == fact else subject.second
        ends = [values[other]] if other in values else axis.bounds[other]
        turn = shift if subject.second == fact else latest_start
        out += [turn(end, cut, subject.unit, subject.short_month) for end in ends for cut in cuts]
    return out


def cases(axis: NumberAxis, pick: random.Random, count: int) -> Iterator[dict[str, int]]:
    """Values of none of an axis's facts, of each alone, of some: mostly where something turns."""
    yield {}
    for fact, ends in axis.bounds.items():
        yield {fact: sum(ends) // 2}
    for _ in range(count):
        values: dict[str, int] = {}
        unknown = pick.choice(axis.facts) if pick.random() < 0.7 else None
        for fact in pick.sample(axis.facts, len(axis.facts)):
            if fact != unknown and pick.random() < 0.85:
                values[fact] = pick.choice(_told(axis, fact, values)) + pick.choice((-1, 0, 0, 1))
        yield values


def _tabulated(axis: NumberAxis, decision: str, pick: random.Random) -> Tabulated:
    """An axis as the only one of a table; some subjects may tell no cells apart."""
    columns = np.array(axis.cells).reshape(axis.size, len(axis.subjects))
    telling = [pick.random() < 0.8 for _ in axis.subjects]
    columns = np.where(np.array(telling), columns, 0)
    merged = np.unique(columns, axis=0, return_inverse=True)[1].ravel() % scanner.MAX_CELLS
    size = int(merged.max()) + 1
    alive = (1 << size) - 1
    if pick.random() < 0.2:
        alive &= ~(1 << pick.randrange(size))
    return Tabulated(
        decision, Selection((), ()), (axis,), (merged,), np.zeros(size, dtype=np.int32),
        (None,), (alive,), {},
    )  # fmt: skip


def open_cells_differ(
    checker: Checker, axes: Sequence[NumberAxis], pick: random.Random, asked: int
) -> tuple[object, ...]:
    """Where scanner and engine do not find the same cells open: an axis and a case; else empty."""
    library = scanner.library()
    assert library is not None
    decision = next(iter(checker.library.decisions))
    registry = Registry(library, Decider(checker, DAY, None, (decision,)), DAY)
    try:
        for axis in axes:
            table = _tabulated(axis, decision, pick)
            at = registry._register_table(table)
            given = list(cases(axis, pick, asked))
            # What was asked before is asked again: it is kept.
            for values in [*given, *given[::3]]:
                known = sum(1 << i for i, fact in enumerate(axis.facts) if fact in values)
                found = ctypes.c_uint64()
                mine = scanner.longs([values.get(fact, 0) for fact in axis.facts])
                assert registry.context.call("open", at, 0, known, mine, found)
                case = Partial(None, DAY, intervals={fact: (v, v) for fact, v in values.items()})
                if found.value != table.mask(0, axis.open(case)):
                    return axis.bounds, axis.cuts, values
    finally:
        registry.close()
    return ()
