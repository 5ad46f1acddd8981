"""Builds the pages of the workbench; the first of them starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.loader import RULESETS
from tui.screens.bench import (
    BenchCasesScreen,
    BenchDecisionScreen,
    BenchMovedScreen,
    BenchScreen,
    BenchSourcesScreen,
)
from tui.screens.bench_one import (
    BenchFileScreen,
    BenchRuleScreen,
    BenchWhyScreen,
    BenchWhysScreen,
)
from tui.workbench.beside import Beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.pages import Making
    from tui.screens.bench import Benched
    from tui.screens.page import Page
    from tui.workbench.bench import Bench


def bench_of(of: Making) -> Bench:
    """The workbench on the desk; over the rules installed, where none was asked for."""
    if of.desk.bench is None:
        of.desk.bench = Beside(RULESETS, None, of.desk.as_of, of.look.glyphs)
    return of.desk.bench


def _bench(of: Making) -> Page:
    alone = not of.desk.library.topics
    return BenchScreen(bench_of(of), of.look, of.draft, alone=alone)


def _page(screen: type[Benched]) -> Callable[[Making], Page]:
    return lambda of: screen(bench_of(of), of.look, of.draft, of.about)


PAGES: dict[str, Callable[[Making], Page]] = {
    "bench": _bench,
    "bench_decision": _page(BenchDecisionScreen),
    "bench_sources": _page(BenchSourcesScreen),
    "bench_moved": _page(BenchMovedScreen),
    "bench_cases": _page(BenchCasesScreen),
    "bench_file": _page(BenchFileScreen),
    "bench_rule": _page(BenchRuleScreen),
    "bench_why": _page(BenchWhyScreen),
    "bench_whys": _page(BenchWhysScreen),
}
