"""Workbenches for the tests of their pages: boards laid out by hand over the small rulesets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from engine.analysis.difference import Reply
from engine.analysis.finding import Finding
from engine.fault import Fault, Place
from engine.loader import RULESETS as SHIPPED
from engine.workbench.board import Board, Failing, Moved, Row, Surviving
from tests.support.demo import AS_OF, RULESETS
from tests.support.screen import checker, desk
from tui.text.glyphs import UNICODE
from tui.workbench.bench import Here

if TYPE_CHECKING:
    from pathlib import Path

    from engine.library import Library
    from tui.desk import Desk
    from tui.text.glyphs import Glyphs

AT = datetime.fromisoformat("2026-03-01T12:03:10+08:00")
FILE = "clinic/440300-shenzhen.yaml"
CASE = {
    "as_of": "2026-03-01", "region": "440300", "birth_date": "2012-03-02",
    "institution_kind": "hospital", "institution_level": 3,
}  # fmt: skip
ROWS = (
    Row("clinic", "may_bind", (FILE,), 5, 9, 3, 4, 20, 20, 6, 8, 11, 12,
        (Surviving("threshold", "sz_big_under_14", FILE, 23, "14", "13"),), 3, 1),
    Row("clinic", "emergency_covered", (FILE,), 3, 3, 2, 2, 1_230, 1_234, None, None, None, None,
        (), 2, 0, (Finding("tie", "emergency_covered", ("sz_emergency_full",), place="440300"),)),
    Row("clinic", "papers", (FILE,), 4, 2, 1, 1, 12, 12, 2, 2, 5, 5, (), 1, 0),
)  # fmt: skip
FAULT = Fault(
    Place(FILE, 17, 12), "unknown fact `institution_kin`", "did you mean `institution_kind`?",
    "        - {fact: institution_kin, equals: hospital}",
)  # fmt: skip
FAILING = (
    Failing("clinic", "may_bind", "on_the_day", FILE, 120, "verdict", "eligible", "not_eligible",
            ("sz_big_under_14",), CASE),
    Failing("clinic", "may_bind", "on_the_day", FILE, 121, "outcome", "bindable", "not_bindable",
            ("sz_big_under_14",), CASE),
)  # fmt: skip
MOVED = (
    Moved("may_bind", Reply("eligible", "bindable"), Reply("not_eligible", "not_bindable"), 12,
          (CASE, {**CASE, "institution_level": 1}), region="440300",
          rules_then=("article_any_hospital",), rules_now=("sz_big_under_14",)),
    Moved("may_bind", Reply("not_eligible", "not_bindable"), Reply("eligible", "bindable"), 3,
          ({**CASE, "birth_date": "2012-03-01"},), region="440300",
          rules_then=("sz_big_under_14",), rules_now=("article_any_hospital",)),
    Moved("emergency_covered", Reply("undecided"), Reply("stated", "half_covered"), 40,
          ({**CASE, "emergency": True},), region="440300", rules_now=("sz_emergency_half",)),
)  # fmt: skip
WELL = Board(1, AT, rows=tuple(replace(one, findings=()) for one in ROWS), since="HEAD abc1234")
"""Nothing wrong, and nothing else than before."""
FAULTY = Board(2, AT, (FILE,), (FAULT,), rows=WELL.rows, since="HEAD abc1234")
FAILED = Board(
    3, AT, (FILE,), rows=ROWS, failing=FAILING, moved=MOVED, since="HEAD abc1234",
    pending=frozenset({"mutants", "coverage"}),
)  # fmt: skip
CHANGED = replace(FAILED, pending=frozenset())


class Laid:
    """Boards laid out by hand, one after the other; a look takes the next one."""

    def __init__(self, *boards: Board, library: Library | None = None) -> None:
        self.boards, self.now = list(boards), boards[0]
        self.library = self.before = library or checker().library

    def stale(self) -> tuple[str, ...]:
        return ()

    def look(self, at: datetime | None = None) -> Board:
        assert at == AT
        self.now = self.boards.pop(0)
        return self.now

    def deepen(self) -> Board:
        return self.now


def here(
    *boards: Board, folder: Path = RULESETS, glyphs: Glyphs = UNICODE,
    library: Library | None = None,
) -> Here:  # fmt: skip
    """A workbench that shows these boards, the next one with each press of its key."""
    return Here(Laid(*boards, library=library), folder, AS_OF, glyphs, clock=lambda: AT)


def desk_with(*boards: Board, glyphs: Glyphs = UNICODE) -> Desk:
    """A desk with that workbench on it."""
    table = desk()
    table.bench = here(*boards, glyphs=glyphs)
    table.bench.poll()
    return table


def over(desk: Desk) -> Here:
    """A workbench over the rules of a desk, with something wrong of every kind in their words."""
    library, journey = desk.library, desk.journey
    topic = library.topics[journey.topic or ""]
    first, case = topic.decisions[0], {"as_of": desk.as_of.isoformat(), **journey.answers}
    rule = next(one for one in library.rules.values() if one.decision == first)
    at, told = library.authored.origins["rules", rule.id].place, rule.because.zh
    then, now = ([*library.decisions[first].outcomes.items()] * 2)[:2]
    survivor = Surviving("threshold", rule.id, at.file, at.line, told, told)
    finding = Finding("never_matches", first, (rule.id,), message=told)
    row = Row(topic.id, first, (at.file,), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, (survivor,), 2, 1,
              (finding,))  # fmt: skip
    failing = Failing(topic.id, first, "none", at.file, at.line, "value", told, [told], (rule.id,),
                      case)  # fmt: skip
    moved = Moved(first, Reply(then[1].verdict, then[0]), Reply(now[1].verdict, now[0]), 12,
                  (case,), str(case["region"]), desk.as_of, (rule.id,), (rule.id,))  # fmt: skip
    board = Board(
        1, AT, (at.file,), (Fault(at, told, told, told),), rows=(row,), failing=(failing,),
        moved=(moved,), since="HEAD abc1234",
    )  # fmt: skip
    folder = RULESETS if (RULESETS / at.file).is_file() else SHIPPED
    return here(board, folder=folder, library=library)
