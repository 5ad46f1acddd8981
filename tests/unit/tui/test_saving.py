"""The file a session is kept in: private, whole or not there, and never trusted blindly."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.folders import ROOT
from tui.saving import LARGEST, VERSION, Saved, Store, UnusableError, default_store

VALUES = (
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text("abc-1.2深", max_size=8)
)
SESSION = Saved(
    as_of=date(2026, 3, 1), topic="clinic", trail=("region", "emergency"),
    answers={"region": "440300", "emergency": None}, ticks=("papers/card",), rules="0" * 16,
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state" / "tongbao")


def _put(store: Store, content: bytes) -> None:
    store.folder.mkdir(parents=True)
    store.file.write_bytes(content)


def _reason(store: Store) -> str:
    with pytest.raises(UnusableError) as found:
        store.load()
    return found.value.reason


def test_what_is_saved_is_loaded(store: Store) -> None:
    assert store.load() is None
    store.save(SESSION)
    assert store.load() == SESSION


@given(st.dictionaries(st.text("abc_", min_size=1, max_size=6), VALUES, max_size=6))
def test_every_kind_of_answer_comes_back_as_it_was(answers: dict[str, bool | int | str]) -> None:
    session = SESSION.model_copy(update={"answers": answers, "trail": tuple(answers)})
    back = Saved.model_validate_json(session.model_dump_json())
    assert back == session
    assert [type(one) for one in back.answers.values()] == [type(one) for one in answers.values()]


def test_nobody_else_may_read_it(store: Store) -> None:
    store.folder.mkdir(parents=True, mode=0o755)
    store.folder.chmod(0o755)
    store.save(SESSION)
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_nothing_but_the_file_is_left(store: Store) -> None:
    for _ in range(3):
        store.save(SESSION)
    assert list(store.folder.iterdir()) == [store.file]


def test_a_write_that_fails_leaves_what_was_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(SESSION)

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        store.save(SESSION.model_copy(update={"topic": "other"}))
    assert store.load() == SESSION
    assert list(store.folder.iterdir()) == [store.file]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "corrupt"),
        (b"\x00\xff", "corrupt"),
        (b"{", "corrupt"),
        (b"[]", "corrupt"),
        (b"[" * 50_000, "corrupt"),
        (b"1" * 5000, "corrupt"),
        (b'{"version": 1}', "corrupt"),
        (b'{"version": 99}', "newer"),
        (b'{"version": true}', "corrupt"),
        (b" " * (LARGEST + 1), "large"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_session_is_kept_aside(store: Store, content: bytes, reason: str) -> None:
    _put(store, content)
    assert _reason(store) == reason
    aside = store.folder / f"session.{reason}.json"
    assert aside.read_bytes() == content
    assert store.load() is None
    store.save(SESSION)
    assert store.load() == SESSION


@pytest.mark.parametrize(
    "change",
    [
        {"trail": ["region"]},
        {"trail": ["region", "region", "emergency"]},
        {"answers": {"region": 1.5, "emergency": None}},
        {"answers": {"region": ["x"], "emergency": None}},
        {"as_of": "2026-02-30"},
        {"topic": None},
        {"name": "x"},
        {"version": 0},
    ],
    ids=str,
)
def test_a_session_of_another_shape_is_corrupt(store: Store, change: dict[str, object]) -> None:
    _put(store, json.dumps(json.loads(SESSION.model_dump_json()) | change).encode())
    assert _reason(store) == "corrupt"


@given(st.integers(0, 400), st.binary(max_size=6))
def test_damage_is_never_a_crash(at: int, noise: bytes) -> None:
    whole = SESSION.model_dump_json(indent=1).encode()
    damaged = whole[:at] + noise + whole[at + len(noise) + 1 :]
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "tongbao")
        _put(store, damaged)
        try:
            found = store.load()
        except UnusableError:
            assert not store.file.exists()
        else:
            assert isinstance(found, Saved)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_plain_file_is_not_opened(store: Store, kind: str, tmp_path: Path) -> None:
    store.folder.mkdir(parents=True)
    if kind == "link":
        (tmp_path / "other").write_text(SESSION.model_dump_json())
        store.file.symlink_to(tmp_path / "other")
    elif kind == "pipe":
        os.mkfifo(store.file)
    else:
        store.file.mkdir()
    assert _reason(store) == "foreign"
    assert not os.path.lexists(store.file)


def test_a_folder_of_somebody_else_is_neither_read_nor_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(SESSION)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert _reason(store) == "foreign"
    with pytest.raises(PermissionError):
        store.save(SESSION)
    assert store.file.exists()


def test_a_file_in_place_of_the_folder_is_said(store: Store) -> None:
    store.folder.parent.mkdir(parents=True)
    store.folder.write_text("")
    assert store.load() is None
    with pytest.raises(OSError, match="exists"):
        store.save(SESSION)


def test_what_killed_programs_left_is_tidied(store: Store) -> None:
    store.save(SESSION)
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, check=True)  # fmt: skip
    dead = store.folder / f"session.{int(done.stdout)}.part"
    living = store.folder / f"session.{os.getpid()}.part"
    for path in (dead, living):
        path.write_text("{")
    store.load()
    assert not dead.exists()
    assert living.exists()


def test_forgetting_removes_all_of_ours_and_says_what(store: Store) -> None:
    assert store.forget() == []
    _put(store, b"{")
    with pytest.raises(UnusableError):
        store.load()
    store.save(SESSION)
    (store.folder / "session.1.part").write_text("")
    (store.folder / "notes.txt").write_text("mine")
    assert {path.name for path in store.forget()} == {
        "session.json", "session.corrupt.json", "session.1.part",
    }  # fmt: skip
    assert [path.name for path in store.folder.iterdir()] == ["notes.txt"]
    (store.folder / "notes.txt").unlink()
    assert store.forget() == []
    assert not store.folder.exists()


_WRITER = """
import sys
from datetime import date
from pathlib import Path
from tui.saving import Saved, Store
for number in range(60):
    facts = tuple(f"fact_{n}" for n in range(number))
    Store(Path(sys.argv[1])).save(
        Saved(as_of=date(2026, 3, 1), topic=sys.argv[2], trail=facts,
              answers=dict.fromkeys(facts), ticks=(), rules="")
    )
"""


def test_of_two_programs_the_last_one_wins_and_nothing_breaks(store: Store) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(store.folder), name], cwd=ROOT)
        for name in ("one", "two")
    ]
    seen = set()
    while any(one.poll() is None for one in writers):
        found = store.load()
        if found is not None:
            seen.add(found.topic)
    assert [one.returncode for one in writers] == [0, 0]
    last = store.load()
    assert last is not None
    assert len(last.trail) == 59
    assert seen
    assert list(store.folder.iterdir()) == [store.file]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"XDG_STATE_HOME": "/x/state"}, "/x/state/tongbao"),
        ({"XDG_STATE_HOME": "x/state", "HOME": "/h"}, "/h/.local/state/tongbao"),
        ({"XDG_STATE_HOME": "", "HOME": "/h"}, "/h/.local/state/tongbao"),
        ({"XDG_STATE_HOME": "/x", "TONGBAO_WEB": "1"}, None),
        ({"XDG_STATE_HOME": "/x", "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"}, None),
    ],
)
def test_where_it_lies(
    variables: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TONGBAO_WEB", "TEXTUAL_DRIVER", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = default_store()
    assert (str(found.folder) if found else None) == expected


def test_the_version_is_written(store: Store) -> None:
    store.save(SESSION)
    assert json.loads(store.file.read_bytes())["version"] == VERSION
