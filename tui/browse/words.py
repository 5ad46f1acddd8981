"""Puts what an output says into words: verdicts, outcomes, reasons, errors; all of it safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text.safe import safe
from tui.views.help import VERDICTS

if TYPE_CHECKING:
    from tui.browse.store import Given, Store
    from tui.speaker import Speaker

_ID = 120


def verdict(say: Speaker, one: str) -> str:
    """The sign of a verdict and its short word."""
    if one not in VERDICTS:
        return safe(one, _ID)
    return f"{say.glyphs.verdict(one)} {say.locale(f'browse.verdict.{one}')}".strip()


def title(say: Speaker, decision: str, outcome: str) -> str:
    """The title of an outcome, or of a state without one."""
    known = say.library.decisions.get(decision)
    if known is not None and outcome in known.outcomes:
        return say.words(known.outcomes[outcome].title)
    own = f"browse.outcome.{outcome}"
    return say.locale(own) if own in say.locale else safe(outcome, _ID)


def answer(say: Speaker, decision: str, one: Given) -> str:
    """An answer in a few words: its outcome, else the fact it lacks, else its verdict."""
    if one.outcome:
        return title(say, decision, one.outcome)
    if one.missing:
        return say.locale("browse.lacks", label=say.label(one.missing))
    meaning = f"verdict.meaning.{one.verdict}"
    return say.locale(meaning) if meaning in say.locale else safe(one.verdict, _ID)


def reason(say: Speaker, decision: str, one: Given) -> str:
    """What decided an answer: a rule's own words, else the fact it lacks, else the outcome."""
    rule = say.library.rules.get(one.rule)
    if rule is not None:
        return say.words(rule.because)
    return safe(one.rule, _ID) if one.rule else answer(say, decision, one)


def searched(say: Speaker, key: str, one: Given) -> str:
    """The text in which a part of a reason, or of an outcome, is looked for."""
    if key == "outcome":
        return " ".join((one.outcome, *_titles(say, one.outcome)))
    return " ".join((one.reason, reason(say, "", one), *_titles(say, one.outcome)))


def _titles(say: Speaker, outcome: str) -> list[str]:
    found = (one.outcomes.get(outcome) for one in say.library.decisions.values())
    return [say.words(one.title) for one in found if one is not None]


def error(say: Speaker, code: str) -> str:
    """The kind of an error."""
    key = f"report.error.{code}"
    return say.locale(key) if key in say.locale else safe(code, _ID)


def question(say: Speaker, decision: str) -> str:
    """The question a decision answers."""
    known = say.library.decisions.get(decision)
    return say.words(known.question) if known else safe(decision, _ID)


def identity(store: Store, row: int) -> str:
    """The id of a line as it may be shown."""
    found = store.data(row).get("id")
    return safe(found, _ID).replace("\n", " ") if isinstance(found, str) else "-"
