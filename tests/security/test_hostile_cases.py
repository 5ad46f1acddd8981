"""Cases that attack the reader: each is told what is wrong with it, and the others are answered.

Where memory counts, the run is a process of its own, and the size it grew to is measured.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.batch.pipeline import run_brief
from engine.batch.run import run
from engine.checker import Checker
from engine.errors import RulesetError
from engine.library import Library
from engine.loader import MAX_FAULTS
from engine.source_file import MAX_BYTES
from tests.fuzz import loader as fuzzed_loader
from tests.fuzz import reader as fuzzed_reader
from tests.fuzz.run import plainly
from tests.support.compiled import compiled
from tests.support.folders import ROOT, RULESETS, project_over

DAY = date(2026, 3, 1)
GOOD = b'{"id": "good", "region": "440300", "birth_date": "2018-01-20"}\n'
MEGA = 1 << 20
GROWN = 48 << 20
"""What a hostile input may take beyond what a good one takes."""
# `make fuzz` sets it: the sizes of the issue, 1 GB and 10 GB, in place of small ones.
BIG = bool(os.environ.get("HOSTILE_BIG"))
LINE = (1024 if BIG else 80) * MEGA
UNPACKED = (10_240 if BIG else 96) * MEGA

EXPONENTS = (
    (b"institution_level", b"1e999999999"), (b"bill_yuan", b"1e-999999999"),
    (b"x_a", b"9e99999999999999999999"), (b"x_a", b"1e999999999"), (b"id", b"1e999999999"),
    (b"region", b"1e999999999"), (b"as_of", b"1e999999999"), (b"topics", b"[1e999999999]"),
)  # fmt: skip
CASES: dict[str, tuple[bytes, list[str]]] = {
    "deep lists": (b'{"x_a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", ["too_deep"]),
    "deep objects": (b'{"x_a":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}", ["too_deep"]),
    "never closed": (b"[" * 900_000, ["too_deep"]),
    "too many keys": (
        b"{" + b",".join(b'"k%d":1' % at for at in range(150_000)) + b"}", ["too_long"],
    ),
    "many carried": (b"{" + b",".join(b'"x_%d":1' % at for at in range(20_000)) + b"}", [""]),
    "one key often": (b"{" + b",".join([b'"region":"440300"'] * 20_000) + b"}", ["duplicate_key"]),
    "digits": (b'{"institution_level":' + b"9" * 900_000 + b"}", ["too_long"]),
    "exponents": (
        b"\n".join(b'{"%s":%s}' % one for one in EXPONENTS),
        ["outside_domain", "outside_domain", "too_long", "", "wrong_type", "wrong_type",
         "wrong_type", "wrong_type"],
    ),
    "no numbers": (b'{"x_a":NaN}\n{"x_a":-Infinity}', ["not_json", "not_json"]),
    "surrogates": (
        b'{"id":"\\ud800","x_\\udfff":"\\ud83d"}\n{"id":"\xed\xa0\x80"}\n{"id":"\\ud83d\\ude00"}',
        ["", "not_utf8", ""],
    ),
    "nul": (b'{"id":"a\x00b"}\n\x00\x00\n{"id":"a\\u0000b"}', ["not_json", "not_json", ""]),
    "lone returns": (b'{"id":"a"}\r{"id":"b"}\r{"id":"c"}', ["not_json"]),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _scanner() -> None:
    compiled()


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker.load(RULESETS, compare=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


def answered(checker: Checker, path: Path) -> list[dict[str, Any]]:
    """The results, which the brief ways must agree with."""
    lines: list[str] = []
    summary = run(checker, [str(path)], lambda text, _result: lines.append(text), DAY)
    assert summary.cases == len(lines)
    assert summary.broken == []
    full = [json.loads(line, parse_float=str) for line in lines]
    for compiled_ in (True, False):
        out = bytearray()
        run_brief(checker, [str(path)], out.extend, DAY, compiled=compiled_)
        brief = [json.loads(line, parse_float=str) for line in out.splitlines()]
        assert [(one["id"], one.get("error")) for one in brief] == [
            (one["id"], one.get("error")) for one in full
        ]
    return full


@pytest.mark.parametrize("name", CASES)
def test_each_is_told_and_the_others_are_answered(
    checker: Checker, tmp_path: Path, name: str
) -> None:
    text, codes = CASES[name]
    path = tmp_path / "cases.jsonl"
    path.write_bytes(GOOD + text + b"\n" + GOOD)
    first, *odd, last = answered(checker, path)
    assert {one["id"] for one in (first, last)} == {"good"}
    assert first["decisions"] == last["decisions"]
    assert [one.get("error", {}).get("code", "") for one in odd] == codes
    for one in odd:
        assert len(one.get("error", {}).get("message", "")) < 200
    # In an array the same elements come to the same, as far as they can be told apart there.
    if name not in {"never closed", "too many keys", "nul", "lone returns"}:
        elements = [GOOD, *text.split(b"\n"), GOOD]
        path.write_bytes(b"[" + b",\n".join(one.strip() for one in elements) + b"]")
        found = [one.get("error", {}).get("code", "") for one in answered(checker, path)]
        assert found == ["", *codes, ""]


def test_lone_returns_are_named(checker: Checker, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b'{"id":"a"}\r{"id":"b"}\r')
    (one,) = answered(checker, path)
    assert one["error"]["message"].endswith(": a lone carriage return ends no line")
    path.write_bytes(b'{"id":\r\n"a"}\r\n{"id" "b"}\r\n')
    assert "lone" not in json.dumps(answered(checker, path))


def test_a_row_that_is_none_costs_no_other(checker: Checker, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(
        b'id,region\na,440300\n"b"x,440300\n' + b"y" * (2 * MEGA) + b"\nc\0,440300\n"
        b'"' + b"z\n" * 66_000 + b'z",440300\nd,440300\n'
    )
    found = answered(checker, path)
    assert [one["id"] for one in found[:4]] == ["a", None, None, "c\0"]
    assert [one.get("error", {}).get("code") for one in found[:5]] == [
        None, "wrong_columns", "too_long", None, "wrong_columns",
    ]  # fmt: skip
    assert found[-1]["id"] == "d"
    assert [one["line"] for one in found[:5]] == [2, 3, 4, 5, 6]


def test_where_an_input_breaks_off_is_told_alike(checker: Checker, tmp_path: Path) -> None:
    """Found by fuzzing: a long line that began before the break was counted by one way only."""
    path = tmp_path / "cases.jsonl"
    path.write_bytes(
        gzip.compress(GOOD * 6 + b" " + random.Random(1).randbytes(200_000).replace(b"\n", b""))[
            :-90_000
        ]
    )
    said = run(checker, [str(path)], lambda _text, _result: None, DAY).broken
    assert [one.partition(": ")[0].partition(" breaks off ")[2] for one in said] == ["after line 6"]
    for compiled_ in (True, False):
        brief = run_brief(checker, [str(path)], lambda _part: None, DAY, compiled=compiled_)
        assert brief.broken == said


def grown(project: Path, path: Path, *args: str) -> tuple[int, int, bytes]:
    """Exit code, the most memory a check took in bytes, and what it wrote."""
    told = path.with_name("most")
    alone = [sys.executable, str(ROOT / "tests" / "support" / "memory.py"), str(told)]
    command = [*alone, sys.executable, "-m", "tui", *args, str(path), "--as-of", "2026-03-01"]
    done = subprocess.run(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False)  # fmt: skip
    return done.returncode, int(told.read_text()), done.stdout


@pytest.fixture(scope="module")
def least(project: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """What a good input takes, explained: the most of all ways."""
    path = tmp_path_factory.mktemp("small") / "small.jsonl"
    path.write_bytes(GOOD)
    return grown(project, path, "explain")[1]


def _packed(*parts: tuple[bytes, int]) -> bytes:
    """Each part so many times over, as members of one gzip file that hold much each."""
    out = b""
    for text, times in parts:
        many = min(times, 16 * MEGA // len(text) or 1)
        out += gzip.compress(text * many, mtime=0) * max(1, times // many)
    return out


@pytest.mark.parametrize("args", [("check",), ("check", "--outcomes")])
def test_a_bomb_takes_little_memory(
    project: Path, least: int, tmp_path: Path, args: tuple[str, ...]
) -> None:
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(_packed((GOOD, 1), (b"\0", UNPACKED), (b"\n", 1), (GOOD, 1)))
    code, most, out = grown(project, bomb, *args)
    assert (code, most < least + GROWN) == (1, True)
    assert out.count(b"good") >= 2
    assert b"1048576 bytes" in out


def test_rows_and_elements_without_end_take_little_memory(
    project: Path, least: int, tmp_path: Path
) -> None:
    for name, parts in {
        "row.csv.gz": ((b"id,region\n", 1), (b"x", LINE), (b"\na,440300\n", 1)),
        "element.gz": ((b'[{"id":"', 1), (b"x", LINE), (b'"},', 1), (GOOD, 1), (b"]", 1)),
    }.items():
        path = tmp_path / name
        path.write_bytes(_packed(*parts))
        code, most, out = grown(project, path, "check")
        results = [json.loads(line) for line in out.splitlines()]
        assert (code, most < least + GROWN) == (1, True), name
        assert [one.get("error", {}).get("code") for one in results] == ["too_long", None]


# -- rulesets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 50_000,
        "".join(f"k{at}: 1\n" for at in range(5_000)),
        "facts:\n" + "".join(f"  k{at}: 1\n" for at in range(5_000)),
        "a: " + "x" * (MAX_BYTES + 1),
        "x" * 1_000_000 + ": 1",
        "a: &a [*a, *a]\n" * 1_000,
        "a: !!python/object/apply:os.system [exit]\n",
        "facts: {a: {label: 9" + "9" * 100_000 + "}}\n",
    ],
    ids=["lists", "objects", "sequences", "keys", "unknown", "entries", "bytes", "key", "anchors",
         "tag", "digits"],
)  # fmt: skip
def test_a_hostile_ruleset_is_refused_in_time(tmp_path: Path, text: str) -> None:
    target = fuzzed_loader.Target(tmp_path / "good")
    target.hold(b"\xff" + text.encode())
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "x.yaml").write_text(text, "utf-8")
    with pytest.raises(RulesetError) as caught:
        Library.load(alone)
    assert len(caught.value.faults) <= MAX_FAULTS
    assert all(len(fault.render()) < 1_000 for fault in caught.value.faults)


# -- fuzzing: a few seconds of it, the same on every machine; `make fuzz` goes on --------------


def test_mutated_cases_hold_the_laws(tmp_path: Path) -> None:
    assert plainly(fuzzed_reader.Target(tmp_path), 100) == 100


def test_mutated_rulesets_hold_the_laws(tmp_path: Path) -> None:
    assert plainly(fuzzed_loader.Target(tmp_path), 40) == 40
