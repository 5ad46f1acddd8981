"""Draws docs/terminal.svg: a question and a result of the shipped rules, as on a terminal.

Run by `make picture`. The drawing names no font of another host, and wide characters keep their
width, which the SVG of the library that draws it does not give them.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
from datetime import date
from pathlib import Path

from rich.cells import cell_len

from engine.checker import Checker
from tests.support.screen import press
from tui.app import TongbaoApp
from tui.desk import Desk
from tui.locale import Locale
from tui.text.glyphs import UNICODE

AS_OF = date(2026, 3, 1)
CELL = 12.2
_TEXT = re.compile(r'(<text [^>]*?)x="([\d.]+)"([^>]*?)textLength="[\d.]+"([^>]*)>([^<]*)</text>')
_PIECES = re.compile(r" +|[\x21-\x7e]+(?: [\x21-\x7e]+)*|[^\x20-\x7e]+")
TO_THE_QUESTION = ("enter", "1", "enter", "=深圳", "enter", "1")
# What is pressed at a question; what is not listed is not known.
ANSWERS = {
    "scheme": ("1", "enter"),
    "in_city": ("1", "enter"),
    "institution_kind": ("2", "enter"),
    "institution_level": ("=2", "enter"),
    "birth_date": ("=2012-03-02", "enter"),
    "bound_community": ("=0", "enter"),
    "bound_hospital": ("=0", "enter"),
}


async def screens() -> list[str]:
    """The SVG of the question and of the result."""
    app = TongbaoApp(Desk(Checker.load(), AS_OF), Locale("zh"), UNICODE)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, *TO_THE_QUESTION)
        question = app.export_screenshot(title="tongbao")
        await press(pilot, "enter")
        while type(app.screen).__name__ == "QuestionScreen":
            await press(pilot, *ANSWERS.get(app.journey.fact or "", ("f4",)))
        await press(pilot, "enter")
        return [question, app.export_screenshot(title="tongbao")]


def tidy(svg: str) -> str:
    """The drawing without foreign fonts, each run of text as wide as its cells."""

    def placed(match: re.Match[str]) -> str:
        # Wide and narrow pieces get places of their own: fonts differ in how wide a blank is.
        at, drawn = float(match[2]), []
        for piece in _PIECES.findall(html.unescape(match[5]).replace("\xa0", " ")):
            width = cell_len(piece) * CELL
            if not piece.isspace():
                length = f'textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"'
                text = html.escape(piece, quote=False)
                drawn.append(f'{match[1]}x="{at:.1f}"{match[3]}{length}{match[4]}>{text}</text>')
            at += width
        return "".join(drawn)

    svg = re.sub(r"@font-face \{.*?\n    \}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", "'Noto Sans Mono CJK SC', monospace")
    return _TEXT.sub(placed, svg)


def stacked(svgs: list[str]) -> str:
    """One drawing with the others below each other."""
    width, height = (
        float(one) for one in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svgs[0])[0]
    )
    parts = []
    for index, svg in enumerate(svgs):
        place = f'<svg y="{index * (height + 12):.1f}" width="{width}" height="{height}"'
        parts.append(svg.replace("<svg", place, 1))
    total = len(svgs) * (height + 12) - 12
    size = f'viewBox="0 0 {width} {total:.1f}" width="{width}" height="{total:.1f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n' + "\n".join(parts) + "\n</svg>\n"


if __name__ == "__main__":
    drawn = stacked([tidy(svg) for svg in asyncio.run(screens())])
    Path(sys.argv[1]).write_text(re.sub(r"[ \t]+\n", "\n", drawn), "utf-8")
