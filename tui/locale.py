"""The words of the interface in one language, read from locales/*.yaml and nowhere else."""

from __future__ import annotations

from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tui.text.dates import DateWords, TypedDate

if TYPE_CHECKING:
    from engine.words import Words

LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).parent / "locales"


@cache
def catalogue(lang: str) -> dict[str, str | tuple[str, ...]]:
    """Every text of a language by its dotted key."""
    with (_FOLDER / f"{lang}.yaml").open(encoding="utf-8") as file:
        tree = yaml.load(file, Loader=yaml.CBaseLoader)  # noqa: S506 - builds texts only
    flat: dict[str, str | tuple[str, ...]] = {}

    def walk(node: dict[str, object], path: str) -> None:
        for key, value in node.items():
            if isinstance(value, dict):
                walk(value, f"{path}{key}.")
            elif isinstance(value, list):
                flat[path + key] = tuple(map(str, value))
            else:
                flat[path + key] = str(value)

    walk(tree, "")
    return flat


class Locale:
    """The words of one language; call it with a key and the values its text names.

    A `mode` of the interface, such as plain, may have words of its own in place of some: those
    below `plain.instead`, which name its commands where the others name keys.
    """

    def __init__(self, lang: str, mode: str = "") -> None:
        self.lang = lang if lang in LANGUAGES else LANGUAGES[0]
        self.mode = mode

    @cached_property
    def _texts(self) -> dict[str, str | tuple[str, ...]]:
        """Read when the first text is asked for: a check that is silent asks for none."""
        texts = catalogue(self.lang)
        prefix = f"{self.mode}.instead."
        own = {key.removeprefix(prefix): texts[key] for key in texts if key.startswith(prefix)}
        return {**texts, **own} if own else texts

    def __call__(self, key: str, /, **values: object) -> str:
        text = self._texts[key]
        if not isinstance(text, str):
            raise TypeError(f"`{key}` is a list of texts")
        return text.format(**values) if values else text

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    def below(self, section: str) -> list[str]:
        """The keys of a section of the catalogue, in its order."""
        return [key for key in self._texts if key.startswith(f"{section}.")]

    def items(self, key: str) -> tuple[str, ...]:
        """The texts of a list."""
        texts = self._texts[key]
        return (texts,) if isinstance(texts, str) else texts

    def count(self, key: str, number: int, /, **values: object) -> str:
        """The text for `number` things: `key.one` for a single one, else `key.other`."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", n=number, **values)

    def of(self, words: Words) -> str:
        """A bilingual text of a ruleset in this language."""
        return words.get(self.lang)

    @property
    def other(self) -> str:
        """The language F2 switches to."""
        return LANGUAGES[1 - LANGUAGES.index(self.lang)]

    @property
    def date_words(self) -> DateWords:
        """What reading a typed date needs to know of the language; of both, for either is typed."""
        separators = tuple(s for lang in LANGUAGES for s in Locale(lang).items("date.separators"))
        lunar = tuple(s for lang in LANGUAGES for s in Locale(lang).items("date.lunar_words"))
        return DateWords(separators, lunar)

    def day(self, day: date) -> str:
        """A day in words."""
        month = self.items("date.months")[day.month - 1]
        return self("date.day", y=day.year, m=day.month, d=day.day, month=month)

    def weekday(self, day: date) -> str:
        """The day of the week."""
        return self.items("date.weekdays")[day.weekday()]

    def typed(self, typed: TypedDate) -> str:
        """A date in words, as far as it is known."""
        if typed.exact:
            return self.day(typed.first)
        month = self.items("date.months")[typed.first.month - 1]
        if typed.first.month == typed.last.month:
            return self("date.month", y=typed.first.year, m=typed.first.month, month=month)
        return self("date.year", y=typed.first.year)
