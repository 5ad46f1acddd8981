"""The bottom line of keys: translated, most important first, words dropped whole, never cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.text.width import cell_len

if TYPE_CHECKING:
    from textual import events

Entry = tuple[str, str, str]


def fitting(entries: tuple[Entry, ...], width: int) -> list[Entry]:
    """As many entries as fit into `width` cells, the first ones first; each whole."""
    taken: list[Entry] = []
    used = 0
    for entry in entries:
        size = cell_len(f" {entry[0]} {entry[1]} ")
        if used + size <= width:
            taken.append(entry)
            used += size
    return taken


class KeyBar(Widget):
    """Keys with their words; a click on one is the key."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keybar--key"}

    @dataclass
    class Pressed(Message):
        """An entry was clicked."""

        action: str

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        super().__init__(markup=False)
        self.entries = entries

    def show(self, entries: tuple[Entry, ...]) -> None:
        """Show other entries."""
        if entries != self.entries:
            self.entries = entries
            self.refresh()

    def render(self) -> Content:
        style = self.get_visual_style("keybar--key", partial=True)
        parts = []
        for key, words, _ in fitting(self.entries, self.content_size.width):
            parts.append(Content.styled(f" {key}", style))
            parts.append(Content(f" {words} "))
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        start = 0
        for key, words, action in fitting(self.entries, self.content_size.width):
            end = start + cell_len(f" {key} {words} ")
            if start <= event.x < end:
                self.post_message(self.Pressed(action))
                return
            start = end
