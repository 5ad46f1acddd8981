"""The view model of a run: how far it is, its counts as bars, what can be done now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.batch.progress import duration
from tui.browse import files
from tui.browse.browser import command
from tui.browse.session import DONE, FAILED, STOPPED, Run, unfinished
from tui.browse.shapes import Bar
from tui.browse.view import verdict_bars
from tui.text.safe import safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.browse.session import Batch
    from tui.speaker import Frame, Speaker

FILE, FOLDER, NOTHING = "file", "folder", "nothing"


@dataclass(frozen=True)
class RunView:
    """A run as it stands."""

    heading: str
    target: str
    state: str
    line: str
    about: str
    bars: tuple[Bar, ...]
    said: tuple[str, ...]
    shown: str
    """The results there are, empty where there are none yet."""


class Running:
    """The run on the desk, in one language."""

    def __init__(self, say: Speaker, batch: Batch) -> None:
        self.say, self.batch = say, batch

    @property
    def frame(self) -> Frame:
        """The frame of its page."""
        return self.say.frame_of_a_batch()

    def look(self) -> RunView:
        """How it stands now."""
        t, run = self.say.locale, self.batch.run
        if run is None:
            return RunView(t("browse.run.none"), "", FAILED, "", "", (), (), "")
        run.poll()
        state, shown = run.state, run.shown
        said = tuple(safe(one, 300) for one in run.said) if state == FAILED else ()
        if state == STOPPED and shown is not None:
            said = (t("browse.resume", command=command(run)),)
        return RunView(
            t("browse.run.heading", name=safe(run.source.name, 60)),
            t("browse.run.target", name=safe(run.output, 200)), state,
            self._line(run, state), t("browse.run.about"), self._bars(run), said,
            str(shown) if shown is not None else "",
        )  # fmt: skip

    def pause(self, *, paused: bool) -> None:
        """Let it stand still, or go on."""
        if self.batch.run is not None:
            self.batch.run.pause(paused=paused)

    def stop(self) -> None:
        """End it; what is done is kept."""
        if self.batch.run is not None:
            self.batch.run.stop()

    def _line(self, run: Run, state: str) -> str:
        t, now = self.say.locale, run.progress
        if state == DONE:
            done = run.summary
            return t("browse.run.done", cases=f"{done.get('cases', 0):,}",
                     errors=f"{done.get('errors', 0):,}")  # fmt: skip
        cases, share = now.get("cases", 0), now.get("share")
        if state == STOPPED:
            key = "browse.run.stopped" if run.shown is not None else "browse.run.stopped_early"
            return t(key, cases=f"{cases:,}")
        if state == FAILED:
            return t("browse.run.failed")
        if not now:
            return t("browse.run.begins")
        values = {"cases": f"{cases:,}", "rate": f"{now.get('rate', 0):,.0f}"}
        if not share:
            return t("browse.run.open", **values)
        values |= {"all": f"{_rounded(cases / share):,}", "percent": f"{share:.1%}"}
        return t("browse.run.going", left=duration(now.get("left") or 0), **values)

    def _bars(self, run: Run) -> tuple[Bar, ...]:
        counts, errors, cases = _counts(run)
        t = self.say.locale
        bars = verdict_bars(self.say, counts, counts.total())
        wrong = Bar(self.say.glyphs.notice, t("browse.wrong"), errors, cases)
        return (*bars, *([wrong] if errors else ()))


def _counts(run: Run) -> tuple[Counter[str], int, int]:
    """Answers by verdict, cases with errors, cases."""
    found: Mapping[str, Any] = run.summary or run.progress
    counts: Counter[str] = Counter()
    if run.summary:
        for verdicts in run.summary["verdicts"].values():
            counts.update(verdicts)
    else:
        counts.update(run.progress.get("verdicts", {}))
    return counts, found.get("errors", 0), found.get("cases", 0)


def _rounded(number: float) -> int:
    """A number that is guessed, to three figures."""
    unit = int(10 ** max(0, len(str(int(number))) - 3))
    return round(number / unit) * unit


class Choosing:
    """The files a person may choose, and where the results go."""

    def __init__(self, say: Speaker, batch: Batch, topics: tuple[str, ...] = ()) -> None:
        self.say, self.batch, self.topics = say, batch, topics

    @property
    def frame(self) -> Frame:
        """The frame of its pages."""
        return self.say.frame_of_a_batch()

    def find(self, text: str) -> list[str]:
        """The folders and files a typed path may go on to; as they are, so not to be shown."""
        return files.entries(text)

    def kind(self, text: str) -> str:
        """What a typed path names."""
        path = files.typed(text)
        try:
            return FILE if path.is_file() else FOLDER if path.is_dir() else NOTHING
        except (OSError, ValueError):
            return NOTHING

    def path(self, text: str) -> Path:
        """The path a typed text names, however the present folder changes."""
        return files.typed(text).absolute()

    def proposed(self, source: str) -> str:
        """Where the results of a file may go."""
        return str(files.proposed(files.typed(source)))

    def refused(self, source: str, output: str) -> str:
        """Why the results cannot go there."""
        t, given, target = self.say.locale, files.typed(source), files.typed(output)
        if not output.strip():
            return t("browse.output.empty")
        if "\0" in output or target.is_dir() or not target.absolute().parent.is_dir():
            return t("browse.output.no_folder", name=safe(target.absolute().parent, 200))
        if target.exists() and given.exists() and target.samefile(given):
            return t("browse.output.same")
        if target.suffix.lower() in {".gz", ".csv", ".parquet"}:
            return t("browse.output.form")
        return ""

    def question(self, output: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What is to be asked before anything is written there; each answer with its label."""
        t, target = self.say.locale, files.typed(output)
        if unfinished(target):
            return t("browse.output.unfinished"), (
                ("resume", t("browse.output.resume")), ("anew", t("browse.output.anew")),
                ("no", t("browse.output.other")),
            )  # fmt: skip
        if target.exists():
            return t("browse.output.exists"), (
                ("no", t("browse.output.other")), ("anew", t("browse.output.overwrite")),
            )  # fmt: skip
        return "", ()

    def start(self, source: str, output: str, *, resume: bool) -> None:
        """Begin the run."""
        given = self.path(source), self.path(output)
        self.batch.start(*given, resume=resume, topics=self.topics)
