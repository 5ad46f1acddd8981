"""One case of an output as the result page shows it: nothing is decided anew.

The line is read back into the result it was made from; what was asked for stands in the input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from engine.adjudication import Dissent
from engine.result import CaseResult, DecisionResult
from tui.browse import words
from tui.browse.store import given
from tui.journey import Journey
from tui.speaker import Speaker
from tui.text.safe import safe
from tui.views.result import ResultView, result_view

if TYPE_CHECKING:
    from engine.batch.index import Answer
    from engine.errors import CaseFault
    from engine.library import Library
    from engine.result import Evidence
    from tui.browse.session import Opened
    from tui.journey import FactState
    from tui.speaker import Frame


_LISTED = "listed"
_FOUND = "found "
"""How the engine begins what it says of a value that does not fit."""
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What a line that others wrote may lead to: nobody has checked what stands in it."""


class Recorded:
    """Stands in for an interview that is over: its result is known, and nothing is asked."""

    def __init__(self, result: CaseResult) -> None:
        self._result = result
        self.answers: Mapping[str, object] = {}

    def question(self) -> None:
        """Nothing is asked."""

    def at_most(self) -> int:
        """Nothing is left to ask."""
        return 0

    def answer(self, fact: str, value: object, /) -> None:
        """Nothing can be answered."""

    def contradiction(self) -> CaseFault | None:
        """Nothing is at odds."""

    def clear(self, fact: str, /) -> None:
        """Nothing can be forgotten."""

    def state(self, _fact: str, /) -> FactState:
        """Nothing was asked here."""
        return "not_asked"

    def result(self) -> CaseResult:
        """The result of the line."""
        return self._result


@dataclass(frozen=True)
class CaseView:
    """A case of an output: its result, or what is wrong with it."""

    frame: Frame
    heading: str
    place: str
    result: ResultView | None
    notes: tuple[str, ...]
    wrong: tuple[str, ...]
    topics: tuple[str, ...]
    topic: str
    explains: bool
    """Whether its case can be read again, so that it can be said why."""


def case_view(say: Speaker, opened: Opened, at: int, topic: str, as_of: date) -> CaseView:
    """The case in a row of what is shown."""
    t, store = say.locale, opened.store
    if store is None or not 0 <= at < len(opened.rows):
        frame = say.frame_of_a_batch()
        return CaseView(frame, t("browse.gone"), "", None, (), (), (), "", explains=False)
    row = int(opened.rows[at])
    data = store.data(row)
    decisions = store.library.decisions
    try:
        result = recorded(data, store.library, as_of)
    except _MALFORMED:
        result = CaseResult(None, None)
    told = {decisions[one].topic for one in result.decisions if one in decisions}
    topics = tuple(one for one in store.library.topics if one in told)
    main = decisions.get(opened.wanted.decision or store.main(row))
    shown = topic if topic in topics else main.topic if main else next(iter(topics), "")
    page, notes = None, []
    try:
        page = _page(say, result, shown) if shown else None
    except _MALFORMED:
        notes.append(t("browse.malformed", text=safe(store.line(row).decode("utf-8", "replace"))))
    if store.brief and result.decisions:
        notes.append(t("browse.brief"))
    if not result.decisions and "error" not in data:
        notes.append(t("browse.malformed", text=safe(store.line(row).decode("utf-8", "replace"))))
    if any(one not in decisions for one in result.decisions):
        notes.append(t("browse.unknown_decisions"))
    place = t("browse.place", at=f"{at + 1:,}", all=f"{len(opened.rows):,}", row=f"{row + 1:,}")
    return CaseView(
        frame=say.frame_of_a_batch(place), heading=t("browse.case", id=words.identity(store, row)),
        place=place, result=page, notes=tuple(notes),
        wrong=_wrong(say, data), topics=tuple(map(say.topic, topics)), topic=shown,
        explains=opened.source is not None,
    )  # fmt: skip


def _page(say: Speaker, result: CaseResult, topic: str) -> ResultView:
    """The result page of one topic, as if its questions had just been answered."""
    interview = Recorded(result)
    journey = Journey(say.library, result.as_of or say.journey.as_of, lambda _topics: interview)
    journey.choose(topic)
    journey.proceed()
    return replace(result_view(Speaker(journey, say.locale, say.glyphs)), answers=())


def _wrong(say: Speaker, data: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a case: where, what was found, what is allowed."""
    t = say.locale
    errors = [data.get("error"), *(data.get("more_errors") or ())]
    lines: list[str] = []
    for one in errors:
        if not isinstance(one, dict):
            continue
        field = str(one.get("field", "")).removeprefix("/")
        known = field in say.library.vocabulary.facts
        where = f"{say.label(field)} ({field})" if known else safe(field, 200)
        message = str(one.get("message", ""))
        if message.startswith(_FOUND):
            message = t("explain.found_value", value=message.removeprefix(_FOUND))
        lines.append(t(
            "browse.error", kind=words.error(say, str(one.get("code", ""))),
            where=where or t("browse.whole"), found=safe(message, 400),
        ))  # fmt: skip
        if one.get("allowed"):
            lines.append("  " + t("browse.allowed", allowed=safe(one["allowed"], 600)))
    return tuple(lines)


def recorded(data: Mapping[str, Any], library: Library, as_of: date) -> CaseResult:
    """The result a line was made from; `as_of` is for a brief one, which does not say its day."""
    identity = data.get("id")
    named = identity if isinstance(identity, str) else None
    if "error" in data:
        return CaseResult(named, None)
    found = data.get("decisions")
    if isinstance(found, dict):
        decisions = {name: _decision(one) for name, one in found.items()}
    else:
        decisions = {
            name: _brief(library, name, value) for name, value in data.items()
            # Which papers are listed, a brief line does not say.
            if name in library.decisions and isinstance(value, str) and value != _LISTED
        }  # fmt: skip
    day = data.get("as_of")
    return CaseResult(named, _day(day) or as_of, decisions, data.get("receipt"))


def _brief(library: Library, name: str, value: str) -> DecisionResult:
    from engine.batch.index import Answer as Indexed

    answer: Answer = Indexed("", "", brief=value)
    one = given(library, name, answer)
    return DecisionResult(one.verdict, one.outcome or None)


def _decision(one: Mapping[str, Any]) -> DecisionResult:
    days = (_day(text) for text in one.get("changes_on", ()))
    return DecisionResult(
        verdict=str(one.get("verdict")), outcome=one.get("outcome"),
        evidence=cast("Evidence | None", one.get("evidence")), value=one.get("value"),
        from_=one.get("from"), until=one.get("until"), rules=tuple(one.get("rules", ())),
        dissent=tuple(
            Dissent(beaten["rule"], beaten["outcome"], beaten["by"])
            for beaten in one.get("dissent", ())
        ),
        missing=tuple(one.get("missing", ())), changes_on=tuple(day for day in days if day),
        possible=tuple(one.get("possible", ())), sides=tuple(one.get("sides", ())),
        safer=one.get("safer"), disputes=tuple(one.get("disputes", ())),
        items={item: tuple(state) if isinstance(state, list) else state
               for item, state in one.get("items", {}).items()},
    )  # fmt: skip


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
