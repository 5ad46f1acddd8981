"""An outline that wraps: branches open and close, arrows move, Enter is left to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.views.outline import Node, Place, in_sight, open_at_first
from tui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.glyphs import Glyphs

# The signs of tests are those of the verdicts that mean the same.
_SIGNS = {
    "holds": "eligible", "fails": "not_eligible", "open": "undecided", "idle": "not_applicable",
}  # fmt: skip
_INDENT = 2


class Outline(Rows):
    """Statements below each other; a click, the space bar or left and right open and close."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn", show=False),
        Binding("left", "fold", show=False),
        Binding("right", "unfold", show=False),
    ]
    wraps_round = False

    def __init__(
        self, nodes: Sequence[Node], glyphs: Glyphs, *,
        opened: set[str] | None = None, at: str = "",
    ) -> None:  # fmt: skip
        super().__init__((), glyphs)
        self.nodes = tuple(nodes)
        self.opened = open_at_first(self.nodes) if opened is None else set(opened)
        self.places: list[Place] = []
        self._lay_out()
        ids = [one.id for one in self.places]
        self.set_reactive(Rows.cursor, ids.index(at) if at in ids else 0 if ids else None)

    @property
    def at(self) -> str:
        """The statement the cursor is on."""
        return self.places[self.cursor].id if self.cursor is not None else ""

    def _lay_out(self) -> None:
        self.places = in_sight(self.nodes, self.opened)
        self.rows = tuple(Row(one.node.text, one.node.note) for one in self.places)

    def head(self, index: int) -> str:
        one, glyphs = self.places[index], self.glyphs
        branch = " "
        if one.node.nodes:
            branch = glyphs.open if one.id in self.opened else glyphs.closed
        mark = one.node.mark
        sign = glyphs.verdict(_SIGNS.get(mark, mark)) + " " if mark else ""
        return " " * (_INDENT * one.depth) + f"{branch} {sign}"

    def action_turn(self) -> None:
        """Open or close the branch under the cursor; of a leaf the branch it stands in."""
        if self.cursor is None:
            return
        one = self.places[self.cursor]
        if not one.node.nodes:
            self._climb(one)
            return
        self.opened ^= {one.id}
        self._lay_out()
        self.refresh(layout=True)
        self.call_after_refresh(self._keep_in_sight)

    def action_fold(self) -> None:
        """Close the branch under the cursor, or go up to the one it stands in."""
        if self.cursor is not None:
            one = self.places[self.cursor]
            if one.id in self.opened and one.node.nodes:
                self.action_turn()
            else:
                self._climb(one)

    def action_unfold(self) -> None:
        """Open the branch under the cursor, or go on into it."""
        if self.cursor is not None:
            one = self.places[self.cursor]
            if one.node.nodes and one.id not in self.opened:
                self.action_turn()
            elif one.node.nodes:
                self.cursor += 1

    def _climb(self, one: Place) -> None:
        above = one.id.rpartition(".")[0]
        if above:
            self.cursor = [other.id for other in self.places].index(above)

    def act(self, index: int) -> None:
        if self.places[index].node.nodes:
            self.action_turn()
