"""Where the tests find the project, the small rulesets, and what is kept as golden."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULESETS = ROOT / "tests" / "support" / "rulesets"


def project_over(rulesets: Path, folder: Path) -> Path:
    """A copy of the program over some rulesets: over small ones it starts fast.

    With its modules as they are compiled already: each of the programs started would do it again.
    """
    for name in ("engine", "tui"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(rulesets, folder / "rulesets")
    shutil.copytree(ROOT / "rulesets" / "schema", folder / "rulesets" / "schema",
                    dirs_exist_ok=True)  # fmt: skip
    return folder


def golden(path: Path, found: str) -> None:
    """The text equals its golden; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(found, "utf-8")
    assert path.read_text("utf-8") == found
