"""Brief results with a map, unique ids, counts and resuming: what the full path comes to."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar

import pytest

from engine.batch.attended import Attended
from engine.batch.encoding import Brief, encode
from engine.batch.identities import Identities
from engine.batch.mapping import CaseMap, Form
from engine.batch.pipeline import run_brief
from engine.batch.privacy import Privacy
from engine.batch.resume import Progress
from engine.batch.run import run
from engine.batch.tally import Tally
from engine.checker import Checker
from tests.support import loaded
from tests.support.compiled import compiled
from tests.support.hostile_lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from engine.batch.inputs import Place
    from engine.batch.summary import Summary

DAY = date(2026, 1, 5)
NAMES = ("may_bind", "available")
NUMBER = b"11010519491231002X"
KEY = b"a fixed key"
WAYS: tuple[dict[str, Any], ...] = (
    {"chunk": 3000}, {"jobs": 2, "chunk": 9000}, {"chunk": 1 << 20}, {"compiled": False},
)  # fmt: skip
MAP = CaseMap(
    {"孩子": "id", "BORN": "birth_date"}, frozenset({"姓名"}), {"scheme": {"01": "resident"}},
    {"birth_date": Form("YYYYMMDD"), "id": Form("text")}, {"x_from": "map"},
    {"scheme": frozenset({"resident", "employee"})},
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _scanner() -> None:
    compiled()


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while Run.opened:
        Run.opened.pop().close()


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(loaded.library(), compare=False)


def cases(checker: Checker, seed: int, count: int) -> bytes:
    """Hostile lines, every id of which was drawn from a few hundred, and some columns private."""
    pick = random.Random(seed)

    def drawn(_match: re.Match[bytes]) -> bytes:
        short = pick.randrange(3 * count)
        return pick.choice((
            b'"id": "c%d"' % short, b'"id": "%d%s"' % (short, b"x" * pick.randrange(90)),
            b'"id": "%s"' % NUMBER, b'"id": "a\\n%d"' % (short % 9), b'"id": "c%d"' % short,
        ))  # fmt: skip

    text = re.sub(rb'"id": "c1"', drawn, Lines(checker.library, seed).text(count, 0.05))
    text = text.replace(b'"x_a"', '"x_姓名"'.encode())
    return b'{"id": "c1", "x_note": "%s"}\n' % NUMBER + text


class Run:
    """One run with everything around it, and what it came to."""

    opened: ClassVar[list[Identities]] = []

    def __init__(self, checker: Checker, *, mapping: CaseMap | None = None) -> None:
        self.kept: list[bytes] = []
        self.stopped: list[tuple[Progress, int, int]] = []
        self.out: list[bytes] = []
        dropped = mapping.drop if mapping else ()
        self.identities = Identities(key=KEY)
        self.identities.kept = self.kept.append
        self.opened.append(self.identities)
        privacy = Privacy(checker.library.vocabulary.facts, dropped)
        self.attended = Attended(
            checker.library, mapping, self.identities, True, privacy, Tally(), step=self.step
        )
        self.checker = checker

    def step(self, summary: Summary, _stream: IO[bytes], place: Callable[[], Place]) -> None:
        progress = self.attended.progress(summary, place())
        written = json.loads(json.dumps(vars(progress)))
        self.stopped.append((Progress(**written), len(self.out), len(self.kept)))

    def full(self, paths: Sequence[str]) -> Run:
        """Each case the full way; only what a brief result holds is kept of it."""
        self.summary = run(
            self.checker, paths,
            lambda _, result: self.out.append((encode(Brief(result)) + "\n").encode()),
            DAY, None, NAMES, self.attended,
        )  # fmt: skip
        return self

    def brief(self, paths: Sequence[str], **how: Any) -> Run:
        self.summary = run_brief(
            self.checker, paths, lambda part: self.out.append(bytes(part)), DAY, None, NAMES,
            self.attended, **how,
        )  # fmt: skip
        return self

    def go_on(self, earlier: Run, at: int) -> Run:
        """Stand where another run stood after so many steps."""
        progress, written, kept = earlier.stopped[at]
        self.out, before = earlier.out[:written], b"".join(earlier.kept[:kept])
        self.identities.kept = None
        self.identities.replay(io.BytesIO(before), len(before))
        self.attended.go_on(progress)
        return self

    @property
    def came_to(self) -> dict[str, Any]:
        self.attended.close()
        summary, privacy, tally = self.summary, self.attended.privacy, self.attended.tally
        assert privacy is not None
        assert tally is not None
        outcomes = {name: {one: n for one, n in tally.outcomes(name).items() if one}
                    for name in NAMES}  # fmt: skip
        return {
            "written": b"".join(self.out).splitlines(),
            "counts": (summary.cases, summary.results, summary.errors, summary.codes),
            "broken": summary.broken,
            "verdicts": {name: summary.verdicts[name] for name in NAMES},
            "again": {name: tally.verdicts(name) for name in NAMES},
            "outcomes": outcomes,
            "errors": (tally.errors, tally.examples),
            "duplicates": self.identities.duplicates,
            "listed": [(str(one), [*map(str, later)]) for one, later in self.attended.listed],
            "private": privacy.found,
        }


def same(checker: Checker, paths: Sequence[str], mapping: CaseMap | None = None) -> Run:
    """The full way and every other one come to the same; the run in small chunks."""
    expected = Run(checker, mapping=mapping).full(paths)
    first = None
    for how in WAYS:
        other = Run(checker, mapping=mapping).brief(paths, **how)
        for name, value in expected.came_to.items():
            assert other.came_to[name] == value, (how, name)
        first = first or other
    assert first is not None
    assert expected.identities.duplicates
    return first


@pytest.mark.parametrize("seed", range(2))
def test_all_around_is_as_in_the_full_path(checker: Checker, tmp_path: Path, seed: int) -> None:
    one, other = tmp_path / "one", tmp_path / "other.gz"
    one.write_bytes(cases(checker, seed, 120))
    other.write_bytes(gzip.compress(cases(checker, seed + 9, 80))[:-12])
    ran = same(checker, [str(one), str(other), str(tmp_path / "none"), str(one)])
    assert len(ran.summary.broken) == 2
    (note,) = [one for one in ran.came_to["private"] if one.column == "x_note"]
    assert note.cases == 3


def test_arrays_and_columns(checker: Checker, tmp_path: Path) -> None:
    pick = random.Random(4)
    facts = [{"id": f"c{pick.randrange(150)}", "region": "440300", "scheme": "resident",
              "birth_date": f"20{pick.randrange(10, 25)}-01-20", "x_name": "x",
              "bound_hospital": pick.randrange(3)} for _ in range(200)]  # fmt: skip
    array, table = tmp_path / "array.json", tmp_path / "table.csv"
    array.write_text(json.dumps([*facts, "none", {"id": "c1", "nothing": 1}], indent=1))
    with table.open("w", newline="") as stream:
        rows = csv.DictWriter(stream, [*facts[0]])
        rows.writeheader()
        rows.writerows(facts)
        stream.write("c1,440300\n")
    same(checker, [str(array), str(table)])


def test_a_map(checker: Checker, tmp_path: Path) -> None:
    pick = random.Random(6)
    rows = [{"孩子": pick.randrange(150), "BORN": pick.choice(("20150120", "20151320", None)),
             "姓名": "x", "scheme": pick.choice(("01", "02", "resident")), "region": "440300",
             "x_a": 1.5, **({"birth_date": "2015-01-01"} if at % 30 == 3 else {})}
            for at in range(200)]  # fmt: skip
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows) + "{\n\n")
    same(checker, [str(path), str(path)], MAP)


@pytest.mark.parametrize("form", ["lines", "packed", "array"])
def test_a_run_goes_on_wherever_it_was_stopped(checker: Checker, tmp_path: Path, form: str) -> None:
    path = tmp_path / "cases"
    text = cases(checker, 3, 60)
    if form == "array":
        text = b"[" + b",\n".join(b'{"id": "%d"}' % (at // 2) for at in range(40)) + b"]"
    path.write_bytes(gzip.compress(text) if form == "packed" else text)
    paths = [str(path), str(path)]
    whole = Run(checker).full(paths)
    expected, pick = whole.came_to, random.Random(1)
    for at in pick.sample(range(len(whole.stopped)), 4):
        assert Run(checker).go_on(whole, at).full(paths).came_to == expected
    brief = Run(checker).brief(paths, chunk=100)
    for at, how in zip(pick.sample(range(len(brief.stopped)), 5), WAYS * 2, strict=False):
        assert Run(checker).go_on(brief, at).brief(paths, **how).came_to == expected
    assert len(brief.stopped) > 4
    if form != "array":
        # No line is read twice: the places go up to the end of each input.
        places = [one.offset for one, *_ in brief.stopped if one.file == 1]
        assert all(first < second for first, second in pairwise(places))
        assert places[-1] == len(text)
