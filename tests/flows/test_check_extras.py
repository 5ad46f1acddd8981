"""The batch command with a map, ids that come twice, a report, and runs that are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.folders import RULESETS, project_over

CASE = {"region": "440300", "institution_kind": "centre", "birth_date": "2018-01-20"}
DAY = ["--as-of", "2026-03-01"]
NUMBER = "11010519491231002X"
TIMEOUT = 100


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program over the small rulesets: it starts fast."""
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "tui", "check", *map(str, args)]


def environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8"}


def check(project: Path, *args: str | Path, stdin: bytes = b"") -> tuple[int, list[Any], str]:
    done = subprocess.run(
        command(*args, "--lang", "en"), cwd=project, input=stdin, env=environment(),
        capture_output=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()], said


def lines(*cases: object) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in cases).encode()


def test_an_export_is_checked_as_it_is(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(
        'rename: {出生日期: birth_date, 机构: institution_kind, 编号: id}\ndrop: [姓名]\n'
        'values: {institution_kind: {"01": centre}}\nforms: {birth_date: YYYYMMDD, id: text}\n'
        'constants: {region: "440300"}\n', "utf-8",
    )  # fmt: skip
    export = [{"编号": at, "出生日期": "20180120", "机构": code, "姓名": "x"}
              for at, code in ((1, "01"), (2, "99"))]  # fmt: skip
    code, results, said = check(project, "-", "--map", path, *DAY, stdin=lines(*export))
    assert code == 1
    plain = check(project, "-", *DAY, stdin=lines({"id": "1", **CASE}))[1][0]
    assert results[0] == plain
    assert (results[1]["id"], results[1]["error"]["field"]) == ("2", "/机构")
    assert "column `姓名` says who somebody is in 2 cases; it was dropped" in said
    path.write_text("rename: {a: birthdate}\nvales: {}\n")
    code, results, said = check(project, "-", "--map", path, stdin=lines(*export))
    assert (code, results) == (2, [])
    assert "map.yaml:1:" in said
    assert "did you mean `birth_date`" in said
    assert "did you mean `values`" in said


def test_ids_that_come_twice(project: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(lines({"id": "a", **CASE}, {"id": "b", **CASE}, {"id": "a", **CASE}, CASE))
    other.write_bytes(b"\n" + lines({"id": "b", "nothing": 1}, {"id": NUMBER, **CASE}, CASE))
    code, results, said = check(project, one, other, *DAY)
    assert code == 1
    assert [("error" in result) for result in results] == [False] * 4 + [True, False, False]
    assert f"2 cases have an id that came before; lines, first and later: {one} (line 1)" in said
    assert "column `id` says who somebody is in 1 cases" in said
    assert NUMBER not in said
    code, results, _ = check(project, one, other, *DAY, "--unique-ids")
    assert code == 1
    assert len(results) == 7
    assert results[2]["error"]["code"] == "duplicate_id"
    assert results[2]["error"]["message"] == "the case on line 1 has the same id"
    (second,) = results[4]["more_errors"]
    assert second["message"] == f"the case on line 2 of {one} has the same id"
    assert [("error" in result) for result in results] == [
        False, False, True, False, True, False, False,
    ]  # fmt: skip


def test_a_report_and_the_same_as_data(project: Path, tmp_path: Path) -> None:
    report = tmp_path / "out.html"
    cases = lines({"id": "a", **CASE}, {"id": "<script>", "nothing": 1}, {"id": "a", **CASE})
    code, _, said = check(project, "-", *DAY, "--report", report, "--json-summary", stdin=cases)
    assert code == 1
    html = report.read_text("utf-8")
    assert html.startswith("<!doctype html>")
    assert "&lt;script&gt; (line 2)" in html
    assert "<script" not in html
    data = json.loads(said)
    assert data["rules"] in html
    assert data["error_codes"]["unknown_key"]["examples"] == [{"line": 2, "id": "<script>"}]
    assert data["decisions"]["may_bind"]["verdicts"] == data["verdicts"]["may_bind"]
    assert data["regions"]["440300"]["eligible"] >= 2
    code, _, said = check(project, "-", "--report", tmp_path / "none" / "r.html", stdin=cases)
    assert code == 2
    assert "no folder for the report" in said


def test_what_cannot_be_done_is_said(project: Path) -> None:
    code, results, said = check(project, "-", "--resume", "-o", "out")
    assert (code, results) == (2, [])
    assert "standard input cannot be resumed" in said


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "cases.jsonl"
    draw = random.Random(3)
    path.write_bytes(lines(*(
        {"id": f"c{at if at % 50 else at // 3}", "region": "440300",
         "birth_date": f"20{draw.randrange(10, 25)}-01-{draw.randrange(10, 29)}",
         **({"nothing": 1} if at % 40 == 3 else {})}
        for at in range(2000)
    )))  # fmt: skip
    return path


def test_kills_change_no_byte_and_leave_no_half_output(
    project: Path, many: Path, tmp_path: Path
) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    extras = ["--decisions", "may_bind", "--unique-ids", "--lang", "en"]
    check(project, many, "-o", whole, *extras, *DAY, "--report", tmp_path / "whole.html")
    args: list[str | Path] = [many, "-o", out, *extras, "--report", tmp_path / "out.html"]
    draw, more = random.Random(1), DAY
    for _ in range(3):
        with subprocess.Popen(
            command(*args, *more), cwd=project, env=environment(), stderr=subprocess.DEVNULL
        ) as process:
            part = out.with_name("out.part")
            wanted = draw.randrange(1, 250_000)
            while process.poll() is None and not (part.exists() and part.stat().st_size >= wanted):
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        if process.returncode == -signal.SIGKILL and not out.exists():
            assert out.with_name("out.journal").exists()
        # From now on the day is the one the first run counted from.
        more = ["--resume"]
        if out.exists():
            break
    if not out.exists():
        code, _, said = check(project, *args, *more)
        assert code == 1
        assert "2000 cases in, 2000 results out" in said
    assert out.read_bytes() == whole.read_bytes()
    assert (tmp_path / "out.html").read_text() == (tmp_path / "whole.html").read_text()
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "out", "out.html", "whole", "whole.html",
    ]  # fmt: skip
