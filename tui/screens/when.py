"""The days on which the answers of the topic change."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Vertical

from tui import keys
from tui.screens.page import Draft, Look, Over
from tui.screens.working import Working
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.when import DayView, WhenHead


class WhenScreen(Working, Over):
    """One day after the other, the nearest first."""

    kind = "when"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(
        self, head: WhenHead, days: Callable[[], tuple[DayView, ...]], look: Look,
        draft: Draft | None = None, *, known: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(head.frame, look, draft)
        self.head, self.days, self.known = head, days, known

    def body(self) -> Iterable[Widget]:
        yield Prose(self.head.heading, classes="title")
        yield Prose(self.head.hint, classes="hint -tight")
        yield Prose("", id="working")
        yield Vertical(id="days")

    def ready(self) -> None:
        self.work(self.days, at_once=self.known)

    def still_working(self) -> None:
        self.query_one("#working", Prose).update(self.head.working)

    def worked(self, found: object) -> None:
        days = cast("tuple[DayView, ...]", found)
        self.query_one("#working", Prose).update("" if days else self.head.none)
        shown: list[Widget] = []
        for day in days:
            shown.append(Prose(day.when, classes="heading"))
            shown.append(Prose(day.title, lead="  ", classes="outcome"))
            shown += [Prose(line, lead="  ", classes="line") for line in day.lines]
        if days:
            shown.append(Prose(self.head.again, classes="heading hint"))
        self.query_one("#days", Vertical).mount(*shown)
