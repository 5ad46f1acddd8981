"""What if something were otherwise: facts to turn, and what the answers would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui import keys
from tui.messages import Back, Close, Open, Reply
from tui.route import Route
from tui.screens.page import Draft, Look, Over
from tui.screens.question import QuestionScreen
from tui.screens.working import Working
from tui.text.width import cell_len, pad
from tui.widgets.choice import Choice
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.message import Message
    from textual.widget import Widget

    from tui.journey import Answer
    from tui.screens.question import Readers
    from tui.views.asking import AnswerRow
    from tui.views.question import QuestionView
    from tui.views.what_if import Compared, WhatIfView


class WhatIfScreen(Working, Over):
    """Rows of facts, as they are and as assumed; below them what comes out."""

    kind = "what_if"
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(kind),
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
    ]

    def __init__(  # noqa: PLR0913 - what it needs of the scratch copy, all named
        self, view: Callable[[], WhatIfView], changes: Callable[[], tuple[str, ...]],
        turn: Callable[[str, int], bool], reset: Callable[[str], None], *, look: Look,
        draft: Draft | None = None, known: bool = False,
    ) -> None:  # fmt: skip
        self.make, self.changes, self.turn, self.reset = view, changes, turn, reset
        self.view, self.known = view(), known
        super().__init__(self.view.frame, look, draft)

    def body(self) -> Iterable[Widget]:
        view = self.view
        yield Prose(view.heading, classes="title")
        yield Prose(view.hint, classes="hint")
        cursor = self.draft.state.get("cursor", 0)
        rows = [self._row(one) for one in view.rows]
        yield Choice(rows, self.look.glyphs, cursor=cursor, marks=False)
        yield Prose(view.results, classes="heading", id="results")
        yield Vertical(*self._results(view.compared), id="compared")
        yield Prose(view.changes, classes="heading")
        yield Prose("", lead="  ", id="working")
        yield Vertical(id="changes")

    def _row(self, row: AnswerRow) -> Row:
        width = self.view.label_width
        label = row.label if cell_len(row.label) > width else pad(row.label, width)
        return Row(f"{label}  {row.value}", row.note)

    def _results(self, compared: Sequence[Compared]) -> Iterable[Widget]:
        glyphs = self.look.glyphs
        for one in compared:
            yield Prose(one.question, lead="  ", classes="question -primary")
            lead = f"  {glyphs.verdict(one.verdict)} "
            if not one.after:
                yield Prose(one.before, lead=lead, classes="line")
                continue
            yield Prose(one.was, lead=lead, classes="aside")
            after = f"  {glyphs.verdict(one.after_verdict)} "
            yield Prose(one.becomes, lead=after, classes=f"verdict -{one.after_verdict}")
            if one.because:
                yield Prose(one.because, lead="    ", classes="line")

    def ready(self) -> None:
        self.set_focus(self.query_one(Choice), scroll_visible=False)
        self.work(self.changes, at_once=self.known)

    def still_working(self) -> None:
        self.query_one("#working", Prose).update(self.view.working)

    def worked(self, found: object) -> None:
        lines = cast("tuple[str, ...]", found)
        self.query_one("#working", Prose).update("" if lines else self.view.no_changes)
        shown = [
            Prose(line, lead=f"  {self.look.glyphs.bullet} ", classes="line") for line in lines
        ]
        self.query_one("#changes", Vertical).mount(*shown)

    def state(self) -> dict[str, Any]:
        return {"cursor": self.query_one(Choice).cursor}

    def heard(self) -> None:
        """Something may have been assumed on the page that lay over this one."""
        super().heard()
        self._refresh()

    def _refresh(self) -> None:
        self.view = view = self.make()
        choice = self.query_one(Choice)
        choice.rows = tuple(map(self._row, view.rows))
        if choice.cursor is not None:
            choice.cursor = min(choice.cursor, len(choice.rows) - 1)
        choice.refresh(layout=True)
        self.query_one("#results", Prose).update(view.results)
        holder = self.query_one("#compared", Vertical)
        holder.remove_children()
        holder.mount(*self._results(view.compared))
        self.remark(view.frame.status)

    def _fact(self) -> str:
        at = self.query_one(Choice).cursor
        return self.view.rows[at or 0].fact if self.view.rows else ""

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self.action_next()

    def action_next(self) -> None:
        """Ask for another value of the fact under the cursor."""
        if self._fact():
            self.post_message(Open(Route("assume", self._fact())))

    def action_turn(self, by: int) -> None:
        """Assume the next choice, where there are choices."""
        if self._fact() and self.turn(self._fact(), by):
            self._refresh()

    def action_reset(self) -> None:
        """Assume nothing of the fact under the cursor any more."""
        if self._fact():
            self.reset(self._fact())
            self._refresh()


class AssumeScreen(QuestionScreen):
    """A question, answered as if; nothing of it reaches the real answers."""

    kind = "assume"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(
        self, view: QuestionView, look: Look, readers: Readers, take: Callable[[Answer], str],
        draft: Draft | None = None,
    ) -> None:  # fmt: skip
        super().__init__(view, look, readers, draft)
        self.take = take

    def send(self, message: Message) -> None:
        """Take the answer and close, or say why it is not taken."""
        if isinstance(message, Reply):
            refused = self.take(message.value)
            if refused:
                self.refuse(refused)
                return
        if isinstance(message, Reply | Back):
            super().send(Close())
