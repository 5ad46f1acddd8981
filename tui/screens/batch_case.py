"""One case of a batch as the result page shows it, with the way to the next one and to its why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.containers import Vertical

from tui import keys
from tui.messages import Close, Open
from tui.route import Route
from tui.screens.page import Draft, Look, Over
from tui.screens.result import ResultScreen
from tui.screens.working import Working
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.browse.cases import Cases, WhyCaseView
    from tui.widgets.checklist import Checklist


class BatchCaseScreen(ResultScreen):
    """The result of a line, read only; [ and ] go to the case before and the one after."""

    kind = "batch_case"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, cases: Cases, look: Look, draft: Draft | None = None) -> None:
        self.cases = cases
        topic = str(draft.state.get("topic", "")) if draft is not None else ""
        self.case = cases.view(topic)
        view = self.case.result or cases.nothing(self.case)
        super().__init__(view, look, draft, ways=dict, known=True)
        self.frame = self.case.frame

    def body(self) -> Iterable[Widget]:
        glyphs, t = self.look.glyphs, self.look.locale
        yield Prose(self.case.heading, classes="title")
        for text in self.case.notes:
            yield Prose(text, lead=f"{glyphs.notice} ", classes="notice")
        for text in self.case.wrong:
            lead = "  " if text.startswith(" ") else f"{glyphs.error} "
            yield Prose(text.lstrip(), lead=lead, classes="line")
        if len(self.case.topics) > 1:
            listed = t("result.listed").join(self.case.topics)
            yield Prose(t("browse.topics", topics=listed), classes="hint")
        if self.case.result is not None:
            yield from super().body()

    def state(self) -> dict[str, Any]:
        return {"topic": self.case.topic}

    def on_checklist_ticked(self, event: Checklist.Ticked) -> None:
        """These papers are nobody's here."""
        event.stop()
        self._count()

    async def action_other(self, by: int) -> None:
        """Show the case before, or the one after."""
        if self.cases.move(by):
            await self._show(self.case.topic)

    async def action_topic(self) -> None:
        """Show what the case answers of another topic."""
        await self._show(self.cases.next_topic(self.case))

    async def _show(self, topic: str) -> None:
        """Show another page of results in place of this one."""
        self.case = self.cases.view(topic)
        self.view = self.case.result or self.cases.nothing(self.case)
        self._numbered = 0
        body = self.scroller
        await body.remove_children()
        await body.mount(*self.body())
        body.scroll_home(animate=False)
        self.remark(self.case.frame.status)
        self.ready()

    def action_why(self) -> None:
        """Say why, from the case itself."""
        if self.case.explains:
            self.post_message(Open(Route("batch_why", self.cases.path)))
        else:
            self.remark(self.look.locale("browse.why.no_source"))

    def action_back(self) -> None:
        """Back to the rows."""
        self.send(Close())


class BatchWhyScreen(Working, Over):
    """Why a case of a batch came out as it did, worked out from the case in its input."""

    kind = "batch_why"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, cases: Cases, look: Look, draft: Draft | None = None) -> None:
        self.cases, case = cases, cases.view()
        self.heading = case.heading
        super().__init__(case.frame, look, draft)

    def body(self) -> Iterable[Widget]:
        yield Prose(self.heading, classes="title")
        yield Vertical(id="told")

    def ready(self) -> None:
        self.work(self.cases.why)

    def still_working(self) -> None:
        self.remark(self.look.locale("why.working"))

    def worked(self, found: object) -> None:
        self.remark(self.look.locale("app.disclaimer"))
        view = cast("WhyCaseView", found)
        told = self.query_one("#told", Vertical)
        if view.differs:
            told.mount(Prose(view.differs, lead=f"{self.look.glyphs.notice} ", classes="notice"))
        told.mount(*(Prose(text, lead=lead, classes=kind) for lead, text, kind in view.lines))
