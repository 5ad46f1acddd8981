"""The pages as they are drawn: goldens in both languages, exact widths at every size."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.screen import (
    TO_CHOICE,
    TO_DATE,
    TO_NUMBER,
    TO_PLACE,
    TO_RESULT,
    TO_REVIEW,
    lines,
    opened,
    press,
    text,
    widths,
)
from tui.text.glyphs import ASCII

GOLDEN = Path(__file__).parents[1] / "golden" / "tui"
PAGES = {
    "start": (),
    "topic": ("enter",),
    "place": TO_PLACE,
    "date": TO_DATE,
    "choice": TO_CHOICE,
    "number": TO_NUMBER,
    "review": TO_REVIEW,
    "result": TO_RESULT,
    "help": (*TO_CHOICE, "f1"),
    "error": (*TO_DATE, "=2026-02-30", "enter"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
async def test_golden(page: str, lang: str) -> None:
    """The page equals its golden; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    async with opened(lang) as (app, pilot):
        await press(pilot, *PAGES[page])
        shown = text(app)
        assert widths(app) == {80}
    path = GOLDEN / f"{page}.{lang}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [(40, 16), (40, 20), (80, 24), (120, 40)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_line_is_as_wide_as_the_screen(size: tuple[int, int], lang: str) -> None:
    async with opened(lang, size) as (app, pilot):
        for keys in _steps():
            await press(pilot, *keys)
            assert widths(app) == {size[0]}
            assert len(lines(app)) == size[1]
        for _ in range(12):
            await press(pilot, "pagedown")
            assert widths(app) == {size[0]}


def _steps() -> list[tuple[str, ...]]:
    """The way to the result, key by key."""
    return [(), *((key,) for key in TO_RESULT)]


async def test_ascii_signs_draw_only_ascii_and_chinese() -> None:
    async with opened("zh", glyphs=ASCII) as (app, pilot):
        for keys in _steps():
            await press(pilot, *keys)
            drawn = set("".join(lines(app)))
            assert not {char for char in drawn if "\u2000" <= char < "\u3000"}


@pytest.mark.parametrize("size", [(39, 24), (80, 15), (10, 3), (1, 1)])
async def test_too_small_is_one_line(size: tuple[int, int]) -> None:
    async with opened() as (app, pilot):
        await pilot.resize_terminal(*size)
        await pilot.pause()
        if size[0] >= 10:
            assert text(app).split() == ["请放大窗口"]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "开始" in text(app)
