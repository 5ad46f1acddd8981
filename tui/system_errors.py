"""Says in words why the system refused to read or write a file."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from tui.text.safe import safe

if TYPE_CHECKING:
    from tui.locale import Locale


def reason(error: OSError, t: Locale) -> str:
    """Why, in the language of the person where the reason is a common one."""
    key = f"system.{errno.errorcode.get(error.errno or 0, '')}"
    return t(key) if key in t else safe(error.strerror or type(error).__name__)
