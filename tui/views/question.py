"""The view model of one question, and the places a typed text may mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from engine.vocabulary import NumberDomain
from tui.text.safe import safe
from tui.views.asking import Option, answer_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.places import Place
    from engine.vocabulary import Fact
    from tui.speaker import Frame, Speaker

Kind = Literal["choice", "list", "place", "number", "date"]
_RECENTLY, _MONTH = timedelta(days=10), len("YYYY-MM")
MANY = 9
"""More options than there are digits are asked for with a filter list."""


@dataclass(frozen=True)
class QuestionView:
    """One question."""

    frame: Frame
    fact: str
    kind: Kind
    heading: str
    hint: str
    options: tuple[Option, ...]
    unsure: Option
    unsure_key: str
    unit: str
    answered: bool
    answer: object
    text: str
    format_hint: str
    notice: str
    number: int
    """Which question of the way this is."""
    left: int | None
    """No more questions than this follow it; None while nobody knows which rules apply."""
    why: str
    reasons: tuple[str, ...]
    empty: str
    no_match: str
    more: str
    given_heading: str
    given: tuple[tuple[str, str], ...]
    """The answers given so far: what each is about, and what was said."""


def _kind(fact: Fact) -> Kind:
    if fact.type in ("place", "date"):
        return fact.type
    if fact.type in ("integer", "decimal"):
        return "number"
    return "list" if len(fact.values or ()) > MANY else "choice"


def _options(say: Speaker, fact: Fact) -> tuple[Option, ...]:
    if fact.type == "bool":
        yes, no = say.locale("question.yes"), say.locale("question.no")
        return Option(value=True, label=yes), Option(value=False, label=no)
    return tuple(Option(code, say.words(label)) for code, label in (fact.values or {}).items())


def _format_hint(say: Speaker, fact: Fact) -> str:
    t = say.locale
    if fact.type == "date":
        if say.ages(fact.id) is not None:
            return t("question.date_hint")
        near = say.journey.as_of - _RECENTLY
        iso, words = near.isoformat(), say.date(near.isoformat())
        return t("question.date_hint_recent", iso=iso, words=words, month=iso[:_MONTH])
    if isinstance(fact.domain, NumberDomain):
        limits = {"min": fact.domain.min, "max": fact.domain.max}
        if fact.type == "decimal":
            return t("question.decimal_hint", decimals=fact.decimals, **limits)
        return t("question.number_hint", **limits)
    if fact.type == "place":
        return t("question.place_hint")
    return t("question.filter_hint") if _kind(fact) == "list" else ""


def list_options(say: Speaker, fact_id: str, text: str) -> tuple[Option, ...]:
    """The options of a filter list that `text` may mean; all of them for an empty text."""
    fact = say.library.vocabulary.facts[fact_id]
    if fact.type == "place":
        return place_options(say, fact_id, text)
    wanted = text.strip().casefold()
    return tuple(one for one in _options(say, fact) if wanted in one.label.casefold())


def place_options(say: Speaker, fact: str, text: str) -> tuple[Option, ...]:
    """The places `text` may mean; those with rules of their own first, and all of those for ""."""
    t = say.locale
    places = say.library.places
    selects = fact in say.region_facts()
    national = places.nation in say.rule_regions()
    found: Iterable[Place] = places.search(text) if text.strip() else _first_places(say)
    if selects:
        found = _with_pools(say, found)
    options = []
    for place in found:
        covered = say.covered(place.code)
        note = "question.only_national" if national else "question.not_covered"
        if covered:
            note = "question.covered"
        label = t(note) if selects else ""
        options.append((not covered, Option(place.code, say.words(place.name), label)))
    return tuple(option for _, option in sorted(options, key=lambda one: one[0]))


def _with_pools(say: Speaker, found: Iterable[Place]) -> list[Place]:
    """The places found, each province of several pools replaced by those: rules differ in them."""
    places = say.library.places
    codes: dict[str, None] = {}
    for place in found:
        one_pool = places.pool(place.code) is not None
        codes |= dict.fromkeys([place.code] if one_pool else places.near(place.code))
    return [places.get(code) for code in codes]


def _first_places(say: Speaker) -> Sequence[Place]:
    """What to offer before anything is typed: the place answered before, the covered ones."""
    places = say.library.places
    said = [value for value in say.journey.answers.values() if isinstance(value, str)]
    codes = dict.fromkeys(one for one in said if one.isdigit() and one in places)
    codes |= dict.fromkeys(sorted(say.rule_regions() - {places.nation}))
    return [places.get(code) for code in codes if code in places]


def _reasons(say: Speaker, fact: str) -> tuple[str, ...]:
    """The decisions the answer can still change, as questions."""
    question = say.journey.asking.question()
    decisions: Sequence[str]
    if question is not None and question.fact.id == fact:
        decisions = question.decides
    else:
        vocabulary = say.library.vocabulary
        decisions = [
            one
            for one in say.library.topics[say.journey.topic or ""].decisions
            for decision in (say.library.decisions[one],)
            if fact in (decision.region, decision.date)
            or any(fact in vocabulary.raw_facts(given) for given in decision.inputs)
        ]
    t = say.locale
    if not decisions:
        return (t("question.why_nothing"),)
    bullet = say.glyphs.bullet
    lines = [f"{bullet} {say.words(say.library.decisions[one].question)}" for one in decisions]
    return (t("question.why_decides"), *lines)


def question_view(say: Speaker, fact_id: str) -> QuestionView:
    """One question, with the answer given before, if any."""
    t = say.locale
    journey = say.journey
    fact = say.library.vocabulary.facts[fact_id]
    kind = _kind(fact)
    answered, answer = journey.said(fact_id)
    left = journey.asking.at_most()
    counted = [one for one in journey.trail if journey.asking.state(one) != "not_needed"]
    status = t.count("question.answered", len(counted))
    # Before the place is known nobody knows which rules apply, so there is no bound to show.
    bounded = fact_id not in say.region_facts()
    if bounded and left:
        status += f" {say.glyphs.dot} " + t.count("question.left", left)
    text = safe(answer) if kind in ("date", "number") and answer is not None else ""
    first_after_region = bool(journey.trail) and journey.trail[-1] in say.region_facts()
    new = fact_id not in journey.trail
    notice = say.uncovered_notice() if first_after_region and new else ""
    if journey.changing and not new:
        notice = t("question.changing")
    return QuestionView(
        frame=say.frame(status),
        fact=fact_id,
        kind=kind,
        heading=say.words(fact.question),
        hint=say.words(fact.help),
        options=_options(say, fact) if kind != "place" else place_options(say, fact_id, ""),
        unsure=Option(None, t("question.unsure")),
        unsure_key=t("question.unsure_key"),
        unit=say.words(fact.unit) if fact.unit else "",
        answered=answered,
        answer=answer,
        text=text,
        format_hint=_format_hint(say, fact),
        notice=notice,
        number=(counted.index(fact_id) if fact_id in counted else len(counted)) + 1,
        left=max(0, left - (fact_id not in journey.answers)) if bounded else None,
        why=t("question.why"),
        reasons=_reasons(say, fact_id),
        empty=t(_EMPTY[kind]),
        no_match=t("question.no_match"),
        more=t("question.more"),
        given_heading=t("review.heading"),
        given=tuple((row.label, row.value) for row in answer_rows(say) if row.fact != fact_id),
    )


_EMPTY: dict[Kind, str] = {
    "choice": "error.nothing_picked",
    "list": "error.nothing_picked",
    "place": "error.place_empty",
    "number": "error.number_empty",
    "date": "error.date_empty",
}
