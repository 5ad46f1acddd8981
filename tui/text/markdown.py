"""Foreign texts in Markdown: shown as they stand, and never taken for markup."""

from __future__ import annotations

import re

_INLINE = re.compile(r"([\\`*_\[\]<>|~&$])")
_LEADING = re.compile(r"^(\d*)([#+=.)-])")
"""What makes a line a heading, a list or a rule only where it begins the line."""


def escaped(foreign: str, *, within: bool = False) -> str:
    """A text that Markdown shows as it stands, on one line; `within` where it begins none."""
    line = _INLINE.sub(r"\\\1", " ".join(foreign.split()))
    return line if within else _LEADING.sub(r"\1\\\2", line)
