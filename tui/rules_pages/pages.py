"""Builds the pages to read the rules in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.rules_pages.choosing import Choosing
from tui.rules_pages.reading import Reading
from tui.screens.rule import RuleScreen
from tui.screens.rules import RulesDayScreen, RulesListScreen, RulesPlaceScreen, RulesScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.pages import Making
    from tui.screens.page import Page


def _reading(of: Making) -> Reading:
    return Reading(of.say, of.desk, of.about)


PAGES: dict[str, Callable[[Making], Page]] = {
    "rules": lambda of: RulesScreen(Choosing(of.say), of.look, of.draft, web=of.desk.web),
    "rules_place": lambda of: RulesPlaceScreen(Choosing(of.say, of.about), of.look, of.draft),
    "rules_day": lambda of: RulesDayScreen(Choosing(of.say, of.about), of.look, of.draft),
    "rules_list": lambda of: RulesListScreen(_reading(of), of.look, of.draft),
    "rule": lambda of: RuleScreen(_reading(of), of.look, of.draft),
}
