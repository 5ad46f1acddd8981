"""The registry of keys, and the bar made from it."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tui import keys
from tui.locale import Locale
from tui.text.glyphs import ASCII, UNICODE, Glyphs
from tui.widgets.keybar import fitting


@pytest.mark.parametrize("width", [10, 20, 40, 60, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("screen", keys.SCREENS)
def test_the_bar_fits_and_cuts_no_word(screen: str, glyphs: Glyphs, lang: str, width: int) -> None:
    entries = keys.bar(screen, Locale(lang), glyphs)
    shown = fitting(entries, width)
    assert sum(cell_len(f" {key} {words} ") for key, words, _ in shown) <= width
    assert set(shown) <= set(entries)
    if width >= 20:
        assert shown[0] == entries[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_keys_fit_40_columns(lang: str) -> None:
    for screen, given in keys.SCREENS.items():
        shown = fitting(keys.bar(screen, Locale(lang), UNICODE), 40)
        assert len(shown) >= min(3, len(given)), screen


def test_no_key_means_two_things_on_a_screen() -> None:
    for screen, given in keys.SCREENS.items():
        names = [name for key in given for name in (key.key, *filter(None, key.extra.split(",")))]
        assert len(names) == len(set(names)), screen


def test_the_help_page_lists_every_key_of_a_screen() -> None:
    for screen, given in keys.SCREENS.items():
        listed = {key for key, _ in keys.listing(screen, Locale("zh"), UNICODE)}
        assert {key.display(UNICODE) for key in given} <= listed


def test_signs_are_of_certain_width() -> None:
    import unicodedata
    from dataclasses import asdict

    doubtful = {
        name
        for name, sign in asdict(UNICODE).items()
        for char in sign
        if unicodedata.east_asian_width(char) not in ("N", "Na")
    }
    assert doubtful == {"unpicked", "dot"}
    assert all(sign.isascii() for sign in asdict(ASCII).values())


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_verdicts_that_share_a_sign_differ_in_words(glyphs: Glyphs) -> None:
    from tui.views.help import VERDICTS

    for lang in ("zh", "en"):
        shown = {(glyphs.verdict(one), Locale(lang)(f"verdict.{one}")) for one in VERDICTS}
        assert len(shown) == len(VERDICTS)
