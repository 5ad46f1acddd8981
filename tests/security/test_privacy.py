"""What the program does with what it is told: nothing leaves, little stays, nobody is named."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import stat
import subprocess
import sys
import termios
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from engine.batch.index import IndexWriter, index_of
from engine.batch.privacy import Privacy
from engine.batch.resume import Journal, Progress
from engine.checker import Checker
from tests.support.folders import ROOT, RULESETS
from tui.cli import cli
from tui.saving import Saved, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFLINE = ROOT / "tests" / "support" / "offline"
TIMEOUT = 100
DAY = ("--as-of", "2026-03-01", "--lang", "en")
SMALL = ("--rulesets", str(RULESETS))
NUMBER = "11010519491231002X"  # from the published standard; nobody's
SECRETS = ("HZ-SECRET-77", "x-remark-4711", "2017-11-23")
CASE = {"id": SECRETS[0], "region": "440300", "birth_date": SECRETS[2], "x_note": SECRETS[1]}
TYPED = "1\n1\n1\n2012-03-02\nu\nu\nu\nu\nq\n"

# Each command, with what it is tried with and its exit code; `(OUT)` is a folder for what it
# writes. A new command needs a line here.
COMMANDS: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = {
    ("check",): [
        (("cases.jsonl", "-o", "out.jsonl", "--unique-ids", "--index", "--report", "r.html"), 0),
        (("cases.jsonl", "--jobs", "2", "--explain"), 0),
        (("cases.csv", "--outcomes", "-o", "out.csv"), 0),
        (("cases.jsonl", "--outcomes"), 0),
    ],
    ("explain",): [(("cases.jsonl", "--ics", "days.ics"), 0)],
    ("verify-receipt",): [(("out.jsonl", "--cases", "cases.jsonl"), 0)],
    ("browse",): [(("out.jsonl", "--lang", "en"), 0)],
    ("schema",): [(("ruleset",), 0)],
    ("web",): [(("--host", "192.0.2.1"), 2)],
    ("rules", "list"): [((), 0)],
    ("rules", "browse"): [((), 2)],
    ("rules", "show"): [(("clinic",), 0)],
    ("rules", "claims"): [((), 0)],
    ("rules", "test"): [(("clinic",), 0)],
    ("rules", "verify"): [((), 0)],
    ("rules", "watch"): [(("clinic", "--once"), 0)],
    ("rules", "diff"): [((str(RULESETS), f"{RULESETS}@2027-01-01", "--cases", "cases.jsonl"), 0)],
    ("rules", "questions"): [(("clinic", "--families", "2"), 0)],
    ("rules", "export"): [(("--format", "jdm", "-o", "exported"), 0)],
    ("rules", "import"): [(("exported/clinic-440300.json", "-o", "imported"), 0)],
    ("rules", "graph"): [(("clinic", "--kind", "rules"), 0)],
    ("rules", "new"): [(("clinic", "320000", "-o", "320000.yaml"), 0)],
    (): [(("--plain", *DAY), 0)],
    ("forget",): [((), 0)],
}
DATED = {("check",), ("explain",)}
OVER_SMALL = {("check",), ("explain",), ("verify-receipt",)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "cases.jsonl").write_text(json.dumps(CASE) + "\n")
    (tmp_path / "work" / "cases.csv").write_text("id,region\n1,440300\n")
    return tmp_path / "work"


def environment(folder: Path, *paths: Path) -> dict[str, str]:
    found = os.pathsep.join(map(str, (*paths, ROOT)))
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8",
            "PYTHONPATH": found, "TONGBAO_TRIED": str(folder.parent / "tried"),
            "XDG_STATE_HOME": str(folder.parent / "state"), "TERM": "xterm"}  # fmt: skip


def unplugged() -> list[str]:
    """What runs a command in a world without a network, where this may be done."""
    way = ["unshare", "--net", "--map-root-user"]
    if shutil.which(way[0]) and not subprocess.run(
        [*way, "true"], check=False, capture_output=True
    ).returncode:  # fmt: skip
        return way
    return []


def ran(folder: Path, plan: list[dict[str, Any]], *paths: Path, umask: int = 0o022) -> list[Any]:
    """What commands came to that were run one after another in one process, off the network."""
    file = folder.parent / "plan.json"
    file.write_text(json.dumps(plan))
    done = subprocess.run(
        [*unplugged(), sys.executable, "-m", "tests.support.commands", file], cwd=folder,
        env=environment(folder, *paths), capture_output=True, check=False, timeout=TIMEOUT,
        umask=umask,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    found: list[Any] = json.loads(done.stdout)
    return found


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command there is."""
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield path
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from leaves(below, (*path, name))


def spelled(path: tuple[str, ...], args: tuple[str, ...]) -> list[str]:
    if path[:1] == ("rules",):
        return ["rules", *SMALL, *path[1:], *args]
    return [*path, *args, *(SMALL if path in OVER_SMALL else ()), *(DAY if path in DATED else ())]


# -- nothing leaves ----------------------------------------------------------------------------


def test_every_command_does_its_work_without_a_network_and_asks_for_none(folder: Path) -> None:
    assert set(leaves(cli)) == set(COMMANDS)
    tried = [(spelled(path, args), code) for path, ways in COMMANDS.items() for args, code in ways]
    plan = [{"args": args, "stdin": TYPED if "--plain" in args else ""} for args, _ in tried]
    found = ran(folder, plan, OFFLINE)
    for one, (args, code) in zip(found, tried, strict=True):
        assert (args, one["code"]) == (args, code), one["stderr"]
        assert "Traceback" not in one["stderr"]
    assert not (folder.parent / "tried").exists(), (folder.parent / "tried").read_text()
    # What plain mode kept, `forget` has removed.
    assert "Deleted" in found[-1]["stdout"] or "已删除" in found[-1]["stdout"]
    assert not (folder.parent / "state" / "tongbao").exists()


@pytest.mark.parametrize(
    "call",
    [
        "socket.getaddrinfo('example.org', 80)",
        "socket.create_connection(('192.0.2.1', 80), 1)",
        "socket.socket().bind(('0.0.0.0', 0))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
    ],
)
def test_who_asks_for_the_network_is_found_out(folder: Path, call: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import socket; {call}"], capture_output=True, check=False,
        env=environment(folder, OFFLINE), timeout=TIMEOUT,
    )  # fmt: skip
    assert b"Network is unreachable" in done.stderr
    assert (folder.parent / "tried").read_text().startswith("socket.")


# -- nobody is named ---------------------------------------------------------------------------


def test_no_question_asks_who_somebody_is() -> None:
    """By the very list by which columns of an input are flagged."""
    privacy = Privacy()
    vocabulary = Checker.load(from_snapshot=True).library.vocabulary
    privacy.look(dict.fromkeys(vocabulary.facts, "?"))
    privacy.look({fact.label.zh: "?" for fact in vocabulary.facts.values()})
    assert privacy.found == ()
    # What is asked is a choice, a number, a date or a place: no text can be typed in.
    kinds = {fact.type for fact in vocabulary.facts.values()}
    assert kinds <= {"bool", "enum", "integer", "decimal", "date", "place"}


def test_columns_that_say_who_somebody_is_are_flagged_once_and_not_repeated(folder: Path) -> None:
    rows = [{"id": str(at), "region": "440300", "x_姓名": "王小明", "x_手机号": "13800138000",
             "x_other": NUMBER} for at in range(3)]  # fmt: skip
    (folder / "named.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    lines = [",".join(rows[0]), *(",".join(one.values()) for one in rows)]
    (folder / "named.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "map.yaml").write_text("drop: [x_姓名, x_手机号, x_other]\n", "utf-8")
    ways = [
        ("named.jsonl", ()), ("named.jsonl", ("--outcomes",)), ("named.csv", ()),
        ("named.csv", ("--outcomes", "--unique-ids")), ("named.csv", ("--map", "map.yaml")),
        ("named.jsonl", ("--map", "map.yaml", "--outcomes")),
    ]  # fmt: skip
    plan = [{"args": ["check", name, "-o", "out", *way, *SMALL, *DAY]} for name, way in ways]
    for one, (_, way) in zip(ran(folder, plan), ways, strict=True):
        assert one["code"] == 0
        n = "at least 3" if way[-1:] == ("--outcomes",) else "3"
        for column in ("x_姓名", "x_手机号", "x_other"):
            (told,) = [line for line in one["stderr"].splitlines() if f"`{column}`" in line]
            assert f"in {n} cases" in told
            assert ("was dropped" in told) == ("--map" in way)
        for value in ("王小明", "13800138000", NUMBER):
            assert value not in one["stderr"]


# -- no answer in what is said of an error -----------------------------------------------------

BREAK = """
import engine.checker, engine.explanation.explain, engine.batch.registry, tui.journey

def broken(*arguments, **named):
    raise RuntimeError(repr([getattr(one, "__dict__", one) for one in arguments]))

engine.checker.Checker.check = engine.explanation.explain.explain_data = broken
engine.batch.registry.Registry.provide = broken
tui.journey.Journey._move_on = broken
"""


@pytest.fixture
def breaking(folder: Path) -> Path:
    """A folder for PYTHONPATH by which the engine breaks, and says all it knows."""
    path = folder.parent / "breaking"
    path.mkdir()
    offline = (OFFLINE / "sitecustomize.py").read_text("utf-8")
    (path / "sitecustomize.py").write_text(offline + BREAK)
    return path


def test_an_internal_error_tells_where_and_not_what(folder: Path, breaking: Path) -> None:
    ways = (["check", "cases.jsonl", *SMALL, *DAY],
            ["check", "cases.jsonl", "--outcomes", *SMALL, *DAY],
            ["check", "cases.jsonl", "--jobs", "2", *SMALL, *DAY],
            ["explain", "cases.jsonl", *SMALL, *DAY])  # fmt: skip
    plain = ["--plain", "--no-save", *DAY]
    plan: list[dict[str, Any]] = [{"args": one} for one in ways]
    plan.append({"args": plain, "stdin": TYPED})
    for one in ran(folder, plan, breaking):
        assert one["code"] == 70, one
        assert "RuntimeError, sitecustomize.py" in one["stderr"]
        assert "Traceback" not in one["stderr"]
        for secret in (*SECRETS, "440300", "2012-03-02"):
            assert secret not in one["stderr"]


def test_a_crash_of_the_terminal_ui_shows_no_locals(folder: Path, breaking: Path) -> None:
    terminal, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "--no-save", *DAY], env=environment(folder, breaking),
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    ) as program:  # fmt: skip
        os.close(theirs)
        seen = typed_until_it_ends(terminal)
    os.close(terminal)
    assert program.returncode == 70
    said = seen.rpartition(b"\x1b[?1049l")[2].decode()
    assert "RuntimeError, sitecustomize.py" in said
    assert "440300" not in said
    assert "locals" not in said
    assert len(said.splitlines()) < 6, said
    assert not (folder.parent / "tried").exists()


def typed_until_it_ends(terminal: int) -> bytes:
    """What a program shows whose every page is answered with its first choice."""
    seen = b""
    # Each key once there is something to see; what no page takes is let go.
    for _ in range(400):
        if select.select([terminal], [], [], 0.25)[0]:
            try:
                seen += os.read(terminal, 1 << 16)
            except OSError:
                return seen
        else:
            os.write(terminal, b"1\r")
    raise AssertionError("it goes on")


# -- what is on the disk -----------------------------------------------------------------------


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """A umask by which others may read and write what is made."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_to_all")
def test_what_is_kept_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    store = Store(tmp_path / "state" / "tongbao")
    store.save(Saved(as_of=date(2026, 3, 1), topic="", trail=(), answers={}, ticks=(), rules=""))
    assert (mode(store.folder), mode(store.file)) == (0o700, 0o600)
    target = tmp_path / "out.jsonl"
    (tmp_path / "out.jsonl.journal.new").write_text("left by a run that was killed")
    with Journal(target, {}, resume=False) as journal:
        journal.write(b"{}\n")
        journal.write_ids(b"1")
        journal.checkpoint(Progress(cases=1))
        journal.wait()
        names = ("out.jsonl.part", "out.jsonl.ids", "out.jsonl.journal")
        assert {name: mode(tmp_path / name) for name in names} == dict.fromkeys(names, 0o600)
        journal.finish()
    assert {one.name for one in tmp_path.iterdir()} == {"state", "out.jsonl"}


@pytest.mark.usefixtures("open_to_all")
def test_an_index_may_be_read_by_who_may_read_the_output(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text("{}\n")
    output.chmod(0o640)
    with IndexWriter(index_of(output)) as writer:
        assert mode(tmp_path / "out.jsonl.index.part") == 0o600
        writer.finish(output)
    assert mode(index_of(output)) == 0o640


def test_a_part_is_never_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("somebody's")
    (tmp_path / "out.jsonl.part").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic"):
        Journal(tmp_path / "out.jsonl", {}, resume=False)
    assert (tmp_path / "other").read_text() == "somebody's"


KILL = """
import os, signal, engine.batch.resume as resume
resume._LEAST, resume._PAUSE = 1, 0
recorded = resume.Journal._record

def record(self, output, ids, entry):
    recorded(self, output, ids, entry)
    if ids:
        os.kill(os.getpid(), signal.SIGKILL)

resume.Journal._record = record
"""


def test_a_killed_run_leaves_no_id_readable_and_a_resumed_one_leaves_nothing(folder: Path) -> None:
    rows = [{**CASE, "id": f"ID-SECRET-{at:04}"} for at in range(400)]
    (folder / "cases.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    killing = folder.parent / "killing"
    killing.mkdir()
    (killing / "sitecustomize.py").write_text(KILL)
    temporary = folder.parent / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-m", "tui", "check", "cases.jsonl", "-o", "out.jsonl", "--resume",
               "--unique-ids", *SMALL, *DAY]  # fmt: skip

    def run(*paths: Path) -> int:
        return subprocess.run(
            command, cwd=folder, check=False, capture_output=True, timeout=TIMEOUT, umask=0,
            env={**environment(folder, *paths), "TMPDIR": str(temporary)},
        ).returncode  # fmt: skip

    assert run(killing) == -signal.SIGKILL
    left = {one.name: one for one in folder.iterdir() if one.name.startswith("out.")}
    assert set(left) == {"out.jsonl.part", "out.jsonl.ids", "out.jsonl.journal"}
    assert {mode(one) for one in left.values()} == {0o600}
    for name in ("out.jsonl.ids", "out.jsonl.journal"):
        data = left[name].read_bytes()
        assert data
        assert not [one for one in (b"SECRET", *map(str.encode, SECRETS)) if one in data]
    assert run() == 0
    assert {one.name for one in folder.iterdir()} == {"cases.jsonl", "cases.csv", "out.jsonl"}
    assert list(temporary.iterdir()) == []
    assert len((folder / "out.jsonl").read_bytes().splitlines()) == 400
