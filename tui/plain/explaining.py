"""Plain mode's pages about an answer: why, what if, the days, the sources, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.explain.explainer import Explainer
from tui.explain.scratch import Scratch
from tui.plain.pages import Heard, Page, QuestionPage, picked
from tui.plain.result import Item, numbered
from tui.views.sources import sources_view
from tui.views.what_if import assume_view, refusal, what_if_view
from tui.views.when import when_head
from tui.views.why import decisions_of, why_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui.desk import Desk
    from tui.journey import Answer
    from tui.locale import Locale
    from tui.speaker import Speaker
    from tui.views.outline import Node
    from tui.views.what_if import Compared

_RESET = "x"


def outline_item(node: Node, t: Locale) -> Item:
    """A statement; whether a test holds is said in a word before it."""
    text, state = node.text, f"why.state.{node.mark}"
    if state in t:
        text = t("result.answer_line", label=t(state), value=text)
    if node.note:
        text = t("plain.noted", label=text, note=node.note)
    return Item(text, tuple(outline_item(one, t) for one in node.nodes))


class OverPage(Page):
    """A page that lies over the result until it is closed."""

    def __init__(self, say: Speaker, desk: Desk, about: str) -> None:
        super().__init__(say)
        self.desk, self.about = desk, about or decisions_of(say)[0]
        self.explainer = Explainer.of(desk, say)
        self.asks = self.t("plain.ask.over")

    def take(self, text: str) -> Heard:
        return self.unclear(text)


class WhyPage(OverPage):
    """Why an answer came out, numbered as on the result; a number turns to another answer."""

    kind = "why"
    letters = "idsb?lq"

    def __init__(self, say: Speaker, desk: Desk, about: str) -> None:
        super().__init__(say, desk, about)
        self.head = why_head(say, self.about)
        self.asks = self.t("plain.ask.why")

    def lines(self) -> Iterator[str]:
        yield self.head.heading
        for number, (decision, question) in enumerate(self.head.others, 1):
            if decision != self.about:
                yield self.t("plain.numbered", n=number, text=question)
                continue
            view = self.explainer.why(decision)
            items = (Item(view.answer), *(outline_item(one, self.t) for one in view.nodes))
            yield from numbered(Item(question, items), str(number))

    def take(self, text: str) -> Heard:
        index = picked(text, len(self.head.others))
        if index is None:
            return self.unclear(text)
        return Heard(closes=True, lays=(self.kind, self.head.others[index][0]))


class WhatIfPage(OverPage):
    """What is so and what is assumed; a number assumes that one otherwise."""

    kind = "what_if"
    letters = "b?lq"

    def __init__(self, say: Speaker, desk: Desk, about: str) -> None:
        super().__init__(say, desk, about)
        self.scratch = Scratch(desk)
        self.view = what_if_view(say, self.scratch, self.about)
        self.asks = self.t("plain.ask.what_if")

    def commands(self) -> Iterator[str]:
        if self.scratch.assumed:
            yield self.t("plain.command", key=_RESET, label=self.t("keys.reset"))
        yield from super().commands()

    def lines(self) -> Iterator[str]:
        t, view = self.t, self.view
        yield view.frame.title
        yield view.heading
        for number, row in enumerate(view.rows, 1):
            text = t("result.answer_line", label=row.label, value=row.value)
            if row.note:
                text = t("plain.noted", label=text, note=row.note)
            yield t("plain.numbered", n=number, text=text)
        yield view.results
        for one in view.compared:
            yield from self._compared(one)
        yield view.changes
        yield from self.explainer.single_changes(self.about) or (view.no_changes,)
        yield view.frame.status

    def _compared(self, one: Compared) -> Iterator[str]:
        yield one.question
        if not one.after:
            yield one.before
            return
        yield one.was
        yield one.becomes
        if one.because:
            yield one.because

    def take(self, text: str) -> Heard:
        if text.casefold() == _RESET and self.scratch.assumed:
            self.scratch.reset()
            return Heard()
        index = picked(text, len(self.view.rows))
        if index is None:
            return self.unclear(text)
        return Heard(lays=("assume", self.view.rows[index].fact))


class AssumePage(QuestionPage):
    """A question, answered as if."""

    kind = "assume"
    letters = "bw?lq"

    def __init__(self, say: Speaker, desk: Desk, about: str) -> None:
        super().__init__(say, about)
        self.scratch = Scratch(desk)
        self.view = assume_view(say, self.scratch, about)

    def heading(self) -> str:
        return self.view.heading

    def give(self, value: Answer, echo: str = "") -> Heard:
        refused = refusal(self.speaker, self.scratch, self.view.fact, value)
        if refused:
            return Heard((refused,))
        shown = self.t("what_if.assumed", value=echo or self.said(value))
        return Heard((shown,), closes=True)


class DaysPage(OverPage):
    """The days on which the answers change."""

    kind = "when"
    letters = "b?lq"

    def lines(self) -> Iterator[str]:
        head, days = when_head(self.speaker), self.explainer.days()
        yield head.heading
        yield head.hint
        for number, day in enumerate(days, 1):
            items = tuple(map(Item, (day.title, *day.lines)))
            yield from numbered(Item(day.when, items), str(number))
        yield head.again if days else head.none


class SourcesPage(OverPage):
    """The sources of the result."""

    kind = "sources"
    letters = "b?lq"

    def lines(self) -> Iterator[str]:
        view = sources_view(self.speaker)
        yield view.heading
        yield view.hint
        for number, one in enumerate(view.sources, 1):
            rows = [
                self.t("result.answer_line", label=label, value=text) for label, text in one.rows
            ]
            yield from numbered(Item(one.title, tuple(map(Item, (*rows, *one.uses)))), str(number))


OVER: dict[str, Callable[[Speaker, Desk, str], Page]] = {
    "why": WhyPage,
    "what_if": WhatIfPage,
    "assume": AssumePage,
    "when": DaysPage,
    "sources": SourcesPage,
}
LETTERS: dict[str, str] = {"i": "what_if", "d": "when", "s": "sources"}
"""What each letter lays over the present page."""
