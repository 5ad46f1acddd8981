"""A folder of rulesets that is read again and again: only files that changed are parsed anew."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import loader, references, ruleset_files
from engine.errors import RulesetError
from engine.fault import Fault
from engine.fault import Place as Spot
from engine.library import Library
from engine.loader import Authored
from engine.workbench.kept import Kept

if TYPE_CHECKING:
    from pathlib import Path

MAX_PARTS = 3 * ruleset_files.MAX_FILES
DOUBTFUL = 2.0
"""Seconds in which a file may be saved twice and look the same; drives tell time so coarsely."""
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class State:
    """What was found in a folder: its rules, or what is wrong with them."""

    library: Library | None
    faults: tuple[Fault, ...] = ()
    more: int = 0


class Parts:
    """What single files declare, by name and content."""

    def __init__(self) -> None:
        self._kept: Kept[tuple[str, bytes], Authored] = Kept(MAX_PARTS)

    def state(
        self, files: Iterable[tuple[str, bytes]], faults: Iterable[Fault] = ()
    ) -> State:  # fmt: skip
        """The rules that files make up together; `faults` are those of files that have none."""
        whole = Authored(faults=[*faults])
        whole.unread = bool(whole.faults)
        for name, raw in files:
            if loader.full(whole, name):
                break
            whole.take(self._part(name, raw))
        try:
            references.check(whole)
            loader.refuse_faults(whole)
        except RulesetError as error:
            return State(None, error.faults, error.more)
        return State(Library(whole))

    def _part(self, name: str, raw: bytes) -> Authored:
        key = name, hashlib.sha256(raw).digest()
        found = self._kept.get(key)
        if found is None:
            found = Authored()
            loader.read_file(found, name, raw)
            self._kept.keep(key, found)
        return found


class Folder:
    """The files of a folder as they were when last read."""

    def __init__(self, path: Path, parts: Parts) -> None:
        self.path, self._parts = path, parts
        self._stamps: dict[str, Stamp] = {}
        self._sums: dict[str, bytes] = {}
        self._doubtful: frozenset[str] = frozenset()
        self._certain_from = 0.0

    def stale(self) -> tuple[str, ...]:
        """The names of the files that were changed, added or removed since the last reading."""
        found = stamps(self.path)
        changed = {name for name in found.keys() | self._stamps.keys()
                   if found.get(name) != self._stamps.get(name)}  # fmt: skip
        if self._doubtful and time.monotonic() < self._certain_from:
            changed |= {name for name in self._doubtful & found.keys()
                        if self._sum(name) != self._sums.get(name)}  # fmt: skip
        return tuple(sorted(changed))

    def read(self) -> tuple[State, tuple[str, ...]]:
        """What there is now, and the names of the files whose content is another than before."""
        # Taken before the files are: what is saved in between is found by the next look.
        self._stamps = stamps(self.path)
        faults, contents = self._contents()
        sums = {name: hashlib.sha256(raw).digest() for name, raw in contents.items()}
        changed = tuple(sorted(name for name in sums.keys() | self._sums.keys()
                               if sums.get(name) != self._sums.get(name)))  # fmt: skip
        self._sums, self._doubtful = sums, frozenset(changed)
        self._certain_from = time.monotonic() + DOUBTFUL
        return self._parts.state(contents.items(), faults), changed

    def _contents(self) -> tuple[list[Fault], Mapping[str, bytes]]:
        try:
            found = ruleset_files.listed(self.path)
        except OSError as error:
            return [Fault(Spot(self.path.name), f"cannot be read: {error.strerror}")], {}
        contents: dict[str, bytes] = {}
        for path in found.paths:
            name = path.relative_to(self.path).as_posix()
            try:
                contents[name] = ruleset_files.content(path)
            except FileNotFoundError:  # an editor is putting another in its place
                continue
            except OSError as error:
                found.faults.append(Fault(Spot(name), f"cannot be read: {error.strerror}"))
        return found.faults, contents

    def _sum(self, name: str) -> bytes | None:
        try:
            return hashlib.sha256(ruleset_files.content(self.path / name)).digest()
        except OSError:
            return None


def stamps(folder: Path) -> dict[str, Stamp]:
    """For each file that is a ruleset by its name when it was saved, how large, and which it is.

    What cannot be looked into has none; reading it tells why.
    """
    found: dict[str, Stamp] = {}
    waiting = [("", 0)]
    while waiting and len(found) <= ruleset_files.MAX_FILES:
        inner, depth = waiting.pop()
        try:
            with os.scandir(folder / inner) as entries:
                for entry in entries:
                    name = inner + entry.name
                    if entry.name.endswith(ruleset_files.NAMED):
                        info = entry.stat(follow_symlinks=False)
                        found[name] = info.st_mtime_ns, info.st_size, info.st_ino
                    elif depth < ruleset_files.MAX_FOLDERS and entry.is_dir(follow_symlinks=False):
                        waiting.append((f"{name}/", depth + 1))
        except OSError:
            continue
    return found
