"""Lets a run that was killed go on where it stood: a part of the output and a journal beside it.

While a run writes to OUT, the results stand in OUT.part, what is known of the ids in OUT.ids, and
OUT.journal says how much of both is safe on disk, and which cases they answer. OUT appears only
when the run has ended.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from engine.batch.reader import STDIN
from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

EVERY = 8 << 20
"""After so many bytes of output the disk is asked to keep them; of a slow run, more often."""
_PAUSE = 0.25
_LEAST = 1 << 14
_HEAD = 1 << 16
_FORM = 2
_MODE = 0o666
_PRIVATE = 0o600


@dataclass(frozen=True)
class Progress:
    """Which cases are answered: those before `offset` in the input `file`, `cases` in all."""

    file: int = 0
    """The index of the input that is being read."""
    offset: int = 0
    """Bytes of it, decompressed, whose cases are answered."""
    line: int = 0
    """Lines of it whose cases are answered."""
    cases: int = 0
    counts: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else the run counts, as plain JSON."""


@dataclass(frozen=True)
class Entry:
    """What a journal says."""

    run: Mapping[str, Any]
    """What must be the same for the run to go on: inputs, options, rules, day."""
    output: int
    """Bytes of the part that are safe on disk."""
    progress: Progress
    ids: int = 0
    """Bytes of what is known of the ids that are safe on disk."""


def identity(files: Sequence[str]) -> list[dict[str, Any]]:
    """What tells these inputs from others: size, time of change, hash of the first bytes.

    Raises InputError for one that is no regular file: it cannot be read again.
    """
    return [_identity(name) for name in files]


def _identity(name: str) -> dict[str, Any]:
    if name == STDIN:
        raise InputError("a run over standard input cannot be resumed")
    try:
        with Path(name).open("rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise InputError(f"{name} is no regular file: a run over it cannot be resumed")
            head = hashlib.blake2b(stream.read(_HEAD), digest_size=16).hexdigest()
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from error
    return {"file": str(Path(name).resolve()), "bytes": found.st_size,
            "changed": found.st_mtime_ns, "head": head}  # fmt: skip


def private(path: Path) -> int:
    """A descriptor of a new file, its owner's alone; what stood there is gone, and not followed."""
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, _PRIVATE)


def part_of(target: Path) -> Path:
    """Where the results stand until the run has ended."""
    return target.with_name(target.name + ".part")


def ids_of(target: Path) -> Path:
    """Where that stands which tells the ids met from others."""
    return target.with_name(target.name + ".ids")


def journal_of(target: Path) -> Path:
    """Where the journal stands."""
    return target.with_name(target.name + ".journal")


def stored(target: Path) -> Entry | None:
    """What the journal beside `target` says, None where there is none.

    Raises InputError when it cannot be understood.
    """
    path = journal_of(target)
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["form"] != _FORM:
            raise InputError(f"{path} was written by another version: run again without --resume")
        return Entry(data["run"], data["output"], Progress(**data["progress"]), data["ids"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no journal: run again without --resume") from error


class Journal:
    """The output of one run and how far it is safe. Use as a context manager.

    The disk is waited for by a thread, so that the run goes on meanwhile.
    `run` is what must be the same for a later run to go on with this one. With `resume` the run
    goes on where the journal stands, if there is one; `progress` says where that is.

    Raises InputError when the journal is of another run, or when another process writes there.
    """

    def __init__(
        self, target: Path, run: Mapping[str, Any], *, resume: bool, every: int = EVERY
    ) -> None:
        self.target, self.run, self.every = target, json.loads(json.dumps(run)), every
        self.part, self.path = part_of(target), journal_of(target)
        self._fresh = self.path.with_name(self.path.name + ".new")
        self.progress = Progress()
        self.resumed = False
        self._safe = self._safe_ids = self._asked = 0
        self.answered = 0
        """How many cases a later run need not answer again."""
        self._keeper = ThreadPoolExecutor(1)
        self._keeping: Future[None] | None = None
        self._checked = time.monotonic()
        self._written = False
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        # Unbuffered, so that nothing is written behind our back after an error.
        self.stream = FileIO(os.open(self.part, flags, _PRIVATE), "r+")
        self.ids: FileIO | None = None
        try:
            self._claim()
            self.ids = FileIO(os.open(ids_of(target), flags, _PRIVATE), "r+")
            entry = stored(target) if resume else None
            if entry is not None:
                self._go_on(entry)
            else:
                # First the journal goes: one without its part could not be told from a whole one.
                self.path.unlink(missing_ok=True)
                self.stream.truncate(0)
                self.ids.truncate(0)
                # So that even a run that got nowhere goes on as of the same day.
                self._record(*self._entry(Progress()))
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        """After an error: keep what is safe, if anything is, so that the run can go on later."""
        if self.stream.closed:
            return
        with contextlib.suppress(OSError):
            self.wait()
        if self._written:
            self._fresh.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self._cut()
            self._close()
        else:
            self.abandon()

    @property
    def resumable(self) -> bool:
        """Whether a later run can go on with what is on disk now."""
        return self._written

    def write(self, results: bytes | memoryview) -> None:
        """Write whole results, best many at once: nothing is buffered here."""
        _write(self.stream, results)

    def write_ids(self, kept: bytes) -> None:
        """Write what is to be known of the ids of the cases that are answered."""
        if self.ids is not None:
            _write(self.ids, kept)

    def stored_ids(self) -> tuple[FileIO, int] | None:
        """What is known of the ids of the cases answered before: a stream and its size."""
        if self.ids is None or not self._safe_ids:
            return None
        self.ids.seek(0)
        return self.ids, self._safe_ids

    def due(self) -> bool:
        """Whether enough has been written for a checkpoint, and none is under way."""
        if self._keeping is not None and not self._keeping.done():
            return False
        fresh = self.stream.tell() - self._asked
        return fresh >= self.every or (
            fresh >= _LEAST and time.monotonic() - self._checked >= _PAUSE
        )

    def checkpoint(self, progress: Progress) -> None:
        """Have what was written made safe; it answers the cases `progress` names, and no others.

        Raises OSError where that failed the time before.
        """
        self.wait()
        output, ids, entry = self._entry(progress)

        def keep() -> None:
            self._record(output, ids, entry)
            self.answered, self._written = progress.cases, True

        self._asked, self._checked = output, time.monotonic()
        self._keeping = self._keeper.submit(keep)

    def wait(self) -> None:
        """Wait until what the last checkpoint was to make safe is. Raises OSError if it is not."""
        if self._keeping is not None:
            self._keeping.result()

    def _entry(self, progress: Progress) -> tuple[int, int, str]:
        """Bytes of the output and of the ids as they are now, and what the journal is to say."""
        output, ids = self.stream.tell(), self.ids.tell() if self.ids is not None else 0
        entry = {"form": _FORM, "run": self.run, "output": output, "ids": ids,
                 "progress": vars(progress)}  # fmt: skip
        return output, ids, json.dumps(entry)

    def _record(self, output: int, ids: int, entry: str) -> None:
        os.fsync(self.stream.fileno())
        self._safe = output
        if self.ids is not None and ids != self._safe_ids:
            os.fsync(self.ids.fileno())
            self._safe_ids = ids
        with os.fdopen(private(self._fresh), "w", encoding="utf-8") as stream:
            stream.write(entry)
            stream.flush()
            os.fsync(stream.fileno())
        self._fresh.replace(self.path)
        _sync_folder(self.path.parent)

    def changed(self) -> list[str]:
        """What is to be told of inputs that have changed while they were read."""
        return [f"{one['file']} has changed while it was read: run again to answer it as it is now"
                for one in self.run.get("inputs", ()) if _now(one["file"]) != one]  # fmt: skip

    def finish(self) -> None:
        """Let OUT appear, whole, and drop the journal."""
        self.wait()
        os.fsync(self.stream.fileno())
        os.fchmod(self.stream.fileno(), _mode(self.target))
        # In this order a kill in between leaves a run that can be finished, or a whole OUT with
        # a journal that has no part: the next run starts afresh.
        self.part.replace(self.target)
        self.path.unlink(missing_ok=True)
        ids_of(self.target).unlink(missing_ok=True)
        _sync_folder(self.path.parent)
        self._close()

    def abandon(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(OSError):
            self.wait()
        for path in (self.path, self._fresh, self.part, ids_of(self.target)):
            path.unlink(missing_ok=True)
        self._close()
        self._written = False

    def _close(self) -> None:
        self._keeper.shutdown()
        self.stream.close()
        if self.ids is not None:
            self.ids.close()

    def _claim(self) -> None:
        try:
            fcntl.flock(self.stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another run may have ended between opening and locking: then this is its OUT.
            if not os.path.samestat(self.part.stat(), os.fstat(self.stream.fileno())):
                raise BlockingIOError
        except OSError as error:
            raise InputError(f"another run is writing to {self.target}") from error

    def _go_on(self, entry: Entry) -> None:
        differing = [key for key in self.run if entry.run.get(key) != self.run[key]]
        differing += [key for key in entry.run if key not in self.run]
        if differing:
            told = "; ".join(_difference(key, entry.run.get(key), self.run.get(key))
                             for key in differing)  # fmt: skip
            message = f"cannot resume {self.target}: {told}; run again without --resume"
            raise InputError(message)
        if os.fstat(self.stream.fileno()).st_size < entry.output:
            if self.target.exists():
                raise InputError(
                    f"nothing to resume: {self.target} is there and {self.part} is not"
                )
            raise InputError(f"{self.part} is shorter than its journal says: "
                             "run again without --resume")  # fmt: skip
        if self.ids is None or os.fstat(self.ids.fileno()).st_size < entry.ids:
            raise InputError(f"{ids_of(self.target)} is shorter than the journal says: "
                             "run again without --resume")  # fmt: skip
        self.progress, self.resumed = entry.progress, True
        self._written = entry.output > 0
        self._safe, self._safe_ids = entry.output, entry.ids
        self._asked, self.answered = entry.output, entry.progress.cases
        self._cut()

    def _cut(self) -> None:
        """Drop what is behind the last checkpoint."""
        os.ftruncate(self.stream.fileno(), self._safe)
        self.stream.seek(self._safe)
        if self.ids is not None:
            os.ftruncate(self.ids.fileno(), self._safe_ids)
            self.ids.seek(self._safe_ids)


def _write(stream: FileIO, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]


def _now(name: str) -> dict[str, Any] | None:
    try:
        return _identity(name)
    except InputError:
        return None


def _difference(key: str, before: object, now: object) -> str:
    if key == "inputs":
        return "the input is another, or has changed"
    if isinstance(before, str | int | None) and isinstance(now, str | int | None):
        return f"{key} was {before} and is {now}"
    return f"{key} differ"


def _mode(target: Path) -> int:
    """The permissions of a file that is there, else those a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return _MODE & ~umask


def _sync_folder(folder: Path) -> None:
    """Let the disk keep the names in a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
