"""The batch command: results on stdout or in a file, everything else on stderr."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.beside import Beside
from engine.batch.contained import Contained
from engine.batch.encoding import encode
from engine.batch.run import run as run_batch
from engine.batch.writing import NoColumnError, asked, is_table
from engine.checker import Checker
from engine.clock import today
from engine.errors import InputError, RulesetError, TongbaoError
from tui import exit_codes
from tui.batch.around import Around, notes, stored_day, summary_json
from tui.batch.outlet import Outlet, Output
from tui.text.safe import inert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from engine.batch.attended import Attended
    from engine.batch.summary import Summary
    from engine.result import CaseResult
    from tui.batch.around import Extras
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
    explain: bool, as_of: date | None, extras: Extras, rulesets: Path,
) -> int:  # fmt: skip
    """Decide the cases of `files`; the exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    after = ExitStack()
    try:
        if topics and decisions:
            raise InputError("--topics and --decisions exclude each other")
        if outcomes and explain:
            raise InputError("--outcomes and --explain exclude each other")
        checker = Checker.load(rulesets, compare=compare, from_snapshot=True)
        checker.comparing = Contained()
        wanted = _listed(topics, checker.library.topics, "topic")
        named = _listed(decisions, checker.library.decisions, "decision")
        failing = _listed(fail_on, VERDICTS, "verdict") or ()
        if is_table(output) and extras.resume:
            raise InputError("--resume goes on with JSON Lines, and with no table")
        as_of = as_of or (stored_day(output) if extras.resume else None) or today()
        lang = extras.lang if explain else None
        options = {"topics": wanted, "decisions": named, "lang": lang or "", "outcomes": outcomes}
        run_ = _Run(checker, files, as_of, wanted, named, jobs, lang, rulesets)
        beside = after.enter_context(_beside(extras, output, files, checker))
        with ExitStack() as stack:
            around = stack.enter_context(Around(
                replace(extras, options=options), checker, files,
                None if is_table(output) else output, as_of, _note, brief=outcomes))  # fmt: skip
            kept = around if around.journaled else stack.enter_context(Output(output))
            outlet = Outlet(output, kept, asked(checker.library, wanted, named), stack)
            if outcomes:
                summary = run_.brief(outlet, around.attended)
            elif jobs > 1 and not is_table(output):
                summary = run_.parallel(outlet, around.attended)
            else:
                summary = run_.whole(outlet, around.attended, beside)
            failures = checker.comparing.finish()
            figures = around.finish(summary)
        beside.finish()
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
        after.close()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _report(summary, figures, extras)
    for one in failures:
        _note(f"tongbao: internal error: {one}")
    return exit_codes.INTERNAL if failures else _code(summary, failing)


def _beside(extras: Extras, output: str | None, files: Sequence[str], checker: Checker) -> Beside:
    """What writes the index beside the output, where that was asked for."""
    if not extras.index:
        return Beside(None, files, checker.library.decisions)
    if output is None or is_table(output) or (
        Path(output).exists() and not Path(output).is_file()):  # fmt: skip
        raise InputError("--index needs a file of JSON Lines to write to: name it with -o")
    return Beside(output, files, checker.library.decisions)


@dataclass(frozen=True)
class _Run:
    """What is decided: briefly, in full, or in full by several processes."""

    checker: Checker
    files: Sequence[str]
    as_of: date
    topics: Sequence[str] | None
    decisions: Sequence[str] | None
    jobs: int
    lang: str | None
    """The language of the words that go with each result; None for none."""
    rulesets: Path

    def brief(self, outlet: Outlet, attended: Attended) -> Summary:
        from engine.batch.pipeline import run_brief
        from engine.batch.scanner import library

        if library() is None:
            _note("tongbao: the scanner is not compiled (`make run` does it): this runs slower")
        return run_brief(
            self.checker, self.files, outlet.lines(), self.as_of, self.topics, self.decisions,
            attended, jobs=self.jobs,
        )  # fmt: skip

    def whole(self, outlet: Outlet, attended: Attended, beside: Beside) -> Summary:
        worded = None if self.lang is None else partial(self._worded, lang=self.lang)
        watched = worded is None and not attended.earlier.cases
        write = beside.watched(outlet.results(worded), whole=watched)
        return run_batch(
            self.checker, self.files, write, self.as_of, self.topics, self.decisions,
            attended=attended,
        )  # fmt: skip

    def parallel(self, outlet: Outlet, attended: Attended) -> Summary:
        from engine.batch.parallel import run_parallel
        from engine.batch.part import Task
        from engine.explanation.advice import with_words

        identities, mapping = attended.identities, attended.mapping
        task = Task(
            self.rulesets, self.as_of, self.topics, self.decisions, self.checker.compare, mapping,
            identities.hasher.key if identities else None, attended.tally is not None,
            attended.privacy is not None, mapping.drop if mapping else frozenset(),
            None if self.lang is None else (with_words, self.lang),
        )  # fmt: skip
        return run_parallel(
            self.checker, self.files, outlet.lines(), task, attended, jobs=self.jobs
        )

    def _worded(self, result: CaseResult, lang: str) -> str:
        from engine.explanation.advice import with_words

        return encode(with_words(self.checker.library, result, lang))


def _failure(error: TongbaoError | OSError, output: str | None) -> tuple[str, int]:
    """What to say of a run that ended early, and its exit code."""
    if isinstance(error, RulesetError):
        return str(error), exit_codes.BROKEN_RULESET
    if isinstance(error, InputError | NoColumnError):
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
            shown = inert(message).encode(encoding, "backslashreplace").decode(encoding)
            sys.stderr.write(shown + "\n")
