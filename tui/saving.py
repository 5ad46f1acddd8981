"""Keeps a session in a file, so that a person can go on another day or after a crash.

One file in a folder of the person's own, written whole or not at all: of two running programs the
last writer wins. What cannot be used is never used: it is kept aside under another name.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

if TYPE_CHECKING:
    from typing import Self

    from tui.journey import Answer, Journey

VERSION: Final = 1
LARGEST = 64 * 1024
"""A session takes about one kilobyte; what is larger than this is none."""
_STEM, _END, _PART = "session", ".json", ".part"
_PRIVATE_FILE, _PRIVATE_FOLDER, _OTHERS = 0o600, 0o700, 0o077

Reason = Literal["corrupt", "newer", "foreign", "large", "topic", "unreadable"]


class Saved(BaseModel):
    """A session as the file has it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    version: Literal[1] = VERSION
    as_of: date
    topic: str
    trail: tuple[str, ...]
    """The facts answered, in the order they were asked."""
    answers: dict[str, bool | int | str | None]
    ticks: tuple[str, ...]
    rules: str
    """The hash of the rules it was made with."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if len(set(self.trail)) < len(self.trail) or set(self.trail) != set(self.answers):
            raise ValueError("the trail does not name each answer once")
        return self

    @property
    def given(self) -> list[tuple[str, Answer]]:
        """The answers in the order they were given."""
        return [(fact, self.answers[fact]) for fact in self.trail]


def saved(journey: Journey, rules: str) -> Saved:
    """What is to be kept of a journey."""
    answers = {fact: _plain(journey.answers[fact]) for fact in journey.trail}
    return Saved(
        as_of=journey.as_of, topic=journey.topic or "", trail=tuple(journey.trail),
        answers=answers, ticks=tuple(sorted(journey.ticks)), rules=rules,
    )  # fmt: skip


def _plain(value: object) -> Answer:
    """An answer as JSON has it: amounts as text, so that none is rounded."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)


class UnusableError(Exception):
    """There is something in the place of the file, which must not be used."""

    def __init__(self, reason: Reason, where: Path, aside: Path | None = None) -> None:
        self.reason, self.where, self.aside = reason, where, aside
        super().__init__(reason)


class Store:
    """The folder with the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / f"{_STEM}{_END}"

    def load(self) -> Saved | None:
        """The session kept, if any.

        Raises UnusableError when there is something else; that is kept aside where possible.
        """
        try:
            if not _mine(self.folder.stat()):
                raise UnusableError("foreign", self.folder)
            self._tidy()
            data = self._read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self.set_aside("unreadable") from error
        return self._understood(data)

    def _read(self) -> bytes:
        """The bytes of the file; of nothing but a plain file of the person's own."""
        if not stat.S_ISREG(self.file.lstat().st_mode):
            raise self.set_aside("foreign")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(self.file, flags), "rb") as stream:
            found = os.fstat(stream.fileno())
            if not (stat.S_ISREG(found.st_mode) and _mine(found)):
                raise self.set_aside("foreign")
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise self.set_aside("large")
        return data

    def _understood(self, data: bytes) -> Saved:
        try:
            tree = json.loads(data)
            version = tree.get("version") if isinstance(tree, dict) else None
            if type(version) is int and version > VERSION:
                raise self.set_aside("newer")
            return Saved.model_validate_json(data)
        except (ValueError, ValidationError, RecursionError) as error:
            raise self.set_aside("corrupt") from error

    def save(self, session: Saved) -> None:
        """Write the file anew, whole and on the disk before it takes its name; raises OSError."""
        self.folder.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        self.folder.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        found = self.folder.stat()
        if not _mine(found):
            raise PermissionError(1, os.strerror(1), str(self.folder))
        if found.st_mode & _OTHERS:
            self.folder.chmod(_PRIVATE_FOLDER)
        part = self.folder / f"{_STEM}.{os.getpid()}{_PART}"
        part.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            with os.fdopen(os.open(part, flags, _PRIVATE_FILE), "wb") as stream:
                stream.write(session.model_dump_json(indent=1).encode() + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(self.file)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        _sync(self.folder)

    def remove(self) -> None:
        """Delete the session kept; raises OSError."""
        self.file.unlink(missing_ok=True)

    def forget(self) -> list[Path]:
        """Delete everything ever kept, also what was put aside; says what. Raises OSError."""
        if not self.folder.is_dir():
            return []
        removed = []
        for path in sorted(self.folder.glob(f"{_STEM}.*")):
            if path.suffix in (_END, _PART):
                path.unlink()
                removed.append(path)
        with suppress(OSError):  # what is not ours stays, and its folder with it
            self.folder.rmdir()
        return removed

    def set_aside(self, reason: Reason) -> UnusableError:
        """Move the file out of the way; of each reason the last one is kept."""
        aside = self.folder / f"{_STEM}.{reason}{_END}"
        try:
            self.file.replace(aside)
        except OSError:
            return UnusableError(reason, self.file)
        return UnusableError(reason, self.file, aside)

    def _tidy(self) -> None:
        """Delete what programs that were killed had half written."""
        for path in self.folder.glob(f"{_STEM}.*{_PART}"):
            number = path.suffixes[0].removeprefix(".")
            if number.isascii() and number.isdigit() and not _runs(int(number)):
                with suppress(OSError):
                    path.unlink()


def _mine(found: os.stat_result) -> bool:
    """Whether a file belongs to who runs the program; always, where files have no owners."""
    return not hasattr(os, "geteuid") or found.st_uid == os.geteuid()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _sync(folder: Path) -> None:
    """Make a rename last; a file system that cannot keeps the file all the same."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def web_visitor() -> bool:
    """Whether a browser shows the interface: the computer is then not the visitor's."""
    return bool(os.environ.get("TONGBAO_WEB")) or "web" in os.environ.get("TEXTUAL_DRIVER", "")


def default_store() -> Store | None:
    """Where the XDG rules put it; None where there is no home, or a web visitor sits there."""
    if web_visitor():
        return None
    given = os.environ.get("XDG_STATE_HOME", "")
    try:
        # A path that is not absolute is to be ignored, say the XDG rules.
        base = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        return None
    return Store(base / "tongbao")
