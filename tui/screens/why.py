"""Why an answer came out: an outline to open and close, decision by decision."""

from __future__ import annotations

import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.containers import Vertical

from tui import keys
from tui.messages import Open
from tui.route import Route
from tui.screens.page import Draft, Look, Over
from tui.screens.working import Working
from tui.widgets.outline import Outline
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.why import WhyHead, WhyView


class WhyScreen(Working, Over):
    """One decision at a time; brackets and digits turn to the others of the topic."""

    kind = "why"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(  # noqa: PLR0913 - what makes its parts, all named
        self, head: Callable[[str], WhyHead], why: Callable[[str], WhyView],
        decision: str, look: Look, draft: Draft | None = None, *,
        known: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self.why, self.known, self.make_head = why, known, head
        self.head = head(draft.state.get("decision", decision) if draft else decision)
        super().__init__(self.head.frame, look, draft)

    def body(self) -> Iterable[Widget]:
        yield Prose(self.head.heading, classes="title", id="heading")
        yield Prose(self.head.question, classes="question -primary", id="question")
        yield Prose("", classes="verdict", id="verdict")
        yield Vertical(id="outline")
        yield Prose(self.head.hint, classes="hint")

    def ready(self) -> None:
        self._think()

    def _think(self) -> None:
        name = self.head.decision
        self.work(partial(self.why, name), at_once=self.known(name))

    def still_working(self) -> None:
        self.query_one("#verdict", Prose).update(self.head.working)

    def worked(self, found: object) -> None:
        view, state = cast("WhyView", found), self.draft.state
        line = self.query_one("#verdict", Prose)
        line.update(f"{self.look.glyphs.verdict(view.verdict)} {view.answer}")
        line.set_classes(f"verdict -{view.verdict}")
        mine = state if state.get("decision") == self.head.decision else {}
        opened = mine.get("opened")
        outline = Outline(view.nodes, self.look.glyphs, opened=opened, at=mine.get("at", ""))
        holder = self.query_one("#outline", Vertical)
        holder.remove_children()
        holder.mount(outline)
        self.set_focus(outline, scroll_visible=False)

    def state(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"decision": self.head.decision}
        for outline in self.query(Outline):
            kept |= {"opened": outline.opened, "at": outline.at}
        return kept

    def on_key(self, event: events.Key) -> None:
        typed = unicodedata.normalize("NFKC", event.character or "")
        if typed.isdigit() and typed.isascii() and 1 <= int(typed) <= len(self.head.others):
            event.stop()
            self._show(int(typed) - 1)

    def _show(self, index: int) -> None:
        """Turn to another decision."""
        name = self.head.others[index][0]
        if name == self.head.decision:
            return
        self.head = self.make_head(name)
        self.draft = Draft()
        self.query_one("#heading", Prose).update(self.head.heading)
        self.query_one("#question", Prose).update(self.head.question)
        self.query_one("#verdict", Prose).update("")
        self.query_one("#outline", Vertical).remove_children()
        self.scroller.scroll_home(animate=False)
        self._think()

    def action_other(self, by: int) -> None:
        """Turn to the decision before or after this one."""
        names = [one for one, _ in self.head.others]
        self._show((names.index(self.head.decision) + by) % len(names))

    def action_next(self) -> None:
        """Open or close the branch under the cursor."""
        for outline in self.query(Outline):
            outline.action_turn()

    def action_what_if(self) -> None:
        """What if something were otherwise."""
        self.post_message(Open(Route("what_if", self.head.decision)))

    def action_when(self) -> None:
        """The days on which the answers change."""
        self.post_message(Open(Route("when")))

    def action_sources(self) -> None:
        """The sources, whole."""
        self.post_message(Open(Route("sources")))
