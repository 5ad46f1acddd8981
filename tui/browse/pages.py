"""Builds the pages of a batch: choosing files, the run, its results, one case, its why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.browse.browser import Browser
from tui.browse.cases import Cases
from tui.browse.running import Choosing, Running
from tui.browse.topics import Topics
from tui.browse.topics import read as topics_and_source
from tui.screens.batch_browse import BatchBrowseScreen
from tui.screens.batch_case import BatchCaseScreen, BatchWhyScreen
from tui.screens.batch_input import BatchInputScreen, BatchOutputScreen
from tui.screens.batch_run import BatchRunScreen
from tui.screens.batch_topics import BatchTopicsScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.pages import Making
    from tui.screens.page import Page


def _output(of: Making) -> Page:
    topics, source = topics_and_source(of.about)
    return BatchOutputScreen(
        Choosing(of.say, of.desk.batch, topics), source, of.look, of.draft
    )  # fmt: skip


def _browse(of: Making) -> Page:
    return BatchBrowseScreen(Browser(of.say, of.desk.batch, of.about), of.look, of.draft)


def _case(of: Making) -> Page:
    return BatchCaseScreen(Cases(of.say, of.desk, of.about), of.look, of.draft)


def _why(of: Making) -> Page:
    return BatchWhyScreen(Cases(of.say, of.desk, of.about), of.look, of.draft)


PAGES: dict[str, Callable[[Making], Page]] = {
    "batch_input": lambda of: BatchInputScreen(Choosing(of.say, of.desk.batch), of.look, of.draft),
    "batch_topics": lambda of: BatchTopicsScreen(Topics(of.say, of.about), of.look, of.draft),
    "batch_output": _output,
    "batch_run": lambda of: BatchRunScreen(Running(of.say, of.desk.batch), of.look, of.draft),
    "batch_browse": _browse,
    "batch_case": _case,
    "batch_why": _why,
}
