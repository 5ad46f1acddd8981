"""The batch command: results on stdout or in a file, everything else on stderr."""

from __future__ import annotations

import os
import signal
import stat
import sys
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from engine.batch.encoding import encode
from engine.batch.run import run as run_batch
from engine.checker import Checker
from engine.clock import today
from engine.errors import InputError, RulesetError, TongbaoError
from tui import exit_codes
from tui.batch import Around, notes, stored_day, summary_json

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from engine.batch.summary import Summary
    from engine.result import CaseResult
    from tui.batch import Extras
    from tui.report.figures import Figures

VERDICTS = (
    "eligible", "action_needed", "not_eligible", "not_applicable", "stated", "unclear",
    "undecided", "disputed",
)  # fmt: skip


class _TerminatedError(BaseException):
    """SIGTERM arrived; raised so that files are closed on the way out."""


def run(  # noqa: PLR0913 - one parameter an option
    files: Sequence[str], *, output: str | None, topics: str | None, decisions: str | None,
    fail_on: str | None, jobs: int, outcomes: bool, compare: bool,
    explain: bool, as_of: date | None, extras: Extras,
) -> int:  # fmt: skip
    """Decide the cases of `files`; the exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        if topics and decisions:
            raise InputError("--topics and --decisions exclude each other")
        if outcomes and explain:
            raise InputError("--outcomes and --explain exclude each other")
        checker = Checker.load(compare=compare)
        wanted = _listed(topics, checker.library.topics, "topic")
        named = _listed(decisions, checker.library.decisions, "decision")
        failing = _listed(fail_on, VERDICTS, "verdict") or ()
        as_of = as_of or (stored_day(output) if extras.resume else None) or today()
        figures: Figures | None = None
        if outcomes:
            extras.refuse("--outcomes", files)
            with _Output(output) as out:
                summary = _brief(checker, files, out, as_of, wanted, named, jobs)
        else:
            options = {"topics": wanted, "decisions": named, "lang": extras.lang if explain else ""}
            extras = replace(extras, options=options)
            with ExitStack() as stack:
                around = stack.enter_context(Around(extras, checker, files, output, as_of, _note))
                kept = around if around.journaled else stack.enter_context(_Output(output))
                write = _writer(kept.write, checker, extras.lang if explain else None)
                summary = run_batch(
                    checker, files, write, as_of, wanted, named, attended=around.attended
                )
                figures = around.finish(summary)
    except (KeyboardInterrupt, _TerminatedError) as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        return exit_codes.INTERRUPTED if interrupted else exit_codes.TERMINATED
    except BrokenPipeError:
        # Whoever read the results has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.USAGE
    except (TongbaoError, OSError) as error:
        message, code = _failure(error, output)
        _note(message)
        return code
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _report(summary, figures, extras)
    return _code(summary, failing)


def _brief(  # noqa: PLR0913, PLR0917 - one parameter an option
    checker: Checker, files: Sequence[str], out: TextIO, as_of: date,
    topics: Sequence[str] | None, decisions: Sequence[str] | None, jobs: int,
) -> Summary:  # fmt: skip
    from engine.batch.pipeline import run_brief
    from engine.batch.scanner import library

    if library() is None:
        _note("tongbao: the scanner is not compiled (`make run` does it): this runs slower")
    return run_brief(checker, files, out.buffer.write, as_of, topics, decisions, jobs=jobs)


def _failure(error: TongbaoError | OSError, output: str | None) -> tuple[str, int]:
    """What to say of a run that ended early, and its exit code."""
    if isinstance(error, RulesetError):
        return str(error), exit_codes.BROKEN_RULESET
    if isinstance(error, InputError):
        return f"tongbao: {error}", exit_codes.USAGE
    if isinstance(error, OSError):
        where = output or "standard output"
        return f"tongbao: cannot write {where}: {error.strerror}", exit_codes.USAGE
    return f"tongbao: internal error: {error}", exit_codes.INTERNAL


def _terminate(_signal: int, _frame: object) -> None:
    raise _TerminatedError


def _listed(text: str | None, known: Collection[str], what: str) -> list[str] | None:
    """The names in a list with commas; InputError names those that do not exist."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        lack = f"no {what} {', '.join(unknown)}" if unknown else f"no {what} is named"
        raise InputError(f"{lack}; there are {', '.join(known)}")
    return names


class _Output:
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


def _writer(
    put: Callable[[str], object], checker: Checker, lang: str | None
) -> Callable[[str, CaseResult], None]:
    def plain(text: str, _result: CaseResult) -> None:
        put(text + "\n")

    def worded(_text: str, result: CaseResult) -> None:
        from engine.explanation.advice import with_words

        put(encode(with_words(checker.library, result, lang or "")) + "\n")

    return plain if lang is None else worded


def _report(summary: Summary, figures: Figures | None, extras: Extras) -> None:
    if extras.json_summary:
        _note(summary_json(summary, figures))
        return
    if not extras.quiet:
        for line in _lines(summary):
            _note(line)
        for line in notes(figures, extras.lang):
            _note(line)
    for one in summary.broken:
        _note(f"tongbao: {one}")


def _lines(summary: Summary) -> Iterator[str]:
    yield (
        f"{summary.cases} cases in, {summary.results} results out, {summary.errors} with errors; "
        f"{summary.compared} classes decided by both engines"
    )
    for name, verdicts in summary.verdicts.items():
        counts = ", ".join(f"{verdict} {n}" for verdict, n in sorted(verdicts.items()))
        yield f"  {name}: {counts}"


def _code(summary: Summary, failing: Sequence[str]) -> int:
    codes = [exit_codes.DONE]
    if summary.broken:
        codes.append(exit_codes.USAGE)
    if summary.errors:
        codes.append(exit_codes.CASE_ERRORS)
    if any(verdicts[name] for verdicts in summary.verdicts.values() for name in failing):
        codes.append(exit_codes.FAILED_ON)
    return exit_codes.strongest(*codes)


def _note(message: str) -> None:
    """A line on stderr, whatever its encoding can show; nobody may be reading it."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "ascii"
        with suppress(OSError):
            sys.stderr.write(message.encode(encoding, "backslashreplace").decode(encoding) + "\n")
