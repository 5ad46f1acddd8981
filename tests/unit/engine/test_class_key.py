"""Cases with the same key leave the same cells of every axis open, whatever is known of them."""

from __future__ import annotations

import random
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

from engine.axis import NumberAxis
from engine.calendar import FIRST_DAY, LAST_DAY
from engine.class_key import KeyPlan, how_known, states_of
from engine.coding import Gap, Raw
from engine.vocabulary import AS_OF

if TYPE_CHECKING:
    from engine.axis import Interval

DAYS = FIRST_DAY, LAST_DAY
FACTS = ["birth", "visit", "bound"]
AXIS = NumberAxis(
    ("birth", "visit", "bound", AS_OF),
    {**dict.fromkeys(FACTS, DAYS), AS_OF: DAYS},
    {
        Gap("birth", "visit", "months", "next_day"): [165, 168],
        Gap("birth", AS_OF, "months", "last_day"): [168, 169],
        Gap("bound", "visit", "days", "next_day"): [3, 10],
        Raw("visit"): [date(2026, 2, 20).toordinal(), date(2026, 3, 1).toordinal()],
        Raw("birth"): [date(2012, 2, 29).toordinal()],
    },
)
START = {"birth": date(2012, 1, 28).toordinal(), "visit": date(2026, 1, 28).toordinal(),
         "bound": date(2026, 1, 20).toordinal(), AS_OF: date(2026, 1, 28).toordinal()}  # fmt: skip


def known(draw: random.Random) -> dict[str, Interval]:
    out: dict[str, Interval] = {AS_OF: (START[AS_OF] + 30,) * 2}
    for fact in FACTS:
        first = START[fact] + draw.randrange(60)
        how = draw.randrange(6)
        if how:
            out[fact] = first, first + (draw.randrange(1, 70) if how == 1 else 0)
    return out


def test_the_same_key_means_the_same_open_cells() -> None:
    draw = random.Random(3)
    found: dict[object, bytes] = {}
    met = 0
    for _ in range(4_000):
        case = known(draw)
        given = tuple(fact for fact in FACTS if fact in case)
        loose = tuple(fact for fact in given if case[fact][0] != case[fact][1])
        states = states_of(FACTS, (given, given, (), loose))
        plan = KeyPlan([AXIS], how_known(FACTS, states))
        key = states, plan.fixed(case, {}), plan.moving(case, {})
        cells = AXIS.open(SimpleNamespace(interval=case.get, place=None)).tobytes()
        met += key in found
        assert found.setdefault(key, cells) == cells, case
    # Most keys come again, or nothing would have been compared.
    assert met > 1_000
