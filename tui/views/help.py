"""The view model of the help page: the question first, then keys, then what the words mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.route import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.vocabulary import Fact
    from tui.locale import Locale
    from tui.speaker import Frame, Speaker

VERDICTS = (
    "eligible", "action_needed", "not_eligible", "not_applicable", "stated", "unclear",
    "undecided", "disputed",
)  # fmt: skip
EVIDENCE = ("official", "reported", "unverified")
_FAST = ("topic", "question")
"""Where a digit may answer without Enter."""
_OWN = ("browse", "rules_pages", "workbench")
"""The parts of the interface with help of their own."""
Section = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class HelpView:
    """Sections of the help page: a heading and its paragraphs, each with what leads it."""

    frame: Frame
    heading: str
    sections: tuple[Section, ...]


def help_view(say: Speaker, screen: str, fact_id: str, *, fast: bool = False) -> HelpView:
    """Help for a screen; with the question's own words when one is being asked."""
    from tui import keys  # Textual's, which plain mode does without

    t = say.locale
    listed = (t("help.keys"), keys.listing(screen, t, say.glyphs))
    about = help_sections(say, screen, fact_id)
    faster = (("", t("help.fast_on" if fast else "help.fast_off")),) if screen in _FAST else ()
    last = ("", (*faster, ("", t("help.close")), ("", t("app.disclaimer"))))
    return HelpView(say.frame(), t("help.heading"), (*about, listed, last))


def help_sections(say: Speaker, screen: str, fact_id: str) -> tuple[Section, ...]:
    """What help says whatever the keys are: about the question asked, or about the words."""
    t = say.locale
    sections: list[Section] = []
    fact = say.library.vocabulary.facts.get(fact_id) if screen == "question" else None
    if fact is not None:
        find_out = t("question.find_out", text=say.words(fact.find_out))
        about = [("", say.words(fact.question)), ("", say.words(fact.help)), ("", find_out)]
        if fact.type == "date":
            about.append(("", t("help.date")))
        sections.append((t("help.about"), tuple(about)))
    elif own := [key for part in _OWN if (key := f"{part}.help.{whole(screen)}") in t]:
        sections.append(("", tuple(("", line) for line in t.items(own[0]))))
    else:
        sections.append(("", (("", t("help.intro")), ("", t("help.digits")))))
    if screen == "result":
        words = [(say.glyphs.verdict(one), _meaning(t, "verdict", one)) for one in VERDICTS]
        words += [(say.glyphs.bullet, _meaning(t, "evidence", one)) for one in EVIDENCE]
        sections.append((t("help.words"), tuple(words)))
    from tui.views.glossary import glossary  # by far most people never ask for help

    terms = glossary(t, _read_there(say, fact, screen))
    if terms:
        sections.append((t("glossary.heading"), tuple(("", one) for one in terms)))
    return tuple(sections)


def _read_there(say: Speaker, fact: Fact | None, screen: str) -> Iterator[str]:
    """The words of the rules that a page shows."""
    if fact is not None:
        yield from map(say.words, (fact.question, fact.help, *(fact.values or {}).values()))
    elif screen == "result":
        from tui.views.result import result_view  # likewise

        for one in result_view(say).decisions:
            yield from (one.question, one.title, *one.steps, *one.reasons)


def _meaning(t: Locale, kind: str, word: str) -> str:
    return t("help.meaning", word=t(f"{kind}.{word}"), meaning=t(f"{kind}.meaning.{word}"))
