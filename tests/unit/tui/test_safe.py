"""What comes out of `safe` is inert and of certain width."""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len

from tests.support.hostile import HOSTILE
from tui.text.safe import LIMIT, safe


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_active_remains(text: str) -> None:
    shown = safe(text)
    for char in shown.replace("\n", ""):
        assert ord(char) >= 0x20
        assert not 0x7F <= ord(char) <= 0x9F
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert safe(safe(text)) == safe(text)


def test_plain_text_is_untouched() -> None:
    for text in ("child", "孩子（14 岁）", "《决定》第 3 条", "a[0] [red]x[/]", "ü é ½"):
        assert safe(text) == text


def test_quotes_follow_the_script() -> None:
    assert safe("“a”") == '"a"'
    assert safe("“甲”——乙") == "「甲」－－乙"
    assert cell_len(safe("甲…乙·丙")) == 2 * 3 + 3 + 1


def test_long_text_is_cut() -> None:
    assert safe("甲" * (LIMIT + 5)) == "甲" * LIMIT + "..."
