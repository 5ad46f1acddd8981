"""Reads and checks the shipped rulesets once, at set-up, and keeps them for every later start.

What it keeps lies in the environment: see `engine.snapshot`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from engine import snapshot
from engine.errors import TongbaoError
from engine.library import Library
from engine.loader import RULESETS
from engine.receipt import library_hash

if TYPE_CHECKING:
    from pathlib import Path


def take(folder: Path, target: Path) -> None:
    """Read the rulesets in `folder` and keep them in `target`.

    Raises RulesetError with every fault found, InputError when the folder is unreadable.
    """
    library = Library.load(folder, keep=True)
    snapshot.write(target, library.authored, library_hash(library))


def main() -> int:
    """Take it where that is still to do; a failure is told and is none: the rulesets are read."""
    target = snapshot.path_of(RULESETS)
    if target.exists():
        return 0
    try:
        take(RULESETS, target)
    except (TongbaoError, OSError) as error:
        first = str(error).partition("\n")[0]
        sys.stderr.write(f"tongbao: the rulesets cannot be kept, every start reads them: {first}\n")
        return 0
    for stale in set(target.parent.glob("rulesets-*.jsonl")) - {target}:
        stale.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
