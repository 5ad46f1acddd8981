"""The editor of a person's own: how it is started at a line of a file, and why it failed."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tui.saving import web_visitor
from tui.system_errors import reason
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.locale import Locale
    from tui.workbench.shapes import Spot

_PLUS = frozenset((
    "vi", "vim", "nvim", "gvim", "view", "vimx", "nano", "rnano", "pico", "emacs", "emacsclient",
    "mg", "jove", "micro", "joe", "jmacs", "jstar", "kak", "ne", "mcedit", "jed", "less", "ex",
))  # fmt: skip
"""Editors that take a line as `+12` before the file."""
_COLON = {
    "hx": (), "helix": (), "subl": ("--wait",), "zed": ("--wait",),
    "code": ("--wait", "--goto"), "codium": ("--wait", "--goto"), "cursor": ("--wait", "--goto"),
}  # fmt: skip
"""Editors that take a line as `file:12`, with what lets them wait until the file is closed."""
_LONGEST = 200


def editor(environment: Mapping[str, str] | None = None) -> str:
    """What a person edits with; empty where they have not said."""
    known = os.environ if environment is None else environment
    return known.get("VISUAL", "").strip() or known.get("EDITOR", "").strip()


def can_edit() -> bool:
    """Whether an editor can be opened here: in a terminal of the person's own."""
    return bool(editor()) and not web_visitor()


def command(given: str, path: Path, line: int) -> list[str]:
    """The editor at a line of a file, as a list of arguments. Raises ValueError for odd quotes."""
    words = shlex.split(given)
    if not words:
        raise ValueError("no editor")
    name = Path(words[0]).name
    if name in _COLON:
        options = [one for one in _COLON[name] if one not in words]
        return [*words, *options, f"{path}:{line}"]
    # An editor nobody knows here opens the file at its start.
    return [*words, *([f"+{line}"] if name in _PLUS else []), str(path)]


def edit(folder: Path, spot: Spot, t: Locale) -> str:
    """Let the editor open a line of a file, and wait for it; why that failed, empty where not."""
    given, path = editor(), folder.absolute() / spot.file
    if not path.is_file():
        return t("workbench.edit.no_file", file=safe(spot.file, _LONGEST))
    try:
        words: Sequence[str] = command(given, path, spot.line)
        done = subprocess.run(words, check=False)  # noqa: S603 - what the person edits with
    except ValueError as error:
        return t("workbench.edit.unreadable", editor=safe(given, _LONGEST), why=safe(error))
    except FileNotFoundError:
        return t("workbench.edit.no_editor", editor=safe(given, _LONGEST))
    except OSError as error:
        return t("workbench.edit.failed", editor=safe(given, _LONGEST), why=reason(error, t))
    if done.returncode:
        return t("workbench.edit.ended", editor=safe(given, _LONGEST), code=done.returncode)
    return ""
