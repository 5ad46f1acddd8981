"""The compiled scanner writes what the exact path writes, whatever stands in the lines."""

from __future__ import annotations

import gzip
import io
import random
import tempfile
import threading
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.batch import scanner
from engine.batch.chunks import Chunks
from engine.batch.outcomes import Decider
from engine.batch.pipeline import Worker, run_brief
from engine.batch.run import run
from engine.batch.summary import Summary
from engine.calendar import ShortMonth, add_months, latest_start, months_between
from engine.checker import Checker
from tests.support import loaded
from tests.support.axes import crowded_axes, open_cells_differ, random_axis
from tests.support.compiled import compiled
from tests.support.hostile_lines import Lines, days, right, wrong
from tests.support.random_rulesets import CODES, load, rulesets

pytestmark = pytest.mark.slow
DAY = date(2026, 1, 5)
LONG = b'{"id": "' + b"x" * (1 << 20) + b'"}'
NAMES = ("may_bind", "available", "filing_required", "filing_status", "premium")


@pytest.fixture(scope="module", autouse=True)
def _scanner() -> None:
    compiled()


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(loaded.library(), compare=False)


def brief(
    checker: Checker, path: Path, names: tuple[str, ...] | None = NAMES, **options: Any
) -> tuple[bytes, Summary]:
    """The bytes written and the counts."""
    out: list[bytes] = []
    summary = run_brief(
        checker, [str(path)], lambda part: out.append(bytes(part)), DAY, None, names, **options
    )
    return b"".join(out), summary


def counts(summary: Summary) -> tuple[object, ...]:
    return summary.cases, summary.errors, summary.codes, summary.verdicts, summary.outcomes


def lines(checker: Checker, seed: int, count: int, wrong: float) -> bytes:
    # The first line is right, so that what follows is read one case a line.
    return b'{"id": "first"}\n' + Lines(checker.library, seed).text(count, wrong)


@pytest.mark.parametrize("wrong", [0.2, 0.02, 0.0])
def test_it_writes_what_the_exact_path_writes(
    checker: Checker, tmp_path: Path, wrong: float
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(lines(checker, 11, 600, wrong))
    fast, exact = brief(checker, path), brief(checker, path, compiled=False)
    assert fast[0] == exact[0]
    assert counts(fast[1]) == counts(exact[1])


def test_every_decision_shipped(checker: Checker, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(lines(checker, 5, 12, 0.0))
    assert brief(checker, path, None)[0] == brief(checker, path, None, compiled=False)[0]


def test_bytes_do_not_depend_on_jobs_or_chunks(checker: Checker, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(lines(checker, 3, 400, 0.05) * 6)  # more than the head read first
    expected = brief(checker, path)
    for jobs, chunk in ((1, 20_000), (2, 50_000), (3, 200_000)):
        found = brief(checker, path, jobs=jobs, chunk=chunk)
        assert found[0] == expected[0], (jobs, chunk)
        assert counts(found[1]) == counts(expected[1])


def test_the_words_are_those_of_the_full_contract(checker: Checker, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(lines(checker, 8, 60, 0.02))
    full: list[list[str]] = []
    run(
        checker, [str(path)],
        lambda _, result: full.append([str(one.outcome or one.verdict)
                                       for one in result.decisions.values()]),
        DAY, None, NAMES,
    )  # fmt: skip
    short: list[list[str]] = []
    for line in brief(checker, path)[0].splitlines():
        if b'"error"' in line:
            short.append([])
        else:
            short.append(line.decode().split('"may_bind"')[1].strip(': "}').split('", "'))
    assert len(short) == len(full)
    for mine, theirs in zip(short, full, strict=True):
        assert [one.rsplit('": "', 1)[-1] for one in mine] == theirs


@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(files=rulesets(), seed=st.integers(0, 10**6))
def test_any_ruleset(files: dict[str, Any], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(load(files, Path(folder)))
        path = Path(folder) / "cases.jsonl"
        places = [f'"{code}"' for code in CODES]
        path.write_bytes(b"{}\n" + Lines(checker.library, seed, places).text(80, 0.01))
        fast = brief(checker, path, None)
        slow = Checker(checker.library)
        exact = brief(slow, path, None, compiled=False)
        assert fast[0] == exact[0]
        assert counts(fast[1]) == counts(exact[1])
        assert fast[1].compared == exact[1].compared
        checker.close()
        slow.close()


def test_both_engines_decide_the_classes_met(tmp_path: Path) -> None:
    library = loaded.library()
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"{}\n" + Lines(library, 2).text(25, 0.0))
    found = [brief(Checker(library), path, NAMES[:3], compiled=one)[1].compared
             for one in (True, False)]  # fmt: skip
    assert found[0] == found[1] > 0


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n\n", b'\xef\xbb\xbf{"id": "bom"}\n{}', b'[{"id": "a"}, {}]',
        b'{\n"id": "a"\n}\n{}', b"nothing\n{}\n", b"{}\r\n\r\n{}",
        b'{"id": "cut"', b'{"id": "cut"\n{"id": "b"}', b"\xff\xfe{}",
        LONG + b'\n{"id": "after"}\n' + LONG * 3,
        b"{}\n" + b" " * (1 << 20) + b'{"id": "beyond"}\n{"id": "after"}',
        b'{"id": "' + "\u7ae5".encode() * 100_000 + b'"}\n{}',
    ],
)  # fmt: skip
def test_every_shape_of_an_input(checker: Checker, tmp_path: Path, data: bytes) -> None:
    for name, stored in (("cases", data), ("cases.gz", gzip.compress(data))):
        path = tmp_path / name
        path.write_bytes(stored)
        exact = brief(checker, path, NAMES[:1], compiled=False)
        for chunk in (64, 1 << 20):
            fast = brief(checker, path, NAMES[:1], chunk=chunk)
            assert fast[0] == exact[0]
            assert counts(fast[1]) == counts(exact[1])
            assert fast[1].broken == exact[1].broken


def test_a_gzip_that_breaks_off_is_answered_as_far_as_it_goes(
    checker: Checker, tmp_path: Path
) -> None:
    path = tmp_path / "cases.gz"
    data = b"".join(b'{"id": "%d", "x_a": "%d"}\n' % (i, i * 7919 % 65536) for i in range(3000))
    path.write_bytes(gzip.compress(data)[:-2000])
    exact = brief(checker, path, NAMES[:1], compiled=False)
    fast = brief(checker, path, NAMES[:1], jobs=2)
    assert fast[0] == exact[0]
    assert fast[1].broken == exact[1].broken != []


RULES: tuple[ShortMonth, ...] = ("next_day", "last_day")


def test_months_are_counted_as_in_the_calendar() -> None:
    """Four years of month ends against each other, then days from anywhere."""
    library = scanner.library()
    assert library is not None
    pick = random.Random(4)
    first, last = date(1901, 1, 1).toordinal(), date(2099, 12, 31).toordinal()
    near = [day for start in starts_of_months() for day in range(start - 4, start + 2)]
    for number, rule in enumerate(RULES):
        for a in near:
            # What months_between counts: the most months that are completed.
            done = np.array([add_months(a, count, rule) for count in range(-50, 51)])
            counts = np.searchsorted(done, near, side="right") - 51
            assert [library.tb_calendar(0, a, b, number) for b in near] == counts.tolist()
        for a in (first, first + 1, last - 1, last, *near, *(pick.randint(first, last)
                                                              for _ in range(3000))):  # fmt: skip
            b, count = pick.randint(first, last), pick.randint(-400, 400)
            assert library.tb_calendar(0, a, b, number) == months_between(a, b, rule)
            assert library.tb_calendar(1, a, count, number) == add_months(a, count, rule)
            start = library.tb_calendar(2, a, count, number)
            assert start == latest_start(a, count, "months", rule)
    for number, rule in enumerate(RULES):
        for a in (first, last):  # from there into years that have no 29 February
            for count in range(-30, 31):
                assert library.tb_calendar(1, a, count, number) == add_months(a, count, rule)


def starts_of_months() -> list[int]:
    return [date(year, month, 1).toordinal() for year in range(2023, 2027)
            for month in range(1, 13)]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_open_cells_are_those_of_the_engine(checker: Checker, seed: int) -> None:
    pick = random.Random(seed)
    differing = open_cells_differ(checker, [random_axis(pick) for _ in range(250)], pick, 40)
    assert not differing


def test_open_cells_of_crowded_axes(checker: Checker) -> None:
    """More cuts than the scanner has room for at once."""
    assert not open_cells_differ(checker, list(crowded_axes()), random.Random(7), 6)


def test_what_is_right_is_not_handed_back(checker: Checker) -> None:
    """Not even the first line that names a place: it is scanned again once that is known."""
    library = scanner.library()
    assert library is not None
    some = list(right(checker.library))
    worker = Worker(library, Decider(checker, DAY, None, NAMES[:1]), threading.Lock())
    chunks = Chunks(io.BytesIO(b"\n".join(some)), "cases", library.tb_lines)
    assert chunks.replay() is None
    outputs = [worker.decide(chunk) for chunk in chunks]
    assert sum(one.summary.cases for one in outputs) == len(some)
    assert not [one for output in outputs for one in output.exact]
    worker.close()


@pytest.mark.parametrize("what", [right, wrong, days])
def test_one_thing_a_line(checker: Checker, tmp_path: Path, what: Any) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"{}\n" + b"\n".join(what(checker.library)))
    fast, exact = brief(checker, path, NAMES[:1]), brief(checker, path, NAMES[:1], compiled=False)
    for line, mine, twin in zip(
        path.read_bytes().split(b"\n"), fast[0].splitlines(), exact[0].splitlines(), strict=False
    ):
        assert mine == twin, line
    assert fast[0] == exact[0]
    assert counts(fast[1]) == counts(exact[1])
