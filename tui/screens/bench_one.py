"""What one row of the workbench opens: a piece of a file, a rule, the reasons of an answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.containers import Container, Vertical

from tui import keys
from tui.messages import Open
from tui.route import Route
from tui.screens.bench import Benched, told
from tui.screens.rule import rule_widgets
from tui.screens.working import Working
from tui.widgets.excerpt import Excerpt
from tui.widgets.outline import Outline
from tui.widgets.prose import Prose
from tui.workbench.shapes import BETWEEN, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.text.glyphs import Glyphs
    from tui.views.why import WhyView
    from tui.workbench.shapes import ExcerptView, ReasonsView, RulePageView, Spot, WhyPageView

_GLANCE = 0.1


class BenchOneScreen(Benched, Working):
    """A page about one thing, asked for when it opens and when the files have changed."""

    _number = 0

    def body(self) -> Iterable[Widget]:
        yield Vertical(id="told")

    def ready(self) -> None:
        self._ask()
        self.set_interval(_GLANCE, self.glance)

    def _ask(self) -> None:
        board = self.bench.board(self.look.locale.lang)
        self._number = board.number if board is not None else 0
        self.work(partial(self.bench.ask, self.kind, self.about, self.look.locale.lang))

    def changed(self) -> None:
        board = self.bench.board(self.look.locale.lang)
        if board is not None and board.number != self._number:
            self.draft.state = self.state()
            self._ask()

    def still_working(self) -> None:
        self.remark(self.look.locale("why.working"))

    def worked(self, found: object) -> None:
        self.call_later(self._put, found)

    async def _put(self, found: object) -> None:
        """Show what was found in place of what was there."""
        holder = self.query_one("#told", Vertical)
        await holder.remove_children()
        if found is None or isinstance(found, Trouble):
            self.remark("")
            await holder.mount(Prose(told(found, self.look.locale), classes="title"))
            return
        self.framed(found.frame)  # type: ignore[attr-defined] # every view has one
        await holder.mount(*self.made(found))
        self.made_ready()

    def made(self, found: object) -> Iterator[Widget]:
        """The widgets of what was found."""
        raise NotImplementedError

    def made_ready(self) -> None:
        """Called once they are there."""


class BenchFileScreen(BenchOneScreen):
    """A piece of a file with a caret, and what is wrong there."""

    kind = "bench_file"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))
    _spot: Spot | None = None

    def made(self, found: object) -> Iterator[Widget]:
        view, glyphs = cast("ExcerptView", found), self.look.glyphs
        self._spot = view.spot
        yield Prose(view.heading, classes="title")
        if view.message:
            sign = glyphs.eligible if view.mended else glyphs.error
            yield Prose(view.message, lead=f"{sign} ", classes="message")
        if view.help:
            yield Prose(view.help, lead="= ", classes="hint -tight")
        yield Excerpt(view.lines, glyphs) if view.lines else Prose(view.gone, classes="hint")

    def spot(self) -> Spot | None:
        return self._spot


class BenchRuleScreen(BenchOneScreen):
    """One rule as the rules pages show it, from the files as they are."""

    kind = "bench_rule"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def made(self, found: object) -> Iterator[Widget]:
        page = cast("RulePageView", found)
        yield from rule_widgets(page.rule, self.look.glyphs)
        yield Prose(page.rule.examples, classes="heading")
        lead = f"  {self.look.glyphs.bullet} "
        for text in page.examples or (page.rule.none,):
            yield Prose(text, lead=lead if page.examples else "  ", classes="line")


class Side(Outline):
    """One of several outlines: only that with the focus has a cursor."""

    def __init__(self, view: WhyView, glyphs: Glyphs, kept: dict[str, Any]) -> None:
        super().__init__(view.nodes, glyphs, opened=kept.get("opened"), at=kept.get("at", ""))
        self._left = self.cursor or 0
        self.set_reactive(Outline.cursor, None)

    @property
    def at(self) -> str:
        """The statement the cursor is on, or was when the focus left."""
        here = self._left if self.cursor is None else self.cursor
        return self.places[here].id if here < len(self.places) else ""

    def on_focus(self) -> None:
        self.cursor = min(self._left, len(self.places) - 1)

    def on_blur(self) -> None:
        self._left, self.cursor = self.cursor or 0, None


class BenchWhyScreen(BenchOneScreen):
    """Why a failing example came out as it did."""

    kind = "bench_why"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def made(self, found: object) -> Iterator[Widget]:
        view = cast("WhyPageView", found)
        yield Prose(view.heading, classes="title")
        yield from (Prose(text, classes="hint -tight") for text in view.told)
        kept = self.draft.state.get("outlines", [])
        sides = [
            Vertical(*self._side(one, kept[at] if at < len(kept) else {}), classes="side")
            for at, one in enumerate(view.reasons)
        ]
        yield Container(*sides, id="sides")

    def _side(self, one: ReasonsView, kept: dict[str, Any]) -> Iterator[Widget]:
        yield Prose(one.heading, classes="heading")
        yield from (Prose(text, classes="line") for text in one.told)
        if one.why is not None:
            line = f"{self.look.glyphs.verdict(one.why.verdict)} {one.why.answer}"
            yield Prose(line, classes=f"verdict -{one.why.verdict}")
            yield Side(one.why, self.look.glyphs, kept)

    def made_ready(self) -> None:
        outlines = [*self.query(Side)]
        focused = int(self.draft.state.get("focused", 0))
        if outlines:
            self.set_focus(outlines[min(focused, len(outlines) - 1)], scroll_visible=False)

    def state(self) -> dict[str, Any]:
        outlines = [*self.query(Side)]
        if not outlines:
            return dict(self.draft.state)
        focused = next((at for at, one in enumerate(outlines) if one.has_focus), 0)
        kept = [{"opened": one.opened, "at": one.at} for one in outlines]
        return {"outlines": kept, "focused": focused}

    def action_next(self) -> None:
        """Open or close the branch under the cursor."""
        for outline in self.query(Side):
            if outline.has_focus:
                outline.action_turn()

    def action_sources(self) -> None:
        """The sources behind the answer."""
        decision = self.about.split(BETWEEN)[self._decision_at]
        if decision:
            self.send(Open(Route("bench_sources", decision)))

    _decision_at = 1


class BenchWhysScreen(BenchWhyScreen):
    """Why a case was answered as it was, beside why it is answered as it is."""

    kind = "bench_whys"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))
    _decision_at = 0

    def action_other(self, by: int) -> None:
        """Go to the other outline."""
        outlines = [*self.query(Side)]
        if outlines:
            at = next((n for n, one in enumerate(outlines) if one.has_focus), 0)
            self.set_focus(outlines[(at + by) % len(outlines)])
