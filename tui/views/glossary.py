"""The terms of health insurance that a page uses, each with what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.locale import Locale

_SECTION = "glossary.terms"


def glossary(t: Locale, texts: Iterable[str]) -> tuple[str, ...]:
    """A line for each term that occurs in the texts, in the order of the catalogue.

    A term of the catalogue is a list: its name, other forms of it, and last what it means.
    """
    text = "\n".join(texts).casefold()
    found = []
    for key in t.below(_SECTION):
        *forms, meaning = t.items(key)
        if any(_uses(text, one) for one in forms):
            found.append(t("help.meaning", word=forms[0], meaning=meaning))
    return tuple(found)


def _uses(text: str, form: str) -> bool:
    """Whether a text uses a form of a term, as a word of its own where words are set apart."""
    return bool(re.search(rf"(?<![a-z]){re.escape(form.casefold())}s?(?![a-z])", text))
