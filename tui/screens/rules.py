"""The way to the rules: the topic, the place, the day, then the rules with a line to search in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui import keys
from tui.messages import Open
from tui.route import LESS, Route
from tui.screens.page import Draft, Look, Over
from tui.screens.searching import Searching, Typing
from tui.widgets.choice import Choice
from tui.widgets.error_line import ErrorLine
from tui.widgets.line import Line
from tui.widgets.prose import Prose
from tui.widgets.rows import Row
from tui.widgets.sections import Sections

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from tui.rules_pages.choosing import Choosing
    from tui.rules_pages.reading import Reading
    from tui.views.asking import Option
    from tui.widgets.sections import Sectioned


class RulesScreen(Over):
    """Which topic."""

    kind = "rules"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(
        self, choosing: Choosing, look: Look, draft: Draft | None = None, *, web: bool = False
    ) -> None:
        self.view, self.options = choosing.topics()
        self.web = web
        super().__init__(self.view.frame, look, draft)

    @property
    def offered(self) -> str:
        return f"{self.kind}{LESS}" if self.web else self.kind

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        yield Prose(self.view.hint, classes="hint")
        rows = [Row(option.label, option.note) for option in self.options]
        cursor = self.draft.state.get("cursor", 0)
        yield Choice(rows, self.look.glyphs, cursor=cursor, marks=False)

    def state(self) -> dict[str, Any]:
        return {"cursor": self.query_one(Choice).cursor}

    def ready(self) -> None:
        self.set_focus(self.query_one(Choice), scroll_visible=False)

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self.action_next()

    def action_next(self) -> None:
        """Ask for the place."""
        at = self.query_one(Choice).cursor or 0
        self.send(Open(Route("rules_place", str(self.options[at].value))))

    def action_bench(self) -> None:
        """The workbench of who writes rules: it works on this computer, which is no visitor's."""
        if not self.web:
            self.send(Open(Route("bench")))


class RulesPlaceScreen(Searching):
    """Which place."""

    kind = "rules_place"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, choosing: Choosing, look: Look, draft: Draft | None = None) -> None:
        self.choosing, self.view = choosing, choosing.place_view()
        self.found: tuple[Option, ...] = ()
        super().__init__(self.view.frame, look, draft)

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        yield Prose(self.view.hint, classes="hint")
        yield from self.listing(self.view.no_match, self.view.more)

    def find(self, text: str) -> list[Row]:
        self.found = self.choosing.places(text)
        return [Row(option.label, option.note) for option in self.found]

    def action_next(self) -> None:
        """Ask for the day."""
        at = self.cursor
        if at is None or not self.found:
            self.complain(self.view.empty)
        else:
            self.send(Open(Route("rules_day", str(self.found[at].value))))


class RulesDayScreen(Typing):
    """Which day."""

    kind = "rules_day"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, choosing: Choosing, look: Look, draft: Draft | None = None) -> None:
        self.choosing, self.view = choosing, choosing.day_view()
        super().__init__(self.view.frame, look, draft)

    def body(self) -> Iterable[Widget]:
        yield Prose(self.view.heading, classes="title")
        yield Prose(self.view.hint, classes="hint")
        text = str(self.draft.state.get("text", self.view.text))
        yield Line(text, select_on_focus=False, id="typed")
        yield ErrorLine(self.look.glyphs.error)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.complain("")

    def action_next(self) -> None:
        """Show the rules of the day, or say what is wrong with it."""
        typed = self.line.value
        about = self.choosing.day(typed)
        if about is None:
            self.complain(self.choosing.advice(typed))
        else:
            self.send(Open(Route("rules_list", about)))


class RulesListScreen(Typing):
    """The rules in force, question by question; what is typed narrows them."""

    kind = "rules_list"
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(kind),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, reading: Reading, look: Look, draft: Draft | None = None) -> None:
        self.reading, self.view = reading, reading.view()
        self.opened: list[str] = []
        self.searched = ""
        super().__init__(self.view.frame, look, draft)

    def body(self) -> Iterable[Widget]:
        text, glyphs = str(self.draft.state.get("text", "")), self.look.glyphs
        yield Line(
            text, select_on_focus=False, placeholder=self.view.hint, id="filter", compact=True
        )
        yield Prose(classes="line", id="notice")
        at = int(self.draft.state.get("cursor", 0))
        yield Sections(self._found(text), glyphs, cursor=at)

    def _found(self, text: str) -> list[Sectioned]:
        self.searched = text
        found = self.reading.find(text)
        self.opened = [line.about for section in found for line in section.lines]
        return [
            (section.heading, tuple(Row(line.text, line.note) for line in section.lines))
            for section in found
        ]

    @property
    def listed(self) -> Sections:
        """The rules."""
        return self.query_one(Sections)

    def state(self) -> dict[str, Any]:
        return {**super().state(), "cursor": self.listed.cursor}

    def ready(self) -> None:
        super().ready()
        self._say_how_many()

    def _say_how_many(self) -> None:
        count = self.listed.count
        notice = self.view.no_match if self.view.count and not count else ""
        self.query_one("#notice", Prose).update(notice or ("" if count else self.view.hint))
        self.query_one("#notice").display = not count
        self.remark(self.reading.status(count))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        # A line that comes with a text in it says so, which is no change.
        if event.value != self.searched:
            self.listed.show(self._found(event.value))
            self._say_how_many()

    def on_sections_chosen(self, event: Sections.Chosen) -> None:
        event.stop()
        self.action_next()

    def action_move(self, by: int) -> None:
        """Move the cursor by rules."""
        self.listed.cursor += by

    def action_page(self, by: int) -> None:
        """Move the cursor by screens."""
        self.listed.page(by)

    def action_next(self) -> None:
        """Open the rule under the cursor."""
        if self.opened:
            self.send(Open(Route("rule", self.opened[self.listed.cursor])))

    def action_back(self) -> None:
        """Take back what was typed; then leave."""
        if self.line.value:
            self.line.value = ""
        else:
            super().action_back()
