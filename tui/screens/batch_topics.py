"""Choosing what a batch is to answer: the topics, those ticked that its cases tell of."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

from tui import keys
from tui.messages import Open
from tui.route import Route
from tui.screens.page import Draft, Look, Over
from tui.widgets.checklist import Checklist, Item
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.browse.topics import Topics


class BatchTopicsScreen(Over):
    """The topics to tick; none means that each case says it itself, or wants all."""

    kind = "batch_topics"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, topics: Topics, look: Look, draft: Draft | None = None) -> None:
        super().__init__(topics.frame, look, draft)
        self.topics = topics

    def body(self) -> Iterable[Widget]:
        t = self.look.locale
        yield Prose(t("browse.wanted.heading"), classes="title")
        yield Prose(t("browse.output.source", name=self.topics.shown), classes="line")
        yield Prose(t("browse.wanted.hint"), classes="hint")
        known = self.draft.state.get("ticked")
        ticked = self.topics.proposed() if known is None else known
        rows = [Item(one.id, one.title, one.about, one.id in ticked) for one in self.topics.rows()]
        yield Checklist(rows, self.look.glyphs)

    def ready(self) -> None:
        self.set_focus(self._list, scroll_visible=False)

    def state(self) -> dict[str, Any]:
        return {"ticked": frozenset(self._list.ticked)}

    @property
    def _list(self) -> Checklist:
        return self.query_one(Checklist)

    def on_checklist_ticked(self, event: Checklist.Ticked) -> None:
        event.stop()

    def on_key(self, event: events.Key) -> None:
        typed = unicodedata.normalize("NFKC", event.character or "")
        if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(self._list.keys):
            event.stop()
            self._list.act(int(typed) - 1)

    def action_next(self) -> None:
        """On to where the results go."""
        self.post_message(Open(Route("batch_output", self.topics.onward(self._list.ticked))))
