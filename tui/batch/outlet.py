"""Where the results of a run go: standard output, a file that appears whole, a table."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from engine.batch.writing import BriefTable, Table, is_table
from engine.errors import InputError
from tui.batch.around import Around

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack

    from engine.batch.gathering import Write
    from engine.result import CaseResult


class Outlet:
    """The results of one run on their way to `kept`; tables are closed with `stack`."""

    def __init__(
        self, output: str | None, kept: Around | TextIO, columns: Sequence[str], stack: ExitStack
    ) -> None:
        self._output, self._kept, self._columns, self._stack = output, kept, columns, stack

    def lines(self) -> Write:
        """What takes whole lines of results."""
        if isinstance(self._kept, Around):
            return self._kept.put
        if is_table(self._output):
            table = BriefTable(self._output, self._kept, self._columns)
            return self._stack.enter_context(closing(table)).write
        return self._kept.buffer.write

    def results(
        self, worded: Callable[[CaseResult], str] | None
    ) -> Callable[[str, CaseResult], None]:
        """What takes results one by one, each as text and as it is; `worded` gives another text."""
        put = self._put()

        def write(text: str, result: CaseResult) -> None:
            put(text if worded is None else worded(result), result)

        return write

    def _put(self) -> Callable[[str, CaseResult], None]:
        if is_table(self._output) and not isinstance(self._kept, Around):
            table = Table(self._output, self._kept, self._columns)
            return self._stack.enter_context(closing(table)).write
        write = self._kept.write

        def put(text: str, _result: CaseResult) -> None:
            write(text + "\n")

        return put


class Output:
    """Standard output, or a file that appears whole when the run has ended well.

    A device or a pipe is written to as it is.
    """

    def __init__(self, name: str | None) -> None:
        # A device keeps the name it was given: what /dev/stdout stands for may have none.
        device = name is not None and Path(name).exists() and not Path(name).is_file()
        self.target = None if name is None else Path(name if device else os.path.realpath(name))
        self.device = device
        self.scratch: Path | None = None

    def __enter__(self) -> TextIO:
        to: int | Path
        if self.target is None:
            if sys.stdout is None:
                raise InputError("standard output is closed")
            to = sys.stdout.fileno()
        elif self.device:
            to = self.target
        else:
            to, name = tempfile.mkstemp(dir=self.target.parent, prefix=".tongbao-", suffix=".part")
            self.scratch = Path(name)
        self.stream = open(to, "w", encoding="utf-8", newline="\n", closefd=self.target is not None)
        return self.stream

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        try:
            self.stream.close()
            if self.scratch is not None and self.target is not None and kind is None:
                self.scratch.chmod(_mode(self.target))
                self.scratch.replace(self.target)
        finally:
            if self.scratch is not None:
                self.scratch.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """The permissions of a file that is there, else those a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
