"""Every page of the terminal interface, drawn with hostile texts wherever a text can come from."""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from engine.checker import Checker
from tests.support import hostile
from tests.support.demo import AS_OF, RULESETS
from tests.support.every_page import every_page
from tests.support.results import output
from tests.support.screen import answer, shown
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.locale import Locale
from tui.text.glyphs import ASCII, UNICODE

if TYPE_CHECKING:
    from pathlib import Path

    from tui.text.glyphs import Glyphs

pytestmark = pytest.mark.slow
LONG = 200
SHORT = [one for one in hostile.HOSTILE if len(one) < LONG]
# A lone surrogate cannot be in a file of rules, but it can be in a case.
AUTHORED = [one for one in hostile.HOSTILE if one.encode("utf-8", "ignore").decode() == one]
ALL_AT_ONCE = "".join(one for one in SHORT if one in AUTHORED)
MIXED = [text for one in AUTHORED if one not in SHORT for text in (ALL_AT_ONCE, one)]
ACTIVE = {"Cc", "Cf", "Cs", "Co", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
LONGER = pytest.mark.skipif("HOSTILE_BIG" not in os.environ, reason="part of `make fuzz`")
ROUNDS = [
    pytest.param(MIXED, "zh", (80, 24), UNICODE, id="all-at-once"),
    pytest.param(AUTHORED, "en", (40, 16), ASCII, id="one-after-the-other", marks=LONGER),
]


@pytest.mark.parametrize(("texts", "lang", "size", "glyphs"), ROUNDS)
async def test_every_page_draws_them_inert(  # noqa: PLR0913, PLR0917 - one argument a choice
    texts: list[str], lang: str, size: tuple[int, int], glyphs: Glyphs, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """No control, no direction, no markup acts; every line is as wide as the screen."""
    named = ALL_AT_ONCE.replace("\0", "").replace("/", "").encode()
    folder = tmp_path / named[:200].decode("utf-8", "ignore")
    folder.mkdir()
    (folder / f"{folder.name[:40]}.jsonl").touch()
    monkeypatch.chdir(folder)
    desk = Desk(Checker(hostile.library(RULESETS, texts)), AS_OF, exports=folder)
    results = output(tmp_path, 40, ids=tuple(hostile.HOSTILE))
    try:
        answer(desk)
        async with shown(TongbaoApp(desk, Locale(lang), glyphs), size) as (app, pilot):
            async for page in every_page(app, pilot, results, tmp_path / "cases.jsonl"):
                inert(app, page)
                typed = list(app.screen.query(Input))
                for one in typed:
                    one.value = texts[0]
                scroller = app.pages[-1].scroller
                if typed or scroller.max_scroll_y:
                    scroller.scroll_end(animate=False)
                    await pilot.pause()
                    inert(app, page)
    finally:
        desk.batch.close()


def inert(app: TongbaoApp, page: str) -> None:
    """What is drawn now is text, and no more than text."""
    for strip in app.screen._compositor.render_strips():
        line = "".join(segment.text for segment in strip)
        assert cell_len(line) == app.size.width, page
        kinds = {unicodedata.category(one) for one in line}
        kinds |= {unicodedata.bidirectional(one) for one in line}
        assert not kinds & ACTIVE, (page, line)
        for segment in strip:
            assert not (segment.style and segment.style.link), page
            assert "@click" not in (segment.style.meta if segment.style else {}), page
