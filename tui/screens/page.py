"""What every screen shares: the frame, scrolling, the key bar, and keeping its state on rebuild."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen

from tui import keys
from tui.messages import Back, Close, Open
from tui.route import Route
from tui.terminal import LEAST_HEIGHT, LEAST_WIDTH
from tui.widgets.keybar import KeyBar
from tui.widgets.prose import Prose
from tui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size
    from textual.message import Message
    from textual.widget import Widget

    from tui.locale import Locale
    from tui.speaker import Frame
    from tui.text.glyphs import Glyphs


NORMAL, WIDE = 60, 110
"""From so many columns on a page is as wide as most, and so wide that there is room beside it."""


@dataclass
class Draft:
    """What a person had done on a page but not sent, so that a rebuild can show it again."""

    scroll: float = 0
    state: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """What a page needs besides its view model: the language of the frame and the signs."""

    locale: Locale
    glyphs: Glyphs
    fast: bool = False
    """Whether a digit answers without Enter."""


def fit(size: Size) -> dict[str, bool]:
    """Which of the classes by which the look of a page follows its size it has."""
    return {
        "-narrow": size.width < NORMAL,
        "-normal": NORMAL <= size.width < WIDE,
        "-wide": size.width >= WIDE,
        "-too-small": size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT,
    }


class Hint(Prose):
    """A text that comes and goes without moving anything else."""

    shown = False

    def show(self, *, shown: bool) -> None:
        """Show it, or leave its place blank."""
        if shown != self.shown:
            self.shown = shown
            self.refresh()

    def render(self) -> Content:
        return super().render() if self.shown else Content("")


class Page(Screen[None]):
    """A top bar, a scrolling body of one column, a status line and a key bar."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_body(-1)", show=False),
        Binding("down,j", "scroll_body(1)", show=False),
        Binding("pageup", "scroll_body(-12)", show=False),
        Binding("pagedown", "scroll_body(12)", show=False),
        Binding("home", "scroll_body(-9999)", show=False),
        Binding("end", "scroll_body(9999)", show=False),
    ]
    kind: ClassVar[str]

    def __init__(self, frame: Frame, look: Look, draft: Draft | None = None) -> None:
        super().__init__()
        self.frame = frame
        self.look = look
        self.draft = draft or Draft()
        self._sent = False

    def compose(self) -> ComposeResult:
        t = self.look.locale
        # Known before there is anything inside, or all of it would be styled once more.
        self.set_class(self.look.glyphs.enter.isascii(), "-ascii", update=False)
        self.update_classes(fit(self.app.size), update=False)
        yield TopBar(self.frame.title, self.frame.context)
        with Horizontal(id="main"):
            with VerticalScroll(id="body", can_focus=False):
                yield from self.body()
            beside = tuple(self.beside())
            if beside:
                yield Vertical(*beside, id="beside")
        with Horizontal(id="foot"):
            yield Prose(self.frame.status, id="status")
            yield Hint(f"{self.look.glyphs.down} {t('app.more_below')}", id="more-below")
        yield KeyBar(keys.bar(self.offered, t, self.look.glyphs))
        yield Prose(t("app.too_small"), id="too-small")

    @property
    def offered(self) -> str:
        """Under which name its keys are listed."""
        return self.kind

    def body(self) -> Iterable[Widget]:
        """The widgets of the page, from top to bottom."""
        raise NotImplementedError

    def beside(self) -> Iterable[Widget]:
        """What stands beside the column of text where the screen is wide; nothing, mostly."""
        return ()

    def keep(self) -> Draft:
        """The draft to show the page again with."""
        return Draft(self.scroller.scroll_y, self.state())

    def state(self) -> dict[str, Any]:
        """What is picked, typed or open."""
        return {}

    def send(self, message: Message) -> None:
        """Say what the person wants, once: keys typed ahead must not answer the next page."""
        if not self._sent:
            self._sent = True
            self.post_message(message)

    def heard(self) -> None:
        """What was sent has been dealt with and the page stays."""
        self._sent = False

    @property
    def scroller(self) -> VerticalScroll:
        """The body."""
        return self.query_one("#body", VerticalScroll)

    def on_mount(self) -> None:
        body = self.scroller
        self.watch(body, "scroll_y", self._scrolled, init=False)
        self.watch(body, "virtual_size", self._mark_more, init=False)
        self.watch(body, "show_vertical_scrollbar", self._mark_more, init=False)
        self.ready()
        if self.draft.scroll:
            self.call_after_refresh(body.scroll_to, y=self.draft.scroll, animate=False)
        self.call_after_refresh(self._mark_more)

    def ready(self) -> None:
        """Called once the widgets are there; a page sets its focus here."""

    def on_resize(self, event: events.Resize) -> None:
        self.update_classes(fit(event.size), animate=False)
        self.call_after_refresh(self._mark_more)

    def _mark_more(self) -> None:
        if self.is_mounted:
            body = self.scroller
            more = body.allow_vertical_scroll and body.scroll_y < body.max_scroll_y
            self.query_one("#more-below", Hint).show(shown=more)

    def _scrolled(self) -> None:
        self._mark_more()
        # Textual 8.2 repaints only widgets that moved: where a layout and a scroll meet, the
        # blank lines between them keep what stood there before.
        self.refresh()

    def remark(self, text: str) -> None:
        """Say something in the status line."""
        self.query_one("#status", Prose).update(text)

    def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        event.stop()
        self.call_later(self.run_action, event.action)

    def action_scroll_body(self, by: int) -> None:
        """Scroll by lines; far enough means to an end."""
        self.scroller.scroll_relative(y=by, animate=False)

    def action_back(self) -> None:
        """One screen back."""
        self.send(Back())

    def action_help(self) -> None:
        """Help on this page."""
        self.post_message(Open(Route("help", self.offered)))


class Over(Page):
    """A page that lies over another: going back takes it away."""

    def action_back(self) -> None:
        """Back to the page below."""
        self.send(Close())
