"""The author's workbench: the board, what its rows open, and what the answers were before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType

from tui import keys
from tui.messages import Leave, Open
from tui.route import LESS, Route
from tui.screens.page import Draft, Look, Over
from tui.screens.working import Working
from tui.speaker import Frame
from tui.text.safe import safe
from tui.widgets.board import Board
from tui.widgets.prose import Prose
from tui.widgets.topbar import TopBar
from tui.workbench.editing import can_edit, edit
from tui.workbench.shapes import ENDED, ListView, Trouble, named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from tui.locale import Locale
    from tui.workbench.bench import Bench
    from tui.workbench.shapes import Spot, View

_GLANCE = 0.1
"""Seconds between two glances at whether there is something new: one comparison each."""


def told(missing: Trouble | None, t: Locale) -> str:
    """Why there is nothing to show."""
    return t("workbench.trouble", why=missing.why) if missing else t("workbench.gone")


class Benched(Over):
    """A page of the workbench; what it shows is made anew when the files have changed."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self, bench: Bench, look: Look, draft: Draft | None = None, about: str = ""
    ) -> None:
        self.bench, self.about = bench, about
        self.view: View | None = None
        self.seen = bench.changes
        board = bench.board(look.locale.lang)
        title = look.locale("workbench.title", folder=named(bench.folder))
        self.editing = can_edit()
        super().__init__(board.frame if board is not None else Frame(title, ""), look, draft)

    @property
    def offered(self) -> str:
        less = f"{self.kind}{LESS}"
        return less if less in keys.SCREENS and not self.editing else self.kind

    def glance(self) -> None:
        """Take notice of what is new, where anybody sees it."""
        if self.is_current:
            self.bench.poll()
            if self.bench.changes != self.seen:
                self.seen = self.bench.changes
                self.changed()

    def changed(self) -> None:
        """Called when there is something new."""
        raise NotImplementedError

    def framed(self, frame: Frame) -> None:
        """Show another frame."""
        self.frame = frame
        self.query_one(TopBar).show(frame.title, frame.context)
        self.remark(frame.status)

    def action_edit(self) -> None:
        """Open the editor at what is meant, and come back."""
        spot = self.spot()
        t = self.look.locale
        if not self.editing:
            self.remark(t("workbench.edit.none"))
        elif spot is not None:
            try:
                with self.app.suspend():
                    said = edit(self.bench.folder, spot, t)
            except SuspendNotSupported:
                said = t("workbench.edit.not_here")
            self.refresh(layout=True)
            if said:
                self.remark(said)

    def spot(self) -> Spot | None:
        """What to edit."""
        return None


class BenchListScreen(Benched):
    """Rows with a cursor; Enter opens what it is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "move(-9999)", show=False),
        Binding("end", "move(9999)", show=False),
    ]

    fills: ClassVar[bool] = False
    """Whether rows may come before the first one while nobody has touched it."""
    touched = False

    def body(self) -> Iterable[Widget]:
        yield Prose("", id="heading", classes="title")
        nothing = ListView(self.frame, "")
        yield Board(nothing, self.look.glyphs)

    @property
    def listed(self) -> Board:
        """The rows."""
        return self.query_one(Board)

    def state(self) -> dict[str, Any]:
        line = self.listed.line
        return {"key": line.key if line is not None else self.draft.state.get("key", "")}

    def show(self, view: ListView) -> None:
        """Show the rows as they are now; the cursor stays on its own."""
        line = self.listed.line
        kept = line.key if line else ""
        if self.view is None:
            kept = str(self.draft.state.get("key", ""))
        elif self.fills and not self.touched:
            kept = next((one.key for one in view.lines), "")
        self.view = view
        self.framed(view.frame)
        sign = {"holds": self.look.glyphs.eligible, "fails": self.look.glyphs.error}.get(view.mark)
        heading = self.query_one("#heading", Prose)
        heading.update(f"{sign} {view.heading}" if sign else view.heading)
        self.listed.show_view(view, kept)

    def spot(self) -> Spot | None:
        return self.listed.line.spot if self.listed.line is not None else None

    def on_sections_chosen(self, event: Board.Chosen) -> None:
        event.stop()
        self.action_next()

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.touched = True
        self.listed.move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by screens."""
        self.touched = True
        self.listed.page(by)

    def action_next(self) -> None:
        """Open the row under the cursor."""
        line = self.listed.line
        if line is not None and line.opens[0]:
            self.send(Open(Route(*line.opens)))

    def action_sources(self) -> None:
        """The sources behind the row under the cursor."""
        line = self.listed.line
        if line is not None and line.decision:
            self.send(Open(Route("bench_sources", line.decision)))


class BenchScreen(BenchListScreen):
    """The board: faults and failing examples on top, then every decision."""

    kind = "bench"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(
        self, bench: Bench, look: Look, draft: Draft | None = None, *, alone: bool = False
    ) -> None:
        super().__init__(bench, look, draft)
        self.alone = alone

    def ready(self) -> None:
        self.bench.rest(resting=False)
        self.changed()
        self.set_interval(_GLANCE, self.glance)

    def changed(self) -> None:
        t = self.look.locale
        view = self.bench.board(t.lang)
        if view is not None:
            self.show(view)
        failure = self.bench.failure
        ended = t("workbench.ended") if failure == ENDED else ""
        said = ended or t("workbench.broken", why=safe(failure)) if failure else ""
        if view is None:
            self.query_one("#heading", Prose).update(said or t("workbench.reading"))
        elif said:
            self.remark(said)

    def on_unmount(self) -> None:
        # The same page in the other language may be there already.
        if not any(isinstance(one, BenchScreen) and one is not self
                   for one in self.app.screen_stack):  # fmt: skip
            self.bench.rest(resting=True)

    def action_again(self) -> None:
        """Look again, changed or not."""
        self.remark(self.look.locale("workbench.again"))
        self.bench.again()

    def action_compare(self) -> None:
        """What the answers were before."""
        self.send(Open(Route("bench_moved")))

    def action_back(self) -> None:
        """Away from the workbench; out of the program where there is nothing else."""
        if self.alone:
            self.send(Leave())
        else:
            super().action_back()


class BenchRowsScreen(BenchListScreen, Working):
    """Rows that are asked for, and asked for again when the files have changed."""

    fills = True
    _news: tuple[int, str] = (0, "")

    def ready(self) -> None:
        self._ask()
        self.set_interval(_GLANCE, self.glance)

    def _ask(self) -> None:
        self.work(partial(self.bench.ask, self.kind, self.about, self.look.locale.lang))

    def changed(self) -> None:
        board = self.bench.board(self.look.locale.lang)
        if board is not None and isinstance(self.view, ListView):
            news = board.number, board.frame.status
            if news != self._news:
                self._news = news
                self._ask()

    def still_working(self) -> None:
        self.remark(self.look.locale("why.working"))

    def worked(self, found: object) -> None:
        t = self.look.locale
        view = cast("ListView | Trouble | None", found)
        if view is None or isinstance(view, Trouble):
            view = ListView(self.frame, told(view, t))
        board = self.bench.board(t.lang)
        if board is not None:
            self._news = board.number, board.frame.status
        self.show(view)


class BenchDecisionScreen(BenchRowsScreen):
    """A decision: its figures, what is wrong with it, its rules."""

    kind = "bench_decision"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))


class BenchSourcesScreen(BenchRowsScreen):
    """The sources that the rules of a decision cite."""

    kind = "bench_sources"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))


class BenchMovedScreen(BenchRowsScreen):
    """The answers that became others since the last commit."""

    kind = "bench_moved"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))


class BenchCasesScreen(BenchRowsScreen):
    """Some cases whose answer became another."""

    kind = "bench_cases"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))
