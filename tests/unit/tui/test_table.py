"""Columns of a table and bars of counts fill exactly the room there is, whatever it is."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tui.browse.shapes import Bar, Column
from tui.text.glyphs import ASCII, UNICODE, Glyphs
from tui.widgets.bars import Bars
from tui.widgets.table import widths

COLUMNS = (Column("a", 9), Column("b", 12), Column("c", 20, grows=True), Column("d", 9))


@pytest.mark.parametrize("room", [1, 9, 10, 22, 42, 43, 44, 54, 53, 80, 200])
def test_columns_fill_the_room_and_the_first_ones_stay(room: int) -> None:
    found = widths(COLUMNS, room)
    assert found
    assert all(one > 0 for one in found)
    used = sum(found) + len(found) - 1
    assert used <= room
    if len(found) > 2:
        assert used == room
    whole = sum(one.width for one in COLUMNS) + len(COLUMNS) - 1
    assert (len(found) == len(COLUMNS)) == (room >= whole)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [36, 40, 72, 116])
def test_bars_are_as_wide_as_the_page_and_show_what_there_is(width: int, glyphs: Glyphs) -> None:
    counts = (0, 1, 999_999, 1_000_000)
    bars = Bars([Bar("✓", "可以" * (1 + n), count, 1_000_000) for n, count in enumerate(counts)],
                glyphs)  # fmt: skip
    lines = bars.lines(width)
    assert [cell_len(line) for line in lines] == [width] * 4
    drawn = [(line.count(glyphs.bar), line.count(glyphs.rest)) for line in lines]
    if sum(drawn[0]):
        assert drawn[0][0] == 0
        assert drawn[1][0] == 1
        assert drawn[2][0] < drawn[3][0]
    for line, count in zip(lines, counts, strict=True):
        assert f"{count:,}" in line
