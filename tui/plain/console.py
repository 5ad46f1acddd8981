"""Lines in and lines out for plain mode: over a terminal or a pipe, whatever its encoding.

Nothing here moves a cursor or colours a letter, and `readline` is not used: it would write escape
sequences of its own.
"""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from io import TextIOWrapper
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing import TextIO

LONGEST = 2000
"""Of a longer line the rest is dropped."""


class Console:
    """Says one statement a line, and reads a line at a time."""

    def __init__(self, source: TextIO | None, sink: TextIO, *, typed: bool) -> None:
        self._source = source
        self._sink = sink
        self._typed = typed
        """Whether a person ends the line of the prompt by pressing Enter."""
        self._open = False

    def say(self, *texts: str) -> None:
        """Write each line of each text; empty ones say nothing."""
        for text in texts:
            for line in text.split("\n"):
                if line.strip():
                    self._sink.write(line.strip() + "\n")

    def gap(self) -> None:
        """A blank line."""
        self._sink.write("\n")

    def ask(self, prompt: str) -> str:
        """Write the prompt; what was typed, with full-width signs folded. Raises EOFError."""
        self._sink.write(f"{prompt} " if self._typed else f"{prompt}\n")
        self._open = self._typed
        self._sink.flush()
        line = self._line()
        self._open = False
        return unicodedata.normalize("NFKC", line).strip()

    def close(self) -> None:
        """End the line of a prompt that was not answered."""
        if self._open:
            self._sink.write("\n")
        self._sink.flush()

    def _line(self) -> str:
        line = self._source.readline(LONGEST) if self._source else ""
        if not line:
            raise EOFError
        rest = line
        while self._source and len(rest) == LONGEST and not rest.endswith("\n"):
            rest = self._source.readline(LONGEST)
        return line


def standard() -> tuple[Console, bool]:
    """The console over this process's own streams; whether it can show Chinese."""
    shows = _prepare(sys.stdout, "backslashreplace")
    reads = _prepare(sys.stdin, "replace")
    typed = bool(sys.stdin and sys.stdin.isatty())
    return Console(sys.stdin, sys.stdout, typed=typed), shows and reads


def _prepare(stream: TextIO | None, errors: Literal["backslashreplace", "replace"]) -> bool:
    """Let no character break the stream; whether it is one of UTF-8, if need be from now on.

    The C locale says ASCII of terminals and pipes that know nothing but UTF-8.
    """
    if not isinstance(stream, TextIOWrapper):
        return True
    encoding = codecs.lookup(stream.encoding).name
    if encoding == "ascii" and not os.environ.get("PYTHONIOENCODING"):
        encoding = "utf-8"
    stream.reconfigure(encoding=encoding, errors=errors)
    return encoding == "utf-8"
