"""Texts that attack a terminal, a markup parser or a layout."""

from __future__ import annotations

from dataclasses import fields
from itertools import cycle
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel

from engine import loader, references
from engine.library import Library
from engine.ruleset import Source
from engine.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui.journey import Journey

HOSTILE = [
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b[2J\x1b[H",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x9b31mred",
    "\x90payload\x9c",
    "\x00nul",
    "\x7fdel\x08\x08",
    "line\rreturn",
    "a\x0bb\x0cc",
    "\u202egnol\u202c",
    "\u2066x\u2069\u200f\u061c",
    "zero\u200bwidth\u200d\ufeff",
    "\ud800 lone",
    "\ue000 private",
    "\u0378 unassigned",
    "para\u2029graph\u2028",
    "\U000e0041\U000e0042 tags",
    "soft\u00adhyphen",
    "❤\ufe0f selector",
    "[red]x[/]",
    "case[/red]",
    "[@click='app.quit']点我[/]",
    "[link=http://example.invalid]x[/link]",
    "[bold",
    "]]>\\[",
    "{braces} {0} {} %s",
    "甲" * 3000,
    "a" * 3000,
    "，。！" * 50,
    "tab\tand\nline",
    "e\u0301" * 20,
]


def library(folder: Path, texts: Sequence[str]) -> Library:
    """The rules below a folder, with one of the texts after the other in place of every word."""
    authored = loader.read(folder)
    references.check(authored)
    loader.refuse_faults(authored)
    following = cycle(texts)

    def poison(thing: object) -> object:
        if isinstance(thing, Words):
            return Words.model_construct(zh=next(following), en=next(following))
        if isinstance(thing, dict):
            return {key: poison(value) for key, value in thing.items()}
        if isinstance(thing, list):
            return [poison(value) for value in thing]
        if isinstance(thing, Source):
            named = {"number": next(following), "address": next(following)}
            thing = thing.model_copy(update=named)
        if isinstance(thing, BaseModel):
            parts = {name: poison(getattr(thing, name)) for name in type(thing).model_fields}
            return thing.model_copy(update=parts)
        return thing

    for table in (getattr(authored, one.name) for one in fields(authored)):
        for key, entry in table.items() if isinstance(table, dict) else ():
            if isinstance(entry, BaseModel):
                table[key] = poison(entry)
    return Library(authored)


class _HostileWords:
    """Stands in for every bilingual text with the same hostile one."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get(self, lang: str) -> str:
        return self.text


def poisoned(journey: Journey, text: str) -> Journey:
    """The journey with a hostile label, question, title and name wherever the library has words."""
    words = _HostileWords(text)

    def poison(thing: object) -> object:
        if hasattr(thing, "zh") and hasattr(thing, "en"):
            return words
        if isinstance(thing, dict):
            return {key: poison(value) for key, value in thing.items()}
        if isinstance(thing, list):
            return [poison(value) for value in thing]
        if isinstance(thing, BaseModel):
            parts = {name: poison(getattr(thing, name)) for name in type(thing).model_fields}
            number = {"number": text} if "number" in parts and "authority" in parts else {}
            return thing.model_copy(update=parts | number)
        return thing

    library = journey.library
    vocabulary = SimpleNamespace(
        facts=poison(library.vocabulary.facts),
        derived=poison(library.vocabulary.derived),
        constraints={},
        raw_facts=library.vocabulary.raw_facts,
    )
    names = ("topics", "decisions", "rules", "sources", "documents", "channels", "disputes")
    poisoned = {name: poison(getattr(library, name)) for name in names}
    fake = SimpleNamespace(
        vocabulary=vocabulary, places=library.places, upstream=library.upstream,
        regions_of=library.regions_of, rules_of=lambda name: poison(library.rules_of(name)),
        **poisoned,
    )  # fmt: skip
    journey.library = cast("Library", fake)
    return journey
