"""The rulesets as they were last committed, where their folder lies in a work tree of git.

The work tree may be a stranger's. Only objects are read, as they are stored: no hook, filter,
pager or monitor of its configuration is run, nothing is fetched, and nothing is written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from engine import ruleset_files
from engine.source_file import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST_WAIT = 10.0
_SHOWN = 7
_SAFE = (
    "--no-pager", "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
    "-c", "safe.bareRepository=explicit",
)  # fmt: skip
_SURROUNDINGS = {
    "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none", "LC_ALL": "C",
}  # fmt: skip
_FILE = b"100"
"""What the mode of a file begins with that is no link."""


@dataclass(frozen=True)
class Baseline:
    """Rulesets to compare with, by the names of their files, and what they are."""

    since: str
    files: Mapping[str, bytes]


def commit(folder: Path) -> str | None:
    """The commit that is checked out where `folder` lies; None where there is none to be told."""
    found = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return found.decode("ascii", "replace").strip() or None if found is not None else None


def at(folder: Path, name: str) -> Baseline | None:
    """The rulesets in `folder` as a commit has them; None where it has none, or too much."""
    listed = _git(folder, "ls-tree", "-r", "-l", "-z", name)
    if not listed:
        return None
    wanted: dict[str, tuple[bytes, int]] = {}
    for line in filter(None, listed.split(b"\0")):
        about, _, raw = line.partition(b"\t")
        mode, kind, object_, size = about.split()
        path = os.fsdecode(raw)
        if kind == b"blob" and mode.startswith(_FILE) and path.endswith(ruleset_files.NAMED):
            if int(size) > MAX_BYTES:
                return None
            wanted[path] = object_, int(size)
    if not 0 < len(wanted) <= ruleset_files.MAX_FILES:
        return None
    if sum(size for _, size in wanted.values()) > ruleset_files.MAX_TOGETHER:
        return None
    files = _contents(folder, wanted)
    return None if files is None else Baseline(f"HEAD {name[:_SHOWN]}", files)


def _contents(folder: Path, wanted: Mapping[str, tuple[bytes, int]]) -> dict[str, bytes] | None:
    """What the objects hold: each has a line of its own before it, and a line break behind it."""
    asked = b"".join(object_ + b"\n" for object_, _ in wanted.values())
    told = _git(folder, "cat-file", "--batch", given=asked)
    if told is None:
        return None
    # In the order in which files of a folder are read.
    files = dict.fromkeys(sorted(wanted, key=PurePosixPath), b"")
    at_ = 0
    for path, (object_, size) in wanted.items():
        head = b"%s blob %d\n" % (object_, size)
        if not told.startswith(head, at_):
            return None
        at_ += len(head)
        files[path] = told[at_ : at_ + size]
        at_ += size + 1
    return files


def _git(folder: Path, *words: str, given: bytes = b"") -> bytes | None:
    """What git says on its standard output; None where it is not there, or cannot."""
    program = shutil.which("git")
    if program is None:
        return None
    # What the surroundings say of another work tree, or of programs to run, is not meant.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the words are ours, or a commit's name
            [program, *_SAFE, *words],
            cwd=folder, env={**kept, **_SURROUNDINGS}, input=given, capture_output=True,
            timeout=LONGEST_WAIT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None
