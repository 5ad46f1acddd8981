"""Shows how far a batch has come: a bar where a person watches, a line for each tenth in a pipe."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from engine.batch.progress import Meter, Position
    from tui.locale import Locale

WORTH_TELLING = 16 << 20
"""A pipe is told nothing of an input of fewer bytes: it is soon done."""
_SCALE = 1000
_PAUSE = 0.1


class Shown(Protocol):
    """Whatever shows the position of a run; used as a context manager around it."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...
    def show(self, position: Position) -> None:
        """The run stands here now."""


def shown(meter: Meter, t: Locale, *, quiet: bool, stream: TextIO | None = None) -> Shown:
    """What fits the stream, standard error unless another is given."""
    stream = stream or sys.stderr
    if quiet or stream is None:
        return _Nothing()
    if stream.isatty():
        return _Bar(t, stream)
    if meter.total is not None and meter.total < WORTH_TELLING:
        return _Nothing()
    return _Lines(meter, t, stream)


def as_json(stream: TextIO | None = None) -> Shown:
    """What tells another program, in lines of JSON a few times a second."""
    stream = stream or sys.stderr
    return _Nothing() if stream is None else _Json(stream)


class _Nothing:
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        pass

    def show(self, position: Position) -> None:
        pass


class _Lines(_Nothing):
    def __init__(self, meter: Meter, t: Locale, stream: TextIO) -> None:
        self._meter, self._t, self._stream = meter, t, stream

    def show(self, position: Position) -> None:
        if self._meter.step(position) is not None:
            # Nobody may be reading any more; the results matter, not this.
            with suppress(OSError, ValueError):
                encoding = self._stream.encoding or "ascii"
                line = told(position, self._t).encode(encoding, "backslashreplace")
                self._stream.write(line.decode(encoding) + "\n")
                self._stream.flush()


class _Json(_Nothing):
    def __init__(self, stream: TextIO) -> None:
        self._stream, self._told = stream, 0.0

    def show(self, position: Position) -> None:
        if position.seconds - self._told < _PAUSE:
            return
        self._told = position.seconds
        told = {"cases": position.cases, "seconds": position.seconds, "rate": position.rate,
                "share": position.share, "left": position.left,
                "verdicts": dict(position.verdicts), "errors": position.errors}  # fmt: skip
        # Nobody may be reading any more; the results matter, not this.
        with suppress(OSError, ValueError):
            self._stream.write(json.dumps({"progress": told}) + "\n")
            self._stream.flush()


class _Bar(_Nothing):
    """A bar, drawn by rich a few times a second from its own thread; gone when the run ends."""

    def __init__(self, t: Locale, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._t = t
        self._progress: Progress = Progress(
            BarColumn(), TextColumn("{task.description}", markup=False),
            console=Console(file=stream, stderr=True), transient=True, refresh_per_second=4,
        )  # fmt: skip
        self._task: TaskID = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._progress.stop()

    def show(self, position: Position) -> None:
        share = position.share
        self._progress.update(
            self._task, total=None if share is None else _SCALE,
            completed=0 if share is None else int(share * _SCALE),
            description=told(position, self._t),
        )  # fmt: skip


def told(position: Position, t: Locale) -> str:
    """A position in one line: share, cases, rate, time left, answers by verdict, errors."""
    values = {"cases": f"{position.cases:,}", "rate": f"{position.rate:,.0f}"}
    if position.share is None:
        line = t("batch.progress_open", **values)
    elif position.left is None:
        line = t("batch.progress", percent=f"{position.share:.0%}", **values)
    else:
        percent, left = f"{position.share:.0%}", duration(position.left)
        line = t("batch.progress_left", percent=percent, left=left, **values)
    counts = [t("batch.verdict", verdict=t(f"verdict.{verdict}"), n=f"{n:,}")
              for verdict, n in Counter(position.verdicts).most_common()]  # fmt: skip
    if position.errors:
        counts.append(t("batch.errors", n=f"{position.errors:,}"))
    return line + (t("batch.verdicts", counts=t("result.listed").join(counts)) if counts else "")


def duration(seconds: float) -> str:
    """Hours, minutes and seconds as clocks show them."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
