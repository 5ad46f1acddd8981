"""The words of the interface: the same in both languages, all used, none in Python."""

from __future__ import annotations

import re
import string
import unicodedata
from pathlib import Path

import pytest

import tui
from tui.locale import LANGUAGES, Locale, catalogue

SOURCES = sorted(Path(tui.__file__).parent.rglob("*.py"))
KEY = re.compile(r"""\bt(?:\.count|\.items)?\(\s*f?"([a-z_.{}()']+)["]""")


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("zh")) == set(catalogue("en"))


def test_both_languages_name_the_same_values() -> None:
    chinese, english = catalogue("zh"), catalogue("en")
    differing = {
        key
        for key, text in chinese.items()
        if isinstance(text, str)
        # The month is a number in one language and a name in the other.
        and not key.startswith("date.")
        and _fields(text) != _fields(str(english[key]))
    }
    assert differing == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty(lang: str) -> None:
    assert [key for key, text in catalogue(lang).items() if text == ""] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_hold_no_character_of_ambiguous_width(lang: str) -> None:
    doubtful = {
        (key, char)
        for key, text in catalogue(lang).items()
        for char in (text if isinstance(text, str) else "".join(text))
        if unicodedata.east_asian_width(char) == "A"
    }
    assert doubtful == set()


def test_every_key_named_in_python_exists() -> None:
    known = set(catalogue("zh"))
    for path in SOURCES:
        for key in KEY.findall(path.read_text(encoding="utf-8")):
            if "." not in key:
                continue
            pattern = re.compile(re.sub(r"\{[^}]*\}", ".+", key) + r"(\.(one|other))?\Z")
            assert any(pattern.match(one) for one in known), f"{path.name}: {key}"


def test_python_holds_no_chinese() -> None:
    found = [
        path.name
        for path in SOURCES
        if any("\u4e00" <= char <= "\u9fff" for char in path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_counting_words() -> None:
    english = Locale("en")
    assert english.count("result.until_left", 1, date="d").endswith("1 day left")
    assert english.count("result.until_left", 2, date="d").endswith("2 days left")


def test_an_unknown_language_is_chinese() -> None:
    assert Locale("fr").lang == "zh"
    assert Locale("zh").other == "en"
