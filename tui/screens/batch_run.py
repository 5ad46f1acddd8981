"""A batch that goes on: how far it is, its counts, and the way to stop it with what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui import keys
from tui.browse.session import DONE, PAUSED, RUNNING
from tui.messages import Open
from tui.route import Route
from tui.screens.page import Draft, Look, Over
from tui.widgets.bars import Bars
from tui.widgets.choice import Choice
from tui.widgets.keybar import KeyBar
from tui.widgets.prose import Prose
from tui.widgets.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.browse.running import Running, RunView

_EVERY = 0.2


class BatchRunScreen(Over):
    """The run on the desk; Esc lets it stand still and asks."""

    kind = "batch_run"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, running: Running, look: Look, draft: Draft | None = None) -> None:
        super().__init__(running.frame, look, draft)
        self.running = running
        self.view: RunView = running.look()

    def body(self) -> Iterable[Widget]:
        view, t = self.view, self.look.locale
        yield Prose(view.heading, classes="title")
        yield Prose(view.line, id="progress", classes="outcome")
        yield Prose(view.about, classes="hint", id="about")
        yield Bars(view.bars, self.look.glyphs)
        yield Prose(view.target, classes="hint")
        yield Prose(classes="line", id="said")
        yield Prose(t("browse.run.ask"), classes="notice", id="asked")
        rows = [Row(t("browse.run.go_on")), Row(t("browse.run.stop"))]
        yield Choice(rows, self.look.glyphs, cursor=0, marks=False)

    def ready(self) -> None:
        self._draw()
        self.set_interval(_EVERY, self.look_again)

    def look_again(self) -> None:
        """Show how it stands now."""
        before, self.view = self.view, self.running.look()
        if self.view != before:
            self._draw()

    def _draw(self) -> None:
        view, t = self.view, self.look.locale
        self.query_one("#progress", Prose).update(view.line)
        self.query_one(Bars).show(view.bars)
        self.query_one("#about").display = bool(view.bars)
        self.query_one("#said", Prose).update("\n".join(view.said))
        asking = view.state == PAUSED
        for name in ("#asked", "Choice"):
            self.query_one(name).display = asking
        self.set_focus(self.query_one(Choice) if asking else None, scroll_visible=False)
        ended = view.state not in (RUNNING, PAUSED)
        self._offer(asking=asking, done=bool(view.shown) and ended)
        key = "browse.run.look" if view.shown and ended else "browse.run.hint"
        self.remark("" if asking or (ended and not view.shown) else t(key))

    def _offer(self, *, asking: bool, done: bool) -> None:
        """Let the key bar name Enter only where there is something that it does."""
        t, glyphs = self.look.locale, self.look.glyphs
        enter, *others = keys.bar(self.kind, t, glyphs)
        chosen = [(enter[0], t("keys.next_confirm"), enter[2])] if asking else [enter] * done
        self.query_one(KeyBar).show((*chosen, *others))

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self._answer(event.index)

    def _answer(self, index: int) -> None:
        if index == 0:
            self.running.pause(paused=False)
        else:
            self.running.stop()
        self.look_again()
        if self.view.shown and self.view.state != DONE:
            self.action_browse()

    def action_next(self) -> None:
        """Answer the question, or look at the results."""
        if self.view.state == PAUSED:
            self._answer(self.query_one(Choice).cursor or 0)
        else:
            self.action_browse()

    def action_browse(self) -> None:
        """Look at the results there are."""
        if self.view.shown:
            self.post_message(Open(Route("batch_browse", self.view.shown)))

    def action_back(self) -> None:
        """Ask whether to stop; once it has ended, go back."""
        if self.view.state == RUNNING:
            self.running.pause(paused=True)
            self.look_again()
        elif self.view.state == PAUSED:
            self._answer(0)
        else:
            super().action_back()
