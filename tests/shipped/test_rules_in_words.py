"""Every shipped topic can be listed and shown within 80 columns, in both languages."""

from __future__ import annotations

import pytest

from tests.support import loaded
from tui.locale import LANGUAGES, Locale
from tui.rules.claims import ledger
from tui.rules.document import WIDTH, as_markdown, as_text
from tui.rules.listing import listing
from tui.rules.showing import showing
from tui.rules.words import RuleWords
from tui.text.width import cell_len

LIBRARY = loaded.library()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_of_it_fits(lang: str) -> None:
    words = RuleWords(LIBRARY, Locale(lang))
    shown = [showing(words, topic) for topic in LIBRARY.topics.values()]
    for blocks in (listing(words), ledger(words), *shown):
        lines = as_text(blocks).splitlines()
        assert [line for line in lines if cell_len(line) > WIDTH] == []
        assert as_markdown(blocks).startswith("# ")
    told = "".join(map(as_text, shown))
    assert [name for name in LIBRARY.rules if f"\n{name}\n" not in told] == []
