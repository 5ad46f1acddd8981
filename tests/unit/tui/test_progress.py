"""Progress: a line for each tenth in a pipe, a bar on a terminal, silence where it is asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest

from engine.batch.progress import CASES_A_LINE, Meter
from tui.batch.progress import WORTH_TELLING, duration, shown
from tui.locale import Locale

SIZE = 10 * WORTH_TELLING


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def clock(*seconds: float) -> Iterator[float]:
    yield from seconds
    while True:
        yield seconds[-1]


def meter(total: int | None, *seconds: float, resumed: tuple[int, int] = (0, 0)) -> Meter:
    times = clock(0, *seconds)
    return Meter(total, lambda: next(times), resumed=resumed)


def lines(one: Meter, *at: tuple[int, int], lang: str = "en", quiet: bool = False) -> list[str]:
    stream = io.StringIO()
    with shown(one, Locale(lang), quiet=quiet, stream=stream) as progress:
        for read, cases in at:
            progress.show(one.at(read, cases, {"eligible": cases, "unclear": 1}, 2))
    return stream.getvalue().splitlines()


def test_a_pipe_gets_a_line_for_each_tenth() -> None:
    at = [(SIZE * part // 1000, part) for part in range(1, 1001)]
    found = lines(meter(SIZE, 10.0), *at)
    assert [line.split("%")[0] for line in found] == [f"{part}0" for part in range(1, 11)]
    assert (
        found[0]
        == "10%, 100 cases, 10 a second, 1:30 left; Yes 100, The rules do not say 1, errors 2"
    )
    assert "100%" in lines(meter(SIZE, 10.0), *at, lang="zh")[-1]


def test_a_jump_is_one_line_and_more_than_all_is_all() -> None:
    found = lines(meter(SIZE, 1.0), (SIZE // 2, 5), (2 * SIZE, 9))
    assert [line.split("%")[0] for line in found] == ["50", "100"]


def test_without_a_size_cases_are_counted() -> None:
    found = lines(meter(None, 2.0), *((0, CASES_A_LINE * part // 2) for part in range(1, 5)))
    assert [line.split(" ")[0] for line in found] == ["1,000,000", "2,000,000"]


def test_small_inputs_and_quiet_runs_say_nothing() -> None:
    assert lines(meter(WORTH_TELLING - 1, 1.0), (WORTH_TELLING - 1, 5)) == []
    assert lines(meter(SIZE, 1.0), (SIZE, 5), quiet=True) == []


def test_what_an_earlier_run_did_does_not_count_for_the_pace() -> None:
    one = meter(1000, 10.0, resumed=(500, 5000))
    position = one.at(750, 6000, {}, 0)
    assert (position.share, position.rate, position.left) == (0.5, 100, 10)
    assert meter(1000, 0.0).at(0, 0, {}, 0).rate == 0
    assert meter(1000, 0.0).at(0, 0, {}, 0).left is None
    assert meter(0, 1.0).at(0, 0, {}, 0).share is None


def test_a_stream_that_shows_no_chinese_is_written_to_all_the_same() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    one = meter(SIZE, 1.0)
    with shown(one, Locale("zh"), quiet=False, stream=stream) as progress:
        progress.show(one.at(SIZE, 1, {}, 0))
    assert b"100%\\uff0c1" in raw.getvalue()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_terminal_gets_a_bar_that_goes(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream, one = _Terminal(), meter(SIZE, 5.0)
    with shown(one, Locale(lang), quiet=False, stream=stream) as progress:
        progress.show(one.at(SIZE // 4, 1234, {"eligible": 7}, 0))
    drawn = stream.getvalue()
    assert "25%" in drawn
    assert "1,234" in drawn
    # The last thing it does is to clear its line.
    assert re.search(r"\x1b\[2K\s*$", drawn)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (61, "1:01"), (3661, "1:01:01")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
