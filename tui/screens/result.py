"""The result: the verdict in words first, then what to do, why, and on whose word."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Vertical

from tui import keys
from tui.messages import Open, ShowAnswers, Tick
from tui.route import Route
from tui.screens.page import Draft, Look
from tui.screens.working import Working
from tui.widgets.checklist import Checklist, Item
from tui.widgets.listing import Listing
from tui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from tui.views.result import DecisionView, ResultView


class ResultScreen(Working):
    """Every decision of the topic on one scrolling page, the first one in front."""

    kind = "result"
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(kind))

    def __init__(
        self, view: ResultView, look: Look, draft: Draft | None = None, *,
        ways: Callable[[], dict[str, tuple[str, ...]]], known: bool = False,
    ) -> None:  # fmt: skip
        """`ways` works out the ways on from each no; `known` is whether that is done already."""
        super().__init__(view.frame, look, draft)
        self.view, self.ways, self.known = view, ways, known
        self._numbered = 0

    def body(self) -> Iterable[Widget]:
        view = self.view
        self._numbered = 0
        if view.notice:
            yield Prose(view.notice, lead=f"{self.look.glyphs.notice} ", classes="notice")
        for index, decision in enumerate(view.decisions):
            if index == 1:
                yield Prose(view.labels["other"], classes="divider")
            yield from self._decision(decision, primary=index == 0)
        yield from self._section("sources", [f"{mark} {text}" for mark, text in view.sources])
        yield from self._section("answers", view.answers or [view.labels["no_answers"]])

    def _decision(self, view: DecisionView, *, primary: bool) -> Iterable[Widget]:
        glyphs = self.look.glyphs
        classes = "question -primary" if primary else "question"
        yield Prose(view.question, classes=classes, id=f"question-{view.id}")
        doubtful = " -doubtful" if view.doubt else ""
        verdict = "  ".join(filter(None, (view.verdict_word, view.evidence)))
        yield Prose(verdict, lead=f"{view.sign} ", classes=f"verdict -{view.verdict}{doubtful}")
        if view.title:
            yield Prose(view.title, classes="outcome")
        if view.doubt:
            yield Prose(view.doubt, lead=f"{glyphs.notice} ", classes="soon")
        for text in view.soon:
            yield Prose(text, lead=f"{glyphs.notice} ", classes="soon")
        for text in view.when:
            yield Prose(text, classes="when")
        numbered = [f"{number}. {text}" for number, text in enumerate(view.steps, 1)]
        yield from self._section("steps", numbered)
        if view.wants_ways:
            yield Vertical(id=f"ways-{view.id}", classes="ways")
        yield from self._papers(view)
        yield from self._section("where", view.where)
        yield from self._section("ask", view.ask)
        yield from self._section("question_to_ask", filter(None, [view.question_to_ask]))
        yield from self._section("why", view.reasons)
        for name in ("dispute", "dissent", "missing", "possible"):
            yield from self._section(name, getattr(view, name))

    def _section(self, name: str, texts: Iterable[str]) -> Iterable[Widget]:
        """A heading and its lines; a number or mark at a line's start hangs."""
        parts = [self._hanging(text) for text in texts]
        if parts:
            yield Prose(self.view.labels[name], classes="heading")
            yield Listing(parts, classes="line")

    def _hanging(self, text: str) -> tuple[str, str]:
        """What a line begins with that the rest hangs below, and the rest."""
        first, _, rest = text.partition(" ")
        hangs = (first[:-1].isdigit() and first.endswith(".")) or first.startswith("[")
        if rest and (hangs or first == self.look.glyphs.bullet):
            return f"  {first} ", rest
        inner = text.lstrip()
        return "  " + " " * (len(text) - len(inner)), inner

    def _papers(self, view: DecisionView) -> Iterable[Widget]:
        if view.papers:
            yield Prose(classes="heading", id=f"papers-{view.id}")
            items = [Item(one.key, one.title, one.note, one.ticked) for one in view.papers]
            yield Checklist(items, self.look.glyphs, first=self._numbered + 1)
            if not self._numbered:
                yield Prose(self.view.labels["papers_hint"], classes="hint")
            self._numbered += len(items)
        yield from self._section("papers_maybe", view.papers_maybe)
        if view.papers_not:
            yield Prose(view.papers_not, classes="line", lead="  ")

    def ready(self) -> None:
        self._count()
        if any(one.wants_ways for one in self.view.decisions):
            self.work(self.ways, at_once=self.known)

    def still_working(self) -> None:
        for one in self.query(".ways").results(Vertical):
            one.mount(Prose(self.view.labels["working"], classes="hint"))

    def worked(self, found: object) -> None:
        for name, lines in cast("dict[str, tuple[str, ...]]", found).items():
            holder = self.query_one(f"#ways-{name}", Vertical)
            holder.remove_children()
            bullets = [f"{self.look.glyphs.bullet} {line}" for line in lines]
            holder.mount(*self._section("ways", bullets))

    def _count(self) -> None:
        """Say in each heading how many of the papers are ticked."""
        lists = list(self.query(Checklist))
        for view in self.view.decisions:
            if view.papers:
                ticked = lists.pop(0).ticked
                heading = self.query_one(f"#papers-{view.id}", Prose)
                heading.update(view.papers_title.format(done=len(ticked), all=len(view.papers)))

    def on_checklist_ticked(self, event: Checklist.Ticked) -> None:
        event.stop()
        self._count()
        self.post_message(Tick(event.key))

    def on_key(self, event: events.Key) -> None:
        typed = unicodedata.normalize("NFKC", event.character or "")
        if not (typed.isdigit() and typed.isascii()):
            return
        for checklist in self.query(Checklist):
            index = int(typed) - checklist.first
            if 0 <= index < len(checklist.rows):
                event.stop()
                checklist.act(index)

    def _in_front(self) -> str:
        """The decision at the top of what is in sight; the first one before anything scrolled."""
        top, found = self.scroller.scroll_y, self.view.decisions[0].id
        for one in self.view.decisions[1:]:
            if self.query_one(f"#question-{one.id}").virtual_region.y <= top + 1:
                found = one.id
        return found

    def action_why(self) -> None:
        """Why the answer in front came out."""
        self.post_message(Open(Route("why", self._in_front())))

    def action_what_if(self) -> None:
        """What if something were otherwise."""
        self.post_message(Open(Route("what_if", self._in_front())))

    def action_when(self) -> None:
        """The days on which the answers change."""
        self.post_message(Open(Route("when")))

    def action_sources(self) -> None:
        """The sources, whole."""
        self.post_message(Open(Route("sources")))

    def action_export(self) -> None:
        """Make a file of it."""
        self.post_message(Open(Route("export")))

    def action_answers(self) -> None:
        """See and change the answers."""
        self.send(ShowAnswers())
