"""Keeping and exporting over the command line: killed programs, options, what is forgotten."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.folders import RULESETS, project_over

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TIMEOUT = 60
DAY = ("--as-of", "2026-03-01")
TO_RESULT = ("1", "1", "1", "2012-03-02", "2", "3", "1", "1200", "")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_over(RULESETS, tmp_path_factory.mktemp("project"))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def environment(state: Path, **extra: str) -> dict[str, str]:
    kept = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    return {**kept, "HOME": str(state.parent), "XDG_STATE_HOME": str(state), **extra}


def plain(
    project: Path, state: Path, typed: tuple[str, ...], *args: str, **extra: str
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "--plain", *DAY, *args], cwd=project, timeout=TIMEOUT,
        input="".join(f"{one}\n" for one in typed).encode(), capture_output=True, check=False,
        env=environment(state, **extra),
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def talking(project: Path, state: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program in the middle of a session, two questions answered."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tui", "--plain", *DAY], cwd=project, env=environment(state),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(b"1\n1\n1\n2012-03-02\n")
    program.stdin.flush()
    while True:
        line = program.stdout.readline().decode()
        assert line, "it ended"
        if "想绑定哪一类机构" in line:
            break
    yield program
    program.kill()
    program.communicate(timeout=TIMEOUT)


@pytest.mark.parametrize("received", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_after_a_signal_the_next_start_goes_on(
    talking: subprocess.Popen[bytes], project: Path, state: Path, received: signal.Signals
) -> None:
    talking.send_signal(received)
    code = talking.wait(timeout=TIMEOUT)
    assert code == {signal.SIGKILL: -9, signal.SIGINT: 130}.get(received, 143)
    assert [path.name for path in (state / "tongbao").iterdir()] == ["session.json"]
    _, said, _ = plain(project, state, ("2",))
    assert "2. 继续上次：绑定就诊机构，已答 2 题\n" in said
    assert said.rstrip().split("\n\n")[-1].startswith("第 3 题")
    _, said, _ = plain(project, state, ("2",), "--as-of", "2026-03-09")
    assert "现在改按 2026-03-09 计算" in said


def test_nothing_is_kept_where_that_is_asked_for(project: Path, state: Path) -> None:
    code, said, _ = plain(project, state, (*TO_RESULT, "q"), "--no-save")
    assert code == 0
    assert "不保存" in said
    assert not state.exists()


def test_a_web_visitor_is_neither_kept_nor_offered(project: Path, state: Path) -> None:
    plain(project, state, ("1", "1", "1"))
    before = (state / "tongbao" / "session.json").read_bytes()
    _, said, _ = plain(project, state, ("1", "1", "1", "2012-03-02"), TONGBAO_WEB="1")
    assert "继续上次" not in said
    assert (state / "tongbao" / "session.json").read_bytes() == before


def test_starting_anew_deletes_it(project: Path, state: Path) -> None:
    plain(project, state, ("1", "1", "1"))
    _, said, _ = plain(project, state, ("n", "1"))
    assert "继续上次" in said.split("清除所有回答")[0]
    assert "继续上次" not in said.split("清除所有回答")[1]
    assert not (state / "tongbao" / "session.json").exists()


def test_a_full_disk_does_not_end_the_session(project: Path, state: Path) -> None:
    state.write_text("")
    code, said, errors = plain(project, state, (*TO_RESULT, "q"))
    assert (code, errors) == (0, "")
    assert said.count("没能保存：") == 1
    assert "✗" not in said
    assert "不可以" in said


def test_a_broken_file_is_told_and_kept_aside(project: Path, state: Path) -> None:
    (state / "tongbao").mkdir(parents=True)
    (state / "tongbao" / "session.json").write_text("{")
    code, said, _ = plain(project, state, ("q",))
    assert code == 0
    assert "上次保存的文件坏了，没有使用。" in said
    assert (state / "tongbao" / "session.corrupt.json").read_text() == "{"


def test_forget_removes_everything_and_says_what(project: Path, state: Path) -> None:
    def forget(*args: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "forget", *args], cwd=project, capture_output=True,
            env=environment(state), timeout=TIMEOUT, check=False,
        )  # fmt: skip
        assert done.stderr == b""
        return done.returncode, done.stdout.decode()

    assert forget() == (0, "没有保存过回答，不用删除\n")
    plain(project, state, ("1", "1", "1"))
    file = state / "tongbao" / "session.json"
    assert forget("--lang", "en") == (0, f"Deleted {file}\n")
    assert not (state / "tongbao").exists()


# -- exporting ---------------------------------------------------------------------------------


def test_plain_mode_exports_what_the_page_does(project: Path, state: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    typed = (*TO_RESULT, "e", "4", "6", "4", "9", "b", "q")
    code, said, _ = plain(project, state, typed, "--export-dir", str(folder))
    assert code == 0
    assert f"4. JSON（给程序用）（{folder}/tongbao-clinic-2026-03-01.json）\n" in said
    assert f"已写入 {folder}/tongbao-clinic-2026-03-01.json\n" in said
    assert "请输入 1 到 7 的数字" in said
    whole = json.loads((folder / "tongbao-clinic-2026-03-01.json").read_text("utf-8"))
    without = json.loads((folder / "tongbao-clinic-2026-03-01-2.json").read_text("utf-8"))
    assert whole.pop("case")["birth_date"] == "2012-03-02"
    assert without == whole


def test_plain_mode_asks_for_another_folder(project: Path, state: Path, tmp_path: Path) -> None:
    typed = (*TO_RESULT, "e", "2", str(tmp_path), "q")
    code, said, _ = plain(project, state, typed, "--export-dir", str(tmp_path / "none"))
    assert code == 0
    assert f"写不进 {tmp_path / 'none'}：没有这个文件夹" in said
    assert f"已写入 {tmp_path}/tongbao-clinic-2026-03-01.txt" in said


@pytest.mark.parametrize("option", [("--no-save",), ("--export-dir", "x"), ("--plain",)])
def test_options_of_the_interface_stand_alone(
    project: Path, state: Path, option: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", *option, "check", "-"], cwd=project, check=False,
        capture_output=True, env=environment(state), timeout=TIMEOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"{option[0]} stands alone".encode() in done.stderr
