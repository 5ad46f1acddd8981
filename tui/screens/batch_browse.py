"""The results of a batch: a table of any length, a filter above it, groups by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.widgets import Input

from tui import keys
from tui.messages import Open
from tui.route import Route
from tui.screens.page import Draft, Look, Over
from tui.screens.working import Working
from tui.widgets.error_line import ErrorLine
from tui.widgets.line import Line
from tui.widgets.prose import Prose
from tui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.browse.browser import Browser
    from tui.browse.view import Filtered

_EVERY = 0.2
_SOON = 10_000
"""So many lines are filtered before anybody notices."""
_LOOKS = 5
"""After so many times the file itself is looked at."""


class BatchBrowseScreen(Working, Over):
    """An output: Enter opens a case, / filters, g groups, Esc takes back one after the other."""

    kind = "batch_browse"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(self, browser: Browser, look: Look, draft: Draft | None = None) -> None:
        super().__init__(browser.view.frame, look, draft)
        self.browser = browser
        self._ticks = 0
        self._stale = False

    def body(self) -> Iterable[Widget]:
        view = self.browser.view
        yield Prose(classes="title -tight", id="heading")
        yield Line(
            str(self.draft.state.get("text", self.browser.opened.text)), select_on_focus=False,
            placeholder=view.hint, id="filter", compact=True,
        )  # fmt: skip
        yield ErrorLine(self.look.glyphs.error)
        yield Prose(classes="line", id="notice")
        yield Prose(classes="notice", id="unfinished")
        table = self.browser.groups() if self.browser.opened.grouped else self.browser.rows()
        at = int(self.draft.state.get("cursor", self.browser.opened.cursor))
        yield Table(table, self.look.glyphs, cursor=at)

    def state(self) -> dict[str, Any]:
        return {"text": self.query_one(Input).value, "cursor": self.table.cursor}

    @property
    def table(self) -> Table:
        """The rows."""
        return self.query_one(Table)

    def ready(self) -> None:
        self._draw()
        self.set_interval(_EVERY, self._look)

    def _look(self) -> None:
        """Hear of the index that is built; now and then, whether the file is another."""
        if self.browser.poll():
            self._fill()
        self._ticks += 1
        if self._ticks % _LOOKS == 0 and not self._stale and self.browser.changed():
            self._stale = True
            self._draw()

    def _fill(self, cursor: int = 0) -> None:
        """Show the rows, or the groups, anew."""
        opened = self.browser.opened
        self.table.show(self.browser.groups() if opened.grouped else self.browser.rows(), cursor)
        self._draw()

    def _draw(self) -> None:
        """Draw all but the rows."""
        browser, t = self.browser, self.look.locale
        notice = "\n".join(browser.failure) or browser.notice
        self.query_one("#heading", Prose).update(browser.heading)
        self.query_one("#notice", Prose).update(notice)
        self.query_one("#notice").display = bool(notice)
        shown = t("browse.changed") if self._stale else browser.unfinished
        self.query_one("#unfinished", Prose).update(shown)
        self.query_one("#unfinished").display = bool(shown)
        line = self.query_one("#filter", Input)
        line.display = browser.ready and (line.has_focus or bool(line.value))
        self.table.display = browser.ready and not notice
        if not line.has_focus:
            self.set_focus(self.table if self.table.display else None, scroll_visible=False)
        self.remark(browser.status(self.table.cursor) if self.table.display else "")

    def on_table_moved(self, event: Table.Moved) -> None:
        event.stop()
        if not self.browser.opened.grouped:
            self.browser.opened.cursor = event.row
        self.remark(self.browser.status(event.row))

    def on_table_chosen(self, event: Table.Chosen) -> None:
        event.stop()
        self.action_next()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._filter(event.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(ErrorLine).update("")

    def _filter(self, text: str) -> None:
        browser = self.browser
        self.work(lambda: browser.filtered(text), at_once=browser.view.total < _SOON)

    def still_working(self) -> None:
        self.remark(self.look.locale("browse.filter.working"))

    def worked(self, found: object) -> None:
        kept = cast("Filtered", found)
        self.query_one(ErrorLine).update(kept.wrong)
        if kept.wrong:
            self._draw()
        else:
            self.browser.keep(kept)
            self.set_focus(None)
            self._fill()

    def action_next(self) -> None:
        """Open the case, or the group, under the cursor."""
        opened, table = self.browser.opened, self.table
        if self.query_one(Input).has_focus:
            self._filter(self.query_one(Input).value)
        elif not table.display or not table.view.count:
            return
        elif opened.grouped:
            opened.grouped = False
            self._narrow(self.browser.narrow(table.cursor))
        else:
            opened.cursor = table.cursor
            self.post_message(Open(Route("batch_case", self.browser.path)))

    def _narrow(self, text: str) -> None:
        line = self.query_one(Input)
        with line.prevent(Input.Changed):
            line.value = text
        self._filter(text)

    def action_filter(self) -> None:
        """Type a filter."""
        line = self.query_one(Input)
        if self.browser.ready:
            line.display = True
            line.cursor_position = len(line.value)
            self.set_focus(line, scroll_visible=False)

    def action_group(self) -> None:
        """Show the rows by reason, or one by one again."""
        opened = self.browser.opened
        if self.browser.ready and len(opened.rows):
            opened.grouped = not opened.grouped
            self._fill(0 if opened.grouped else opened.cursor)

    def action_reload(self) -> None:
        """Open the file as it is now."""
        text = self.browser.opened.text
        self.browser.reload()
        self._stale = False
        if self.browser.ready:
            self._narrow(text)
        else:
            self._draw()

    def heard(self) -> None:
        super().heard()
        # The case page may have gone on to another row.
        opened = self.browser.opened
        if not opened.grouped and self.table.cursor != opened.cursor:
            self.table.cursor = opened.cursor

    def action_back(self) -> None:
        """Take back the typing, the groups, the filter; then leave."""
        line, opened = self.query_one(Input), self.browser.opened
        if line.has_focus:
            with line.prevent(Input.Changed):
                line.value = opened.text
            self.query_one(ErrorLine).update("")
            self.set_focus(None)
            self._draw()
        elif opened.grouped:
            self.action_group()
        elif opened.text:
            self._narrow("")
        else:
            super().action_back()
