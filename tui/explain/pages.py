"""Builds the pages about an answer: why it is so, what if, when it changes, the sources."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.entry import read
from tui.explain.explainer import Explainer
from tui.explain.scratch import Scratch
from tui.screens.question import Readers
from tui.screens.result import ResultScreen
from tui.screens.sources import SourcesScreen
from tui.screens.what_if import AssumeScreen, WhatIfScreen
from tui.screens.when import WhenScreen
from tui.screens.why import WhyScreen
from tui.views.question import list_options
from tui.views.result import result_view
from tui.views.sources import sources_view
from tui.views.what_if import assume_view, refusal, what_if_view
from tui.views.when import when_head
from tui.views.why import decisions_of, why_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.pages import Making
    from tui.screens.page import Page


def _result(of: Making) -> Page:
    view, explainer = result_view(of.say), Explainer.of(of.desk, of.say)
    no = [one.id for one in view.decisions if one.wants_ways]
    known = explainer.known(*no)
    return ResultScreen(view, of.look, of.draft, ways=partial(explainer.ways, *no), known=known)


def _why(of: Making) -> Page:
    explainer = Explainer.of(of.desk, of.say)
    decision = of.about or decisions_of(of.say)[0]
    head = partial(why_head, of.say)
    return WhyScreen(head, explainer.why, decision, of.look, of.draft, known=explainer.known)


def _when(of: Making) -> Page:
    explainer = Explainer.of(of.desk, of.say)
    known = of.desk.thinking.knows_days(explainer.answers, decisions_of(of.say))
    return WhenScreen(when_head(of.say), explainer.days, of.look, of.draft, known=known)


def _what_if(of: Making) -> Page:
    explainer, scratch = Explainer.of(of.desk, of.say), Scratch(of.desk)
    decision = of.about or decisions_of(of.say)[0]
    if of.draft is None:
        scratch.reset()
    return WhatIfScreen(
        partial(what_if_view, of.say, scratch, decision),
        partial(explainer.single_changes, decision),
        scratch.turn, scratch.reset, look=of.look, draft=of.draft, known=explainer.known(decision),
    )  # fmt: skip


def _assume(of: Making) -> Page:
    say, scratch = of.say, Scratch(of.desk)
    readers = Readers(
        lambda text: read(say, of.about, text),
        lambda text: list_options(say, of.about, text),
    )
    view = assume_view(say, scratch, of.about)
    take = partial(refusal, say, scratch, of.about)
    return AssumeScreen(view, of.look, readers, take, of.draft)


PAGES: dict[str, Callable[[Making], Page]] = {
    "result": _result,
    "why": _why,
    "when": _when,
    "what_if": _what_if,
    "assume": _assume,
    "sources": lambda of: SourcesScreen(sources_view(of.say), of.look, of.draft),
}
