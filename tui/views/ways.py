"""What else can be done where the answer is no: a thing to change, or a day to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.explanation.calendar import Change
from engine.explanation.what_if import is_better
from tui.explain.speaking import Speaking
from tui.explain.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.case import Case
    from engine.explanation.explain import Explained
    from tui.speaker import Speaker

MOST = 2


def ways(say: Speaker, case: Case, decision: str, told: Explained) -> tuple[str, ...]:
    """The ways on from a no: what time brings, then what a person can change, two at most."""
    found = dict.fromkeys(
        [*_time(say, case, decision, told), *one_change(say, case, decision, told)]
    )
    return tuple(found)[:MOST]


def _time(say: Speaker, case: Case, decision: str, told: Explained) -> Iterator[str]:
    """The first day on which the answer is better, and what it is then."""
    t, speaking = say.locale, Speaking(say, case, decision, signed=False)
    for entry in told.when:
        for part in entry.parts:
            better = isinstance(part, Change) and is_better(part.after.verdict, told.result.verdict)
            if isinstance(part, Change) and part.decision == decision and better:
                days = t.count("result.days_left", (entry.day - case.as_of).days)
                answer = speaking.answer(part.after)
                yield t("result.way_in_time", date=t.day(entry.day), left=days, answer=answer)
                return


def one_change(
    say: Speaker, case: Case, decision: str, told: Explained, *, better: bool = True
) -> Iterator[str]:
    """What a change of one thing alone brings about; of the better outcomes only, if so asked."""
    telling = Telling(Speaking(say, case, decision), told)
    for one in telling.changes() if better else told.what_if:
        if len(one.facts) == 1:
            yield telling.change(one)
