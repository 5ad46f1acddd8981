"""One question on one page: options, a list to search, or a line to type in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal
from textual.widgets import Input

from tui import keys
from tui.entry import Advice
from tui.messages import Reply, ShowAnswers, Weighed
from tui.screens.page import Draft, Look, Page
from tui.widgets.choice import Choice
from tui.widgets.disclosure import Disclosure
from tui.widgets.error_line import ErrorLine
from tui.widgets.filter_list import FilterList
from tui.widgets.line import Line
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.entry import Entry
    from tui.journey import Answer
    from tui.views.asking import Option
    from tui.views.question import QuestionView


@dataclass(frozen=True)
class Readers:
    """How a typed text is understood: as a date or number, or as options it may mean."""

    read: Callable[[str], Entry | Advice]
    find: Callable[[str], Sequence[Option]]


class QuestionScreen(Page):
    """One question; a digit picks, Enter continues."""

    kind = "question"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(
        self, view: QuestionView, look: Look, readers: Readers, draft: Draft | None = None
    ) -> None:
        super().__init__(view.frame, look, draft)
        self.view = view
        self.readers = readers
        self.found: tuple[Option, ...] = ()
        self.likely: Answer = None
        """What was picked or typed last, as far as it can be an answer."""

    def body(self) -> Iterable[Widget]:
        view, glyphs, state = self.view, self.look.glyphs, self.draft.state
        if view.notice:
            yield Prose(view.notice, lead=f"{glyphs.notice} ", classes="notice")
        yield Prose(view.heading, classes="title")
        yield Prose(view.hint, classes="hint" if view.kind == "choice" else "hint -tight")
        if view.kind == "choice":
            yield self._choice()
        else:
            yield Prose(view.format_hint, id="format", classes="hint")
            yield from self._typed()
        yield ErrorLine(glyphs.error)
        if view.kind != "choice":
            yield Prose(view.unsure_key, classes="hint")
        reasons = [Prose(text, classes="reason") for text in view.reasons]
        title = f"{view.why} (F3)"
        yield Disclosure(title, reasons, glyphs, is_open=bool(state.get("open")))

    def beside(self) -> Iterable[Widget]:
        view = self.view
        if view.given:
            yield Prose(view.given_heading, classes="aside")
            for label, value in view.given:
                yield Prose(label, classes="aside given")
                yield Prose(value, lead="  ", classes="aside")

    def _choice(self) -> Choice:
        view = self.view
        options = (*view.options, view.unsure)
        values = [option.value for option in options]
        before = values.index(view.answer) if view.answered and view.answer in values else None
        rows = [Row(option.label, option.note) for option in options]
        picked = self.draft.state.get("picked", before)
        return Choice(rows, self.look.glyphs, value=picked, last="0")

    def _typed(self) -> Iterable[Widget]:
        view, state = self.view, self.draft.state
        text = str(state.get("text", view.text))
        if view.kind in ("place", "list"):
            cursor = state.get("cursor")
            if cursor is None and view.answered:
                values = [option.value for option in view.options]
                cursor = values.index(view.answer) if view.answer in values else None
            yield FilterList(
                self._find, self.look.glyphs, text=text, cursor=cursor,
                no_match=view.no_match, more=view.more,
            )  # fmt: skip
        else:
            with Horizontal(id="entry"):
                yield Line(text, select_on_focus=False, id="typed")
                yield Prose(view.unit, id="unit")

    def _find(self, text: str) -> list[Row]:
        """The rows `text` may mean; the options they stand for are kept."""
        self.found = tuple(self.readers.find(text))
        return [Row(option.label, option.note) for option in self.found]

    def state(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"open": self.query_one(Disclosure).is_open}
        if self.view.kind == "choice":
            kept["picked"] = self.query_one(Choice).value
        else:
            kept["text"] = self.query_one(Input).value
        if self.view.kind in ("place", "list"):
            kept["cursor"] = self.query_one(FilterList).cursor
        return kept

    def ready(self) -> None:
        target: Widget = self.query_one(Choice if self.view.kind == "choice" else Input)
        self.set_focus(target, scroll_visible=False)
        if self.view.kind in ("date", "number"):
            self._echo(self.query_one(Input).value)
        self._weigh(None)

    def _weigh(self, likely: Option | Entry | None) -> None:
        """Tell what may be answered: what is picked or typed, then whatever a digit picks."""
        view = self.view
        first = (likely,) if likely else ()
        self.likely = likely.value if likely else None
        rest = (*view.options, view.unsure) if view.kind == "choice" else (view.unsure,)
        every = dict.fromkeys(one.value for one in (*first, *rest))
        self.post_message(Weighed(view.fact, tuple(every)))

    def refuse(self, message: str) -> None:
        """Say why the answer was not taken; what was typed stays."""
        self.query_one(ErrorLine).update(message)
        self.query_one(ErrorLine).scroll_visible(animate=False)

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self.query_one(ErrorLine).update("")
        self._weigh((*self.view.options, self.view.unsure)[event.index])
        if self.look.fast:
            self.action_next()

    def on_filter_list_pointed(self, event: FilterList.Pointed) -> None:
        event.stop()
        self._weigh(self.found[event.index])

    def on_input_changed(self, event: Input.Changed) -> None:
        self.query_one(ErrorLine).update("")
        if self.view.kind in ("date", "number"):
            self._echo(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_next()

    def _echo(self, text: str) -> None:
        """Show how a good text is understood; errors wait for Enter."""
        entry = self.readers.read(text)
        good = not isinstance(entry, Advice) and bool(entry.echo)
        if not isinstance(entry, Advice) and text:
            self._weigh(entry)
        line = self.query_one("#format", Prose)
        line.set_class(good, "-echo")
        line.update(self.view.format_hint if isinstance(entry, Advice) else entry.echo)

    def action_next(self) -> None:
        """Send the answer, or say what is missing."""
        if self.view.kind == "choice":
            picked = self.query_one(Choice).value
            options = (*self.view.options, self.view.unsure)
            if picked is None:
                self.refuse(self.view.empty)
            else:
                self._reply(options[picked].value)
        elif self.view.kind in ("place", "list"):
            cursor = self.query_one(FilterList).cursor
            if cursor is None:
                self.refuse(self.view.empty)
            else:
                self._reply(self.found[cursor].value)
        else:
            entry = self.readers.read(self.query_one(Input).value)
            if isinstance(entry, Advice):
                self.refuse(entry.message)
            else:
                self._reply(entry.value)

    def _reply(self, value: Answer) -> None:
        self.send(Reply(value, self.look.fast))

    def action_unsure(self) -> None:
        """Answer "I don't know"."""
        self._reply(None)

    def action_why(self) -> None:
        """Open or close the reasons for asking."""
        shown = self.query_one(Disclosure)
        shown.toggle()
        if shown.is_open:
            self.call_after_refresh(shown.scroll_visible, animate=False)

    def action_answers(self) -> None:
        """See the answers given so far."""
        self.send(ShowAnswers())
