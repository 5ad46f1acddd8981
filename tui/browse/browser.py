"""What the page of an output asks for: rows, groups, a filter, how far its index is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.batch.indexing import PART
from tui.browse import view
from tui.text.safe import safe

if TYPE_CHECKING:
    from tui.browse.session import Batch, Opened, Run
    from tui.browse.shapes import TableView
    from tui.browse.view import BrowseView, Filtered, Group
    from tui.speaker import Speaker


@dataclass
class Browser:
    """An output on the screen, in one language."""

    say: Speaker
    batch: Batch
    path: str

    def __post_init__(self) -> None:
        self.opened: Opened = self.batch.opened(self.path)
        self._groups: tuple[Group, ...] = ()

    @property
    def view(self) -> BrowseView:
        """The page, but for its rows."""
        return view.browse_view(self.say, self.opened)

    @property
    def ready(self) -> bool:
        """Whether its lines can be shown."""
        return self.opened.store is not None

    @property
    def heading(self) -> str:
        """The line above the rows."""
        return view.heading(self.say, self.opened, self.view)

    def poll(self) -> bool:
        """Whether something is new of the index that is built."""
        return self.opened.poll(self.batch.library)

    @property
    def notice(self) -> str:
        """What is to be said in place of rows: how far the index is, that there is nothing."""
        t, opened = self.say.locale, self.opened
        if opened.failure is not None:
            return ""
        if opened.store is None:
            return t("browse.indexing", percent=f"{opened.done:.0%}")
        if not len(opened.store):
            return t("browse.empty")
        return "" if len(opened.rows) else t("browse.no_match")

    @property
    def failure(self) -> tuple[str, ...]:
        """Why it cannot be shown."""
        return view.failure_lines(self.say, self.opened)

    @property
    def unfinished(self) -> str:
        """How to go on with a run that was stopped, where this is what is done of one."""
        run = self.batch.run
        if run is not None and run.shown == self.opened.path and run.output != self.opened.path:
            return self.say.locale("browse.resume", command=command(run))
        part = self.opened.path.name.endswith(PART)
        return self.say.locale("browse.part") if part else ""

    def changed(self) -> bool:
        """Whether the file is another now."""
        store = self.opened.store
        return store is not None and store.changed()

    def reload(self) -> None:
        """Open the file as it is now."""
        self.opened = self.batch.reopen(self.path)

    def filtered(self, text: str) -> Filtered:
        """What a filter keeps; this may take a while where ids are looked for."""
        return view.filtered(self.say, self.opened, text)

    def keep(self, found: Filtered) -> None:
        """Show what a filter keeps."""
        self.opened.keep(found.text, found.wanted, found.kept)

    def narrow(self, at: int) -> str:
        """The filter that keeps one group of those shown."""
        return f"{self.opened.text} {self._groups[at].term}".strip()

    def rows(self) -> TableView:
        """The rows as a table."""
        return view.cases_table(self.say, self.opened)

    def groups(self) -> TableView:
        """The same by reason."""
        self._groups = view.groups(self.say, self.opened)
        return view.groups_table(self.say, self._groups)

    def status(self, cursor: int) -> str:
        """Where the cursor is."""
        count = len(self._groups) if self.opened.grouped else len(self.opened.rows)
        key = "browse.at_group" if self.opened.grouped else "browse.at"
        return self.say.locale(key, at=f"{cursor + 1:,}", all=f"{count:,}") if count else ""


def command(run: Run) -> str:
    """What to type to go on with a run that was stopped."""
    files = (str(run.source), str(run.output))
    quoted = [f'"{one}"' if " " in one else one for one in files]
    wanted = f" --topics {','.join(run.topics)}" if run.topics else ""
    return safe(f"tongbao check {quoted[0]} -o {quoted[1]}{wanted} --resume", 400)
