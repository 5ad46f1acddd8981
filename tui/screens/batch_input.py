"""Choosing what a batch reads, then where its results go; nothing is overwritten unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input

from tui import keys
from tui.browse.running import FILE, FOLDER, Choosing
from tui.messages import Open
from tui.route import Route
from tui.screens.searching import Searching, Typing
from tui.text.safe import safe
from tui.widgets.choice import Choice
from tui.widgets.error_line import ErrorLine
from tui.widgets.line import Line
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.screens.page import Draft, Look


class BatchInputScreen(Searching):
    """A path is typed, or found in the list of what a folder holds."""

    kind = "batch_input"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, choosing: Choosing, look: Look, draft: Draft | None = None) -> None:
        super().__init__(choosing.frame, look, draft)
        self.choosing = choosing
        self.found: list[str] = []

    def body(self) -> Iterable[Widget]:
        t = self.look.locale
        yield Prose(t("browse.input.heading"), classes="title")
        yield Prose(t("browse.input.hint"), classes="hint -tight")
        no_match, more = t("browse.input.no_match"), t("question.more")
        yield from self.listing(no_match, more, cursor=None)
        yield Prose(t("browse.input.form"), classes="hint")

    def find(self, text: str) -> list[Row]:
        self.found = self.choosing.find(text)
        return [Row(safe(one, 200)) for one in self.found]

    def action_next(self) -> None:
        """Go into the folder, or on with the file."""
        path = self._path()
        kind = self.choosing.kind(path) if path else ""
        self.complain("")
        if kind == FILE:
            self.post_message(Open(Route("batch_topics", path)))
        elif kind == FOLDER:
            self._type(path.rstrip("/") + "/")
        else:
            empty = "browse.input.none" if path else "browse.input.empty"
            self.complain(self.look.locale(empty, name=safe(path, 200)))

    def action_browse(self) -> None:
        """Look at results that are there already."""
        path = self._path()
        if path and self.choosing.kind(path) == FILE:
            self.post_message(Open(Route("batch_browse", str(self.choosing.path(path)))))
        else:
            self.complain(self.look.locale("browse.input.empty"))

    def _path(self) -> str:
        """What is chosen: the file typed in full, else what the cursor is on."""
        at, typed = self.cursor, self.line.value
        if typed.strip() and self.choosing.kind(typed) == FILE:
            return typed
        return self.found[at] if at is not None and at < len(self.found) else typed.strip()

    def _type(self, text: str) -> None:
        self.line.value = text
        self.line.cursor_position = len(text)


class BatchOutputScreen(Typing):
    """Where the results go; asks before it overwrites."""

    kind = "batch_output"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(
        self, choosing: Choosing, source: str, look: Look, draft: Draft | None = None
    ) -> None:
        super().__init__(choosing.frame, look, draft)
        self.choosing, self.source = choosing, source
        self.answers: list[str] = []

    def body(self) -> Iterable[Widget]:
        t = self.look.locale
        yield Prose(t("browse.output.heading"), classes="title")
        yield Prose(t("browse.output.source", name=safe(self.source, 200)), classes="line")
        yield Prose(t("browse.output.hint"), classes="hint -tight")
        text = self.draft.state.get("text", self.choosing.proposed(self.source))
        yield Line(text, select_on_focus=False, id="typed")
        yield ErrorLine(self.look.glyphs.error)
        yield Prose(classes="notice", id="asked")

    def ready(self) -> None:
        self.query_one("#asked").display = False
        super().ready()
        self.line.cursor_position = len(self.line.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.complain("")
        self._unask()

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self._answer(event.index)

    def action_next(self) -> None:
        """Begin, or ask first."""
        output = self.line.value
        chosen = list(self.query(Choice))
        if chosen:
            self._answer(chosen[0].cursor or 0)
            return
        refused = self.choosing.refused(self.source, output)
        if refused:
            self.complain(refused)
            return
        question, answers = self.choosing.question(output)
        if answers:
            self._ask(question, answers)
        else:
            self._begin(resume=False)

    def _ask(self, question: str, answers: tuple[tuple[str, str], ...]) -> None:
        self.answers = [one for one, _ in answers]
        asked = self.query_one("#asked", Prose)
        asked.update(question)
        asked.display = True
        rows = [Row(label) for _, label in answers]
        choice = Choice(rows, self.look.glyphs, cursor=0, marks=False)
        self.mount(choice, after=asked)
        self.set_focus(choice, scroll_visible=False)

    def _unask(self) -> None:
        self.answers = []
        self.query_one("#asked").display = False
        self.query(Choice).remove()

    def _answer(self, index: int) -> None:
        answer = self.answers[index]
        self._unask()
        if answer == "no":
            self.set_focus(self.line, scroll_visible=False)
        else:
            self._begin(resume=answer == "resume")

    def _begin(self, *, resume: bool) -> None:
        self.choosing.start(self.source, self.line.value, resume=resume)
        self.post_message(Open(Route("batch_run")))
