"""The batch command with `--outcomes`, as a process: what it writes, refuses and exits with."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.batch import build
from tests.support.compiled import compiled
from tests.support.folders import ROOT, RULESETS, project_over

CASE = {"region": "440300", "institution_kind": "centre", "birth_date": "2018-01-20"}
NAMES = ("emergency_covered", "may_bind")
ASKED = ("--outcomes", "--decisions", ",".join(NAMES), "--as-of", "2026-03-01", "--lang", "en")
TIMEOUT = 100


@dataclass(frozen=True)
class Done:
    """What a run came to."""

    code: int
    out: bytes
    said: str

    @property
    def results(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiled()
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def uncompiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same where no library was compiled from this source of the scanner."""
    folder = project_over(RULESETS, tmp_path_factory.mktemp("uncompiled"))
    with (folder / build.SOURCE.relative_to(ROOT)).open("a") as stream:
        stream.write("/* never compiled */\n")
    return folder


def check(project: Path, *args: str | Path, stdin: bytes = b"") -> Done:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "check", *map(str, args)], cwd=project, input=stdin,
        env={**kept, "LC_ALL": "C.UTF-8"}, capture_output=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    return Done(done.returncode, done.stdout, said)


def lines(*cases: object) -> bytes:
    return "".join(
        (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n"
        for one in cases
    ).encode()


MIXED = lines(
    {"id": "right", "x_note": "\u7ae5", **CASE},
    {"id": "lacking", "region": "440300"},
    {"id": "typo", **CASE, "birthdate": "2018-01-20"},
    '{"id": "cut", "region": ',
    {"id": "unborn", "x_row": 7, **CASE, "birth_date": "2027-01-01"},
    {"id": "its own day", **CASE, "birth_date": "2026-02-01", "as_of": "2026-01-05"},
    "",
    {"id": "late", **CASE, "birth_date": "2009-01-20"},
    {**CASE, "region": "nowhere"},
)


def test_lines_and_their_order(project: Path, uncompiled: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(MIXED)
    done = check(project, path, *ASKED, "--jobs", "2")
    assert done.code == 1
    results = done.results
    assert [one["id"] for one in results] == [
        "right", "lacking", "typo", "cut", "unborn", "its own day", "late", None,
    ]  # fmt: skip
    assert [*results[0]] == ["id", "x_note", *NAMES]
    assert results[0]["x_note"] == "\u7ae5"
    assert "error" not in results[6]
    wrong = {at: (one["line"], one["error"]["code"])
             for at, one in enumerate(results) if "error" in one}  # fmt: skip
    assert wrong == {
        2: (3, "unknown_key"), 3: (4, "not_json"), 4: (5, "contradiction"),
        5: (6, "contradiction"), 7: (9, "unknown_place"),
    }  # fmt: skip
    assert [*results[4]] == ["id", "line", "as_of", "x_row", "error"]
    assert results[5]["as_of"] == "2026-01-05"
    assert "8 cases in, 8 results out, 5 with errors" in done.said
    assert "not compiled" not in done.said
    twin = check(uncompiled, path, *ASKED, "--jobs", "2")
    assert (twin.code, twin.out) == (done.code, done.out)
    assert "the scanner is not compiled" in twin.said
    assert done.said.splitlines() == twin.said.splitlines()[1:]


def test_the_words_are_those_of_the_full_results(project: Path) -> None:
    done = check(project, "-", *ASKED, stdin=MIXED)
    full = check(project, "-", *ASKED[1:], stdin=MIXED)
    assert done.code == full.code == 1
    for short, long in zip(done.results, full.results, strict=True):
        if "error" in long:
            assert short == long
        else:
            assert [short[name] for name in NAMES] == [
                one["outcome"] or one["verdict"] for one in long["decisions"].values()
            ]


def test_inputs_of_every_kind(project: Path, tmp_path: Path) -> None:
    cases = [{"id": str(at), **CASE} for at in range(3)]
    path, packed = tmp_path / "cases.json", tmp_path / "cases.jsonl.gz"
    path.write_text(json.dumps(cases))
    packed.write_bytes(gzip.compress(lines(*cases)))
    done = check(project, packed, "-", path, *ASKED, "--jobs", "2", stdin=lines(*cases))
    assert done.code == 0
    assert [one["id"] for one in done.results] == ["0", "1", "2"] * 3
    assert len(set(done.out.splitlines())) == len(cases)


def test_the_output_appears_whole_or_not_at_all(project: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "cases.jsonl", tmp_path / "out" / "results.jsonl"
    out.parent.mkdir()
    path.write_bytes(lines(CASE))
    done = check(project, path, *ASKED, "-o", out)
    assert (done.code, done.out) == (0, b"")
    assert [*json.loads(out.read_bytes())] == ["id", *NAMES]
    before = out.read_bytes()
    refused = check(project, "-", "-", *ASKED, "-o", out, stdin=lines(CASE, CASE))
    assert refused.code == 2
    assert "standard input can be read only once" in refused.said
    assert out.read_bytes() == before
    assert [*out.parent.iterdir()] == [out]


def test_an_input_that_breaks_off(project: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(lines(*[{"id": f"c{at}", **CASE} for at in range(900)]))[:-20])
    done = check(project, broken, tmp_path / "none", "-", *ASKED, stdin=lines({"id": "last"}))
    assert done.code == 2
    assert "broken.gz breaks off after line" in done.said
    assert "cannot read" in done.said
    assert done.results[-1]["id"] == "last"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--outcomes", "--decisions", "may_bnd"], "no decision may_bnd; there are "),
        (["--outcomes", "--explain"], "--outcomes and --explain exclude each other"),
        (["--outcomes", "--resume", "-o", "out"], "standard input cannot be resumed"),
        (["--outcomes", "--resume"], "--resume needs a file to write to"),
    ],
)
def test_what_is_refused(project: Path, args: list[str], told: str) -> None:
    done = check(project, "-", *args, stdin=lines(CASE))
    assert (done.code, done.out) == (2, b"")
    assert told in done.said
    assert len(done.said.splitlines()) == 1
