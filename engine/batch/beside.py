"""Writes the index of an output while a run writes it, or from its lines once it is there."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from engine.batch.index import IndexWriter, index_of
from engine.batch.indexing import write_index

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from engine.result import CaseResult


class Beside:
    """The index of one run's output, None where there is to be none; use it around the run.

    `watched` lies around what writes each result as it is. Where it was not used from the first
    line on, the index is written at the end from the lines that are there.
    """

    def __init__(self, output: str | None, files: Sequence[str], decisions: Container[str]) -> None:
        self._output = None if output is None else Path(output).resolve()
        self._files = tuple(files)
        self._decisions = decisions
        self._writer: IndexWriter | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def watched(
        self, write: Callable[[str, CaseResult], None], *, whole: bool
    ) -> Callable[[str, CaseResult], None]:
        """Write a result as `write` does, and take what the index says of it.

        `whole` is whether every line of the output is written so.
        """
        if self._output is None or not whole:
            return write
        writer = self._writer = self._stack.enter_context(IndexWriter(index_of(self._output)))

        def both(text: str, result: CaseResult) -> None:
            write(text, result)
            size = len(text) if text.isascii() else len(text.encode())
            writer.add_result(size + 1, result)

        return both

    def finish(self) -> None:
        """Let the index appear; the output is there."""
        if self._output is None:
            return
        if self._writer is not None:
            self._writer.finish(self._output, self._files)
        else:
            write_index(self._output, index_of(self._output), self._decisions, cases=self._files)
