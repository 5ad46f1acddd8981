"""The export page: pick a format; where its file goes stands below each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.widgets import Input

from tui import keys
from tui.export.delivery import COPIED
from tui.messages import Export
from tui.screens.page import Draft, Look, Over
from tui.widgets.choice import Choice
from tui.widgets.error_line import ErrorLine
from tui.widgets.line import Line
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.export.delivery import Delivered
    from tui.export.view import ExportView


class ExportScreen(Over):
    """The formats, whether the answers are included, another folder."""

    kind = "export"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, view: ExportView, look: Look, draft: Draft | None = None) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view
        self.answers: bool = self.draft.state.get("answers", True)
        self.folder: str = self.draft.state.get("folder", "")
        self._copying = False

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        yield Prose(self.view.hint, classes="hint")
        cursor = self.draft.state.get("cursor", 0)
        yield Choice(self._rows(), self.look.glyphs, cursor=cursor, marks=False)
        yield ErrorLine(self.look.glyphs.error)
        yield Prose(classes="done", id="done")
        yield Prose(self.view.folder_hint, classes="hint -tight", id="folder-hint")
        yield Line(self.folder, select_on_focus=False, id="typed")

    def ready(self) -> None:
        self._type(typing=self.draft.state.get("typing", False))

    def _rows(self) -> list[Row]:
        rows = [Row(one.label, one.note) for one in self.view.rows(self.folder)]
        rows.append(Row(self.view.answers[self.answers]))
        return [*rows, *map(Row, filter(None, (self.view.elsewhere, self.view.copy)))]

    def _type(self, *, typing: bool) -> None:
        """Show the line for a folder, or take it away."""
        for name in ("#folder-hint", "#typed"):
            self.query_one(name).display = typing
        focused = self.query_one("#typed" if typing else Choice)
        self.set_focus(focused, scroll_visible=False)
        if typing:
            self.call_after_refresh(focused.scroll_visible, animate=False)

    @property
    def typing(self) -> bool:
        """Whether a folder is being typed."""
        return bool(self.query_one("#typed").display)

    def state(self) -> dict[str, Any]:
        typed = self.query_one(Input).value if self.typing else self.folder
        return {
            "answers": self.answers,
            "folder": typed,
            "typing": self.typing,
            "cursor": self.query_one(Choice).cursor,
        }

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self._want(event.index)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_next()

    def action_next(self) -> None:
        """Do what the cursor is on, or take the folder typed."""
        if self.typing:
            self.folder = self.query_one(Input).value
            self._say("")
            self._redraw()
            self._type(typing=False)
        else:
            self._want(self.query_one(Choice).cursor or 0)

    def action_back(self) -> None:
        """Leave the folder as it was; else back to the page below."""
        if self.typing:
            self._type(typing=False)
        else:
            super().action_back()

    def _want(self, index: int) -> None:
        forms = self.view.rows(self.folder)
        self._say("")
        self._copying = index == len(forms) + 2
        if index < len(forms) or self._copying:
            form = COPIED if self._copying else forms[index].form
            self.send(Export(form, self.folder, self.answers))
        elif index == len(forms):
            self.answers = not self.answers
            self._redraw()
        else:
            self._type(typing=True)

    def told(self, done: Delivered) -> None:
        """Say what came of it; where it failed, ask for another folder."""
        self.heard()
        text = done.text
        if self._copying and done.done:
            # Many terminals take no text from a program and say nothing: the file is there too.
            self.app.copy_to_clipboard(done.content.decode())
            text = self.look.locale("export.copied", written=text)
        self._say(text, done=done.done)
        self._redraw()
        if not done.done and done.elsewhere and self.view.elsewhere:
            self._type(typing=True)

    def _say(self, text: str, *, done: bool = False) -> None:
        self.query_one(ErrorLine).update("" if done else text)
        self.query_one("#done", Prose).update(text if done else "")
        if text:
            shown = self.query_one("#done" if done else "#error")
            self.call_after_refresh(shown.scroll_visible, animate=False)

    def _redraw(self) -> None:
        choice = self.query_one(Choice)
        choice.rows = tuple(self._rows())
        choice.refresh(layout=True)
