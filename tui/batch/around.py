"""What is around a batch: the map, the index of ids, progress, the journal, the report."""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from engine.batch import progress, resume
from engine.batch.attended import Attended
from engine.batch.identities import Identities
from engine.batch.mapping import read_mapping
from engine.batch.privacy import Privacy
from engine.batch.reader import STDIN
from engine.batch.resume import Journal
from engine.batch.tally import Tally
from engine.errors import InputError
from engine.receipt import VERSION, library_hash
from tui.batch.progress import as_json, shown
from tui.locale import Locale
from tui.report.figures import Figures, spot_words
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from engine.batch.inputs import Place
    from engine.batch.summary import Summary
    from engine.checker import Checker

_EACH = 200
"""After so many cases the progress is shown again."""
_BUFFER = 1 << 16
_TOLD = 10


@dataclass(frozen=True)
class Extras:
    """What a batch was asked for beyond its results."""

    lang: str
    mapping: str | None = None
    unique_ids: bool = False
    report: str | None = None
    resume: bool = False
    quiet: bool = False
    json_summary: bool = False
    progress_json: bool = False
    index: bool = False
    options: Mapping[str, object] = field(default_factory=dict)
    """Whatever else shapes the results: a run that is resumed must have the same."""


def stored_day(output: str | None) -> date | None:
    """The day an interrupted run counted from, which `--resume` keeps."""
    entry = resume.stored(_target(output)) if output is not None else None
    return date.fromisoformat(entry.run["as_of"]) if entry is not None else None


def _target(output: str) -> Path:
    return Path(os.path.realpath(output))


class Around:
    """The surroundings of one run; use as a context manager around it.

    `attended` goes to the run. Where `journaled`, results are given to `write`, not to a file.
    `note` says a line to whoever runs it. Raises InputError for what cannot be done as asked.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the run, and what it is for
        self, extras: Extras, checker: Checker, files: Sequence[str], output: str | None,
        as_of: date, note: Callable[[str], None], *, brief: bool = False,
    ) -> None:  # fmt: skip
        if extras.report is not None and not Path(extras.report).absolute().parent.is_dir():
            raise InputError(f"no folder for the report {extras.report}")
        self._note = note
        self.brief = brief
        self.extras, self.checker, self.files, self.as_of = extras, checker, files, as_of
        self.t = Locale(extras.lang)
        library = checker.library
        self.rules = library_hash(library)
        mapping = read_mapping(extras.mapping, library) if extras.mapping is not None else None
        self.counting = extras.report is not None or extras.json_summary
        # Brief results are written so fast that to look at every case would be felt: of those that
        # nobody asked to be counted, the first of each input are looked at.
        self.looking = not brief or self.counting or extras.unique_ids
        privacy = Privacy(library.vocabulary.facts, mapping.drop if mapping else ())
        self.attended = Attended(
            library, mapping, None, extras.unique_ids, privacy if self.looking else None,
            Tally() if self.counting or brief else None, step=self._step,
            glance=None if self.looking else privacy,
        )  # fmt: skip
        self._output, self._stack = output, ExitStack()
        self._journal: Journal | None = None
        self._sizes = progress.sizes(files)
        self._lines: list[bytes] = []
        self._ids: list[bytes] = []
        self._held = self._told = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._open(stack)
            self._count_ids(stack)
            total = sum(self._sizes) if self._sizes is not None else None
            self._meter = progress.Meter(total, resumed=self._resumed())
            quiet = self.extras.quiet or self.extras.json_summary
            told = (as_json() if self.extras.progress_json
                    else shown(self._meter, self.t, quiet=quiet))  # fmt: skip
            self._shown = stack.enter_context(told)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._stack.__exit__(kind, error, trace)
        if kind is not None and self._journal is not None and self._journal.resumable:
            self._note(self.t("batch.resumable", n=f"{self._journal.answered:,}"))

    @property
    def journaled(self) -> bool:
        """Whether the results are kept here, so that the run can be resumed."""
        return self._journal is not None

    def write(self, text: str) -> None:
        """Take a result with its newline."""
        self._lines.append(text.encode())
        self._held += len(text)
        if self._held >= _BUFFER:
            self._flush()

    def put(self, results: memoryview | bytes) -> None:
        """Take whole lines of results."""
        if self._journal is not None:
            self._journal.write(results)

    def finish(self, summary: Summary) -> Figures:
        """Write the report and let the output appear; what the run came to.

        In this order a run that is killed in between can be resumed, and gives both.
        """
        self.attended.close()
        if self._journal is not None:
            self._flush()
            summary.broken += self._journal.changed()
        figures = self._figures(summary)
        try:
            self._report(figures)
        finally:
            if self._journal is not None:
                self._journal.finish()
        return figures

    def _report(self, figures: Figures) -> None:
        if self.extras.report is None:
            return
        from tui.report.page import page

        html = page(figures, self.checker.library, self.t)
        try:
            Path(self.extras.report).write_text(html, "utf-8")
        except OSError as error:
            message = f"cannot write the report {self.extras.report}: {error.strerror}"
            raise InputError(message) from error

    def _open(self, stack: ExitStack) -> None:
        """Open the journal where the output is a file and the inputs can be read again."""
        if self._output is None or (
            Path(self._output).exists() and not Path(self._output).is_file()
        ):
            if self.extras.resume:
                raise InputError("--resume needs a file to write to: name it with -o")
            return
        if not self.extras.resume and (STDIN in self.files or self._sizes is None):
            return
        run = {
            "inputs": resume.identity(self.files),
            "as_of": self.as_of.isoformat(),
            "rules": self.rules,
            "map": _text_of(self.extras.mapping),
            "unique_ids": self.extras.unique_ids,
            "options": dict(self.extras.options),
        }
        journal = Journal(_target(self._output), run, resume=self.extras.resume)
        self._journal = stack.enter_context(journal)
        if self.extras.resume and not self.extras.quiet:
            n = f"{journal.progress.cases:,}"
            self._note(self.t("batch.resumed", n=n) if journal.progress.cases
                       else self.t("batch.nothing_to_resume"))  # fmt: skip
        if journal.resumed and journal.progress.counts:
            counts = journal.progress.counts
            lacking = self.counting and counts["attended"]["tally"] is None
            if lacking or (self.looking and counts["key"] is None):
                message = "the run was started without --report and --json-summary"
                raise InputError(f"cannot resume with them: {message}")
            self.attended.go_on(replace(journal.progress, counts=counts["attended"]))

    def _count_ids(self, stack: ExitStack) -> None:
        """Have an index of ids, with those of the cases that are answered already."""
        if not self.looking:
            return
        journal, key = self._journal, None
        if journal is not None and journal.progress.counts:
            key = bytes.fromhex(journal.progress.counts["key"])
        identities = stack.enter_context(Identities(key=key))
        if journal is not None:
            before = journal.stored_ids()
            if before is not None:
                identities.replay(*before)
            identities.kept = self._ids.append
        self.attended.identities = identities

    def _resumed(self) -> tuple[int, int]:
        """Bytes as stored, and cases, that an earlier run has done."""
        if self._journal is None or not self._journal.progress.cases:
            return 0, 0
        done, sizes = self._journal.progress, self._sizes or []
        # Of an input that is packed it is not known; it is read again anyhow.
        here = done.offset if done.offset <= sum(sizes[done.file : done.file + 1]) else 0
        return sum(sizes[: done.file]) + here, done.cases

    def _step(self, summary: Summary, stream: IO[bytes], place: Callable[[], Place]) -> None:
        if self._journal is not None and self._journal.due():
            self._flush()
            found = self.attended.progress(summary, place())
            key = self.attended.identities.hasher.key.hex() if self.attended.identities else None
            self._journal.write_ids(b"".join(self._ids))
            self._ids.clear()
            self._journal.checkpoint(replace(found, counts={"attended": found.counts, "key": key}))
        if summary.cases - self._told >= _EACH:
            self._told = summary.cases
            before = sum((self._sizes or [])[: self.attended.number])
            verdicts: Counter[str] = Counter()
            for counted in summary.verdicts.values():
                verdicts.update(counted)
            read = before + progress.read_of(stream)
            self._shown.show(self._meter.at(read, summary.cases, verdicts, summary.errors))

    def _flush(self) -> None:
        if self._journal is not None and self._lines:
            self._journal.write(b"".join(self._lines))
            self._lines, self._held = [], 0

    def _figures(self, summary: Summary) -> Figures:
        attended = self.attended
        looked = attended.privacy or attended.glance
        return Figures(
            summary.cases, summary.results, summary.errors, self.as_of, self.files, self.rules,
            VERSION, attended.tally or Tally(), summary.compared, summary.broken,
            attended.identities.duplicates if attended.identities else None, attended.listed,
            looked.found if looked else (), self.brief,
            glanced=attended.glance is not None,
        )  # fmt: skip


def _text_of(name: str | None) -> str | None:
    """The text of a map: one that was changed gives other results."""
    return None if name is None else Path(name).read_text("utf-8")


def summary_json(summary: Summary, figures: Figures | None) -> str:
    """The counts of a run as one line of JSON."""
    counts = figures.to_json() if figures is not None else {}
    return json.dumps({**counts, **summary.to_json()}, ensure_ascii=False)


def notes(figures: Figures | None, lang: str) -> Iterator[str]:
    """What a person should know of the input, in lines."""
    if figures is None:
        return
    t = Locale(lang)
    if figures.duplicates:
        some = [t("batch.duplicate", first=spot_words(first, t),
                  later=", ".join(spot_words(one, t) for one in later))
                for first, later in figures.listed[:_TOLD]]  # fmt: skip
        lines = t("result.listed").join(some)
        yield t("batch.duplicates", n=f"{figures.duplicates:,}", lines=lines)
    for one in figures.private:
        key = "kept" if one.kept else "dropped"
        n = t("batch.private.at_least" if figures.glanced else "batch.private.exactly",
              n=f"{one.cases:,}")  # fmt: skip
        yield t(f"batch.private.{key}", column=safe(one.column, 60), n=n)
