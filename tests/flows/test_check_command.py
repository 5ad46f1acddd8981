"""The batch command as a script meets it: its streams, exit codes, signals and surroundings."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support.folders import RULESETS, project_over

GOOD = {"id": "good", "region": "440300", "institution_kind": "centre", "birth_date": "2018-01-20"}
CHILD = {"id": "child", "region": "440300", "birth_date": "2012-03-02",
         "institution_kind": "hospital", "institution_level": 3}  # fmt: skip
BAD = {"id": "bad", "nothing": 1}
DAY = ["--as-of", "2026-03-01"]
TIMEOUT = 60


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program over the small rulesets: it starts fast, and may be broken."""
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (GOOD, CHILD)))
    return path


def environment(**extra: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONDEVMODE": "1", **extra}


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "tui", "check", *map(str, args)]


def check(
    project: Path, *args: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> tuple[int, list[Any], str]:
    """The exit code, the results on stdout and the text on stderr."""
    done = subprocess.run(
        command(*args), cwd=project, input=stdin, env=dict(env or environment()),
        capture_output=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert "Warning" not in said, said
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()], said


def lines(*cases: object) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in cases).encode()


def started(project: Path, *args: str | Path, **how: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(*args), cwd=project, env=environment(), stderr=subprocess.PIPE, **how
    )


def test_data_goes_to_stdout_and_the_rest_to_stderr(project: Path, cases: Path) -> None:
    code, results, said = check(project, cases, *DAY)
    assert code == 0
    assert [one["id"] for one in results] == ["good", "child"]
    assert results[1]["decisions"]["may_bind"]["changes_on"] == ["2026-03-02"]
    assert said.startswith("2 cases in, 2 results out, 0 with errors")
    code, results, said = check(project, cases, *DAY, "--quiet")
    assert (code, len(results), said) == (0, 2, "")
    code, results, said = check(project, cases, *DAY, "--json-summary")
    summary = json.loads(said)
    assert (summary["cases"], summary["results"], summary["errors"]) == (2, 2, 0)
    assert summary["verdicts"]["may_bind"] == {"eligible": 1, "not_eligible": 1}


def test_every_form_of_input(project: Path, tmp_path: Path) -> None:
    array = tmp_path / "array.json"
    array.write_text(json.dumps([GOOD, CHILD], indent=2))
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(lines(GOOD, CHILD)))
    single = tmp_path / "one.json"
    single.write_text(json.dumps(GOOD, indent=2))
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(lines(CHILD)))
    writer.start()
    code, results, said = check(
        project, array, packed, "-", single, fifo, "/dev/null", *DAY, stdin=lines(BAD, CHILD)
    )
    writer.join()
    assert (code, said.splitlines()[0].split(";")[0]) == (
        1, "8 cases in, 8 results out, 1 with errors",
    )  # fmt: skip
    assert [(one["id"], one["line"]) for one in results] == [
        ("good", 2), ("child", 8), ("good", 1), ("child", 2), ("bad", 1), ("child", 2),
        ("good", 1), ("child", 1),
    ]  # fmt: skip


def test_exit_codes_and_which_wins(project: Path, tmp_path: Path) -> None:
    good, bad = lines(GOOD, CHILD), lines(GOOD, BAD)
    none = str(tmp_path / "none")
    fail = ["--fail-on", "eligible,disputed"]
    runs: list[tuple[Sequence[str], bytes, int]] = [
        (["-"], good, 0),
        (["-"], b"", 0),
        (["-"], bad, 1),
        (["-", none], good, 2),
        (["-", none], bad, 2),
        (["-", none, *fail], bad, 2),
        (["-", str(tmp_path)], good, 2),
        (["-", *fail], good, 4),
        (["-", *fail], bad, 1),
        (["-", "--fail-on", "disputed"], good, 0),
        (["-", "--fail-on", "maybe"], good, 2),
        (["-", "--fail-on", ""], good, 2),
        (["-", "--topics", "clinics"], good, 2),
        (["-", "--topics", ""], good, 2),
        (["-", "--topics", " clinic "], good, 0),
        (["-", "-"], good, 2),
        (["-", "--as-of", "2026-02-30"], good, 2),
        (["-", "--as-of", "20260301"], good, 2),
        (["-", "--as-of", "1899-01-01"], good, 2),
        (["-", "--nonsense"], good, 2),
        ([], good, 2),
        (["-", "-o", str(tmp_path)], good, 2),
        (["-", "-o", str(tmp_path / "none" / "out")], good, 2),
    ]
    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(lambda run: check(project, *run[0], stdin=run[1])[0], runs))
    assert [(run[0], code) for run, code in zip(runs, codes, strict=True)] == [
        (run[0], run[2]) for run in runs
    ]


def test_a_missing_file_is_named_and_the_others_are_answered(
    project: Path, cases: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(lines(GOOD))[:-4])
    code, results, said = check(project, tmp_path / "深", cases, cut, tmp_path, cases, *DAY)
    assert code == 2
    assert [one["id"] for one in results] == ["good", "child", "good", "good", "child"]
    assert "cannot read" in said
    assert "深: No such file or directory" in said
    assert "cut.gz breaks off after line 1" in said
    assert "Is a directory" in said
    code, _, said = check(project, tmp_path / "none", cases, "--json-summary")
    assert (code, len(json.loads(said)["broken_inputs"])) == (2, 1)


def test_an_unknown_topic_or_verdict_is_told_with_what_there_is(project: Path) -> None:
    assert "no topic clinics; there are clinic" in check(project, "-", "--topics", "clinics")[2]
    said = check(project, "-", "--fail-on", "yes,eligible")[2]
    assert "no verdict yes; there are eligible, action_needed" in said


def test_a_case_with_faults_is_answered_by_them(project: Path) -> None:
    data = (
        lines(BAD)
        + b'{"id": "b", nonsense\n{"id":"c","region":"440300","x_a":1.50}\n'
        + lines({"id": "d", "region": "440300", "birth_date": "2026-03-02", "x_a": "深"})
    )
    code, (one, two, three, four), _ = check(project, "-", *DAY, stdin=data)
    assert code == 1
    assert one == {
        "id": "bad", "line": 1,
        "error": {"code": "unknown_key", "field": "/nothing", "message": "unknown key `nothing`",
                  "allowed": one["error"]["allowed"]},
    }  # fmt: skip
    assert (two["id"], two["line"], two["error"]["code"]) == ("b", 2, "not_json")
    assert (three["x_a"], three["as_of"]) == (1.5, "2026-03-01")
    assert (four["error"]["code"], four["x_a"]) == ("contradiction", "深")


def test_words_are_added_in_either_language(project: Path, cases: Path) -> None:
    english = check(project, cases, *DAY, "--explain", "--lang", "en")[1]
    chinese = check(project, cases, *DAY, "--explain", "--lang", "zh")[1]
    plain = check(project, cases, *DAY)[1]
    title = "Under 14 a tertiary hospital cannot be bound"
    assert english[1]["decisions"]["may_bind"]["words"]["title"] == title
    assert "周岁" in chinese[1]["decisions"]["may_bind"]["words"]["title"]
    for results in (english, chinese):
        for result in results:
            for decision in result["decisions"].values():
                decision.pop("words")
        assert results == plain
    command_ = [sys.executable, "-m", "tui", "--lang", "en", *DAY, "check", str(cases), "--explain"]
    out = subprocess.run(command_, cwd=project, env=environment(), capture_output=True, check=True)
    assert json.loads(out.stdout.splitlines()[1])["as_of"] == "2026-03-01"
    assert title in out.stdout.decode()


def test_results_do_not_depend_on_the_surroundings(
    project: Path, cases: Path, tmp_path: Path
) -> None:
    where = tmp_path / "out.jsonl"
    surroundings = [
        {},
        {"PYTHONHASHSEED": "0", "TZ": "America/Los_Angeles", "LC_ALL": "de_DE.UTF-8"},
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "TERM": "dumb"},
        {"LC_ALL": "zh_CN.GBK", "PYTHONIOENCODING": "gbk", "PYTHONCOERCECLOCALE": "0"},
    ]
    cases.write_text(cases.read_text() + json.dumps({"id": "深", "region": "深圳"}) + "\n", "utf-8")
    seen = set()
    args = command(cases, tmp_path / "不在", *DAY, "--explain", "--lang", "zh")
    for extra in surroundings:
        done = subprocess.run(
            args, cwd=project, env=environment(**extra), capture_output=True, check=False
        )
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        assert b"3 cases in" in done.stderr
        seen.add(done.stdout)
    subprocess.run(
        [*args, "-o", str(where)], cwd=project, env=environment(**surroundings[3]),
        capture_output=True, check=False,
    )  # fmt: skip
    seen.add(where.read_bytes())
    (only,) = seen
    assert '"id": "深"' in only.decode()


def test_a_file_appears_whole_with_its_permissions(
    project: Path, cases: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    there = folder / "there"
    there.write_text("before")
    there.chmod(0o600)
    link = folder / "link"
    link.symlink_to("there")
    assert check(project, cases, *DAY, "-o", link)[:2] == (0, [])
    assert link.is_symlink()
    assert len(there.read_text().splitlines()) == 2
    assert there.stat().st_mode & 0o777 == 0o600
    fresh = folder / "fresh"
    assert check(project, "-", "-o", fresh, stdin=lines(BAD))[0] == 1
    assert json.loads(fresh.read_text())["id"] == "bad"
    assert fresh.stat().st_mode & 0o777 == 0o666 & ~current_umask()
    # The input may be the output.
    assert check(project, cases, *DAY, "-o", cases)[0] == 0
    assert cases.read_text() == there.read_text()
    assert sorted(one.name for one in folder.iterdir()) == ["fresh", "link", "there"]


def current_umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_a_device_or_pipe_is_written_to_and_not_replaced(
    project: Path, cases: Path, tmp_path: Path
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_bytes()))
    reader.start()
    assert check(project, cases, *DAY, "-o", fifo)[0] == 0
    reader.join()
    assert len(read[0].splitlines()) == 2
    assert fifo.is_fifo()
    assert len(check(project, cases, *DAY, "-o", "/dev/stdout")[1]) == 2


def test_a_broken_ruleset_ends_before_anything_is_written(
    project: Path, cases: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.write_text("before")
    broken = tmp_path / "project"
    shutil.copytree(project, broken)
    path = broken / "rulesets" / "clinic" / "440300-shenzhen.yaml"
    path.write_text(path.read_text().replace("then: bindable\n", "then: bindible\n"))
    code, results, said = check(
        broken, cases, tmp_path / "none", "-o", there, "--fail-on", "eligible"
    )
    assert (code, results, there.read_text()) == (3, [], "before")
    assert "bindible" in said
    assert "did you mean `bindable" in said
    # A rule that is lacking is found where a case meets it.
    path.write_text(
        (project / "rulesets" / "clinic" / path.name).read_text().replace("{fact: emergency, equals"
        ": false}", "{fact: emergency, equals: true}", 1)
    )  # fmt: skip
    data = lines({"region": "440300", "emergency": False})
    code, _, said = check(broken, "-", "-o", there, stdin=data)
    assert (code, there.read_text()) == (3, "before")
    assert "emergency_covered" in said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["cases.jsonl", "project", "there"]


def test_an_output_that_cannot_be_written_is_named(project: Path, cases: Path) -> None:
    if Path("/dev/full").exists():
        for how in (["-o", "/dev/full"], []):
            with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
                process = started(project, cases, *how, stdout=full)
                said = process.communicate(timeout=TIMEOUT)[1].decode()
            assert process.returncode == 2
            where = how[-1] if how else "standard output"
            assert said == f"tongbao: cannot write {where}: No space left on device\n"
    closed = 'exec "$@" >&-'
    done = subprocess.run(
        ["sh", "-c", closed, "sh", *command(cases)], cwd=project, env=environment(),
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, b"tongbao: standard output is closed\n")
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *command("-")], cwd=project, env=environment(),
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"standard input is closed" in done.stderr


def test_a_reader_that_leaves_is_no_crash(project: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.write_bytes(lines(GOOD) * 3000)
    process = started(project, many, stdout=subprocess.PIPE)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(TIMEOUT) == 2
    assert json.loads(first)["id"] == "good"


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Path]:
    """A FIFO that gives cases until nobody reads it."""
    fifo = tmp_path / "endless"
    os.mkfifo(fifo)
    stop = threading.Event()

    def feed() -> None:
        try:
            with fifo.open("wb", buffering=0) as stream:
                while not stop.wait(0.001):
                    stream.write(lines(GOOD) * 20)
        except BrokenPipeError:
            pass

    thread = threading.Thread(target=feed, daemon=True)
    thread.start()
    yield fifo
    stop.set()
    thread.join(10)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_signal_ends_the_run_and_leaves_no_half_file(
    project: Path, tmp_path: Path, endless: Path, number: int, code: int
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    there = folder / "there"
    there.write_text("before")
    process = started(project, endless, "-o", there)
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end and not any(one.stat().st_size for one in folder.glob(".*")):
        time.sleep(0.02)
    process.send_signal(number)
    said = process.communicate(timeout=TIMEOUT)[1]
    assert process.returncode == code
    assert said.strip() == b""
    assert there.read_text() == "before"
    if number != signal.SIGKILL:
        assert [one.name for one in folder.iterdir()] == ["there"]


def test_results_of_an_interrupted_run_are_whole_lines(project: Path, endless: Path) -> None:
    process = started(project, endless, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    out = process.stdout.read()
    assert (process.wait(TIMEOUT), process.communicate()[1]) == (143, b"")
    assert all(json.loads(line)["id"] == "good" for line in out.splitlines())


def test_help_is_at_hand(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tui", "check", "--help"], cwd=project,
        env=environment(PYTHONDEVMODE="", LC_ALL="C"), capture_output=True, check=True,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert not imported & {"pydantic", "textual", "numpy", "yaml", "durable", "engine.checker"}
    for option in ("--output", "--topics", "--fail-on", "--json-summary", "--explain", "--as-of"):
        assert option in done.stdout.decode()
