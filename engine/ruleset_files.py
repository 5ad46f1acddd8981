"""The files of a folder of rulesets: those that lie in it themselves, as many as people write.

The folder may be a stranger's: no link is followed, nothing but a regular file is opened, and what
is too much is told before it is read.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from engine.fault import Fault
from engine.fault import Place as Spot
from engine.source_file import MAX_BYTES

MAX_FILES = 2_000
MAX_FOLDERS = 20
MAX_TOGETHER = 32_000_000
"""Bytes of all files; ten times what is shipped is read in seconds."""
NAMED = (".yaml", ".yml")


@dataclass
class Files:
    """The files that can be read, in order, and what is wrong with the others."""

    paths: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def listed(folder: Path) -> Files:
    """The files below `folder` that are rulesets by their names."""
    found = Files()
    sizes: dict[Path, int] = {}
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        with os.scandir(here) as entries:
            for entry in entries:
                path = Path(entry.path)
                named, info = path.suffix in NAMED, entry.stat(follow_symlinks=False)
                name = path.relative_to(folder).as_posix()
                if entry.is_symlink():
                    if named or entry.is_dir():
                        help_ = "put what it leads to here itself"
                        found.faults.append(Fault(Spot(name), "a link is not followed", help_))
                elif named and stat.S_ISREG(info.st_mode):
                    sizes[path] = info.st_size
                elif named:
                    found.faults.append(Fault(Spot(name), "this is no file", "rename or remove it"))
                elif entry.is_dir() and len(path.relative_to(folder).parts) <= MAX_FOLDERS:
                    waiting.append(path)
                elif entry.is_dir():
                    help_ = f"at most {MAX_FOLDERS} levels are read"
                    message = "folders are nested too deeply"
                    found.faults.append(Fault(Spot(name), message, help_))
    _within(found, folder, sizes)
    return found


def _within(found: Files, folder: Path, sizes: dict[Path, int]) -> None:
    """Keep the files up to where they become too many or too much."""
    together = 0
    for number, path in enumerate(sorted(sizes)):
        name, size = path.relative_to(folder).as_posix(), sizes[path]
        together += size
        if number >= MAX_FILES:
            found.faults.append(Fault(Spot(name), f"at most {MAX_FILES} files are read"))
            return
        if together > MAX_TOGETHER:
            message = f"the files up to here have {together} bytes together"
            help_ = f"at most {MAX_TOGETHER} are read"
            found.faults.append(Fault(Spot(name), message, help_))
            return
        if size > MAX_BYTES:
            fault = Fault(Spot(name), f"file has {size} bytes", f"at most {MAX_BYTES} are read")
            found.faults.append(fault)
        else:
            found.paths.append(path)


def content(path: Path) -> bytes:
    """What a regular file holds, and no more of it than is read. Raises OSError for any other."""
    # What was a file a moment ago may be a pipe by now: opening that would wait for a writer.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(None, "not a regular file")
        return stream.read(MAX_BYTES + 1)
