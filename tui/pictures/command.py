"""Runs `rules graph`: works the picture out, and writes it in the form asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.checker import Checker
from engine.errors import InputError
from tui.pictures.graphs import overrides, questions, requirements
from tui.pictures.grids import grid_picture
from tui.pictures.mermaid import mermaid
from tui.pictures.svg import svg
from tui.pictures.terminal import text
from tui.pictures.timelines import timeline
from tui.rules.asking import busiest
from tui.rules.command import run
from tui.rules.words import RuleWords

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.library import Library
    from tui.locale import Locale
    from tui.pictures.model import Picture

KINDS = ("grid", "requirements", "rules", "questions", "timeline")


def graph(  # noqa: PLR0913 - one parameter an option
    folder: Path, *, topic: str | None, decision: str | None, kind: str, region: str | None,
    day: date, rows: Sequence[str], column: str | None, form: str, output: str | None, lang: str,
) -> int:  # fmt: skip
    """`rules graph`: on stdout, or into a file."""

    def make(t: Locale) -> tuple[str, int]:
        checker = Checker.load(folder, compare=False)
        names = _decisions(checker.library, topic, decision, t)
        place = _place(checker.library, names[0], region, t)
        words = RuleWords(checker.library, t)
        picture = drawn(words, checker, names, kind, place, day, rows, column)
        shown = rendered(picture, form, coloured=output is None and _colours())
        if output is None:
            return shown, 0
        try:
            Path(output).write_text(shown, "utf-8")
        except OSError as error:
            raise InputError(f"cannot write {output}: {error.strerror}") from error
        return "", 0

    return run(make, lang)


def drawn(  # noqa: PLR0913, PLR0917 - what a picture may be drawn by
    words: RuleWords, checker: Checker, decisions: Sequence[str], kind: str, place: str,
    day: date, rows: Sequence[str] = (), column: str | None = None,
) -> Picture:  # fmt: skip
    """One picture of some decisions of a topic; of the first one where it shows a single one."""
    library = checker.library
    topic = library.topics[library.decisions[decisions[0]].topic]
    if kind == "requirements":
        return requirements(words, decisions)
    if kind == "timeline":
        return timeline(RuleWords(library, words.locale, place), topic, day)
    if kind == "questions":
        return questions(words, checker, decisions[:1], place, day)
    if kind == "rules":
        return overrides(words, decisions[0], place, day)
    hinted = topic.picture is not None and topic.picture.decision in decisions
    decision = topic.picture.decision if hinted and topic.picture else decisions[0]
    return grid_picture(words, checker, decision, place, day, rows, column)


def rendered(picture: Picture, form: str, *, coloured: bool = False) -> str:
    """A picture as text, SVG or Mermaid."""
    if form == "svg":
        return svg(picture) + "\n"
    return mermaid(picture) if form == "mermaid" else text(picture, coloured=coloured)


def _decisions(
    library: Library, topic: str | None, decision: str | None, t: Locale
) -> tuple[str, ...]:
    if decision is not None:
        if decision not in library.decisions:
            listed = t("result.listed").join(library.decisions)
            raise InputError(t("pictures.unknown_decision", decision=decision, decisions=listed))
        return (decision,)
    if topic is None:
        topic = next(iter(library.topics))
    if topic not in library.topics:
        there = t("result.listed").join(library.topics)
        raise InputError(t("rules.unknown_topic", topic=topic, topics=there))
    return tuple(library.topics[topic].decisions)


def _place(library: Library, decision: str, region: str | None, t: Locale) -> str:
    if region is None:
        return busiest(library, library.decisions[decision].topic)
    code = library.places.resolve(region)
    if code is None:
        raise InputError(t("rules.unknown_place", place=region))
    return code


def _colours() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
