"""Telling pages without any colour, and in signs of ASCII alone: what remains says it all.

Below the text of a page its golden has a second layer: `b` where a letter is bold, `r` where it is
reversed, `u` where it is underlined, `d` where it is dim.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tests.support.folders import golden
from tests.support.results import output
from tests.support.screen import ALL, desk, opened, press, shown, text
from tui.app import TongbaoApp
from tui.locale import Locale
from tui.route import Route
from tui.text.glyphs import ASCII, UNICODE

if TYPE_CHECKING:
    from rich.style import Style

    from tui.text.glyphs import Glyphs

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parents[1] / "golden" / "tui"
LOOKS = {"no-color": UNICODE, "mono": ASCII}
PAGES: dict[str, tuple[str, ...]] = {
    "result": (),
    "why": ("f3",),
    "why_disputed": ("2",),
    "what_if": ("escape", "f7"),
}


@pytest.fixture(autouse=True)
def colourless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.parametrize(("look", "lang"), [("no-color", "zh"), ("mono", "en")])
async def test_golden(look: str, lang: str, tmp_path: Path) -> None:
    async with opened(lang, glyphs=LOOKS[look], answered=2) as (app, pilot):
        await press(pilot, "2")
        golden(GOLDEN / f"question-{look}.{lang}.txt", layers(app, LOOKS[look]))
        await press(pilot, "3", "enter")
        golden(GOLDEN / f"error-{look}.{lang}.txt", layers(app, LOOKS[look]))
    async with opened(lang, glyphs=LOOKS[look], answered=ALL) as (app, pilot):
        for page, keys in PAGES.items():
            await press(pilot, *keys)
            golden(GOLDEN / f"{page}-{look}.{lang}.txt", layers(app, LOOKS[look]))
    table = desk()
    path = output(tmp_path)
    table.batch.opened(str(path))
    app = TongbaoApp(table, Locale(lang), LOOKS[look], Route("batch_browse", str(path)))
    async with shown(app) as (app, pilot):
        while table.batch.opened(str(path)).building is not None:
            await pilot.pause(0.05)
        await press(pilot, "down")
        golden(GOLDEN / f"batch_browse-{look}.{lang}.txt", layers(app, LOOKS[look]))
    table.batch.close()


def layers(app: TongbaoApp, glyphs: Glyphs) -> str:
    """What is drawn, and how; there is no colour in it, and no sign that the glyphs leave out."""
    marks = []
    for strip in app.screen._compositor.render_strips():
        line = ""
        for segment in strip:
            assert segment.style is None or _grey(segment.style)
            blank = segment.text.isspace() and not (segment.style and segment.style.reverse)
            line += (" " if blank else _mark(segment.style)) * cell_len(segment.text)
        marks.append(line.rstrip())
    drawn = text(app)
    assert glyphs is UNICODE or not [one for one in drawn if "\u2000" <= one < "\u3000"]
    return drawn + "=" * app.size.width + "\n" + "\n".join(marks).rstrip() + "\n"


def _grey(style: Style) -> bool:
    """Whether a style has no hue."""
    colours = [one.get_truecolor() for one in (style.color, style.bgcolor) if one is not None]
    return all(len({*one}) == 1 for one in colours)


def _mark(style: Style | None) -> str:
    drawn = style and {"b": style.bold, "r": style.reverse, "u": style.underline, "d": style.dim}
    return next((mark for mark, is_on in (drawn or {}).items() if is_on), ".")
